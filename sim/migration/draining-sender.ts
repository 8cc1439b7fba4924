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
  /** Of the link, one way. */
  readonly latencySeconds: number;
  /** Lost once, at the beginning. */
  readonly slowStartLagSeconds: number;
}

export class DrainingSender implements PageSender {
  readonly totals: SentTotals = { pages: 0, zeroPages: 0, bytes: 0 };
  readonly thresholdBytes = null;

  readonly capBytesPerSecond: number;

  private readonly log: DirtyLog;
  private readonly wire: WireFormat;
  private readonly latencySeconds: number;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private rateBytesPerSecond = 0;
  private sendingSinceSeconds = 0;
  private sendingUntilSeconds = 0;
  private slowStartLagSeconds: number;
  /** Of the page that a change of rate met on its way. */
  private partOfPageBytes = 0;

  constructor(log: DirtyLog, settings: DrainingSenderSettings) {
    this.log = log;
    this.wire = settings.wire;
    this.capBytesPerSecond = settings.capBytesPerSecond;
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
  }

  advance(nowSeconds: number): number {
    this.sendingSinceSeconds = nowSeconds + this.slowStartLagSeconds;
    this.slowStartLagSeconds = 0;
    this.sendingUntilSeconds =
      this.sendingSinceSeconds + (this.waitingBytes() - this.partOfPageBytes) / this.rateBytesPerSecond;
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
    const bytes = this.waitingBytes();
    const writtenSeconds = bytes / this.rateBytesPerSecond;
    this.sendingSinceSeconds = nowSeconds;
    this.sendWaiting(Number.POSITIVE_INFINITY, nowSeconds + writtenSeconds);
    return { writtenSeconds, arrivedSeconds: writtenSeconds + this.latencySeconds, bytes };
  }

  private waitingBytes(): number {
    const zeroPages = this.log.pendingZeroPages;
    const pages = this.log.pendingPages - zeroPages;
    return pages * this.wire.pageBytes + zeroPages * this.wire.zeroPageBytes + this.wire.sectionBytes;
  }

  /** Sends waiting pages, as many whole ones as fit in `bytes`, the last of them at `untilSeconds`. */
  private sendWaiting(bytes: number, untilSeconds: number): void {
    const { log, wire, stretch, totals } = this;
    const whole = Math.min(bytes, this.waitingBytes());
    const secondsPerByte = whole > 0 ? (untilSeconds - this.sendingSinceSeconds) / whole : 0;
    let atSeconds = this.sendingSinceSeconds;
    let left = bytes;
    for (;;) {
      log.nextStretch(stretch);
      const pageBytes = stretch.zero ? wire.zeroPageBytes : wire.pageBytes;
      const pages = Math.min(stretch.pages, Math.floor(left / pageBytes));
      if (pages <= 0) break;
      const seconds = pages * pageBytes * secondsPerByte;
      log.send(pages, atSeconds, atSeconds + seconds);
      atSeconds += seconds;
      left -= pages * pageBytes;
      totals.bytes += pages * pageBytes;
      if (stretch.zero) totals.zeroPages += pages;
      else totals.pages += pages;
    }
    this.partOfPageBytes = log.pendingPages === 0 ? 0 : left;
    if (log.pendingPages === 0) totals.bytes += wire.sectionBytes;
  }
}
