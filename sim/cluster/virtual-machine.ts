/** A virtual machine: where it is placed and whether it runs. */
import type { Simulation } from "../kernel/simulation.ts";
import type { Volume } from "../storage/volume.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { ClusterNode } from "./node.ts";

/** Told when a virtual machine stands still and when it runs again, at the present simulated time. */
export interface VmObserver {
  onVmStopped(): void;
  onVmStarted(node: string): void;
}

export interface VirtualMachineOptions {
  /** Its place among all, where that matters; absent: 0. */
  readonly index?: number;
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly name: string;
  readonly memoryBytes: number;
  /** The volume of each disk. */
  readonly disks: readonly Volume[];
  /** The nodes that it may run on, by name; absent: all. */
  readonly possibleOwners?: readonly string[];
  /** Newer features of the processors are hidden from it; absent: not. */
  readonly processorCompatibility?: boolean;
}

export class VirtualMachine {
  readonly name: string;
  readonly memoryBytes: number;
  readonly index: number;
  readonly disks: readonly Volume[];
  /** Null for all. */
  readonly possibleOwners: readonly string[] | null;
  readonly processorCompatibility: boolean;
  readonly #simulation: Simulation;
  readonly #recorder: Recorder;
  readonly #observers: VmObserver[] = [];
  #node: ClusterNode;
  #running = true;

  /** It runs, at this node; for Cluster, which commits the node's memory. */
  constructor(options: VirtualMachineOptions, node: ClusterNode) {
    this.name = options.name;
    this.memoryBytes = options.memoryBytes;
    this.index = options.index ?? 0;
    this.disks = options.disks;
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

  get running(): boolean {
    return this.#running;
  }

  /** Tells of stops and starts from now on, in the order in which observers came. */
  observe(observer: VmObserver): void {
    this.#observers.push(observer);
  }

  /** Its processors stand still from now on. */
  stop(): void {
    if (!this.#running) throw new Error(`${this.name} does not run`);
    this.#running = false;
    if (this.#recorder.recording) {
      this.#recorder.record({ t: this.#simulation.now, type: "vm.stopped", vm: this.name, node: this.#node.name });
    }
    for (const observer of this.#observers) observer.onVmStopped();
  }

  /** It runs, where it is placed. */
  start(): void {
    if (this.#running) throw new Error(`${this.name} runs already`);
    this.#running = true;
    if (this.#recorder.recording) {
      this.#recorder.record({ t: this.#simulation.now, type: "vm.started", vm: this.name, node: this.#node.name });
    }
    for (const observer of this.#observers) observer.onVmStarted(this.#node.name);
  }

  /** For Move: places it at another node while it stands still. */
  place(node: ClusterNode): void {
    if (this.#running) throw new Error(`${this.name} runs: it cannot change its node`);
    this.#node.machines.delete(this);
    this.#node = node;
    node.machines.add(this);
  }
}
