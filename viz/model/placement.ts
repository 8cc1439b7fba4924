/** Where all machines are at a time: a walk through their moves from the checkpoint before it. */
import type { Scenario } from "../simulator.ts";
import { countUpTo } from "./bisect.ts";
import type { TraceIndex } from "./trace-index.ts";

/** Moves from one checkpoint to the next: what a seek has to go through at most. */
const STRIDE = 1024;

export class Placement {
  readonly nodes: readonly string[];
  readonly machines: readonly string[];
  private readonly times: number[] = [];
  private readonly movers: number[] = [];
  private readonly targets: number[] = [];
  /** The node of each machine before move k x STRIDE. */
  private readonly checkpoints: Int32Array[];

  constructor(scenario: Scenario, index: TraceIndex) {
    const nodeOf = new Map(scenario.nodes.map((node, k) => [node.name, k]));
    const machineOf = new Map(scenario.vms.map((vm, k) => [vm.name, k]));
    this.nodes = [...nodeOf.keys()];
    this.machines = [...machineOf.keys()];
    const now = Int32Array.from(scenario.vms, (vm) => nodeOf.get(vm.node) ?? -1);
    this.checkpoints = [now.slice()];
    const { events } = index;
    for (const place of index.ofTypes(new Set(["vm.started"]))) {
      const machine = machineOf.get(events.fieldAt(place, "vm") ?? "");
      const node = nodeOf.get(events.fieldAt(place, "node") ?? "");
      if (machine === undefined || node === undefined || now[machine] === node) continue;
      now[machine] = node;
      this.times.push(events.timeAt(place));
      this.movers.push(machine);
      this.targets.push(node);
      if (this.times.length % STRIDE === 0) this.checkpoints.push(now.slice());
    }
  }

  /** The index of each machine's node at t; -1 where the scenario does not know it. */
  at(t: number): Int32Array {
    const moves = countUpTo(this.times.length, t, (k) => this.times[k] as number);
    const checkpoint = Math.floor(moves / STRIDE);
    const nodes = (this.checkpoints[checkpoint] as Int32Array).slice();
    for (let move = checkpoint * STRIDE; move < moves; move += 1) {
      nodes[this.movers[move] as number] = this.targets[move] as number;
    }
    return nodes;
  }

  /** How many moves are over at t: while it stays, so does every place. */
  movesUpTo(t: number): number {
    return countUpTo(this.times.length, t, (k) => this.times[k] as number);
  }
}
