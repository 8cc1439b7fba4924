/**
 * All segments of a log in the order of their addresses, what waits in them together, and the scan that passes them. Cuts
 * share out what is known of a segment by chance, as it would lie in its addresses; joins forget what a cut does not tell.
 */
import { hypergeometric, positionOfMarked } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Stretch } from "./dirty-log.ts";
import { cutPeeked, pagesPeekedAt } from "./peeked-segment.ts";
import type { Region } from "./region.ts";
import { absorb, type Segment, segmentOf } from "./segment.ts";

export class SegmentList {
  all: Segment[] = [];
  /** Pages that wait in all of them, and zero pages among those. */
  pendingPages = 0;
  pendingZeroPages = 0;

  private readonly random: RandomStream;
  /** Index of the segment that the scan stands in. */
  private scan = 0;

  constructor(random: RandomStream) {
    this.random = random;
  }

  /** A segment for each region, all of whose pages wait; the scan stands at page 0. */
  begin(regions: readonly Region[]): void {
    this.all = regions.map((region) => segmentOf(region, region.firstPage, region.pages, region.pages, 0));
    this.pendingPages = 0;
    this.pendingZeroPages = 0;
    for (const { pages, zero } of regions) {
      this.pendingPages += pages;
      if (zero) this.pendingZeroPages += pages;
    }
    this.scan = 0;
  }

  /** The segment that the scan stands in. */
  get current(): Segment {
    return this.all[this.scan] as Segment;
  }

  /** The scan goes on to the next segment, after the last to the first. */
  goOn(): void {
    this.scan = this.after(this.scan);
  }

  startOver(): void {
    this.scan = 0;
  }

  /** Pages of the segment no longer wait: the scan has passed them. */
  pass(segment: Segment, pages: number): void {
    segment.pending -= pages;
    segment.sent += pages;
    this.pendingPages -= pages;
    if (segment.region.zero) this.pendingZeroPages -= pages;
  }

  /** More pages of the segment wait. */
  add(segment: Segment, pages: number): void {
    segment.pending += pages;
    this.pendingPages += pages;
    if (segment.region.zero) this.pendingZeroPages += pages;
  }

  /** See DirtyLog.nextStretch. */
  nextStretch(stretch: Stretch): void {
    if (this.pendingZeroPages === 0 || this.pendingZeroPages === this.pendingPages) {
      stretch.pages = this.pendingPages;
      stretch.zero = this.pendingZeroPages > 0;
      return;
    }
    stretch.pages = 0;
    for (let step = 0, index = this.scan; step < this.all.length; step++, index = this.after(index)) {
      const segment = this.all[index] as Segment;
      if (segment.pending === 0) continue;
      if (stretch.pages === 0) stretch.zero = segment.region.zero;
      else if (stretch.zero !== segment.region.zero) return;
      stretch.pages += segment.pending;
    }
  }

  /** See DirtyLog.scanPage. */
  get scanPage(): number {
    const segment = this.current;
    return segment.firstPage + Math.floor(passedPages(segment));
  }

  /** See DirtyLog.waitingIn. */
  waitingIn(firstPage: number, pages: number): number {
    let waiting = 0;
    const end = firstPage + pages;
    for (const segment of this.all) {
      if (segment.pending === 0) continue;
      const passed = passedPages(segment);
      const from = Math.max(firstPage, segment.firstPage + passed);
      const to = Math.min(end, segment.firstPage + segment.pages);
      if (to > from) waiting += segment.pending * ((to - from) / (segment.pages - passed));
    }
    return waiting;
  }

  /**
   * Cuts the segment that the scan stands in just after the last of the `seen` waiting pages that it has passed there, and
   * moves it on to what follows.
   */
  cutAtScan(seen: number): void {
    const segment = this.current;
    const { region, firstPage, pages, pending } = segment;
    const passed = positionOfMarked(this.random, pages, seen + pending, seen);
    if (passed < pages) {
      segment.pages = passed;
      segment.pending = 0;
      insertAt(this.all, this.scan + 1, segmentOf(region, firstPage + passed, pages - passed, pending, 0));
    }
    this.goOn();
  }

  /** Cuts whichever of the region's segments has `page` in its inside, where that is beyond `beyondPage`. */
  cutAt(region: Region, page: number, beyondPage: number): void {
    if (page <= Math.max(region.firstPage, beyondPage) || page >= region.firstPage + region.pages) return;
    for (let index = 0; index < this.all.length; index++) {
      const segment = this.all[index] as Segment;
      const offset = page - segment.firstPage;
      if (offset >= segment.pages) continue;
      if (offset <= 0) return;
      insertAt(this.all, index + 1, this.cutOff(segment, offset));
      if (index < this.scan) this.scan++;
      return;
    }
  }

  /**
   * Cuts every segment where its first whole unit of so many pages begins and where its last one ends. Units are aligned to
   * page 0; a segment that holds no whole one is cut where one ends in it.
   */
  cutAtUnits(unitPages: number): void {
    for (let index = 0; index < this.all.length; index++) {
      const { firstPage, pages } = this.all[index] as Segment;
      const beyondUnit = firstPage % unitPages;
      const offset = beyondUnit > 0 ? unitPages - beyondUnit : pages - (pages % unitPages);
      if (offset === 0 || offset >= pages) continue;
      insertAt(this.all, index + 1, this.cutOff(this.all[index] as Segment, offset));
      if (index < this.scan) this.scan++;
    }
  }

  /** Joins neighbours of one region between which a cut says nothing. The scan's cut stays. */
  join(alike: (one: Segment, next: Segment) => boolean): void {
    const { all } = this;
    const scanPage = this.current.firstPage;
    let kept = 0;
    for (let index = 1; index < all.length; index++) {
      const last = all[kept] as Segment;
      const segment = all[index] as Segment;
      if (last.region === segment.region && segment.firstPage !== scanPage && alike(last, segment)) {
        absorb(last, segment);
      } else {
        all[++kept] = segment;
      }
      if (segment.firstPage === scanPage) this.scan = kept;
    }
    // Setting the length, even to what it is, costs as much as a draw; there are one or two to take off.
    while (all.length > kept + 1) all.pop();
  }

  /** Leaves the first `offset` pages to the segment; returns the rest. */
  private cutOff(segment: Segment, offset: number): Segment {
    const { random } = this;
    const { region, firstPage, pages, enteredSeconds, leftSeconds } = segment;
    const pending = hypergeometric(random, pages, segment.pending, offset);
    // Pages passed peeking lie in segments in which nothing waits any more: see PeekingScan.
    const peeked = segment.peeked === null ? null : cutPeeked(random, segment.peeked, pages, offset);
    const sent =
      segment.peeked === null ? hypergeometric(random, pages, segment.sent, offset) : pagesPeekedAt(segment.peeked);
    const rest = segmentOf(region, firstPage + offset, pages - offset, segment.pending - pending, segment.sent - sent);
    const cutSeconds = enteredSeconds + (leftSeconds - enteredSeconds) * (offset / pages);
    rest.enteredSeconds = cutSeconds;
    rest.leftSeconds = leftSeconds;
    rest.peeked = peeked;
    segment.leftSeconds = cutSeconds;
    segment.pages = offset;
    segment.pending = pending;
    segment.sent = sent;
    return rest;
  }

  private after(index: number): number {
    return index + 1 === this.all.length ? 0 : index + 1;
  }
}

/** Where within a segment the scan stands, on average: what waits lies beyond it. */
function passedPages({ pages, pending, sent }: Segment): number {
  return sent === 0 || pending === 0 ? 0 : pages * (sent / (sent + pending));
}

/** As `splice`, which costs several times as much: it makes an array of the nothing that it takes out. */
function insertAt(segments: Segment[], index: number, segment: Segment): void {
  segments.push(segment);
  for (let place = segments.length - 1; place > index; place--) segments[place] = segments[place - 1] as Segment;
  segments[index] = segment;
}
