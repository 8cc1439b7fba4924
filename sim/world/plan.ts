/** What a scenario comes to before any seed: worked out once, used by all its runs. */
import { environments } from "../hypervisors/environments/environments.ts";
import type { Environment, EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { Profile } from "../hypervisors/profile.ts";
import { profiles } from "../hypervisors/registry.ts";
import { resolveParameters } from "../kernel/parameter.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { PrecopySetup } from "../migration/policy.ts";
import type { AnnouncementSchedule } from "../network/announcement.ts";
import type { MigrateEntry, Scenario } from "../scenario/scenario.ts";
import { guestMemory } from "./guest.ts";

export interface MigrationPlan {
  readonly entry: MigrateEntry;
  readonly setup: PrecopySetup;
  readonly announcement: AnnouncementSchedule;
  readonly announcementFrame: Profile["announcementFrame"];
  readonly migrationsPerNode: number;
}

export interface Plan {
  readonly scenario: Scenario;
  readonly environment: Environment;
  readonly environmentValues: EnvironmentValues;
  /** In the order of the scenario's virtual machines. */
  readonly memories: readonly GuestMemory[];
  /** In the order of the timeline's migrations. */
  readonly migrations: readonly MigrationPlan[];
}

/** Names were checked when the scenario was read: one that is not known is a bug. */
export function planOf(scenario: Scenario): Plan {
  const environment = named(environments, scenario.environment.preset, "environment");
  const environmentValues = resolveParameters(environment.parameters, scenario.environment.overrides);
  const migrations: MigrationPlan[] = [];
  for (const entry of scenario.timeline) {
    if (entry.kind !== "migrate") continue;
    const profile = named(profiles, entry.profile, "profile");
    migrations.push({
      entry,
      setup: profile.setUp(entry.overrides, environmentValues),
      announcement: profile.announcement(entry.overrides),
      announcementFrame: profile.announcementFrame,
      migrationsPerNode: profile.migrationsPerNode(entry.overrides),
    });
  }
  const memories = scenario.vms.map((vm) => guestMemory(vm, environmentValues));
  return { scenario, environment, environmentValues, memories, migrations };
}

function named<Named extends { readonly name: string }>(all: readonly Named[], name: string, what: string): Named {
  const found = all.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${what} ${name}`);
  return found;
}
