/**
 * The scan where the log is peeked at before each batch: waiting pages that are dirty again do not count for the batch and
 * are passed over. Pages that were passed lie in segments in which nothing waits any more, or nothing tells them apart from
 * those that wait.
 */
import { binomial, positionOfMarked } from "../kernel/distributions.ts";
import { exp } from "../kernel/exact-math.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { Arming } from "./arming.ts";
import type { Batches, PeekedPass } from "./dirty-log.ts";
import { cleanProbability, dirtyAgain, notePassed } from "./peeked-segment.ts";
import type { Region } from "./region.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import { cutAtSweeps } from "./sweep-cuts.ts";
import type { WriteActivity } from "./write-activity.ts";
import { hazardOf, isSwept } from "./written.ts";

/** Of what waits in a segment, one part in so many is passed in one go, where the log is peeked at in between. */
const PARTS_IN_ONE_GO = 16;
/** By so much the hazard may grow meanwhile. */
const HAZARD_IN_ONE_GO = 0.25;

export class PeekingScan {
  private readonly list: SegmentList;
  private readonly activity: WriteActivity;
  private readonly arming: Arming;
  private readonly random: RandomStream;

  constructor(list: SegmentList, activity: WriteActivity, arming: Arming, random: RandomStream) {
    this.list = list;
    this.activity = activity;
    this.arming = arming;
    this.random = random;
  }

  /** See DirtyLog.passPeeking. */
  pass(batches: Batches, atSeconds: number, passed: PeekedPass): void {
    const { list, random } = this;
    passed.pages = 0;
    passed.zeroPages = 0;
    passed.skippedPages = 0;
    let peekSeconds = atSeconds;
    /** Pages that are missing to fill the batches under way; of several only where the first segment alone may fill them. */
    let missing = 0;
    while (list.pendingPages > 0) {
      if (list.current.pending === 0) {
        list.goOn();
        continue;
      }
      if (this.passSwept(peekSeconds, passed)) continue;
      const segment = list.current;
      const { region } = segment;
      const count = missing > 0 ? 1 : this.batchesInOneGo(segment, batches, peekSeconds);
      if (missing === 0) missing = count * batches.pages;
      const hazard = this.hazardAt(region, peekSeconds);
      const step =
        count === 1 ? 0 : (this.hazardAt(region, peekSeconds + (count - 1) * batches.seconds) - hazard) / (count - 1);
      const clean = cleanProbability(hazard, step, count);
      const found = binomial(random, segment.pending, clean);
      if (found <= missing) {
        this.take(segment, found, segment.pending - found, clean, hazard, passed);
        missing -= found;
      } else {
        const seen = positionOfMarked(random, segment.pending, found, missing);
        this.take(segment, missing, seen - missing, clean, hazard, passed);
        missing = 0;
        // Where pages are told apart by their address, the passed ones are set apart.
        if (region.sweeps.length > 0 && segment.pending > 0) list.cutAtScan(seen);
      }
      // A batch that is still open was peeked at once those before it were full.
      const filled = count * batches.pages - missing;
      const open = filled % batches.pages;
      if (filled > 0 && open === 0) break;
      peekSeconds += Math.floor(filled / batches.pages) * batches.seconds;
      missing = batches.pages - open;
    }
    if (list.pendingPages === 0) list.startOver();
  }

  /** Pages dirty at the read in a segment that was passed so; `clean` pages did not wait, each written with this probability. */
  dirtied(segment: Segment, clean: number, written: number, atSeconds: number): number {
    const { region, firstPage, sent, peeked } = segment;
    const { activity, arming, random } = this;
    if (peeked === null || isSwept(activity, region, firstPage, arming.readSeconds, atSeconds)) return clean + sent;
    const hazard = this.hazardAt(region, atSeconds);
    return binomial(random, clean, written) + dirtyAgain(random, peeked, hazard);
  }

  /** Passes over what a sweep has written of the segment that the scan stands in; false where that is nothing. */
  private passSwept(peekSeconds: number, passed: PeekedPass): boolean {
    const { list, activity, arming } = this;
    const { region, firstPage } = list.current;
    if (region.sweeps.length === 0) return false;
    cutAtSweeps(list, region, activity, arming, peekSeconds, firstPage);
    const segment = list.current;
    if (!isSwept(activity, region, segment.firstPage, arming.readSeconds, peekSeconds)) return false;
    this.take(segment, 0, segment.pending, 1, 0, passed);
    return true;
  }

  /**
   * How many batches of the segment are passed as one: few enough that the hazard grows by little, and that the segment's end is
   * reached batch by batch. So the cost of a round grows with the logarithm of memory alone.
   */
  private batchesInOneGo({ region, pending }: Segment, batches: Batches, peekSeconds: number): number {
    const allSeconds = Math.ceil(pending / batches.pages) * batches.seconds;
    if (region.sweeps.length === 0 && this.hazardAt(region, peekSeconds + allSeconds) === 0) {
      return Math.ceil(pending / batches.pages);
    }
    const hazard = this.hazardAt(region, peekSeconds);
    let count = Math.floor((pending * exp(-hazard)) / (batches.pages * PARTS_IN_ONE_GO));
    while (count > 1 && this.hazardAt(region, peekSeconds + count * batches.seconds) - hazard > HAZARD_IN_ONE_GO) {
      count = Math.floor(count / 2);
    }
    return Math.max(1, count);
  }

  /** The scan passes waiting pages of the segment: so many are sent, each found clean with probability `clean`. */
  private take(
    segment: Segment,
    sent: number,
    skipped: number,
    clean: number,
    hazard: number,
    passed: PeekedPass,
  ): void {
    segment.peeked ??= { skipped: 0, sent: [] };
    notePassed(segment.peeked, sent, skipped, clean, hazard);
    this.list.pass(segment, sent + skipped);
    passed.pages += sent;
    passed.skippedPages += skipped;
    if (segment.region.zero) passed.zeroPages += sent;
  }

  /** Expected writes to a page of the region since the log was read. */
  private hazardAt(region: Region, atSeconds: number): number {
    return hazardOf(this.activity, region, this.arming.readSeconds, atSeconds);
  }
}
