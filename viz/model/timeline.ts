/** A trace arranged for drawing: its migrations in a line each, and each of them whole when it is looked at. */
import { countUpTo } from "./bisect.ts";
import { type Condition, Conditions } from "./conditions.ts";
import { GrowingNumbers } from "./growing-numbers.ts";
import { Links } from "./link.ts";
import { type LoadStep, migrationLoad } from "./migration-load.ts";
import { lookAtMigration, type MigrationTimeline } from "./migration-timeline.ts";
import { type MigrationSummary, Migrations } from "./migrations.ts";
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
  return new TimelineBuilder(trace).timeline(trace);
}

/** Arranges a trace that may grow: what was arranged stays, and what has come since is added to it. */
export class TimelineBuilder {
  private readonly index: TraceIndex;
  private readonly migrations: Migrations;
  private readonly conditions: Conditions;
  private readonly links: Links;
  private readonly times = new GrowingNumbers((length) => new Float64Array(length));
  private timed = 0;
  private load: { migrations: readonly MigrationSummary[]; steps: readonly LoadStep[] } | null = null;

  constructor(trace: Trace) {
    this.index = new TraceIndex(trace.events);
    this.migrations = new Migrations(this.index);
    this.conditions = new Conditions(this.index);
    this.links = new Links(this.index, trace.scenario);
  }

  /** @param trace as it is now: with the events that the builder was made with, grown or not */
  timeline(trace: Trace): Timeline {
    const { index, links } = this;
    const { events, scenario } = trace;
    index.extend();
    const lastSeconds = events.length > 0 ? events.timeAt(events.length - 1) : (trace.end?.t ?? 1);
    const endSeconds = lastSeconds + Math.max(lastSeconds * 0.02, 1e-3);
    const migrations = this.migrations.soFar();
    const looked = new Map<number, MigrationTimeline>();
    const look = (wanted: number): MigrationTimeline | null => {
      const known = looked.get(wanted);
      if (known !== undefined) return known;
      const at = countUpTo(migrations.length, wanted, (place) => (migrations[place] as MigrationSummary).index) - 1;
      const summary = migrations[at];
      if (summary === undefined || summary.index !== wanted) return null;
      const next = migrations.slice(at + 1).find((other) => other.vm === summary.vm);
      const until = next?.requestedSeconds ?? Number.POSITIVE_INFINITY;
      const migration = lookAtMigration(summary, trace, index, links, until, endSeconds);
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
      eventTimes: this.eventTimes(),
      migrations,
      conditions: this.conditions.until(endSeconds),
      load: this.loadOf(migrations),
      look,
    };
  }

  private loadOf(migrations: readonly MigrationSummary[]): readonly LoadStep[] {
    if (this.load?.migrations !== migrations) this.load = { migrations, steps: migrationLoad(migrations) };
    return this.load.steps;
  }

  private eventTimes(): Float64Array {
    const { times } = this;
    const { events } = this.index;
    for (; this.timed < events.length; this.timed += 1) {
      const t = events.timeAt(this.timed);
      if (times.length === 0 || times.values[times.length - 1] !== t) times.push(t);
    }
    return times.filled();
  }
}

/** The first migration of the machine, or where it has none, or none is named, the first of all; null of a trace without any. */
export function lookAtMachine(timeline: Timeline, vm: string | null): MigrationTimeline | null {
  const { migrations } = timeline;
  const wanted = migrations.find((each) => each.vm === vm) ?? migrations[0];
  return wanted === undefined ? null : timeline.look(wanted.index);
}
