/** What a scenario comes to before any seed: worked out once, used by all its runs. */
import { environments } from "../hypervisors/environments/environments.ts";
import type { Environment, EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { Profile } from "../hypervisors/profile.ts";
import { resolveParameters } from "../kernel/parameter.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { LinearSettings } from "../migration/linear-migration.ts";
import type { ManagerSetup } from "../migration/manager.ts";
import type { PrecopySetup } from "../migration/policy.ts";
import type { QuickSettings } from "../migration/quick-migration.ts";
import type { AnnouncementSchedule } from "../network/announcement.ts";
import type { Evacuation } from "../scenario/maintenance.ts";
import { isNetworkFault } from "../scenario/network-faults.ts";
import type { MigrateEntry, Scenario, ScenarioVm } from "../scenario/scenario.ts";
import { EvacuationPlan } from "./evacuation-plan.ts";
import { type FailoverPlan, failoverPlanOf } from "./failover-plan.ts";
import { guestMemory } from "./guest.ts";
import { maskedFeatureWarnings } from "./masked-features.ts";
import { migrationMeans } from "./migration-means.ts";
import { named } from "./named.ts";
import { type PlannedNetworks, plannedNetworks } from "./network-for.ts";
import { hasOnlyMigrations } from "./only-migrations.ts";

export interface MigrationPlan {
  readonly entry: MigrateEntry;
  readonly migrationsPerNode: number;
  readonly mechanism: PrecopyPlan | LinearPlan | QuickPlan;
}

/** What an entry says of how its migrations are done. */
export type MigrationTerms = Pick<MigrateEntry, "mode" | "profile" | "overrides" | "manager">;

/** The loop of pre-copy, as a hypervisor goes through it. */
export interface PrecopyPlan {
  readonly kind: "pre-copy";
  readonly setup: PrecopySetup;
  /** See Profile.squeezesMemory. */
  readonly squeezesMemory: boolean;
  readonly manager: ManagerSetup | null;
  readonly announcement: AnnouncementSchedule;
  readonly announcementFrame: Profile["announcementFrame"];
}

/** A model of bytes that become dirty at a constant rate. */
export interface LinearPlan {
  readonly kind: "linear";
  readonly settings: LinearSettings;
}

/** The machine's group is saved to disk, handed over and restored. */
export interface QuickPlan {
  readonly kind: "quick";
  readonly settings: QuickSettings;
  readonly announcement: AnnouncementSchedule;
  readonly announcementFrame: Profile["announcementFrame"];
}

export interface Plan {
  readonly scenario: Scenario;
  readonly environment: Environment;
  readonly environmentValues: EnvironmentValues;
  /** In the order of the scenario's virtual machines. */
  readonly memories: readonly GuestMemory[];
  /** In the order of the timeline's migrations. */
  readonly migrations: readonly MigrationPlan[];
  /** Of each entry that empties nodes. */
  readonly evacuations: ReadonlyMap<Evacuation, EvacuationPlan>;
  readonly failover: FailoverPlan;
  readonly hasOnlyMigrations: boolean;
  readonly networks: PlannedNetworks;
  /** Whether the timeline cuts networks: where it does not, nobody watches them. */
  readonly hasCuts: boolean;
  /** Whether nodes have SLAT, where that is said. */
  readonly slat: ReadonlyMap<string, boolean>;
  /** What is to be said of it before it runs. */
  readonly warnings: readonly string[];
}

/** Names were checked when the scenario was read: one that is not known is a bug. */
export function planOf(scenario: Scenario): Plan {
  const environment = named(environments, scenario.environment.preset, "environment");
  const environmentValues = resolveParameters(environment.parameters, scenario.environment.overrides);
  const networks = plannedNetworks(scenario);
  const network = networks.migration;
  const memoryBytesOf = new Map(scenario.vms.map(({ name, memoryBytes }) => [name, memoryBytes]));
  const migrations: MigrationPlan[] = [];
  const evacuations = new Map<Evacuation, EvacuationPlan>();
  const warnings = new Set<string>(maskedFeatureWarnings(scenario));
  for (const entry of scenario.timeline) {
    if (entry.kind === "migrate") {
      const means = migrationMeans(entry, memoryBytesOf.get(entry.vm) as number, environmentValues, network);
      for (const warning of means.warnings) warnings.add(warning);
      migrations.push({ entry, ...means });
    } else if ("placement" in entry) {
      const plan = new EvacuationPlan(entry, environmentValues, network);
      for (const warning of plan.warnings) warnings.add(warning);
      evacuations.set(entry, plan);
    }
  }
  const memories = guestMemories(scenario.vms, environmentValues);
  const failover = failoverPlanOf(scenario);
  return {
    scenario,
    environment,
    environmentValues,
    memories,
    migrations,
    evacuations,
    failover,
    hasOnlyMigrations: hasOnlyMigrations(scenario),
    networks,
    hasCuts: scenario.timeline.some(isNetworkFault),
    slat: new Map(scenario.nodes.flatMap(({ name, slat }) => (slat === undefined ? [] : [[name, slat]]))),
    warnings: [...warnings],
  };
}

/** Machines of one template share their page classes, and with them what they come to. */
function guestMemories(vms: readonly ScenarioVm[], environment: EnvironmentValues): GuestMemory[] {
  const last = new Map<ScenarioVm["classes"], { vm: ScenarioVm; memory: GuestMemory }>();
  return vms.map((vm) => {
    const known = last.get(vm.classes);
    if (
      known !== undefined &&
      known.vm.memoryBytes === vm.memoryBytes &&
      known.vm.usedBytes === vm.usedBytes &&
      known.vm.compressedShare === vm.compressedShare
    ) {
      return known.memory;
    }
    const memory = guestMemory(vm, environment);
    last.set(vm.classes, { vm, memory });
    return memory;
  });
}
