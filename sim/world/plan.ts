/** What a scenario comes to before any seed: worked out once, used by all its runs. */
import { environments } from "../hypervisors/environments/environments.ts";
import type { Environment, EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { Profile } from "../hypervisors/profile.ts";
import { linearProfiles, profiles, quickProfiles } from "../hypervisors/registry.ts";
import { resolveParameters } from "../kernel/parameter.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { LinearSettings } from "../migration/linear-migration.ts";
import type { ManagerSetup } from "../migration/manager.ts";
import type { PrecopySetup } from "../migration/policy.ts";
import type { QuickSettings } from "../migration/quick-migration.ts";
import type { AnnouncementSchedule } from "../network/announcement.ts";
import type { MigrateEntry, Scenario } from "../scenario/scenario.ts";
import { guestMemory } from "./guest.ts";
import { managedEntry } from "./managed-entry.ts";
import { networkFor } from "./network-for.ts";

export interface MigrationPlan {
  readonly entry: MigrateEntry;
  readonly migrationsPerNode: number;
  readonly mechanism: PrecopyPlan | LinearPlan | QuickPlan;
}

/** The loop of pre-copy, as a hypervisor goes through it. */
export interface PrecopyPlan {
  readonly kind: "pre-copy";
  readonly setup: PrecopySetup;
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
  /** What is to be said of it before it runs. */
  readonly warnings: readonly string[];
}

/** Names were checked when the scenario was read: one that is not known is a bug. */
export function planOf(scenario: Scenario): Plan {
  const environment = named(environments, scenario.environment.preset, "environment");
  const environmentValues = resolveParameters(environment.parameters, scenario.environment.overrides);
  const network = networkFor(scenario, "migration");
  const migrations: MigrationPlan[] = [];
  const warnings = new Set<string>();
  for (const entry of scenario.timeline) {
    if (entry.kind !== "migrate") continue;
    const linear = linearProfiles.find(({ name }) => name === entry.profile);
    if (linear !== undefined) {
      const { overrides } = entry;
      const mechanism: LinearPlan = { kind: "linear", settings: linear.linear(overrides) };
      migrations.push({ entry, migrationsPerNode: linear.migrationsPerNode(overrides, network), mechanism });
      continue;
    }
    if (entry.mode === "quick") {
      const { overrides } = entry;
      const quick = named([...profiles, ...quickProfiles], entry.profile, "profile");
      const mechanism: QuickPlan = {
        kind: "quick",
        settings: environmentValues,
        announcement: quick.announcement(overrides),
        announcementFrame: quick.announcementFrame,
      };
      // What a profile allows at a time is live migrations.
      migrations.push({ entry, migrationsPerNode: Number.POSITIVE_INFINITY, mechanism });
      continue;
    }
    const profile = named(profiles, entry.profile, "profile");
    const guestMemoryBytes = scenario.vms.find(({ name }) => name === entry.vm)?.memoryBytes as number;
    const { overrides, mode, manager } = managedEntry(entry, profile.parameters, guestMemoryBytes);
    for (const warning of profile.warnings?.(overrides, network) ?? []) warnings.add(warning);
    const mechanism: PrecopyPlan = {
      kind: "pre-copy",
      setup: profile.setUp(overrides, environmentValues, mode),
      manager,
      announcement: profile.announcement(overrides),
      announcementFrame: profile.announcementFrame,
    };
    migrations.push({ entry, migrationsPerNode: profile.migrationsPerNode(overrides, network), mechanism });
  }
  const memories = scenario.vms.map((vm) => guestMemory(vm, environmentValues));
  return { scenario, environment, environmentValues, memories, migrations, warnings: [...warnings] };
}

function named<Named extends { readonly name: string }>(all: readonly Named[], name: string, what: string): Named {
  const found = all.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${what} ${name}`);
  return found;
}
