/** Entries of the timeline that migrate machines. */
import type { LoadTimelineEntry } from "../scenario/load.ts";
import type { DrainEntry, MaintenanceEntry } from "../scenario/maintenance.ts";
import type { MigrateEntry, TimelineEntry } from "../scenario/scenario.ts";

/** One machine, or those of nodes that are emptied. */
export type MigratingEntry = MigrateEntry | DrainEntry | MaintenanceEntry | LoadTimelineEntry;

export function migrates(entry: TimelineEntry): entry is MigratingEntry {
  return "profile" in entry;
}
