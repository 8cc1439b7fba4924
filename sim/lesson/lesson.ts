/**
 * A lesson: a story told with runs of scenarios, a sentence a step, and a playground at its end. Plain data, as the page plays it;
 * schema.ts has the form in which a trainer writes it.
 */
import type { Scenario } from "../scenario/scenario.ts";
import type { SCHEMA_VERSION } from "../trace/events.ts";
import type { MigrationMode } from "../trace/migration-events.ts";

/** Parts of the page that a step can point at, and an address can hide. */
export const LESSON_PANELS = [
  "readouts",
  "cluster",
  "nodes",
  "blackout",
  "time",
  "lanes",
  "dirty-pages",
  "rounds",
  "memory",
  "run",
  "events",
  "event-log",
  "what-if",
  "compare",
  "chances",
] as const;
export type LessonPanel = (typeof LESSON_PANELS)[number];

/** Numbers that a playground can offer, and a step can plot the downtime against. */
export const LESSON_NUMBERS = ["memory", "used", "writes", "link", "mtu", "loss", "limit"] as const;
export type LessonNumber = (typeof LESSON_NUMBERS)[number];

/** A point of a run: a place, an event, or a share of a round. */
export type LessonMoment =
  | { readonly kind: "start" | "end" }
  | { readonly kind: "time"; readonly seconds: number }
  /** The nth event of its type, counted from 1, and so long after it. */
  | { readonly kind: "event"; readonly type: string; readonly nth: number; readonly afterSeconds: number }
  /** A share of the way through a round; the final copy is the last. */
  | { readonly kind: "round"; readonly round: number | "final"; readonly share: number };

/** Numbers other than the scenario's; what is absent is the scenario's. */
export interface LessonChange {
  readonly memoryBytes?: number;
  readonly usedShare?: number;
  readonly writeRateFactor?: number;
  readonly linkBytesPerSecond?: number;
  readonly mtuBytes?: number;
  readonly packetLossShare?: number;
  readonly downtimeLimitSeconds?: number;
  readonly profile?: string;
  readonly mode?: MigrationMode;
  readonly workload?: string;
  readonly seed?: string;
}

/** A run that a step stands on. */
export interface LessonRun {
  /** Index in the lesson's scenarios. */
  readonly scenario: number;
  readonly change: LessonChange;
  /** The machine whose migration is looked at; null: the first to move. */
  readonly vm: string | null;
}

export interface LessonStep {
  /** One sentence, or two short ones. */
  readonly say: string;
  readonly run: LessonRun;
  /** Where the step starts: a still picture. */
  readonly at: LessonMoment;
  /** Plays from there to here; null stays. */
  readonly play: { readonly to: LessonMoment; readonly speed: number | null } | null;
  /** Pointed at, in the order of importance. */
  readonly look: readonly LessonPanel[];
  /** A second run on the same axis; null: none. */
  readonly compare: { readonly run: LessonRun; readonly name: string } | null;
  /** The downtime against this number; null: not shown. */
  readonly curve: LessonNumber | null;
  /** So many runs that differ in the seed alone; 0: not shown. */
  readonly seeds: number;
}

export interface LessonPlayground extends LessonStep {
  /** The numbers that it offers; null: all. */
  readonly controls: readonly LessonNumber[] | null;
}

export interface Lesson {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly title: string;
  readonly summary: string;
  readonly scenarios: readonly Scenario[];
  readonly steps: readonly LessonStep[];
  readonly playground: LessonPlayground;
}
