/**
 * The dirty log by counts: memory is a short list of address segments, each with how many of its pages wait and how many
 * were sent since the log was read. Within a segment the waiting pages are exchangeable, so that three draws say
 * everything, exactly in law for Poisson writers:
 *
 * - a page of a uniform class is written at least once in time with probability 1 - exp(-hazard), independently of the
 *   others: how many are is binomial; classes that overlap add their hazards;
 * - the scan pointer stands after the k-th of a segment's waiting pages: its address is negative hypergeometric;
 * - a segment cut at a given address shares out its waiting pages hypergeometrically.
 *
 * A sweep needs no draw: it writes a known range of addresses, at which segments are cut. Where tracking is armed chunk by
 * chunk, the law is close, not exact: see segment.ts (arePassedAlike) and region.ts (spread). The cost depends on the number
 * of classes and of reads, not on memory size, time or write rate.
 */
import { binomial, hypergeometric, positionOfMarked } from "../kernel/distributions.ts";
import { exp, expm1, log1p } from "../kernel/exact-math.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Batches, DirtyLog, PeekedPass, Rearm, Stretch } from "./dirty-log.ts";
import type { GuestMemory } from "./page-class.ts";
import { cleanProbability, cutPeeked, dirtyAgain, notePassed, pagesPeekedAt } from "./peeked-segment.ts";
import { type Region, regionsOf } from "./region.ts";
import { absorb, areAlike, areCleanOrFull, arePassed, arePassedAlike, type Segment, segmentOf } from "./segment.ts";
import type { WriteActivity } from "./write-activity.ts";

/** Of what waits in a segment, one part in so many is passed in one go, where the log is peeked at in between. */
const PARTS_IN_ONE_GO = 16;
/** By so much the hazard may grow meanwhile. */
const HAZARD_IN_ONE_GO = 0.25;

export class StatisticalDirtyLog implements DirtyLog {
  pendingPages = 0;
  pendingZeroPages = 0;

  private readonly activity: WriteActivity;
  private readonly random: RandomStream;
  private readonly totalPages: number;
  private readonly regions: readonly Region[];
  private readonly byChunk: boolean;
  private readonly chunkPages: number;
  /** When the scan entered a group since the log was last read; NaN where it has not. */
  private readonly groupEnteredSeconds: Float64Array;
  private readonly groupLeftSeconds: Float64Array;

  private segments: Segment[] = [];
  /** The segment that the scan stands in. */
  private scan = 0;
  private armedSeconds = 0;
  /** Whether pages were passed with a look at the log since it was last read. */
  private peeked = false;

  constructor(memory: GuestMemory, activity: WriteActivity, rearm: Rearm, random: RandomStream) {
    this.activity = activity;
    this.random = random;
    this.totalPages = memory.totalPages;
    this.byChunk = rearm.kind === "by-chunk";
    this.chunkPages = rearm.kind === "by-chunk" ? rearm.chunkPages : memory.totalPages;
    const { regions, groups } = regionsOf(memory, rearm);
    this.regions = regions;
    this.groupEnteredSeconds = new Float64Array(groups).fill(Number.NaN);
    this.groupLeftSeconds = new Float64Array(groups);
  }

  begin(atSeconds: number): void {
    this.segments = this.regions.map((region) => segmentOf(region, region.firstPage, region.pages, region.pages, 0));
    this.pendingPages = this.totalPages;
    this.pendingZeroPages = 0;
    for (const region of this.regions) if (region.zero) this.pendingZeroPages += region.pages;
    this.scan = 0;
    this.armedSeconds = atSeconds;
    this.peeked = false;
    this.groupEnteredSeconds.fill(Number.NaN);
  }

  sync(atSeconds: number): number {
    this.cutAtScanPointer();
    this.join(this.byChunk ? arePassedAlike : arePassed);
    const before = this.pendingPages;
    for (const region of this.regions) if (region.sweeps.length > 0) this.cutAtSweeps(region, atSeconds);

    const { segments, activity, armedSeconds } = this;
    let region: Region | undefined;
    let sincePrevious = 0;
    let sinceArmed = 0;
    let groupArmedSeconds = armedSeconds;
    for (let index = 0; index < segments.length; index++) {
      const segment = segments[index] as Segment;
      if (segment.region !== region) {
        region = segment.region;
        groupArmedSeconds = this.armedSecondsOf(region);
        sincePrevious = this.writtenProbability(region, armedSeconds, atSeconds);
        sinceArmed =
          groupArmedSeconds === armedSeconds
            ? sincePrevious
            : this.writtenProbability(region, groupArmedSeconds, atSeconds);
      }
      if (region.spread && segment.sent > 0) sinceArmed = this.meanWrittenProbability(segment, atSeconds);
      // Pages that nothing writes were all sent or all wait.
      if (sincePrevious === 0 && sinceArmed === 0 && region.sweeps.length === 0) {
        segment.sent = 0;
        segment.peeked = null;
        continue;
      }
      const sent = segment.sent;
      const clean = segment.pages - segment.pending - sent;
      let added = 0;
      if (segment.peeked !== null) {
        added = this.dirtiedInPeeked(segment, clean, sincePrevious, atSeconds);
      } else if (region.sweeps.length === 0) {
        if (sinceArmed === sincePrevious) added = binomial(this.random, clean + sent, sincePrevious);
        else added = binomial(this.random, clean, sincePrevious) + binomial(this.random, sent, sinceArmed);
      } else {
        const page = segment.firstPage;
        added += isSwept(activity, region, page, armedSeconds, atSeconds)
          ? clean
          : binomial(this.random, clean, sincePrevious);
        added += isSwept(activity, region, page, groupArmedSeconds, atSeconds)
          ? sent
          : binomial(this.random, sent, sinceArmed);
      }
      segment.pending += added;
      segment.sent = 0;
      segment.peeked = null;
      this.pendingPages += added;
    }
    this.join(this.peeked ? areAlike : areCleanOrFull);
    this.peeked = false;
    this.armedSeconds = atSeconds;
    if (this.byChunk) this.groupEnteredSeconds.fill(Number.NaN);
    return this.pendingPages - before;
  }

  nextStretch(stretch: Stretch): void {
    if (this.pendingZeroPages === 0 || this.pendingZeroPages === this.pendingPages) {
      stretch.pages = this.pendingPages;
      stretch.zero = this.pendingZeroPages > 0;
      return;
    }
    stretch.pages = 0;
    for (let step = 0, index = this.scan; step < this.segments.length; step++, index = this.after(index)) {
      const segment = this.segments[index] as Segment;
      if (segment.pending === 0) continue;
      if (stretch.pages === 0) stretch.zero = segment.region.zero;
      else if (stretch.zero !== segment.region.zero) return;
      stretch.pages += segment.pending;
    }
  }

  send(pages: number, fromSeconds: number, toSeconds: number): void {
    let left = pages;
    for (;;) {
      const segment = this.segments[this.scan] as Segment;
      const taken = Math.min(left, segment.pending);
      if (taken > 0) {
        if (this.byChunk) {
          const secondsPerPage = (toSeconds - fromSeconds) / pages;
          const startSeconds = fromSeconds + (pages - left) * secondsPerPage;
          this.enter(segment, startSeconds, startSeconds + taken * secondsPerPage);
        }
        segment.pending -= taken;
        segment.sent += taken;
        this.pendingPages -= taken;
        if (segment.region.zero) this.pendingZeroPages -= taken;
        left -= taken;
      }
      if (left === 0) break;
      this.scan = this.after(this.scan);
    }
    // With nothing left, the scan ran on to the end of memory without finding more, and starts over at page 0.
    if (this.pendingPages === 0) {
      this.scan = 0;
    }
  }

  get scanPage(): number {
    const segment = this.segments[this.scan] as Segment;
    return segment.firstPage + Math.floor(passedPages(segment));
  }

  waitingIn(firstPage: number, pages: number): number {
    let waiting = 0;
    const end = firstPage + pages;
    for (const segment of this.segments) {
      if (segment.pending === 0) continue;
      const passed = passedPages(segment);
      const from = Math.max(firstPage, segment.firstPage + passed);
      const to = Math.min(end, segment.firstPage + segment.pages);
      if (to > from) waiting += segment.pending * ((to - from) / (segment.pages - passed));
    }
    return waiting;
  }

  /** A unit of pages of which share p wait holds one of them with probability 1 - (1 - p)^pages. */
  widen(unitPages: number): number {
    const before = this.pendingPages;
    for (const segment of this.segments) {
      const { pages, pending, region } = segment;
      if (pending === 0 || pending === pages) continue;
      const touched = binomial(this.random, Math.ceil(pages / unitPages), -expm1(unitPages * log1p(-pending / pages)));
      const joined = Math.max(0, Math.min(pages, touched * unitPages) - pending);
      segment.pending += joined;
      this.pendingPages += joined;
      if (region.zero) this.pendingZeroPages += joined;
    }
    return this.pendingPages - before;
  }

  passPeeking(batches: Batches, atSeconds: number, passed: PeekedPass): void {
    this.peeked = true;
    passed.pages = 0;
    passed.zeroPages = 0;
    passed.skippedPages = 0;
    let peekSeconds = atSeconds;
    /** Pages that are missing to fill the batches under way; of several only where the first segment alone may fill them. */
    let missing = 0;
    while (this.pendingPages > 0) {
      let segment = this.segments[this.scan] as Segment;
      if (segment.pending === 0) {
        this.scan = this.after(this.scan);
        continue;
      }
      const { region } = segment;
      if (region.sweeps.length > 0) {
        this.cutAtSweeps(region, peekSeconds, segment.firstPage);
        segment = this.segments[this.scan] as Segment;
        if (isSwept(this.activity, region, segment.firstPage, this.armedSeconds, peekSeconds)) {
          this.pass(segment, 0, segment.pending, 1, 0, passed);
          continue;
        }
      }
      const count = missing > 0 ? 1 : this.batchesInOneGo(segment, batches, peekSeconds);
      if (missing === 0) missing = count * batches.pages;
      const hazard = this.hazard(region, this.armedSeconds, peekSeconds);
      const step =
        count === 1
          ? 0
          : (this.hazard(region, this.armedSeconds, peekSeconds + (count - 1) * batches.seconds) - hazard) /
            (count - 1);
      const clean = cleanProbability(hazard, step, count);
      const found = binomial(this.random, segment.pending, clean);
      if (found <= missing) {
        this.pass(segment, found, segment.pending - found, clean, hazard, passed);
        missing -= found;
      } else {
        const seen = positionOfMarked(this.random, segment.pending, found, missing);
        this.pass(segment, missing, seen - missing, clean, hazard, passed);
        missing = 0;
        // Where pages are told apart by their address, the passed ones are set apart.
        if (region.sweeps.length > 0) this.cutAtScan(segment, seen);
      }
      // A batch that is still open was peeked at once those before it were full.
      const filled = count * batches.pages - missing;
      const open = filled % batches.pages;
      if (filled > 0 && open === 0) break;
      peekSeconds += Math.floor(filled / batches.pages) * batches.seconds;
      missing = batches.pages - open;
    }
    if (this.pendingPages === 0) this.scan = 0;
  }

  /**
   * How many batches of the segment are passed as one: few enough that the hazard grows by little, and that the segment's end is
   * reached batch by batch. So the cost of a round grows with the logarithm of memory alone.
   */
  private batchesInOneGo({ region, pending }: Segment, batches: Batches, peekSeconds: number): number {
    const allSeconds = Math.ceil(pending / batches.pages) * batches.seconds;
    const { armedSeconds } = this;
    if (region.sweeps.length === 0 && this.hazard(region, armedSeconds, peekSeconds + allSeconds) === 0) {
      return Math.ceil(pending / batches.pages);
    }
    const hazard = this.hazard(region, armedSeconds, peekSeconds);
    let count = Math.floor((pending * exp(-hazard)) / (batches.pages * PARTS_IN_ONE_GO));
    while (
      count > 1 &&
      this.hazard(region, armedSeconds, peekSeconds + count * batches.seconds) - hazard > HAZARD_IN_ONE_GO
    ) {
      count = Math.floor(count / 2);
    }
    return Math.max(1, count);
  }

  /** The scan passes waiting pages of the segment: so many are sent, each found clean with probability `clean`. */
  private pass(
    segment: Segment,
    sent: number,
    skipped: number,
    clean: number,
    hazard: number,
    passed: PeekedPass,
  ): void {
    segment.peeked ??= { skipped: 0, sent: [] };
    notePassed(segment.peeked, sent, skipped, clean, hazard);
    const pages = sent + skipped;
    segment.pending -= pages;
    segment.sent += pages;
    this.pendingPages -= pages;
    passed.pages += sent;
    passed.skippedPages += skipped;
    if (segment.region.zero) {
      passed.zeroPages += sent;
      this.pendingZeroPages -= pages;
    }
  }

  /** Cuts a segment just after the last of the `seen` waiting pages that the scan has passed of it, and moves the scan on. */
  private cutAtScan(segment: Segment, seen: number): void {
    const { region, firstPage, pages, pending } = segment;
    if (pending === 0) return;
    const passed = positionOfMarked(this.random, pages, seen + pending, seen);
    segment.pages = passed;
    segment.pending = 0;
    this.segments.splice(this.scan + 1, 0, segmentOf(region, firstPage + passed, pages - passed, pending, 0));
    this.scan++;
  }

  /** Pages dirty at the read in a segment that the scan passed peeking; `clean` pages did not wait. */
  private dirtiedInPeeked(segment: Segment, clean: number, written: number, atSeconds: number): number {
    const { region, firstPage, sent, peeked } = segment;
    const { activity, armedSeconds, random } = this;
    if (peeked === null || isSwept(activity, region, firstPage, armedSeconds, atSeconds)) return clean + sent;
    const hazard = this.hazard(region, armedSeconds, atSeconds);
    return binomial(random, clean, written) + dirtyAgain(random, peeked, hazard);
  }

  private after(index: number): number {
    return index + 1 === this.segments.length ? 0 : index + 1;
  }

  /** The scan sends pages of the segment from `fromSeconds` to `toSeconds`. */
  private enter(segment: Segment, fromSeconds: number, toSeconds: number): void {
    const { group } = segment.region;
    if (Number.isNaN(this.groupEnteredSeconds[group])) this.groupEnteredSeconds[group] = fromSeconds;
    this.groupLeftSeconds[group] = toSeconds;
    if (segment.sent === 0) segment.enteredSeconds = fromSeconds;
    segment.leftSeconds = toSeconds;
  }

  /** When tracking of the pages that waited in the region was last armed; on average, where its chunks were one by one. */
  private armedSecondsOf(region: Region): number {
    if (!this.byChunk) return this.armedSeconds;
    const entered = this.groupEnteredSeconds[region.group] as number;
    if (Number.isNaN(entered)) return this.armedSeconds;
    return region.spread ? (entered + (this.groupLeftSeconds[region.group] as number)) / 2 : entered;
  }

  /** Probability that the uniform classes wrote a page of the region in the interval. */
  private writtenProbability(region: Region, fromSeconds: number, toSeconds: number): number {
    const hazard = this.hazard(region, fromSeconds, toSeconds);
    return hazard === 0 ? 0 : -expm1(-hazard);
  }

  /**
   * The same for pages of a spread region's segment, each since its chunk was armed. Pages went out evenly in time, so the
   * moments at which theirs were armed are spread evenly too; the hazard is taken as linear over either half of that time,
   * which it is but where a phase begins or ends.
   */
  private meanWrittenProbability(segment: Segment, atSeconds: number): number {
    const { region, enteredSeconds } = segment;
    const lastEnteredSeconds = enteredSeconds + this.armingSeconds(segment);
    const first = this.hazard(region, enteredSeconds, atSeconds);
    const middle = this.hazard(region, (enteredSeconds + lastEnteredSeconds) / 2, atSeconds);
    const last = this.hazard(region, lastEnteredSeconds, atSeconds);
    return 1 - (meanSurvival(first, middle) + meanSurvival(middle, last)) / 2;
  }

  /** From the arming of the segment's first chunk to that of its last: a chunk is armed as it is entered, not as it is left. */
  private armingSeconds({ enteredSeconds, leftSeconds, pages }: Segment): number {
    return (leftSeconds - enteredSeconds) * Math.max(0, 1 - this.chunkPages / pages);
  }

  private hazard(region: Region, fromSeconds: number, toSeconds: number): number {
    let hazard = 0;
    for (const index of region.uniform) hazard += this.activity.hazardBetween(index, fromSeconds, toSeconds);
    return hazard;
  }

  /** Cuts the segment that the scan stands in just after the last page sent, and moves the scan to what follows. */
  private cutAtScanPointer(): void {
    const segment = this.segments[this.scan] as Segment;
    const { sent } = segment;
    if (sent === 0 || this.pendingPages === 0) return;
    const passed = positionOfMarked(this.random, segment.pages, sent + segment.pending, sent);
    if (passed < segment.pages) {
      const rest = segmentOf(segment.region, segment.firstPage + passed, segment.pages - passed, segment.pending, 0);
      segment.pages = passed;
      segment.pending = 0;
      this.segments.splice(this.scan + 1, 0, rest);
    }
    this.scan = this.after(this.scan);
  }

  /** Cuts the region's segments where a sweep's written range begins or ends, if that is beyond `beyondPage`. */
  private cutAtSweeps(region: Region, atSeconds: number, beyondPage = 0): void {
    const sinceGroupArmed = this.armedSecondsOf(region);
    for (const index of region.sweeps) {
      const { firstPage, pages } = this.activity.classes[index] as { firstPage: number; pages: number };
      const head = this.activity.sweptPages(index, atSeconds);
      this.cutAt(region, firstPage + (head % pages), beyondPage);
      for (const since of sinceGroupArmed === this.armedSeconds
        ? [this.armedSeconds]
        : [this.armedSeconds, sinceGroupArmed]) {
        const from = this.activity.sweptPages(index, since);
        if (head - from < pages) this.cutAt(region, firstPage + (from % pages), beyondPage);
      }
    }
  }

  /** Cuts whichever of the region's segments has `page` in its inside. */
  private cutAt(region: Region, page: number, beyondPage: number): void {
    if (page <= Math.max(region.firstPage, beyondPage) || page >= region.firstPage + region.pages) return;
    for (let index = 0; index < this.segments.length; index++) {
      const segment = this.segments[index] as Segment;
      const offset = page - segment.firstPage;
      if (offset >= segment.pages) continue;
      if (offset <= 0) return;
      const pending = hypergeometric(this.random, segment.pages, segment.pending, offset);
      // Pages passed peeking lie in segments in which nothing waits any more: see passPeeking.
      const peeked = segment.peeked === null ? null : cutPeeked(this.random, segment.peeked, segment.pages, offset);
      const sent =
        segment.peeked === null
          ? hypergeometric(this.random, segment.pages, segment.sent, offset)
          : pagesPeekedAt(segment.peeked);
      const rest = segmentOf(
        segment.region,
        page,
        segment.pages - offset,
        segment.pending - pending,
        segment.sent - sent,
      );
      const cutSeconds =
        segment.enteredSeconds + (segment.leftSeconds - segment.enteredSeconds) * (offset / segment.pages);
      rest.enteredSeconds = cutSeconds;
      rest.leftSeconds = segment.leftSeconds;
      rest.peeked = peeked;
      segment.leftSeconds = cutSeconds;
      this.segments.splice(index + 1, 0, rest);
      segment.pages = offset;
      segment.pending = pending;
      segment.sent = sent;
      if (index < this.scan) this.scan++;
      return;
    }
  }

  /** Joins neighbours of one region between which a cut says nothing. The scan's cut stays. */
  private join(alike: (one: Segment, next: Segment) => boolean): void {
    const { segments } = this;
    const scanPage = (segments[this.scan] as Segment).firstPage;
    let kept = 0;
    for (let index = 1; index < segments.length; index++) {
      const last = segments[kept] as Segment;
      const segment = segments[index] as Segment;
      if (last.region === segment.region && segment.firstPage !== scanPage && alike(last, segment)) {
        absorb(last, segment);
      } else {
        segments[++kept] = segment;
      }
      if (segment.firstPage === scanPage) this.scan = kept;
    }
    // Setting the length, even to what it is, costs as much as a draw.
    if (kept + 1 < segments.length) segments.length = kept + 1;
  }
}

/** Where within a segment the scan stands, on average: what waits lies beyond it. */
function passedPages({ pages, pending, sent }: Segment): number {
  return sent === 0 || pending === 0 ? 0 : pages * (sent / (sent + pending));
}

/** Mean of exp(-hazard) over a hazard that falls evenly from `most` to `least`. */
function meanSurvival(most: number, least: number): number {
  const fall = most - least;
  return fall < 1e-9 ? exp(-least) : (exp(-least) * -expm1(-fall)) / fall;
}

/** Whether a sweep of the region wrote `page` in the interval. Segments are cut so that one page answers for all. */
function isSwept(
  activity: WriteActivity,
  region: Region,
  page: number,
  fromSeconds: number,
  toSeconds: number,
): boolean {
  for (const index of region.sweeps) {
    const { firstPage, pages } = activity.classes[index] as { firstPage: number; pages: number };
    const from = activity.sweptPages(index, fromSeconds);
    const written = activity.sweptPages(index, toSeconds) - from;
    if (written >= pages) return true;
    const ahead = (page - firstPage - (from % pages) + pages) % pages;
    if (ahead < written) return true;
  }
  return false;
}
