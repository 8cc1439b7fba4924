/** The rounds of a migration, and what the trace's counts say about the time within one. */
import type { TraceEvent } from "../simulator.ts";

export interface Round {
  round: number;
  final: boolean;
  startSeconds: number;
  endSeconds: number;
  pendingPages: number;
  pagesSent: number;
  zeroPagesSent: number;
  bytesSent: number;
  unsentPages: number;
  newlyDirtyPages: number;
  dirtyPagesAtEnd: number;
  thresholdBytes: number | null;
  throttle: number;
  /** False where the trace holds its start and not its end. */
  complete: boolean;
}

export function addRoundEvent(rounds: Round[], event: TraceEvent): void {
  if (event.type === "migration.roundStarted") {
    rounds.push({
      round: event.round,
      final: event.final,
      startSeconds: event.t,
      endSeconds: Number.NaN,
      pendingPages: event.pendingPages,
      pagesSent: 0,
      zeroPagesSent: 0,
      bytesSent: 0,
      unsentPages: event.pendingPages,
      newlyDirtyPages: 0,
      dirtyPagesAtEnd: event.pendingPages,
      thresholdBytes: null,
      throttle: 0,
      complete: false,
    });
  } else if (event.type === "migration.roundEnded") {
    const open = rounds.findLast((round) => round.round === event.round && !round.complete);
    if (open === undefined) return;
    open.endSeconds = event.t;
    open.pagesSent = event.pagesSent;
    open.zeroPagesSent = event.zeroPagesSent;
    open.bytesSent = event.bytesSent;
    open.unsentPages = event.unsentPages;
    open.newlyDirtyPages = event.newlyDirtyPages;
    open.dirtyPagesAtEnd = event.dirtyPagesAtEnd;
    open.thresholdBytes = event.thresholdBytes;
    open.throttle = event.throttle;
    open.complete = true;
  }
}

/** What waits and what was sent at a moment of a round. */
export interface RoundProgress {
  /** Share of the round's time that has passed, 0 to 1. */
  share: number;
  /** Known dirty and not sent yet. */
  pendingPages: number;
  /** Dirtied since the bitmap was last read: waiting too, though the host has yet to find out. */
  newlyDirtyPages: number;
  bytesSent: number;
}

/**
 * The counts at time t of a round. The trace holds them at both ends; in between, pages leave evenly and dirty pages
 * appear along `growthShare`, so that both ends are the trace's own.
 */
export function roundProgress(round: Round, t: number, curvature: number): RoundProgress {
  const length = round.endSeconds - round.startSeconds;
  const share = length > 0 ? Math.min(Math.max((t - round.startSeconds) / length, 0), 1) : 1;
  return {
    share,
    pendingPages: round.pendingPages + (round.unsentPages - round.pendingPages) * share,
    newlyDirtyPages: round.newlyDirtyPages * growthShare(share, curvature),
    bytesSent: round.bytesSent * share,
  };
}

/** (1 - exp(-c s)) / (1 - exp(-c)): from 0 to 1, straight for c = 0, saturating as c grows. */
export function growthShare(share: number, curvature: number): number {
  if (curvature < 1e-6) return share;
  return (1 - Math.exp(-curvature * share)) / (1 - Math.exp(-curvature));
}

/**
 * How far the dirtying of a round saturates: the curvature whose curve starts at the guest's write rate and ends at the
 * round's own count, as it does for pages written uniformly at random. 0 (straight) where every write hit a new page.
 */
export function growthCurvature(newlyDirtyPages: number, writes: number): number {
  if (newlyDirtyPages <= 0 || writes <= newlyDirtyPages) return 0;
  // Solve (1 - exp(-c)) / c = ratio, which falls from 1 to 0 as c grows.
  const ratio = newlyDirtyPages / writes;
  let low = 0;
  let high = 50;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if ((1 - Math.exp(-middle)) / middle > ratio) low = middle;
    else high = middle;
  }
  return high;
}
