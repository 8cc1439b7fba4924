/** An entry of the timeline with its manager's settings in it. */
import { managements } from "../hypervisors/managers/registry.ts";
import type { ParameterTable } from "../kernel/parameter.ts";
import type { ManagerSetup } from "../migration/manager.ts";
import type { LimitChanges } from "../migration/page-sender.ts";
import type { MigrateEntry, Overrides } from "../scenario/scenario.ts";
import type { MigrationMode } from "../trace/migration-events.ts";

export interface ManagedEntry {
  /** Values over the profile's parameters: the entry's own, over what the manager sets. */
  readonly overrides: Overrides;
  /** The entry's, but that of post-copy where its manager may start that. */
  readonly mode: MigrationMode;
  readonly manager: ManagerSetup | null;
}

/** Names were checked when the scenario was read: one that is not known is a bug. */
export function managedEntry(
  entry: Pick<MigrateEntry, "mode" | "overrides" | "manager">,
  parameters: ParameterTable,
  guestMemoryBytes: number,
): ManagedEntry {
  const { mode } = entry;
  if (entry.manager === undefined) return { overrides: entry.overrides, mode, manager: null };
  const { name, overrides: values } = entry.manager;
  const management = managements.find((candidate) => candidate.name === name);
  if (management === undefined) throw new Error(`there is no manager ${name}`);
  const settings: Overrides = {};
  for (const [parameter, value] of Object.entries(management.profileSettings(values))) {
    if (parameter in parameters && !(parameter in entry.overrides)) settings[parameter] = value;
  }
  return {
    overrides: { ...settings, ...entry.overrides },
    mode: "postcopyAfterRounds" in settings ? "post-copy" : mode,
    manager: {
      name,
      initialLimits: limitsIn(settings),
      makeManager: () => management.makeManager(values, guestMemoryBytes),
    },
  };
}

function limitsIn({ downtimeLimitSeconds, maxBandwidthBytesPerSecond }: Overrides): LimitChanges {
  return {
    ...(typeof downtimeLimitSeconds === "number" ? { downtimeLimitSeconds } : {}),
    ...(typeof maxBandwidthBytesPerSecond === "number"
      ? {
          maxBandwidthBytesPerSecond:
            maxBandwidthBytesPerSecond === 0 ? Number.POSITIVE_INFINITY : maxBandwidthBytesPerSecond,
        }
      : {}),
  };
}
