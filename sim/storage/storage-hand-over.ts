/** Handing a virtual machine's disks to another node while the guest stands still: the storage part of its blackout. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { HandOverStep, Volume } from "./volume.ts";

export interface StorageHandOverOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  /** The volume of each disk, in the order of the disks; a volume with several disks is named as often. */
  readonly disks: readonly Volume[];
}

/** One volume's part; each step with its end, in seconds after the start of the whole. */
interface VolumePart {
  readonly volume: Volume;
  readonly steps: readonly { readonly step: HandOverStep; readonly endSeconds: number }[];
}

const NO_PARTS: readonly VolumePart[] = [];

/** At equal times before events of the ordinary priority 0: whoever waits for the end finds everything done. */
const STEP_PRIORITY = -1;

/**
 * Volume after volume, step after step. Each step is traced: a metadata operation as it is sent, a change of a LUN's
 * owner once it is done.
 */
export class StorageHandOver implements EventHandler {
  /** How long it takes, known beforehand; 0 where there is nothing to do. */
  readonly seconds: number;
  readonly #options: StorageHandOverOptions;
  readonly #parts: readonly VolumePart[];
  #startedSeconds = 0;
  #ticket: EventTicket | null = null;
  #part = 0;
  /** Steps of the part that are begun. */
  #begun = 0;

  constructor(options: StorageHandOverOptions) {
    this.#options = options;
    if (options.disks.length === 0) {
      this.#parts = NO_PARTS;
      this.seconds = 0;
      return;
    }
    const disksByVolume = new Map<Volume, number>();
    for (const volume of options.disks) disksByVolume.set(volume, (disksByVolume.get(volume) ?? 0) + 1);
    let seconds = 0;
    this.#parts = Array.from(disksByVolume, ([volume, disks]) => ({
      volume,
      steps: volume.handOverSteps(options.from, options.to, disks, options.simulation.now).map((step) => {
        seconds += step.seconds;
        return { step, endSeconds: seconds };
      }),
    }));
    this.seconds = seconds;
  }

  /**
   * Begins now and returns `seconds`. What the caller schedules at now + seconds, with priority 0, comes after the last
   * step; with nothing to do, all is done on return.
   */
  start(): number {
    this.#startedSeconds = this.#options.simulation.now;
    this.#goOn();
    return this.seconds;
  }

  /**
   * The disks stay where they were: no further step is taken, and LUNs that were handed over are the source's again, at once.
   * (That the source need not mount them again is assumed: it had not let go of its files.)
   */
  takeBack(): void {
    const { simulation, from } = this.#options;
    if (this.#ticket !== null) simulation.cancel(this.#ticket);
    this.#ticket = null;
    const handedOver = this.#parts.slice(0, this.#part);
    this.#part = this.#parts.length;
    for (const { volume, steps } of handedOver) if (volume.kind === "lun" && steps.length > 0) volume.handedOver(from);
  }

  /** For the kernel: the step under way is over. */
  onEvent(): void {
    this.#ticket = null;
    this.#stepEnded(this.#parts[this.#part].steps[this.#begun - 1].step);
    this.#goOn();
  }

  /** Begins the next step, closing the volumes that have none left. */
  #goOn(): void {
    for (; this.#part < this.#parts.length; this.#part += 1) {
      const { volume, steps } = this.#parts[this.#part];
      if (this.#begun < steps.length) {
        const { step, endSeconds } = steps[this.#begun];
        this.#begun += 1;
        this.#stepStarted(volume, step);
        // From the start, not from now: so the end is the caller's own sum, to the last bit.
        const atSeconds = this.#startedSeconds + endSeconds;
        this.#ticket = this.#options.simulation.schedule(atSeconds, this, 0, STEP_PRIORITY);
        return;
      }
      this.#partEnded(volume);
      this.#begun = 0;
    }
  }

  #stepStarted(volume: Volume, step: HandOverStep): void {
    const { simulation, recorder, vm } = this.#options;
    if (step.kind !== "metadata" || !recorder.recording) return;
    recorder.record({
      t: simulation.now,
      type: "csv.metadataSent",
      volume: volume.name,
      vm,
      node: step.node,
      coordinator: volume.coordinator,
      operation: step.operation,
      seconds: step.seconds,
    });
  }

  #stepEnded(step: HandOverStep): void {
    const { simulation, recorder, vm, to } = this.#options;
    if (step.kind !== "move-ownership" || !recorder.recording) return;
    const { volume } = this.#parts[this.#part];
    recorder.record({
      t: simulation.now,
      type: "lun.ownerChanged",
      volume: volume.name,
      vm,
      from: volume.coordinator,
      to,
      seconds: step.seconds,
    });
  }

  #partEnded(volume: Volume): void {
    const { simulation, recorder, vm, from, to } = this.#options;
    volume.handedOver(to);
    if (volume.kind !== "csv" || !recorder.recording) return;
    recorder.record({
      t: simulation.now,
      type: "csv.handedOver",
      volume: volume.name,
      vm,
      from,
      to,
      coordinator: volume.coordinator,
    });
  }
}
