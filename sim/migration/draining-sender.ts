/**
 * Sends every waiting page before the next round: Hyper-V, Xen, and the textbook's pre-copy. One decision a round: when
 * the last page is out.
 */
import type { DirtyLog, Stretch } from "../memory/dirty-log.ts";
import type { FinalCopy, PageSender, SentTotals, WireFormat } from "./page-sender.ts";

export interface DrainingSenderSettings {
  readonly wire: WireFormat;
  /** See PageSender.capBytesPerSecond. */
  readonly capBytesPerSecond: number;
  /** See PageSender.finalCapBytesPerSecond. */
  readonly finalCapBytesPerSecond?: number;
  /** What a page takes of the sender's processors, be it ever so small on the wire; 0 where absent. */
  readonly leastPageSeconds?: number;
  /** Of the link, one way. */
  readonly latencySeconds: number;
  /** Lost once, at the beginning. */
  readonly slowStartLagSeconds: number;
}

export class DrainingSender implements PageSender {
  readonly totals: SentTotals = { pages: 0, zeroPages: 0, bytes: 0 };
  readonly thresholdBytes = null;

  readonly capBytesPerSecond: number;
  readonly finalCapBytesPerSecond?: number;

  private readonly log: DirtyLog;
  private readonly wire: WireFormat;
  private readonly leastPageSeconds: number;
  private readonly latencySeconds: number;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private rateBytesPerSecond = 0;
  /** What pages take of the link's time, in bytes: those on the wire, or as many as would have gone while the sender worked. */
  private pageCostBytes: number;
  private zeroPageCostBytes: number;
  private sendingSinceSeconds = 0;
  private sendingUntilSeconds = 0;
  private slowStartLagSeconds: number;
  /** Of the cost of the page that a change of rate met on its way. */
  private partOfPageBytes = 0;

  constructor(log: DirtyLog, settings: DrainingSenderSettings) {
    this.log = log;
    this.wire = settings.wire;
    this.leastPageSeconds = settings.leastPageSeconds ?? 0;
    this.pageCostBytes = settings.wire.pageBytes;
    this.zeroPageCostBytes = settings.wire.zeroPageBytes;
    this.capBytesPerSecond = settings.capBytesPerSecond;
    if (settings.finalCapBytesPerSecond !== undefined) this.finalCapBytesPerSecond = settings.finalCapBytesPerSecond;
    this.latencySeconds = settings.latencySeconds;
    this.slowStartLagSeconds = settings.slowStartLagSeconds;
  }

  changeLimits(): boolean {
    return false;
  }

  begin(atSeconds: number): void {
    this.sendingSinceSeconds = atSeconds;
  }

  setRate(bytesPerSecond: number): void {
    this.rateBytesPerSecond = bytesPerSecond;
    const leastBytes = this.leastPageSeconds * bytesPerSecond;
    this.pageCostBytes = Math.max(this.wire.pageBytes, leastBytes);
    this.zeroPageCostBytes = Math.max(this.wire.zeroPageBytes, leastBytes);
  }

  advance(nowSeconds: number): number {
    this.sendingSinceSeconds = nowSeconds + this.slowStartLagSeconds;
    this.slowStartLagSeconds = 0;
    this.sendingUntilSeconds =
      this.sendingSinceSeconds + Math.max(0, this.waitingCostBytes() - this.partOfPageBytes) / this.rateBytesPerSecond;
    return this.sendingUntilSeconds;
  }

  settle(nowSeconds: number): void {
    if (nowSeconds >= this.sendingUntilSeconds) {
      this.sendWaiting(Number.POSITIVE_INFINITY, nowSeconds);
    } else if (nowSeconds > this.sendingSinceSeconds) {
      const bytes = (nowSeconds - this.sendingSinceSeconds) * this.rateBytesPerSecond;
      this.sendWaiting(this.partOfPageBytes + bytes, nowSeconds);
    } else {
      // Still in slow start's lag: what is left of it is yet to come.
      this.slowStartLagSeconds = this.sendingSinceSeconds - nowSeconds;
    }
  }

  roundIsOver(): boolean {
    return this.log.pendingPages === 0;
  }

  finalCopy(nowSeconds: number): FinalCopy {
    const writtenSeconds = this.waitingCostBytes() / this.rateBytesPerSecond;
    const before = this.totals.bytes;
    this.sendingSinceSeconds = nowSeconds;
    this.sendWaiting(Number.POSITIVE_INFINITY, nowSeconds + writtenSeconds);
    const bytes = this.totals.bytes - before;
    return { writtenSeconds, arrivedSeconds: writtenSeconds + this.latencySeconds, bytes };
  }

  private waitingCostBytes(): number {
    const zeroPages = this.log.pendingZeroPages;
    const pages = this.log.pendingPages - zeroPages;
    return pages * this.pageCostBytes + zeroPages * this.zeroPageCostBytes + this.wire.sectionBytes;
  }

  /** Sends waiting pages, as many whole ones as fit in a cost of `bytes`, the last of them at `untilSeconds`. */
  private sendWaiting(bytes: number, untilSeconds: number): void {
    const { log, wire, stretch, totals } = this;
    const whole = Math.min(bytes, this.waitingCostBytes());
    const secondsPerByte = whole > 0 ? (untilSeconds - this.sendingSinceSeconds) / whole : 0;
    let atSeconds = this.sendingSinceSeconds;
    let left = bytes;
    for (;;) {
      log.nextStretch(stretch);
      const costBytes = stretch.zero ? this.zeroPageCostBytes : this.pageCostBytes;
      const pages = Math.min(stretch.pages, Math.floor(left / costBytes));
      if (pages <= 0) break;
      const seconds = pages * costBytes * secondsPerByte;
      log.send(pages, atSeconds, atSeconds + seconds);
      atSeconds += seconds;
      left -= pages * costBytes;
      totals.bytes += pages * (stretch.zero ? wire.zeroPageBytes : wire.pageBytes);
      if (stretch.zero) totals.zeroPages += pages;
      else totals.pages += pages;
    }
    this.partOfPageBytes = log.pendingPages === 0 ? 0 : left;
    if (log.pendingPages === 0) totals.bytes += wire.sectionBytes;
  }
}
