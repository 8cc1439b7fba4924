/** Address segments: how many of a run of pages wait, and how many were sent since the log was read. */
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
}

export function segmentOf(region: Region, firstPage: number, pages: number, pending: number, sent: number): Segment {
  return { region, firstPage, pages, pending, sent, enteredSeconds: 0, leftSeconds: 0 };
}

/** Adds the neighbour `next` to `segment`. */
export function absorb(segment: Segment, next: Segment): void {
  if (segment.sent === 0) segment.enteredSeconds = next.enteredSeconds;
  if (next.sent > 0) segment.leftSeconds = next.leftSeconds;
  segment.pages += next.pages;
  segment.pending += next.pending;
  segment.sent += next.sent;
}

/** In neither does a page wait: where all are tracked since the same moment, all are written alike. */
export function arePassed(one: Segment, next: Segment): boolean {
  return one.pending === 0 && next.pending === 0;
}

/**
 * In neither does a page wait, and the shares of pages sent, which are tracked since later than the others, differ by no
 * more than two deviations, which chance alone would do. Without this, a cut would be left behind by every round. Of a
 * spread region, only what was passed in one go is alike.
 */
export function arePassedAlike(one: Segment, next: Segment): boolean {
  if (!arePassed(one, next)) return false;
  if (one.region.spread && one.sent > 0 && next.sent > 0 && one.leftSeconds > next.enteredSeconds) return false;
  const pages = one.pages + next.pages;
  const share = (one.sent + next.sent) / pages;
  const difference = one.sent / one.pages - next.sent / next.pages;
  return difference * difference * one.pages * next.pages <= 4 * share * (1 - share) * pages;
}

export function areCleanOrFull(one: Segment, next: Segment): boolean {
  return arePassed(one, next) || (one.pending === one.pages && next.pending === next.pages);
}
