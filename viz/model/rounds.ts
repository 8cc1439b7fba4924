/** The rounds of a migration, and what the trace's counts say about the time within one. */
import type { ScenarioPageClass, TraceEvent } from "../simulator.ts";

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
  /** Sent in this round and dirtied since: they wait again, though the host has yet to find out. */
  newlyDirtyPages: number;
  bytesSent: number;
}

/**
 * The counts at time t of a round. The trace holds them at both ends; in between, pages leave evenly and the guest touches
 * pages along `growth`, so that both ends are the trace's own. A page that is touched while it still waits adds nothing:
 * of those touched, the share that was sent by then counts.
 */
export function roundProgress(round: Round, t: number, growth: GrowthShare): RoundProgress {
  const length = round.endSeconds - round.startSeconds;
  const share = length > 0 ? Math.min(Math.max((t - round.startSeconds) / length, 0), 1) : 1;
  return {
    share,
    pendingPages: round.pendingPages + (round.unsentPages - round.pendingPages) * share,
    newlyDirtyPages: round.newlyDirtyPages * growth(share) * share,
    bytesSent: round.bytesSent * share,
  };
}

/** The share of a round's newly dirty pages that is there after a share of its time; 0 to 1, never falling. */
export type GrowthShare = (timeShare: number) => number;

const straight: GrowthShare = (timeShare) => timeShare;

/**
 * How dirty pages grow within a round: as the scenario's page classes would be expected to touch pages, fast while the hot
 * ones are new and slower then. Only the shape is theirs: it is stretched to the round's own count.
 */
export function growthShareOf(round: Round, classes: readonly ScenarioPageClass[]): GrowthShare {
  const touchedBy = (t: number): number =>
    classes.reduce((sum, pages) => sum + touchedPages(pages, round.startSeconds, t), 0);
  const whole = touchedBy(round.endSeconds);
  if (!(whole > 0)) return straight;
  return (timeShare) => touchedBy(round.startSeconds + (round.endSeconds - round.startSeconds) * timeShare) / whole;
}

/** Pages of a class that are expected to be written at least once between two times. */
function touchedPages(pages: ScenarioPageClass, startSeconds: number, endSeconds: number): number {
  const from = Math.max(startSeconds, pages.startSeconds);
  const to = Math.min(endSeconds, pages.endSeconds ?? endSeconds);
  if (to <= from || pages.pages === 0) return 0;
  const writes = pages.writesPerSecond * (to - from);
  return pages.pattern === "sweep" ? Math.min(pages.pages, writes) : pages.pages * -Math.expm1(-writes / pages.pages);
}
