/** Affinity and anti-affinity groups while machines are on their way: who is where, or going there. */
import type { Cluster } from "../cluster/cluster.ts";
import type { Candidate, Groups } from "../orchestration/placement.ts";
import type { ScenarioVm } from "../scenario/scenario.ts";

export class MachineGroups implements Groups {
  readonly #cluster: Cluster;
  readonly #together = new Map<string, ScenarioVm[]>();
  readonly #apart = new Map<string, ScenarioVm[]>();
  /** Where machines that wait or are on their way go, by name. */
  readonly #headingTo = new Map<string, string>();

  constructor(cluster: Cluster, vms: readonly ScenarioVm[]) {
    this.#cluster = cluster;
    for (const vm of vms) {
      if (vm.affinity !== undefined) add(this.#together, vm.affinity, vm);
      if (vm.antiAffinity !== undefined) add(this.#apart, vm.antiAffinity, vm);
    }
  }

  /** Null once the machine has arrived, or stays. */
  setHeading(vm: string, to: string | null): void {
    if (to === null) this.#headingTo.delete(vm);
    else this.#headingTo.set(vm, to);
  }

  affinityNodes({ name, affinity }: Candidate): string[] {
    const others = this.#others(this.#together, affinity, name);
    return [...new Set(others.map((other) => this.#whereabouts(other.name)))];
  }

  bytesToFollow({ name, affinity }: Candidate, from: string): number {
    const others = this.#others(this.#together, affinity, name);
    const left = others.filter((other) => this.#whereabouts(other.name) === from);
    return left.reduce((sum, { name: other }) => sum + this.#cluster.vm(other).assignedBytes, 0);
  }

  opponentAt({ name, antiAffinity }: Candidate, node: string): string | null {
    const others = this.#others(this.#apart, antiAffinity, name);
    return others.find((other) => this.#whereabouts(other.name) === node)?.name ?? null;
  }

  #others(groups: ReadonlyMap<string, ScenarioVm[]>, group: string | null, vm: string): ScenarioVm[] {
    return group === null ? [] : (groups.get(group) ?? []).filter(({ name }) => name !== vm);
  }

  #whereabouts(vm: string): string {
    return this.#headingTo.get(vm) ?? this.#cluster.vm(vm).node.name;
  }
}

function add(groups: Map<string, ScenarioVm[]>, group: string, vm: ScenarioVm): void {
  const members = groups.get(group);
  if (members === undefined) groups.set(group, [vm]);
  else members.push(vm);
}
