/** What stands in a migration's place where a run has none, as where a host fails and its machines start again elsewhere. */
import { emptyMigration, type MigrationTimeline } from "./migration-timeline.ts";
import type { Trace } from "./trace-reader.ts";

const NO_INDEX = -1;

/** A migration of nothing: nobody asked for it, nothing is sent, nobody stands still. */
export function noMigration(trace: Trace): MigrationTimeline {
  const names = { vm: "", from: "", to: "", mode: "", profile: "", reason: "" };
  const times = { requestedSeconds: 0, startSeconds: null, endSeconds: null };
  return emptyMigration({ index: NO_INDEX, ...names, ...times, outcome: null }, trace, []);
}

/** False for what stands in the place of one. */
export function isMigration(migration: { readonly index: number }): boolean {
  return migration.index !== NO_INDEX;
}
