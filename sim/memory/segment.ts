/** Address segments: how many of a run of pages wait, and how many were sent since the log was read. */
import type { Peeked } from "./peeked-segment.ts";
import type { Region } from "./region.ts";

export interface Segment {
  readonly region: Region;
  firstPage: number;
  pages: number;
  /** Pages that wait to be sent. */
  pending: number;
  /** Pages sent since the log was last read. Before the scan pointer all that waited was sent, after it nothing. */
  sent: number;
  /** When the first and the last of those went out: over that time a spread region's chunks were armed. */
  enteredSeconds: number;
  leftSeconds: number;
  /** What is known of those that were passed with a look at the log; null where none were. `sent` counts them all. */
  peeked: Peeked | null;
}

export function segmentOf(region: Region, firstPage: number, pages: number, pending: number, sent: number): Segment {
  return { region, firstPage, pages, pending, sent, enteredSeconds: 0, leftSeconds: 0, peeked: null };
}

/** Adds the neighbour `next` to `segment`. */
export function absorb(segment: Segment, next: Segment): void {
  if (segment.sent === 0) segment.enteredSeconds = next.enteredSeconds;
  if (next.sent > 0) segment.leftSeconds = next.leftSeconds;
  segment.pages += next.pages;
  segment.pending += next.pending;
  segment.sent += next.sent;
  if (next.peeked !== null) {
    const before = segment.peeked;
    if (before !== null) {
      next.peeked.skipped += before.skipped;
      next.peeked.sent.unshift(...before.sent);
    }
    segment.peeked = next.peeked;
  }
}

/** In neither does a page wait: where all are tracked since the same moment, all are written alike. */
export function arePassed(one: Segment, next: Segment): boolean {
  if (one.pending !== 0 || next.pending !== 0) return false;
  // Pages that a sweep wrote and that were passed over for it lie where the sweep was.
  return one.region.sweeps.length === 0 || (one.peeked === null && next.peeked === null);
}

/**
 * Clean, full, or with shares of waiting pages that differ by no more than chance would have it: of one law, as good as. For
 * pages that a scan passed peeking, in whose regions it left many cuts.
 */
export function areAlike(one: Segment, next: Segment): boolean {
  return areCleanOrFull(one, next) || differByChance(one.pending, one.pages, next.pending, next.pages);
}

/**
 * In neither does a page wait, and the shares of pages sent, which are tracked since later than the others, differ by no
 * more than two deviations, which chance alone would do. Without this, a cut would be left behind by every round. Of a
 * spread region, only what was passed in one go is alike.
 */
export function arePassedAlike(one: Segment, next: Segment): boolean {
  if (!arePassed(one, next)) return false;
  if (one.region.spread && one.sent > 0 && next.sent > 0 && one.leftSeconds > next.enteredSeconds) return false;
  return differByChance(one.sent, one.pages, next.sent, next.pages);
}

/** Two shares differ by no more than two deviations. */
function differByChance(some: number, ofPages: number, others: number, ofOtherPages: number): boolean {
  const pages = ofPages + ofOtherPages;
  const share = (some + others) / pages;
  const difference = some / ofPages - others / ofOtherPages;
  return difference * difference * ofPages * ofOtherPages <= 4 * share * (1 - share) * pages;
}

export function areCleanOrFull(one: Segment, next: Segment): boolean {
  return arePassed(one, next) || (one.pending === one.pages && next.pending === next.pages);
}
