/** A host of the cluster and its memory. */
import type { MemoryFollower } from "./dynamic-memory.ts";
import type { VirtualMachine } from "./virtual-machine.ts";

export type CpuVendor = "intel" | "amd";

export interface ClusterNodeOptions {
  readonly name: string;
  /** For virtual machines. */
  readonly memoryBytes: number;
  readonly cpuVendor: CpuVendor;
  /** Drive letter of the system volume, `C:`. */
  readonly systemDrive: string;
  /** Memory that placement leaves free; absent: none. */
  readonly reserveBytes?: number;
  /** Generation of the processors; absent: not said. */
  readonly cpuGeneration?: string;
  /** The release that it runs; absent: not said. */
  readonly platform?: string;
}

export class ClusterNode {
  readonly name: string;
  readonly memoryBytes: number;
  readonly cpuVendor: CpuVendor;
  readonly systemDrive: string;
  readonly reserveBytes: number;
  readonly cpuGeneration?: string;
  readonly platform?: string;
  /** False while it is emptied or in maintenance: nothing is moved to it. */
  takesMachines = true;
  /** What it is emptied for. */
  emptiedFor: "maintenance" | "power-off" = "maintenance";
  /** False while it has failed. */
  isUp = true;
  /** Placed here, in the order in which they came. */
  readonly machines = new Set<VirtualMachine>();
  /** Memory promised to machines that wait to come here; for placement, which does not give it to others. */
  promisedBytes = 0;
  /** Machines that should have more memory than there was room for, in the order in which they came to that. */
  readonly short = new Set<MemoryFollower>();
  #committedBytes = 0;

  constructor(options: ClusterNodeOptions) {
    this.name = options.name;
    this.memoryBytes = options.memoryBytes;
    this.cpuVendor = options.cpuVendor;
    this.systemDrive = options.systemDrive;
    this.reserveBytes = options.reserveBytes ?? 0;
    if (options.platform !== undefined) this.platform = options.platform;
    if (options.cpuGeneration !== undefined) this.cpuGeneration = options.cpuGeneration;
  }

  /** Why no machine is moved to it or started there, a sentence without its end; null where it may be. */
  get whyClosed(): string | null {
    if (!this.isUp) return `${this.name} is down`;
    if (this.takesMachines) return null;
    return `${this.name} is ${this.emptiedFor === "maintenance" ? "in maintenance" : "to be powered off"}`;
  }

  /** Memory neither held by a virtual machine placed here nor reserved for one that is on its way. */
  get freeBytes(): number {
    return this.memoryBytes - this.#committedBytes;
  }

  /** Takes memory; more than is free is a bug of the caller. */
  commit(bytes: number): void {
    if (bytes > this.freeBytes) throw new Error(`${this.name} has ${this.freeBytes} bytes free, not ${bytes}`);
    this.#committedBytes += bytes;
  }

  /** Gives memory back; machines that are short of it get it. */
  release(bytes: number): void {
    if (bytes > this.#committedBytes) throw new Error(`${this.name} has not committed ${bytes} bytes`);
    this.#committedBytes -= bytes;
    for (const follower of [...this.short]) follower.follow();
  }
}
