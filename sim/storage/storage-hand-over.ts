/** Handing a virtual machine's disks to another node while the guest stands still: the storage part of its blackout. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { HandOverStep, Volume } from "./volume.ts";

/** Waits for the disks. */
export interface HandOverOwner {
  /** The disks are in use at the target, now. Always called from an event, even where nothing had to be done. */
  onHandedOver(): void;
}

export interface StorageHandOverOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly owner: HandOverOwner;
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  /** The volume of each disk, in the order of the disks; a volume with several disks is named as often. */
  readonly disks: readonly Volume[];
}

/** One volume's part. */
interface VolumePart {
  readonly volume: Volume;
  readonly steps: readonly HandOverStep[];
}

/**
 * Volume after volume, step after step. Each step is traced: a metadata operation as it is sent, a change of a LUN's
 * owner once it is done.
 */
export class StorageHandOver implements EventHandler {
  readonly #options: StorageHandOverOptions;
  readonly #parts: readonly VolumePart[];
  #part = 0;
  #step = 0;
  #ticket: EventTicket | null = null;

  constructor(options: StorageHandOverOptions) {
    this.#options = options;
    const disksByVolume = new Map<Volume, number>();
    for (const volume of options.disks) disksByVolume.set(volume, (disksByVolume.get(volume) ?? 0) + 1);
    this.#parts = Array.from(disksByVolume, ([volume, disks]) => ({
      volume,
      steps: volume.handOverSteps(options.from, options.to, disks),
    }));
  }

  /** How long it takes, known beforehand. */
  get seconds(): number {
    let seconds = 0;
    for (const { steps } of this.#parts) for (const step of steps) seconds += step.seconds;
    return seconds;
  }

  /** Begins now; the owner is told when it is done. */
  start(): void {
    this.#ticket = this.#options.simulation.schedule(this.#options.simulation.now, this, 0);
  }

  /** Goes no further. Volumes handed over already stay where they are. */
  cancel(): void {
    if (this.#ticket !== null) this.#options.simulation.cancel(this.#ticket);
    this.#ticket = null;
  }

  /** The step before, if there was one, is over: goes on with the next. */
  onEvent(): void {
    const { simulation, owner } = this.#options;
    this.#ticket = null;
    if (this.#step > 0) this.#stepEnded(this.#parts[this.#part].steps[this.#step - 1]);
    for (; this.#part < this.#parts.length; this.#part += 1) {
      const { volume, steps } = this.#parts[this.#part];
      if (this.#step < steps.length) {
        const step = steps[this.#step];
        this.#step += 1;
        this.#stepStarted(volume, step);
        this.#ticket = simulation.schedule(simulation.now + step.seconds, this, 0);
        return;
      }
      this.#partEnded(volume);
      this.#step = 0;
    }
    owner.onHandedOver();
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
