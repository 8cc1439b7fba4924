/** Where playing, stepping and jumping lead: arithmetic on times, without a clock. */
import { countUpTo } from "./bisect.ts";
import type { MigrationTimeline, Span } from "./migration-timeline.ts";
import { isMigration } from "./no-migration.ts";
import type { Timeline } from "./timeline.ts";

/** Simulated seconds a real second, slowest first. */
export const SPEEDS: readonly number[] = [
  1 / 1000,
  1 / 500,
  1 / 200,
  1 / 100,
  1 / 50,
  1 / 20,
  1 / 10,
  1 / 5,
  1 / 2,
  1,
  2,
  5,
  10,
];

/** How a speed is written: a ratio of real time. */
export function speedLabel(speed: number): string {
  return speed >= 1 ? `${Number(speed.toPrecision(3))}× real time` : `1/${Math.round(1 / speed)}× real time`;
}

/** The index in SPEEDS at which the whole timeline takes about `wallSeconds`. */
export function fittingSpeed(timeline: Timeline, wallSeconds: number): number {
  const wanted = (timeline.endSeconds - timeline.startSeconds) / wallSeconds;
  const index = SPEEDS.findIndex((speed) => speed >= wanted);
  return index < 0 ? SPEEDS.length - 1 : index;
}

/** Real seconds that slow motion gives a blackout's close-up. */
const CLOSE_UP_WALL_SECONDS = 8;

/** A stretch of time that is played more slowly. */
export interface SlowMotion extends Span {
  speed: number;
}

/** The close-up of a migration's blackout, played so that it can be followed; null without one. */
export function slowMotionOf(migration: MigrationTimeline): SlowMotion | null {
  if (migration.closeUp === null) return null;
  const { startSeconds, endSeconds } = migration.closeUp;
  const wanted = (endSeconds - startSeconds) / CLOSE_UP_WALL_SECONDS;
  const speed = SPEEDS.findLast((candidate) => candidate <= wanted) ?? (SPEEDS[0] as number);
  return { startSeconds, endSeconds, speed };
}

/** The speed in force at t. */
export function speedAt(t: number, speed: number, slow: SlowMotion | null): number {
  if (slow === null || t < slow.startSeconds || t >= slow.endSeconds) return speed;
  return Math.min(speed, slow.speed);
}

/** Where playing on from t for `wallSeconds` leads, the slow stretch taken at its own pace. */
export function advance(t: number, wallSeconds: number, speed: number, slow: SlowMotion | null): number {
  let at = t;
  let left = wallSeconds;
  const boundaries = slow === null ? [] : [slow.startSeconds, slow.endSeconds];
  for (const boundary of boundaries) {
    if (boundary <= at) continue;
    const pace = speedAt(at, speed, slow);
    const needed = (boundary - at) / pace;
    if (needed >= left) return at + left * pace;
    at = boundary;
    left -= needed;
  }
  return at + left * speedAt(at, speed, slow);
}

function timesUpTo({ eventTimes }: Timeline, t: number): number {
  return countUpTo(eventTimes.length, t, (index) => eventTimes[index] as number);
}

/** The next moment after t at which something happened; the timeline's end after the last. */
export function nextEventTime(timeline: Timeline, t: number): number {
  return timeline.eventTimes[timesUpTo(timeline, t)] ?? timeline.endSeconds;
}

/** The last moment before t at which something happened; the timeline's start before the first. */
export function previousEventTime(timeline: Timeline, t: number): number {
  const { eventTimes } = timeline;
  let index = timesUpTo(timeline, t) - 1;
  if (index >= 0 && eventTimes[index] === t) index -= 1;
  return index < 0 ? timeline.startSeconds : (eventTimes[index] as number);
}

/**
 * The moments at which a presentation stops: request, start, rounds, blackout and its parts, end. Without a migration, where
 * what lasts begins and ends.
 */
function chapterTimes({ conditions }: Timeline, migration: MigrationTimeline): number[] {
  if (!isMigration(migration)) {
    const ends = conditions.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
    return [...new Set(ends)].sort((a, b) => a - b);
  }
  const times = [
    migration.requestedSeconds,
    migration.startSeconds,
    ...migration.rounds.map((round) => round.startSeconds),
    ...migration.blackouts.flatMap((span) => [span.startSeconds, span.endSeconds]),
    ...migration.parts.map((part) => part.startSeconds),
    ...migration.clients.flatMap((client) => client.outages.map((outage) => outage.endSeconds)),
    migration.endSeconds,
  ];
  const known = times.filter((time): time is number => time !== null);
  return [...new Set(known)].sort((a, b) => a - b);
}

export function nextChapterTime(timeline: Timeline, migration: MigrationTimeline, t: number): number {
  return chapterTimes(timeline, migration).find((time) => time > t) ?? timeline.endSeconds;
}

export function previousChapterTime(timeline: Timeline, migration: MigrationTimeline, t: number): number {
  return chapterTimes(timeline, migration).findLast((time) => time < t) ?? timeline.startSeconds;
}
