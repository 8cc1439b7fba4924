/** A virtual machine: where it is placed and whether it runs. */
import type { Simulation } from "../kernel/simulation.ts";
import type { Volume } from "../storage/volume.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { MemoryFollower } from "./dynamic-memory.ts";
import type { ClusterNode } from "./node.ts";

/** Told when a virtual machine stands still and when it runs again, at the present simulated time. */
export interface VmObserver {
  onVmStopped(): void;
  onVmStarted(node: string): void;
  /** Standing still, it has lost what it was doing: when it starts next, it boots. */
  onVmPoweredOff?(): void;
}

export interface VirtualMachineOptions {
  /** Its place among all, where that matters; absent: 0. */
  readonly index?: number;
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly name: string;
  /** The most that is assigned to it. */
  readonly memoryBytes: number;
  /** Assigned at the start, where that is less. */
  readonly assignedBytes?: number;
  /** The volume of each disk. */
  readonly disks: readonly Volume[];
  /** The nodes that it may run on, by name; absent: all. */
  readonly possibleOwners?: readonly string[];
  /** Newer features of the processors are hidden from it; absent: not. */
  readonly processorCompatibility?: boolean;
}

const NOBODY: readonly VmObserver[] = [];
const NO_DISKS: readonly Volume[] = [];

export class VirtualMachine {
  readonly name: string;
  readonly memoryBytes: number;
  readonly index: number;
  #disks: readonly Volume[];
  /** Null for all. */
  readonly possibleOwners: readonly string[] | null;
  readonly processorCompatibility: boolean;
  /** It is on its way to another node, and keeps what is assigned to it; for Move. */
  isMoving = false;
  #assignedBytes: number;
  #follower: MemoryFollower | null = null;
  /** What goes on with it that no move may come between: the end of a sentence that begins with its name; null for nothing. */
  lockedBy: string | null = null;
  readonly #simulation: Simulation;
  readonly #recorder: Recorder;
  /** One list of nobody for all machines that nobody watches: a list of its own takes 32 bytes of each. */
  #observers: readonly VmObserver[] = NOBODY;
  #node: ClusterNode;
  #running = true;
  #hung = false;
  #stoppedSeconds = Number.NaN;

  /** It runs, at this node; for Cluster, which commits the node's memory. */
  constructor(options: VirtualMachineOptions, node: ClusterNode) {
    this.name = options.name;
    this.memoryBytes = options.memoryBytes;
    this.#assignedBytes = options.assignedBytes ?? options.memoryBytes;
    this.index = options.index ?? 0;
    this.#disks = options.disks.length === 0 ? NO_DISKS : options.disks;
    this.possibleOwners = options.possibleOwners ?? null;
    this.processorCompatibility = options.processorCompatibility ?? false;
    this.#simulation = options.simulation;
    this.#recorder = options.recorder;
    this.#node = node;
    node.machines.add(this);
  }

  /** Where it is placed, running or not. */
  get node(): ClusterNode {
    return this.#node;
  }

  /** The volume of each disk, in the order in which it got them. */
  get disks(): readonly Volume[] {
    return this.#disks;
  }

  /** It has other disks from now on; while it is being moved, that is a bug of the caller. */
  changeDisks(disks: readonly Volume[]): void {
    if (this.isMoving) throw new Error(`${this.name} is being moved`);
    this.#disks = disks;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Its guest does nothing and answers nobody, whether its virtual machine runs or not. */
  get hung(): boolean {
    return this.#hung;
  }

  /** It runs, and its guest does what it should. */
  get working(): boolean {
    return this.#running && !this.#hung;
  }

  /** When its guest last stopped working; NaN before. */
  get stoppedSeconds(): number {
    return this.#stoppedSeconds;
  }

  /** Of the node's memory: what it has now, and what a move takes along. */
  get assignedBytes(): number {
    return this.#assignedBytes;
  }

  /** What lets its memory follow demand; null where that is fixed. */
  get follower(): MemoryFollower | null {
    return this.#follower;
  }

  /** For MemoryFollower. */
  followedBy(follower: MemoryFollower): void {
    this.#follower = follower;
  }

  /** For MemoryFollower: it has so much from now on; more than its node has free is a bug of the caller. */
  assign(bytes: number): void {
    const before = this.#assignedBytes;
    if (bytes > before) this.#node.commit(bytes - before);
    this.#assignedBytes = bytes;
    if (bytes < before) this.#node.release(before - bytes);
  }

  /** Tells of stops and starts from now on, in the order in which observers came. */
  observe(observer: VmObserver): void {
    this.#observers = [...this.#observers, observer];
  }

  /** Its guest does nothing from now on; for observers that is a stop, until it is powered off and starts again. */
  hang(): void {
    if (!this.working) throw new Error(`${this.name} does not work`);
    this.#hung = true;
    if (this.#recorder.recording) {
      this.#recorder.record({ t: this.#simulation.now, type: "vm.hung", vm: this.name, node: this.#node.name });
    }
    this.#tellOfStop();
  }

  /** It is off from now on, with all that its guest had in memory lost. */
  powerOff(): void {
    if (this.#running) this.stop();
    this.#hung = false;
    for (const observer of this.#observers) observer.onVmPoweredOff?.();
  }

  /** Its processors stand still from now on. */
  stop(): void {
    if (!this.#running) throw new Error(`${this.name} does not run`);
    this.#running = false;
    if (this.#recorder.recording) {
      this.#recorder.record({ t: this.#simulation.now, type: "vm.stopped", vm: this.name, node: this.#node.name });
    }
    if (!this.#hung) this.#tellOfStop();
  }

  /** It runs, where it is placed. */
  start(): void {
    if (this.#running) throw new Error(`${this.name} runs already`);
    this.#running = true;
    if (this.#recorder.recording) {
      this.#recorder.record({ t: this.#simulation.now, type: "vm.started", vm: this.name, node: this.#node.name });
    }
    if (this.#hung) return;
    for (const observer of this.#observers) observer.onVmStarted(this.#node.name);
  }

  #tellOfStop(): void {
    this.#stoppedSeconds = this.#simulation.now;
    for (const observer of this.#observers) observer.onVmStopped();
  }

  /** For Move: places it at another node while it stands still. */
  place(node: ClusterNode): void {
    if (this.#running) throw new Error(`${this.name} runs: it cannot change its node`);
    this.#node.machines.delete(this);
    this.#node = node;
    node.machines.add(this);
  }
}
