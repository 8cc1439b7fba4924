/**
 * Memory that goes in units of many pages (huge pages of the host): where one page of a unit waits, all of it does. Counts
 * by segments say how many units that is.
 *
 * A segment is cut where its first whole unit begins and its last one ends: whether a page waits in what is left on either
 * side is drawn by those cuts, so that a unit which several segments share is known exactly in law. In the whole units
 * between, pages wait by chance, given how many do: how many units they touch is the classical occupancy, drawn page by
 * page or unit by unit where there are few, and beyond that as if units were independent: the mean is right to 1 / units of
 * the segment, the spread somewhat too wide. The cost grows with the number of segments, not with memory.
 */
import { binomial, hypergeometric } from "../kernel/distributions.ts";
import { expm1, log1p } from "../kernel/exact-math.ts";
import type { RandomStream } from "../kernel/random.ts";
import { areCleanOrFull, type Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

/** Up to so many waiting pages or units of a segment are drawn one by one. */
const MOST_DRAWN_SINGLY = 64;

/** Widens what waits to units of so many pages, aligned to page 0; returns how many pages joined those that wait. */
export function widenToUnits(segments: SegmentList, unitPages: number, random: RandomStream): number {
  const before = segments.pendingPages;
  segments.cutAtUnits(unitPages);
  const { all } = segments;
  // What the scan has passed since the log was read says nothing more of where pages wait.
  for (const segment of all) segment.sent = 0;
  for (let index = 0; index < all.length; ) {
    const first = all[index] as Segment;
    if (holdsWholeUnits(first, unitPages)) {
      segments.add(first, touchedUnits(first, unitPages, random) * unitPages - first.pending);
      index++;
      continue;
    }
    // Parts of one unit; the last one of memory may be short.
    const unit = unitOf(first, unitPages);
    let end = index;
    let waiting = 0;
    while (end < all.length && unitOf(all[end] as Segment, unitPages) === unit)
      waiting += (all[end++] as Segment).pending;
    for (; index < end; index++) {
      const part = all[index] as Segment;
      if (waiting > 0) segments.add(part, part.pages - part.pending);
    }
  }
  segments.join(areCleanOrFull);
  return segments.pendingPages - before;
}

function unitOf({ firstPage }: Segment, unitPages: number): number {
  return Math.floor(firstPage / unitPages);
}

function holdsWholeUnits({ firstPage, pages }: Segment, unitPages: number): boolean {
  return firstPage % unitPages === 0 && pages % unitPages === 0;
}

/** Units of which at least one page waits, in a segment of whole units. */
function touchedUnits({ pages, pending }: Segment, unitPages: number, random: RandomStream): number {
  const units = pages / unitPages;
  if (pending === 0 || pending === pages) return pending === 0 ? 0 : units;
  if (pending <= MOST_DRAWN_SINGLY) {
    let touched = 0;
    for (let placed = 0; placed < pending; placed++) {
      touched += hypergeometric(random, pages - placed, (units - touched) * unitPages, 1);
    }
    return touched;
  }
  if (units <= MOST_DRAWN_SINGLY) {
    let touched = 0;
    let left = pending;
    for (let pagesLeft = pages; left > 0; pagesLeft -= unitPages) {
      const here = hypergeometric(random, pagesLeft, left, unitPages);
      if (here > 0) touched++;
      left -= here;
    }
    return touched;
  }
  const touched = binomial(random, units, -expm1(unitPages * log1p(-pending / pages)));
  return Math.max(Math.ceil(pending / unitPages), Math.min(pending, touched));
}
