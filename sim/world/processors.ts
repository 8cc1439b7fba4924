/** What machines ask of hosts' processors in a run, as their phases and their moves change it. */
import { demandAt } from "../orchestration/processor-demand.ts";
import { ProcessorLedger } from "../orchestration/processor-ledger.ts";
import type { Scenario, ScenarioVm } from "../scenario/scenario.ts";
import type { World } from "./world.ts";

/** A machine asks for another number of processors from a moment on. */
export interface DemandChange {
  readonly atSeconds: number;
  readonly vm: string;
  readonly processors: number;
}

export class Processors {
  /** In order of time. */
  readonly changes: readonly DemandChange[];
  readonly #world: World;
  readonly #vms: readonly ScenarioVm[];
  readonly #processorsOf: ReadonlyMap<string, number>;
  readonly #ledgers: { ledger: ProcessorLedger; next: number }[] = [];
  #actual: ProcessorLedger | null = null;

  constructor(world: World, { nodes, vms }: Scenario) {
    this.#world = world;
    this.#vms = vms;
    this.#processorsOf = new Map(nodes.map(({ name, logicalProcessors }) => [name, logicalProcessors ?? 0]));
    const changes: DemandChange[] = [];
    for (const { name: vm, cpuDemand = [] } of vms) {
      for (const { fromSeconds: atSeconds, processors } of cpuDemand) {
        if (atSeconds > 0) changes.push({ atSeconds, vm, processors });
      }
    }
    // Those of equal time stay in the order of machines.
    this.changes = changes.sort((one, other) => one.atSeconds - other.atSeconds);
  }

  /** Logical processors of a node; 0 where that is not said. */
  of(node: string): number {
    return this.#processorsOf.get(node) as number;
  }

  /** What a machine asks for at a time. */
  demandOf({ cpuDemand = [] }: ScenarioVm, seconds: number): number {
    return demandAt(cpuDemand, seconds);
  }

  /** Machines where they are, from now on as they move; the same for all that ask. */
  get actual(): ProcessorLedger {
    if (this.#actual === null) {
      const ledger = this.asTheyStand();
      this.#actual = ledger;
      for (const { name } of this.#vms) {
        const { machine, scenario } = this.#world.guest(name);
        machine.observe({
          onVmStopped() {},
          onVmStarted: (node) => {
            const { now } = this.#world.simulation;
            this.bringUpToDate(ledger);
            ledger.place(name, node, this.demandOf(scenario, now), now);
          },
        });
      }
    }
    this.bringUpToDate(this.#actual);
    return this.#actual;
  }

  /** A ledger of machines as they are placed now, which stay there. Its figures begin now. */
  asTheyStand(): ProcessorLedger {
    const ledger = new ProcessorLedger();
    const { now } = this.#world.simulation;
    for (const [name, processors] of this.#processorsOf) ledger.addNode(name, processors, now);
    for (const vm of this.#vms) {
      const { machine } = this.#world.guest(vm.name);
      ledger.place(vm.name, machine.node.name, this.demandOf(vm, now), now);
    }
    this.#ledgers.push({ ledger, next: this.#firstChangeAfter(now) });
    return ledger;
  }

  /** Enters all changes of demand until now into a ledger that was made here. */
  bringUpToDate(ledger: ProcessorLedger, nowSeconds = this.#world.simulation.now): void {
    const entry = this.#ledgers.find((candidate) => candidate.ledger === ledger);
    if (entry === undefined) throw new Error("this ledger is not known");
    for (; entry.next < this.changes.length; entry.next += 1) {
      const { atSeconds, vm, processors } = this.changes[entry.next] as DemandChange;
      if (atSeconds > nowSeconds) return;
      ledger.ask(vm, processors, atSeconds);
    }
  }

  /** When a machine next asks for more or less than it does at this time; Infinity for never. */
  nextChangeAfter(seconds: number): number {
    return this.changes[this.#firstChangeAfter(seconds)]?.atSeconds ?? Number.POSITIVE_INFINITY;
  }

  #firstChangeAfter(seconds: number): number {
    const index = this.changes.findIndex(({ atSeconds }) => atSeconds > seconds);
    return index < 0 ? this.changes.length : index;
  }
}
