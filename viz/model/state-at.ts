/** The state of a migration at a time: everything the page draws or writes that changes with time. */

import type { BlackoutPart } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";
import { eventsUpTo } from "./event-list.ts";
import { placeAt } from "./machine-history.ts";
import type { MigrationTimeline } from "./migration-timeline.ts";
import { isMigration } from "./no-migration.ts";
import { type GrowthShare, growthShareOf, type Round, roundProgress } from "./rounds.ts";
import type { Timeline } from "./timeline.ts";

/** Of the migration that is looked at; `none` where the run has no migration. */
export type Phase = "waiting" | "setup" | "round" | "blackout" | "post-copy" | "cleanup" | "ended" | "none";

export interface MigrationState {
  t: number;
  phase: Phase;
  round: Round | null;
  /** Rounds started, the present one included. */
  roundsStarted: number;
  /** Share of the present round's time that has passed. */
  roundShare: number;
  /** Known dirty, not sent. */
  pendingPages: number;
  /** Sent in this round and dirtied since. */
  newlyDirtyPages: number;
  /** Pages that the target does not have as they are now: pending + newly dirty. */
  dirtyPages: number;
  dirtyBytes: number;
  /** Pages whose first copy has not arrived. */
  missingPages: number;
  transferredBytes: number;
  linkBytesPerSecond: number;
  /** Of the network's signalling rate; 0 where that is unknown. */
  linkShare: number;
  part: BlackoutPart | null;
  stopped: boolean;
  blackoutSeconds: number;
  /** The longest wait of any client so far. */
  clientOutageSeconds: number;
  clientsWaiting: string[];
  lostPings: number;
  /** Node whose memory the guest runs from, or last ran from. */
  vmNode: string;
  /** Node to whose port the switch sends the guest's frames. */
  macNode: string;
  announcementsSent: number;
  /** Index of the last event at or before t; -1 before the first. */
  eventIndex: number;
}

/** The state at t. A pure function: seeking there from anywhere gives the same. */
export function stateAt(timeline: Timeline, migration: MigrationTimeline, t: number): MigrationState {
  const { rounds } = migration;
  const roundIndex = bisectRight(rounds, t, (round) => round.startSeconds) - 1;
  const round = rounds[roundIndex] ?? null;
  const progress = round === null ? null : roundProgress(round, t, growthOf(migration, round));
  const beforeBytes = rounds.slice(0, Math.max(roundIndex, 0)).reduce((sum, past) => sum + past.bytesSent, 0);
  const pendingPages = progress?.pendingPages ?? migration.memoryPages;
  const newlyDirtyPages = progress?.newlyDirtyPages ?? 0;
  const dirtyPages = pendingPages + newlyDirtyPages;
  const completed = migration.outcome === "completed" && migration.endSeconds !== null && t >= migration.endSeconds;
  const blackoutSeconds = migration.blackouts.reduce(
    (sum, span) => sum + Math.max(0, Math.min(t, span.endSeconds) - span.startSeconds),
    0,
  );
  const stopped = migration.blackouts.some((span) => t >= span.startSeconds && (t < span.endSeconds || !span.ended));
  const { steps, capacityBytesPerSecond } = migration.link;
  const linkBytesPerSecond = steps[bisectRight(steps, t, (step) => step.startSeconds) - 1]?.bytesPerSecond ?? 0;
  const outages = migration.clients.flatMap((client) => client.outages.map((outage) => ({ client, outage })));
  const begun = outages.filter(({ outage }) => outage.lastReplySeconds < t);
  return {
    t,
    phase: phaseAt(migration, t, round, stopped),
    round,
    roundsStarted: roundIndex + 1,
    roundShare: progress?.share ?? 0,
    pendingPages: completed ? 0 : pendingPages,
    newlyDirtyPages: completed ? 0 : newlyDirtyPages,
    dirtyPages: completed ? 0 : dirtyPages,
    dirtyBytes: completed ? 0 : dirtyPages * PAGE_BYTES,
    missingPages: completed ? 0 : missingAt(migration, round, pendingPages),
    transferredBytes: beforeBytes + (progress?.bytesSent ?? 0),
    linkBytesPerSecond,
    linkShare: capacityBytesPerSecond > 0 ? linkBytesPerSecond / capacityBytesPerSecond : 0,
    part: migration.parts.find((span) => t >= span.startSeconds && t < span.endSeconds)?.part ?? null,
    stopped,
    blackoutSeconds,
    clientOutageSeconds: begun.reduce(
      (worst, { outage }) => Math.max(worst, Math.min(t, outage.endSeconds) - outage.lastReplySeconds),
      0,
    ),
    clientsWaiting: begun.filter(({ outage }) => t < outage.endSeconds).map(({ client }) => client.name),
    lostPings: begun.reduce((sum, { client, outage }) => {
      const until = Math.min(t, outage.endSeconds);
      const sent = Math.floor((until - outage.lastReplySeconds) / client.intervalSeconds + 1e-9);
      return sum + (outage.ended ? Math.min(sent, outage.lost) : sent);
    }, 0),
    vmNode: placeAt(migration.history.nodes, t),
    macNode: placeAt(migration.history.ports, t),
    announcementsSent: bisectRight(migration.announcements, t, (event) => event.t),
    eventIndex: eventsUpTo(timeline.trace.events, t) - 1,
  };
}

function phaseAt(migration: MigrationTimeline, t: number, round: Round | null, stopped: boolean): Phase {
  if (!isMigration(migration)) return "none";
  if (migration.endSeconds !== null && t >= migration.endSeconds) return "ended";
  if (migration.startSeconds === null || t < migration.startSeconds) return "waiting";
  if (stopped) return "blackout";
  const { postcopy } = migration;
  if (postcopy !== null && t >= postcopy.startSeconds && t < postcopy.endSeconds) return "post-copy";
  if (migration.blackouts.some((span) => span.ended && t >= span.endSeconds)) return "cleanup";
  return round === null ? "setup" : "round";
}

function missingAt(migration: MigrationTimeline, round: Round | null, pendingPages: number): number {
  if (round === null) return migration.memoryPages;
  return round.round <= 1 && !round.final ? pendingPages : 0;
}

/** How dirty pages grow within a round of this migration. */
export function growthOf(migration: MigrationTimeline, round: Round): GrowthShare {
  return growthShareOf(round, migration.classes);
}
