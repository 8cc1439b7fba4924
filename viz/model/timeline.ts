/** A trace arranged for drawing: its migrations in a line each, and each of them whole when it is looked at. */
import { countUpTo } from "./bisect.ts";
import { type Condition, conditionsOf } from "./conditions.ts";
import { type LoadStep, migrationLoad } from "./migration-load.ts";
import { lookAtMigration, type MigrationTimeline } from "./migration-timeline.ts";
import { type MigrationSummary, migrationsOf } from "./migrations.ts";
import { TraceIndex } from "./trace-index.ts";
import type { Trace } from "./trace-reader.ts";

export interface Timeline {
  trace: Trace;
  index: TraceIndex;
  name: string;
  startSeconds: number;
  /** Last moment worth drawing: a little after the last event. */
  endSeconds: number;
  /** Times at which something happened, ascending, each once. */
  eventTimes: Float64Array;
  migrations: readonly MigrationSummary[];
  conditions: readonly Condition[];
  load: readonly LoadStep[];
  /** The migration of this index whole; null where the trace has none. Built at the first look. */
  look(index: number): MigrationTimeline | null;
}

/** Migrations kept whole at once: who looks at many in turn need not keep them all. */
const MOST_KEPT = 8;

/** Arranges a trace. Unknown event types are passed over: later versions may add some. */
export function buildTimeline(trace: Trace): Timeline {
  const { events, scenario } = trace;
  const lastSeconds = events.length > 0 ? events.timeAt(events.length - 1) : (trace.end?.t ?? 1);
  const endSeconds = lastSeconds + Math.max(lastSeconds * 0.02, 1e-3);
  const index = new TraceIndex(events);
  const migrations = migrationsOf(index);
  const looked = new Map<number, MigrationTimeline>();
  const look = (wanted: number): MigrationTimeline | null => {
    const known = looked.get(wanted);
    if (known !== undefined) return known;
    const at = countUpTo(migrations.length, wanted, (place) => (migrations[place] as MigrationSummary).index) - 1;
    const summary = migrations[at];
    if (summary === undefined || summary.index !== wanted) return null;
    const next = migrations.slice(at + 1).find((other) => other.vm === summary.vm);
    const until = next?.requestedSeconds ?? Number.POSITIVE_INFINITY;
    const migration = lookAtMigration(summary, trace, index, until, endSeconds);
    const oldest = looked.keys().next().value;
    if (looked.size >= MOST_KEPT && oldest !== undefined) looked.delete(oldest);
    looked.set(wanted, migration);
    return migration;
  };
  return {
    trace,
    index,
    name: scenario.name,
    startSeconds: 0,
    endSeconds,
    eventTimes: eventTimes(trace),
    migrations,
    conditions: conditionsOf(index, endSeconds),
    load: migrationLoad(migrations),
    look,
  };
}

/** The first migration of the machine, or where it has none, or none is named, the first of all; null of a trace without any. */
export function lookAtMachine(timeline: Timeline, vm: string | null): MigrationTimeline | null {
  const { migrations } = timeline;
  const wanted = migrations.find((each) => each.vm === vm) ?? migrations[0];
  return wanted === undefined ? null : timeline.look(wanted.index);
}

function eventTimes({ events }: Trace): Float64Array {
  const times = new Float64Array(events.length);
  let count = 0;
  for (let index = 0; index < events.length; index += 1) {
    const t = events.timeAt(index);
    if (count > 0 && times[count - 1] === t) continue;
    times[count] = t;
    count += 1;
  }
  return times.subarray(0, count);
}
