/** All migrations of a trace, each in a line: enough to list them, to count them and to choose one. */
import type { MigrationOutcome, TraceEvent } from "../simulator.ts";
import type { TraceIndex } from "./trace-index.ts";

export interface MigrationSummary {
  index: number;
  vm: string;
  from: string;
  to: string;
  mode: string;
  profile: string;
  requestedSeconds: number;
  /** Null where it never started. */
  startSeconds: number | null;
  /** Null where the trace does not hold its end. */
  endSeconds: number | null;
  outcome: MigrationOutcome | null;
  reason: string;
}

const TYPES: ReadonlySet<string> = new Set([
  "migration.requested",
  "migration.retargeted",
  "migration.started",
  "migration.ended",
] satisfies TraceEvent["type"][]);

/** The migrations of a trace that may grow. */
export class Migrations {
  private readonly index: TraceIndex;
  private readonly migrations = new Map<number, MigrationSummary>();
  private sorted: readonly MigrationSummary[] = [];
  private taken = 0;

  constructor(index: TraceIndex) {
    this.index = index;
  }

  /** All so far, by their number; the same list as long as nothing has come of them. */
  soFar(): readonly MigrationSummary[] {
    const { index, migrations } = this;
    const places = index.ofTypes(TYPES, this.taken);
    this.taken = index.events.length;
    if (places.length === 0) return this.sorted;
    for (const place of places) {
      const event = index.events.at(place);
      if (event.type === "migration.requested") {
        const { migration, vm, from, to, mode, profile } = event;
        const open = { startSeconds: null, endSeconds: null, outcome: null, reason: "" };
        migrations.set(migration, {
          index: migration,
          vm,
          from,
          to,
          mode,
          profile,
          requestedSeconds: event.t,
          ...open,
        });
      } else if ("migration" in event) follow(migrations.get(event.migration), event);
    }
    this.sorted = [...migrations.values()].sort((a, b) => a.index - b.index);
    return this.sorted;
  }
}

function follow(migration: MigrationSummary | undefined, event: TraceEvent): void {
  if (migration === undefined) return;
  if (event.type === "migration.started") migration.startSeconds = event.t;
  else if (event.type === "migration.retargeted") migration.to = event.to;
  else if (event.type === "migration.ended") {
    migration.endSeconds = event.t;
    migration.outcome = event.outcome;
    migration.reason = event.reason;
  }
}
