/** Entries of the timeline about migrations one by one: those that ask for one, and commands to it. */
import type { CommandEntry, MigrateEntry, TimelineEntry } from "./scenario.ts";

export type MigrationEntry = MigrateEntry | CommandEntry;

export const MIGRATION_KINDS = [
  "migrate",
  "cancel",
  "set",
  "startPostcopy",
  "recoverPostcopy",
  "continue",
] as const satisfies readonly MigrationEntry["kind"][];

const KINDS: ReadonlySet<string> = new Set(MIGRATION_KINDS);

export function isMigrationEntry(entry: TimelineEntry): entry is MigrationEntry {
  return KINDS.has(entry.kind);
}
