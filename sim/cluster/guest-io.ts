/**
 * What a machine reads from a volume and writes to it: a fluid that shares the LUN with all its users and, where it is
 * redirected, the cluster network with all that goes over it. It stands while the machine does.
 */
import type { EventHandler, Simulation } from "../kernel/simulation.ts";
import type { Port } from "../network/flow-group.ts";
import type { Flow, FlowOwner } from "../network/shared-flow.ts";
import type { Sharing } from "../network/sharing.ts";
import type { AccessWatcher, VolumeAccess } from "../storage/volume-access.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { GuestIoResult } from "../trace/storage-result.ts";
import type { VirtualMachine, VmObserver } from "./virtual-machine.ts";

export interface GuestIoOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly machine: VirtualMachine;
  readonly access: VolumeAccess;
  readonly sharing: Sharing;
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  /** The most that its disks of their kind let through, each way. */
  readonly capBytesPerSecond: number;
  /** Its disks there grow as it writes: without metadata it waits. */
  readonly extendsFiles?: boolean;
  /** What goes from one node to another uses these, beside the LUN. */
  portsBetween(from: string, to: string): readonly Port[];
  /** Told after each change of the rate at which it writes. */
  onWriteRate?(bytesPerSecond: number): void;
}

type Doing = "direct" | "redirected" | "paused" | "standing";

/** One direction. */
class Stream implements FlowOwner {
  readonly asked: number;
  readonly cap: number;
  flow: Flow | null = null;
  bytes = 0;
  private readonly io: GuestIo;

  constructor(io: GuestIo, asked: number, capBytesPerSecond: number) {
    this.io = io;
    this.asked = asked;
    this.cap = Math.min(asked, capBytesPerSecond);
  }

  /** As of the last settling: how much has flowed is told by the rate that held until then. */
  rate = 0;

  onRateChanged(): void {
    this.io.onRateChanged();
  }
}

export class GuestIo implements EventHandler, AccessWatcher, VmObserver {
  readonly options: GuestIoOptions;
  redirectedBytes = 0;
  private readonly read: Stream;
  private readonly write: Stream;
  private doing: Doing = "standing";
  /** Over which its flows go now: a change of either opens them anew. */
  private node = "";
  private coordinator = "";
  private asOfSeconds: number;
  private askedBytes = 0;
  private redirectedSeconds = 0;
  private pausedSeconds = 0;
  private isToldSoon = false;
  private isFrozen = false;
  private isRetired = false;

  constructor(options: GuestIoOptions) {
    const { simulation, machine, access, readBytesPerSecond, writeBytesPerSecond, capBytesPerSecond } = options;
    this.options = options;
    this.asOfSeconds = simulation.now;
    this.read = new Stream(this, readBytesPerSecond, capBytesPerSecond);
    this.write = new Stream(this, writeBytesPerSecond, capBytesPerSecond);
    access.watch(this);
    machine.observe(this);
    this.apply();
  }

  get volume(): string {
    return this.options.access.volume.name;
  }

  onVmStopped(): void {
    this.apply();
  }

  onVmStarted(): void {
    this.apply();
  }

  onAccessChanged(): void {
    this.apply();
  }

  /** Its writes wait from now on, or go on; reads do as before. */
  freezeWrites(isFrozen: boolean): void {
    if (isFrozen === this.isFrozen || this.isRetired) return;
    this.isFrozen = isFrozen;
    this.settle();
    this.write.flow?.setCap(this.capOf(this.write));
    this.settle();
    this.tell();
  }

  /** It reads and writes no more, whatever the machine does: what it has done stays counted. */
  retire(): void {
    this.settle();
    this.close();
    this.settle();
    if (this.doing !== "standing") this.doing = "direct";
    this.report();
    this.isRetired = true;
  }

  /** For its streams. */
  onRateChanged(): void {
    this.settle();
    this.tell();
  }

  /** For the kernel: all changes of this moment are through. */
  onEvent(): void {
    this.isToldSoon = false;
    if (!this.isRetired) this.report();
  }

  private report(): void {
    const { simulation, recorder, machine } = this.options;
    this.options.onWriteRate?.(this.write.rate);
    if (!recorder.recording) return;
    recorder.record({
      t: simulation.now,
      type: "vm.ioChanged",
      vm: machine.name,
      volume: this.volume,
      node: machine.node.name,
      access: this.doing,
      readBytesPerSecond: this.read.rate,
      writeBytesPerSecond: this.write.rate,
    });
  }

  /** At the run's end, which may come after the last event. */
  result(endSeconds: number): GuestIoResult {
    this.settle(endSeconds);
    return {
      vm: this.options.machine.name,
      volume: this.volume,
      askedBytes: this.askedBytes,
      readBytes: this.read.bytes,
      writtenBytes: this.write.bytes,
      redirectedSeconds: this.redirectedSeconds,
      pausedSeconds: this.pausedSeconds,
    };
  }

  /** Takes what has flowed since the last time, then the present rates. */
  private settle(now = this.options.simulation.now): void {
    if (this.isRetired) return;
    const seconds = now - this.asOfSeconds;
    this.asOfSeconds = now;
    for (const stream of [this.read, this.write]) {
      const bytes = seconds * stream.rate;
      stream.bytes += bytes;
      if (this.doing === "redirected") this.redirectedBytes += bytes;
      stream.rate = stream.flow?.rateBytesPerSecond ?? 0;
    }
    if (this.doing === "standing") return;
    this.askedBytes += seconds * (this.read.asked + this.write.asked);
    if (this.doing === "redirected") this.redirectedSeconds += seconds;
    if (this.doing === "paused") this.pausedSeconds += seconds;
  }

  private apply(): void {
    if (this.isRetired) return;
    const { machine, access } = this.options;
    const doing: Doing = machine.working ? this.accessNow() : "standing";
    const { coordinator } = access.volume;
    const isSame =
      doing === this.doing &&
      machine.node.name === this.node &&
      (doing !== "redirected" || coordinator === this.coordinator);
    if (isSame) return;
    this.settle();
    this.doing = doing;
    this.node = machine.node.name;
    this.coordinator = coordinator;
    this.close();
    if (doing === "direct" || doing === "redirected") {
      this.open(this.read, doing, coordinator, this.node);
      this.open(this.write, doing, this.node, coordinator);
    }
    this.settle();
    this.tell();
  }

  private close(): void {
    for (const stream of [this.read, this.write]) {
      const { flow } = stream;
      stream.flow = null;
      flow?.close();
    }
  }

  private accessNow(): Doing {
    const { machine, access, extendsFiles } = this.options;
    const { name } = machine.node;
    return extendsFiles === true && !access.hasMetadata(name) ? "paused" : access.accessFrom(name);
  }

  private open(stream: Stream, doing: Doing, from: string, to: string): void {
    if (stream.asked === 0) return;
    const { sharing, access, portsBetween } = this.options;
    const network = doing === "redirected" ? portsBetween(from, to) : [];
    stream.flow = sharing.open(stream, this.capOf(stream), [...network, access.volume.port]);
  }

  private capOf(stream: Stream): number {
    return this.isFrozen && stream === this.write ? 0 : stream.cap;
  }

  /** Once a moment, when all has changed that changes. */
  private tell(): void {
    if (this.isToldSoon) return;
    this.isToldSoon = true;
    const { simulation } = this.options;
    simulation.schedule(simulation.now, this, 0, 1);
  }
}
