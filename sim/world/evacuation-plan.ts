/** How the migrations of a drain, or of a round of maintenance, are done: worked out once for all its machines. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { linearProfiles, profiles } from "../hypervisors/registry.ts";
import type { Evacuation } from "../scenario/maintenance.ts";
import type { ScenarioNetwork } from "../scenario/scenario.ts";
import { type MigrationMeans, migrationMeans } from "./migration-means.ts";
import type { MigrationPlan } from "./plan.ts";

export class EvacuationPlan {
  readonly entry: Evacuation;
  /** Machines that are asked to move at a time; Infinity for all at once, each as a slot comes free. */
  readonly wave: number;
  readonly warnings: readonly string[];
  readonly #environmentValues: EnvironmentValues;
  readonly #network: ScenarioNetwork;
  /** By guest memory: 0 stands for all where nothing manages the hypervisor. */
  readonly #means = new Map<number, MigrationMeans>();

  constructor(entry: Evacuation, environmentValues: EnvironmentValues, network: ScenarioNetwork) {
    this.entry = entry;
    this.#environmentValues = environmentValues;
    this.#network = network;
    const profile = [...profiles, ...linearProfiles].find(({ name }) => name === entry.profile);
    this.wave = entry.wave ?? profile?.evacuationBatch?.(entry.overrides) ?? Number.POSITIVE_INFINITY;
    this.warnings = entry.manager === undefined ? this.#meansFor(0).warnings : [];
  }

  /** For a machine with so much memory. */
  migration(vm: string, memoryBytes: number, to: string, atSeconds: number): MigrationPlan {
    const { mode, profile, overrides, manager } = this.entry;
    const means = this.#meansFor(memoryBytes);
    const managed = manager === undefined ? {} : { manager };
    return { entry: { kind: "migrate", atSeconds, vm, to, mode, profile, overrides, ...managed }, ...means };
  }

  #meansFor(memoryBytes: number): MigrationMeans {
    const key = this.entry.manager === undefined ? 0 : memoryBytes;
    let means = this.#means.get(key);
    if (means === undefined) {
      means = migrationMeans(this.entry, memoryBytes, this.#environmentValues, this.#network);
      this.#means.set(key, means);
    }
    return means;
  }
}
