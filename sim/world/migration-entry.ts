/** Which entries of a timeline ask for migrations one by one, or are commands to them. */
import type { CommandEntry, MigrateEntry, Scenario, TimelineEntry } from "../scenario/scenario.ts";

type MigrationEntry = MigrateEntry | CommandEntry;

const KINDS: ReadonlySet<string> = new Set<MigrationEntry["kind"]>([
  "migrate",
  "cancel",
  "set",
  "startPostcopy",
  "recoverPostcopy",
  "continue",
]);

export function isMigrationEntry(entry: TimelineEntry): entry is MigrationEntry {
  return KINDS.has(entry.kind);
}

/** Whether nothing happens in it but such migrations: nothing else is asked for, and no guest uses its disks. */
export function hasOnlyMigrations({ timeline, volumes, vms }: Scenario): boolean {
  return (
    timeline.every(isMigrationEntry) &&
    volumes.every(({ freeBytes }) => freeBytes === undefined) &&
    vms.every(({ io }) => io === undefined)
  );
}
