/** Hosts as they will be once the moves that are decided are over: what balancing judges them by. */
import type { HostLoad } from "../orchestration/host-load.ts";
import type { ProcessorLedger } from "../orchestration/processor-ledger.ts";
import type { Evacuations } from "./evacuations.ts";
import type { MigrationRun } from "./migration-run.ts";
import type { Processors } from "./processors.ts";

export class PlannedLoads {
  /** Decided here and not over. */
  readonly open = new Set<MigrationRun>();
  readonly #evacuations: Evacuations;
  readonly #processors: Processors;
  readonly #ledger: ProcessorLedger;

  constructor(evacuations: Evacuations, processors: Processors) {
    this.#evacuations = evacuations;
    this.#processors = processors;
    this.#ledger = processors.asTheyStand();
  }

  /** A machine counts at this node from now on. */
  place(vm: string, node: string): void {
    const { world } = this.#evacuations;
    const { now } = world.simulation;
    this.#processors.bringUpToDate(this.#ledger);
    this.#ledger.place(vm, node, this.#processors.demandOf(world.guest(vm).scenario, now), now);
  }

  /** Those that take machines, in the scenario's order. */
  hosts(): HostLoad[] {
    const { world } = this.#evacuations;
    this.#processors.bringUpToDate(this.#ledger);
    const leavingBytes = new Map<string, number>();
    for (const { from, vm } of this.open) {
      const { machine } = world.guest(vm);
      if (machine.node.name === from) {
        leavingBytes.set(from, (leavingBytes.get(from) ?? 0) + machine.assignedBytes);
      }
    }
    const hosts: HostLoad[] = [];
    for (const node of world.cluster.nodes) {
      if (node.whyClosed !== null) continue;
      const { name, memoryBytes, freeBytes, promisedBytes } = node;
      hosts.push({
        name,
        askedProcessors: this.#ledger.askedAt(name),
        processors: this.#processors.of(name),
        usedBytes: memoryBytes - freeBytes + promisedBytes - (leavingBytes.get(name) ?? 0),
        memoryBytes,
      });
    }
    return hosts;
  }
}
