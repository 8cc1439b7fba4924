/**
 * Pages that a guest misses after it has gone ahead of its memory (post-copy).
 *
 * The guest runs at the target; a write to a page that is not there stops its processor until the page has come. Nothing here
 * is done page by page or fault by fault. Memory is a list of ranges that are written alike, each with how many of its pages
 * are missing; what the source pushes makes them fewer, and from their number follows how often the guest meets one:
 *
 * - running freely, the guest writes to missing pages at rate m, the sum over its classes of writes a second times the share
 *   of the class's pages that is missing;
 * - a processor that waits L for each of them runs for share 1 / (1 + m L / n) of the time where n processors write: it runs
 *   for n / m on average, then waits L. So faults come at m / (1 + m L / n), and are a renewal process.
 *
 * The source pushes in address order. A page that the guest asks for comes first; without a connection of its own for such
 * pages, the push then goes on just after it. Where in a range that is follows from ranks, exactly for uniform writers: the
 * page asked for is any of the range's missing ones. Time is gone through in legs from one such jump to the next, or, where
 * jumps are many, in at most a few hundred.
 *
 * Reads of missing pages would stop the guest too; the page classes do not tell of them.
 */
import { normal, poisson } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { DirtyLog } from "../memory/dirty-log.ts";
import type { GuestMemory } from "../memory/page-class.ts";

/** Pages written alike. */
interface Range {
  missing: number;
  readonly writers: readonly Writer[];
}

interface Writer {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Writes a second to one page. */
  readonly pageWritesPerSecond: number;
}

/** How the guest gets a page that it waits for. */
export interface FaultService {
  /** From the guest's write to the page in its place. */
  readonly latencySeconds: number;
  /** The push goes on just after the page asked for. */
  readonly movesPush: boolean;
  /** Pages that come with one that is asked for, itself included: those of its huge page. */
  readonly unitPages: number;
  readonly writingProcessors: number;
}

/** At most so many legs over all that is pushed, jumps beyond that taken together. */
const MOST_LEGS = 512;
/** A renewal count whose variance is less than its mean by no more than this share is drawn as Poisson. */
const LEAST_REGULARITY = 0.25;

export class RemoteFaults {
  /** Time that the guest stood still waiting, an expectation; with several processors, their mean. */
  private meanWaitSeconds = 0;
  private meanFaults = 0;
  private varianceOfFaults = 0;
  /** Time since the guest began to run at the target. */
  private runSeconds = 0;
  /** Of it nothing: time in which no page came, and the guest waited for one. */
  private stalledSeconds = 0;

  private readonly random: RandomStream;
  private readonly ranges: Range[];
  private readonly leastLegPages: number;
  /** Where the push stands: in this range, with so many of its missing pages ahead. */
  private pushing: number;
  private ahead: number;
  private untilNextFaultSeconds = 0;

  /** The guest stands still, and what waits in the log is what is missing at the target. */
  constructor(memory: GuestMemory, log: DirtyLog, random: RandomStream) {
    this.random = random;
    const edges = edgesOf(memory, log.scanPage);
    this.ranges = [];
    this.pushing = 0;
    for (let edge = 1; edge < edges.length; edge++) {
      const firstPage = edges[edge - 1] as number;
      if (firstPage === log.scanPage) this.pushing = this.ranges.length;
      const missing = log.waitingIn(firstPage, (edges[edge] as number) - firstPage);
      this.ranges.push({ missing, writers: writersOf(memory, firstPage) });
    }
    this.ahead = (this.ranges[this.pushing] as Range).missing;
    this.leastLegPages = log.pendingPages / MOST_LEGS;
  }

  /** How often a page was missing, and how long the guest waited for them in all: drawn once, at the end. */
  draw(): { faults: number; waitSeconds: number } {
    const { faults, waitSeconds } = this.drawServed();
    return { faults, waitSeconds: waitSeconds + this.stalledSeconds };
  }

  private drawServed(): { faults: number; waitSeconds: number } {
    const { meanFaults, varianceOfFaults, random } = this;
    if (meanFaults === 0) return { faults: 0, waitSeconds: 0 };
    const waitOfOneSeconds = this.meanWaitSeconds / meanFaults;
    const regularity = 1 - varianceOfFaults / meanFaults;
    if (regularity < LEAST_REGULARITY) {
      const faults = poisson(random, meanFaults);
      return { faults, waitSeconds: Math.min(this.runSeconds, faults * waitOfOneSeconds) };
    }
    // A guest that hardly runs between its faults has them evenly spaced: then neither count nor wait scatters much.
    const deviation = Math.sqrt(varianceOfFaults) * normal(random);
    const waitSeconds = this.meanWaitSeconds + deviation * waitOfOneSeconds;
    return {
      faults: Math.max(0, Math.round(meanFaults + deviation)),
      waitSeconds: Math.min(this.runSeconds, Math.max(0, waitSeconds)),
    };
  }

  /** The guest waits for a page that does not come, for so long. */
  stall(seconds: number): void {
    this.stalledSeconds += seconds;
  }

  /** So many pages arrive evenly in the interval, the guest standing still. */
  arrive(pages: number): void {
    this.push(pages);
  }

  /** So many pages arrive evenly in the interval, those that the guest asks for among them; the guest runs. */
  run(fromSeconds: number, toSeconds: number, pages: number, service: FaultService): void {
    this.runSeconds += toSeconds - fromSeconds;
    let atSeconds = fromSeconds;
    let leftPages = pages;
    while (atSeconds < toSeconds) {
      const missRate = this.missRate(atSeconds);
      const leftSeconds = toSeconds - atSeconds;
      if (missRate === 0) {
        this.push(leftPages);
        return;
      }
      const waiting = (missRate * service.latencySeconds) / service.writingProcessors;
      const runningShare = 1 / (1 + waiting);
      const faultRate = missRate * runningShare;
      if (this.untilNextFaultSeconds <= 0) {
        if (service.movesPush) this.jump(atSeconds, missRate);
        this.untilNextFaultSeconds = 1 / faultRate;
      }
      const pagesPerSecond = leftPages / leftSeconds;
      const leastSeconds = pagesPerSecond > 0 ? this.leastLegPages / pagesPerSecond : leftSeconds;
      const aheadSeconds = pagesPerSecond > 0 && this.ahead > 0 ? this.ahead / pagesPerSecond : leftSeconds;
      // A leg ends where the range ends, as the miss rate changes there; the rest of a jump goes on in the next.
      let seconds = Math.min(leftSeconds, Math.max(leastSeconds, Math.min(this.untilNextFaultSeconds, aheadSeconds)));
      if (leftSeconds - seconds < 1e-12) seconds = leftSeconds;
      const legPages = Math.min(leftPages, pagesPerSecond * seconds);
      const asked = service.movesPush ? 0 : Math.min(legPages, faultRate * seconds * service.unitPages);
      this.take(asked, atSeconds, missRate);
      this.push(legPages - asked);
      this.meanFaults += faultRate * seconds;
      this.meanWaitSeconds += (1 - runningShare) * seconds;
      // Cox, Renewal Theory: counts vary by (deviation / mean)^2 of the spacing, whose running part is exponential.
      this.varianceOfFaults += faultRate * seconds * runningShare * runningShare;
      this.untilNextFaultSeconds -= seconds;
      leftPages -= legPages;
      atSeconds = seconds === leftSeconds ? toSeconds : atSeconds + seconds;
    }
  }

  /** Writes a second to missing pages, were the guest to run freely. */
  private missRate(atSeconds: number): number {
    let rate = 0;
    for (const range of this.ranges) rate += range.missing * writeRate(range, atSeconds);
    return rate;
  }

  /** The guest asks for a missing page; the push goes on just after it. */
  private jump(atSeconds: number, missRate: number): void {
    let drawn = this.random.next() * missRate;
    for (let index = 0; index < this.ranges.length; index++) {
      const range = this.ranges[index] as Range;
      const rate = range.missing * writeRate(range, atSeconds);
      if (rate === 0) continue;
      this.pushing = index;
      drawn -= rate;
      if (drawn < 0) break;
    }
    this.ahead = this.random.next() * (this.ranges[this.pushing] as Range).missing;
  }

  /** Takes pages that the guest asked for out of their ranges, as it writes to them. */
  private take(pages: number, atSeconds: number, missRate: number): void {
    if (pages === 0) return;
    for (let index = 0; index < this.ranges.length; index++) {
      const range = this.ranges[index] as Range;
      const taken = Math.min(range.missing, (pages * range.missing * writeRate(range, atSeconds)) / missRate);
      if (index === this.pushing && range.missing > 0) this.ahead -= taken * (this.ahead / range.missing);
      range.missing -= taken;
    }
  }

  /** The push goes on by so many missing pages, from range to range in circular address order. */
  private push(pages: number): void {
    let left = pages;
    // Once around finds every missing page, the first range's in two parts.
    for (let step = 0; step <= this.ranges.length + 1 && left > 0; step++) {
      const range = this.ranges[this.pushing] as Range;
      const pushed = Math.min(left, this.ahead, range.missing);
      range.missing -= pushed;
      this.ahead -= pushed;
      left -= pushed;
      if (left <= 0) return;
      this.pushing = this.pushing + 1 === this.ranges.length ? 0 : this.pushing + 1;
      this.ahead = (this.ranges[this.pushing] as Range).missing;
    }
  }
}

function writeRate({ writers }: Range, atSeconds: number): number {
  let rate = 0;
  for (const { startSeconds, endSeconds, pageWritesPerSecond } of writers) {
    if (startSeconds <= atSeconds && atSeconds < endSeconds) rate += pageWritesPerSecond;
  }
  return rate;
}

function writersOf({ classes }: GuestMemory, page: number): Writer[] {
  return classes
    .filter(({ firstPage, pages }) => firstPage <= page && page < firstPage + pages)
    .map(({ startSeconds, endSeconds, writesPerSecond, pages }) => ({
      startSeconds,
      endSeconds,
      pageWritesPerSecond: writesPerSecond / pages,
    }));
}

function edgesOf({ totalPages, zeroPages, classes }: GuestMemory, scanPage: number): number[] {
  const edges = new Set<number>([0, totalPages, totalPages - zeroPages, scanPage]);
  for (const { firstPage, pages } of classes) edges.add(firstPage).add(firstPage + pages);
  return [...edges].sort((left, right) => left - right);
}
