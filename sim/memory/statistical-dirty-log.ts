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
import { binomial } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { Arming } from "./arming.ts";
import type { Batches, DirtyLog, PeekedPass, Rearm, Stretch } from "./dirty-log.ts";
import type { GuestMemory } from "./page-class.ts";
import { PeekingScan } from "./peeking-scan.ts";
import { type Region, regionsOf } from "./region.ts";
import { areAlike, areCleanOrFull, arePassed, arePassedAlike, type Segment } from "./segment.ts";
import { SegmentList } from "./segment-list.ts";
import { cutAtSweeps } from "./sweep-cuts.ts";
import { widenToUnits } from "./widening.ts";
import type { WriteActivity } from "./write-activity.ts";
import { isSwept, meanWrittenProbability, writtenProbability } from "./written.ts";

export class StatisticalDirtyLog implements DirtyLog {
  /** Only a read asks what was written. */
  readonly takesLateSends = true;

  private readonly activity: WriteActivity;
  private readonly random: RandomStream;
  private readonly regions: readonly Region[];
  private readonly arming: Arming;
  private readonly segments: SegmentList;
  /** Null as long as nobody peeks at the log. */
  private peeking: PeekingScan | null = null;
  /** Whether pages were passed with a look at the log since it was last read. */
  private peeked = false;

  constructor(memory: GuestMemory, activity: WriteActivity, rearm: Rearm, random: RandomStream) {
    this.activity = activity;
    this.random = random;
    const { regions, groups } = regionsOf(memory, rearm);
    this.regions = regions;
    this.arming = new Arming(rearm, groups, memory.totalPages);
    this.segments = new SegmentList(random);
  }

  get pendingPages(): number {
    return this.segments.pendingPages;
  }

  get pendingZeroPages(): number {
    return this.segments.pendingZeroPages;
  }

  begin(atSeconds: number): void {
    this.segments.begin(this.regions);
    this.arming.read(atSeconds);
    this.peeked = false;
  }

  sync(atSeconds: number): number {
    const { segments, arming, activity } = this;
    this.cutBehindScan();
    const before = segments.pendingPages;
    for (const region of this.regions) {
      if (region.sweeps.length > 0) cutAtSweeps(segments, region, activity, arming, atSeconds, 0);
    }
    this.draw(atSeconds);
    segments.join(this.peeked ? areAlike : areCleanOrFull);
    this.peeked = false;
    arming.read(atSeconds);
    return segments.pendingPages - before;
  }

  nextStretch(stretch: Stretch): void {
    this.segments.nextStretch(stretch);
  }

  send(pages: number, fromSeconds: number, toSeconds: number): void {
    const { segments, arming } = this;
    let left = pages;
    for (;;) {
      const segment = segments.current;
      const taken = Math.min(left, segment.pending);
      if (taken > 0) {
        if (arming.byChunk) {
          const secondsPerPage = (toSeconds - fromSeconds) / pages;
          const startSeconds = fromSeconds + (pages - left) * secondsPerPage;
          arming.enter(segment, startSeconds, startSeconds + taken * secondsPerPage);
        }
        segments.pass(segment, taken);
        left -= taken;
      }
      if (left === 0) break;
      segments.goOn();
    }
    // With nothing left, the scan ran on to the end of memory without finding more, and starts over at page 0.
    if (segments.pendingPages === 0) segments.startOver();
  }

  get scanPage(): number {
    return this.segments.scanPage;
  }

  waitingIn(firstPage: number, pages: number): number {
    return this.segments.waitingIn(firstPage, pages);
  }

  widen(unitPages: number): number {
    // Beyond the scan what waits is spread evenly, before it nothing waits.
    this.cutBehindScan();
    return widenToUnits(this.segments, unitPages, this.random);
  }

  passPeeking(batches: Batches, atSeconds: number, passed: PeekedPass): void {
    const { segments, activity, arming, random } = this;
    this.peeked = true;
    this.peeking ??= new PeekingScan(segments, activity, arming, random);
    this.peeking.pass(batches, atSeconds, passed);
  }

  /** Keeps what the scan has passed since the last read apart from what it has not, and nothing else of that read. */
  private cutBehindScan(): void {
    const { segments, arming } = this;
    const { sent } = segments.current;
    if (sent > 0 && segments.pendingPages > 0) segments.cutAtScan(sent);
    segments.join(arming.byChunk ? arePassedAlike : arePassed);
  }

  /** Draws how many pages of each segment were written since their tracking was armed; none counts as sent from now on. */
  private draw(atSeconds: number): void {
    const { segments, activity, arming } = this;
    const { readSeconds } = arming;
    let region: Region | undefined;
    let sincePrevious = 0;
    let sinceArmed = 0;
    let armedSeconds = readSeconds;
    for (const segment of segments.all) {
      if (segment.region !== region) {
        region = segment.region;
        armedSeconds = arming.sinceSeconds(region);
        sincePrevious = writtenProbability(activity, region, readSeconds, atSeconds);
        sinceArmed =
          armedSeconds === readSeconds ? sincePrevious : writtenProbability(activity, region, armedSeconds, atSeconds);
      }
      if (region.spread && segment.sent > 0) {
        const firstSeconds = segment.enteredSeconds;
        const lastSeconds = firstSeconds + arming.durationSeconds(segment);
        sinceArmed = meanWrittenProbability(activity, region, firstSeconds, lastSeconds, atSeconds);
      }
      // Pages that nothing writes were all sent or all wait.
      if (sincePrevious > 0 || sinceArmed > 0 || region.sweeps.length > 0) {
        segments.add(segment, this.written(segment, sincePrevious, sinceArmed, armedSeconds, atSeconds));
      }
      segment.sent = 0;
      segment.peeked = null;
    }
  }

  /**
   * Pages of the segment that did not wait and were written: those that were clean at the last read with probability
   * `sincePrevious`, those sent after it, tracked since `armedSeconds`, with `sinceArmed`.
   */
  private written(
    segment: Segment,
    sincePrevious: number,
    sinceArmed: number,
    armedSeconds: number,
    atSeconds: number,
  ): number {
    const { activity, arming, random } = this;
    const { region, firstPage, sent } = segment;
    const clean = segment.pages - segment.pending - sent;
    if (segment.peeked !== null) {
      return (this.peeking as PeekingScan).dirtied(segment, clean, sincePrevious, atSeconds);
    }
    if (region.sweeps.length === 0) {
      if (sinceArmed === sincePrevious) return binomial(random, clean + sent, sincePrevious);
      return binomial(random, clean, sincePrevious) + binomial(random, sent, sinceArmed);
    }
    const cleanWritten = isSwept(activity, region, firstPage, arming.readSeconds, atSeconds)
      ? clean
      : binomial(random, clean, sincePrevious);
    const sentWritten = isSwept(activity, region, firstPage, armedSeconds, atSeconds)
      ? sent
      : binomial(random, sent, sinceArmed);
    return cleanWritten + sentWritten;
  }
}
