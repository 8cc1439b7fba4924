/** How a profile does migrations: what does not depend on the machine, nor on where it goes. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { linearProfiles, profiles, quickProfiles } from "../hypervisors/registry.ts";
import type { ScenarioNetwork } from "../scenario/scenario.ts";
import { managedEntry } from "./managed-entry.ts";
import { named } from "./named.ts";
import type { LinearPlan, MigrationPlan, MigrationTerms, PrecopyPlan, QuickPlan } from "./plan.ts";

/** What a migration is done with, whichever machine goes wherever. */
export interface MigrationMeans {
  readonly migrationsPerNode: number;
  readonly mechanism: MigrationPlan["mechanism"];
  readonly warnings: readonly string[];
}

/** The means of an entry's migrations of guests with so much memory: managers' settings depend on it. */
export function migrationMeans(
  entry: MigrationTerms,
  guestMemoryBytes: number,
  environmentValues: EnvironmentValues,
  network: ScenarioNetwork,
): MigrationMeans {
  const linear = linearProfiles.find(({ name }) => name === entry.profile);
  if (linear !== undefined) {
    const { overrides } = entry;
    const mechanism: LinearPlan = { kind: "linear", settings: linear.linear(overrides) };
    return { migrationsPerNode: linear.migrationsPerNode(overrides, network), mechanism, warnings: [] };
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
    return { migrationsPerNode: Number.POSITIVE_INFINITY, mechanism, warnings: [] };
  }
  const profile = named(profiles, entry.profile, "profile");
  const { overrides, mode, manager } = managedEntry(entry, profile.parameters, guestMemoryBytes);
  const mechanism: PrecopyPlan = {
    kind: "pre-copy",
    setup: profile.setUp(overrides, environmentValues, mode),
    squeezesMemory: profile.squeezesMemory ?? false,
    manager,
    announcement: profile.announcement(overrides),
    announcementFrame: profile.announcementFrame,
  };
  return {
    migrationsPerNode: profile.migrationsPerNode(overrides, network),
    mechanism,
    warnings: profile.warnings?.(overrides, network) ?? [],
  };
}
