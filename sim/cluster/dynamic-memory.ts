/**
 * Memory that follows demand: the host gives a machine what it needs now and a buffer, between a minimum and the machine's memory, as
 * far as there is room (Hyper-V's dynamic memory, XenServer's dynamic memory control, balloons of VMware and KVM). What a machine
 * needs changes at stated times; between them nothing happens unless room comes free.
 */
import type { EventHandler, Simulation } from "../kernel/simulation.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { VirtualMachine } from "./virtual-machine.ts";

export interface MemoryDemand {
  /** Simulated time from which it holds. */
  readonly fromSeconds: number;
  readonly bytes: number;
}

export interface DynamicMemory {
  /** Never less than this is assigned. */
  readonly leastBytes: number;
  /** Beside what is needed, as a share of it. */
  readonly bufferShare: number;
  /** What the guest needs, by rising time, the first from 0 on. */
  readonly demand: readonly MemoryDemand[];
}

/** What the machine should have at a time, were there room: whole pages. */
export function wantedBytes(
  { leastBytes, bufferShare, demand }: DynamicMemory,
  mostBytes: number,
  atSeconds: number,
): number {
  let needed = 0;
  for (const phase of demand) if (phase.fromSeconds <= atSeconds) needed = phase.bytes;
  const withBuffer = Math.ceil((needed * (1 + bufferShare)) / PAGE_BYTES) * PAGE_BYTES;
  return Math.min(mostBytes, Math.max(leastBytes, withBuffer));
}

export interface MemoryFollowerOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly machine: VirtualMachine;
  readonly dynamic: DynamicMemory;
}

/** Lets a machine's assigned memory follow its demand. While it moves it keeps what it has. */
export class MemoryFollower implements EventHandler {
  readonly #options: MemoryFollowerOptions;

  constructor(options: MemoryFollowerOptions) {
    this.#options = options;
    const { simulation, dynamic, machine } = options;
    for (const { fromSeconds } of dynamic.demand) simulation.schedule(fromSeconds, this, 0);
    machine.followedBy(this);
  }

  /** For the kernel: the demand is another one from now on. */
  onEvent(): void {
    this.follow();
  }

  /** Gives the machine what it should have now, as far as there is room; more once room comes free. */
  follow(): void {
    const { machine, dynamic, simulation } = this.#options;
    if (machine.isMoving) return;
    const { node } = machine;
    const wanted = wantedBytes(dynamic, machine.memoryBytes, simulation.now);
    const bytes = Math.min(wanted, machine.assignedBytes + node.freeBytes);
    if (bytes < wanted) node.short.add(this);
    else node.short.delete(this);
    this.#assign(bytes, wanted);
  }

  /** The machine moves: it keeps what it has, wherever room comes free. */
  hold(): void {
    this.#options.machine.node.short.delete(this);
  }

  /** Takes the machine to its least, before it moves; returns how many bytes that frees. */
  squeeze(): number {
    const { machine, dynamic } = this.#options;
    const before = machine.assignedBytes;
    this.hold();
    this.#assign(Math.min(before, dynamic.leastBytes), dynamic.leastBytes);
    return before - machine.assignedBytes;
  }

  /** What a squeeze would leave. */
  get squeezedBytes(): number {
    return Math.min(this.#options.machine.assignedBytes, this.#options.dynamic.leastBytes);
  }

  #assign(bytes: number, wanted: number): void {
    const { machine, recorder, simulation } = this.#options;
    if (bytes === machine.assignedBytes) return;
    if (recorder.recording) {
      const { name: vm, node } = machine;
      recorder.record({
        t: simulation.now,
        type: "vm.memoryAssigned",
        vm,
        node: node.name,
        bytes,
        wantedBytes: wanted,
      });
    }
    // Told first: room that comes free may let others have more at once.
    machine.assign(bytes);
  }
}
