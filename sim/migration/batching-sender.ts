/**
 * Sends every waiting page before the next round, in batches with a header of their own: Xen. Old Xen peeks at the dirty log
 * before each batch and passes over pages that are dirty again.
 */
import type { Batches, DirtyLog, PeekedPass, Stretch } from "../memory/dirty-log.ts";
import type { FinalCopy, LimitChanges, PageSender, SentTotals } from "./page-sender.ts";

export interface BatchingSenderSettings {
  /** Pages in a batch. */
  readonly batchPages: number;
  /** What a batch costs on the wire beside its pages, and a page with what is said of it. */
  readonly batchBytes: number;
  readonly pageBytes: number;
  /** Whether the log is peeked at before each batch. */
  readonly peeks: boolean;
  /** Whether the hypervisor has a rate limit, which may change on the way. */
  readonly hasRateLimit: boolean;
  /** See PageSender.capBytesPerSecond. */
  readonly capBytesPerSecond: number;
  /** What the hosts copy; a limit that is set later does not raise it. */
  readonly copyBytesPerSecond: number;
  /** Of the link, one way. */
  readonly latencySeconds: number;
  /** Lost once, at the beginning. */
  readonly slowStartLagSeconds: number;
}

export class BatchingSender implements PageSender {
  readonly totals: SentTotals;
  readonly thresholdBytes = null;
  capBytesPerSecond: number;

  private readonly log: DirtyLog;
  private readonly settings: BatchingSenderSettings;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private rateBytesPerSecond = 0;
  private slowStartLagSeconds: number;

  /** What the log has let go, and how much of it has been booked; its bytes are on their way from `sinceSeconds` on. */
  private readonly passed: PeekedPass = { pages: 0, zeroPages: 0, skippedPages: 0 };
  private bookedPages = 0;
  private bookedZeroPages = 0;
  private goneBytes = 0;
  private sinceSeconds = 0;
  private untilSeconds = 0;

  constructor(log: DirtyLog, settings: BatchingSenderSettings) {
    this.log = log;
    this.settings = settings;
    this.totals = { pages: 0, zeroPages: 0, bytes: 0 };
    if (settings.peeks) this.totals.skippedPages = 0;
    this.capBytesPerSecond = settings.capBytesPerSecond;
    this.slowStartLagSeconds = settings.slowStartLagSeconds;
  }

  changeLimits({ maxBandwidthBytesPerSecond }: LimitChanges): boolean {
    if (!this.settings.hasRateLimit || maxBandwidthBytesPerSecond === undefined) return false;
    this.capBytesPerSecond = Math.min(maxBandwidthBytesPerSecond, this.settings.copyBytesPerSecond);
    return true;
  }

  begin(atSeconds: number): void {
    this.sinceSeconds = atSeconds;
  }

  setRate(bytesPerSecond: number): void {
    this.rateBytesPerSecond = bytesPerSecond;
  }

  advance(nowSeconds: number): number {
    this.sinceSeconds = nowSeconds + this.slowStartLagSeconds;
    this.slowStartLagSeconds = 0;
    while (this.bookedPages === this.passed.pages && this.log.pendingPages > 0) this.takeFromLog();
    const leftBytes = this.bytesOf(this.passed.pages) - this.goneBytes;
    this.untilSeconds = this.sinceSeconds + leftBytes / this.rateBytesPerSecond;
    return this.untilSeconds;
  }

  settle(nowSeconds: number): void {
    if (nowSeconds >= this.untilSeconds) {
      this.goneBytes = this.bytesOf(this.passed.pages);
      this.book(this.passed.pages);
      return;
    }
    if (nowSeconds <= this.sinceSeconds) {
      // Still in slow start's lag: what is left of it is yet to come.
      this.slowStartLagSeconds = this.sinceSeconds - nowSeconds;
    } else {
      this.goneBytes += (nowSeconds - this.sinceSeconds) * this.rateBytesPerSecond;
      this.sinceSeconds = nowSeconds;
    }
    this.book(this.pagesIn(this.goneBytes));
  }

  roundIsOver(): boolean {
    return this.log.pendingPages === 0 && this.bookedPages === this.passed.pages;
  }

  finalCopy(nowSeconds: number): FinalCopy {
    const before = this.totals.bytes;
    this.sinceSeconds = nowSeconds;
    this.sendAll();
    this.book(this.passed.pages);
    const bytes = this.totals.bytes - before;
    const writtenSeconds = bytes / this.rateBytesPerSecond;
    return { writtenSeconds, arrivedSeconds: writtenSeconds + this.settings.latencySeconds, bytes };
  }

  /** The next pages that the log lets go: all that wait, or batches of those that are not dirty again. */
  private takeFromLog(): void {
    const { log, settings, passed, totals } = this;
    if (!settings.peeks) {
      this.sendAll();
      return;
    }
    this.startAnew();
    const seconds = this.bytesOf(settings.batchPages) / this.rateBytesPerSecond;
    const batches: Batches = { pages: settings.batchPages, seconds };
    log.passPeeking(batches, this.sinceSeconds, passed);
    if (totals.skippedPages !== undefined) totals.skippedPages += passed.skippedPages;
  }

  /** Takes all that waits from the log. When each page goes out matters to no log that is armed at the read. */
  private sendAll(): void {
    const { log, passed, stretch, sinceSeconds } = this;
    this.startAnew();
    while (log.pendingPages > 0) {
      log.nextStretch(stretch);
      log.send(stretch.pages, sinceSeconds, sinceSeconds);
      passed.pages += stretch.pages;
      if (stretch.zero) passed.zeroPages += stretch.pages;
    }
  }

  private startAnew(): void {
    this.passed.pages = 0;
    this.passed.zeroPages = 0;
    this.passed.skippedPages = 0;
    this.bookedPages = 0;
    this.bookedZeroPages = 0;
    this.goneBytes = 0;
  }

  /** Of what the log let go, the first `pages` have gone out; zero pages lie above the others, and go last. */
  private book(pages: number): void {
    const { passed, totals } = this;
    const zeroPages = Math.max(0, pages - (passed.pages - passed.zeroPages));
    totals.bytes += this.bytesOf(pages) - this.bytesOf(this.bookedPages);
    totals.zeroPages += zeroPages - this.bookedZeroPages;
    totals.pages += pages - zeroPages - (this.bookedPages - this.bookedZeroPages);
    this.bookedPages = pages;
    this.bookedZeroPages = zeroPages;
  }

  /** What the first `pages` that the log let go cost on the wire. */
  private bytesOf(pages: number): number {
    const { batchPages, batchBytes, pageBytes } = this.settings;
    return pages * pageBytes + Math.ceil(pages / batchPages) * batchBytes;
  }

  /** How many whole pages those bytes are. */
  private pagesIn(bytes: number): number {
    const { batchPages, batchBytes, pageBytes } = this.settings;
    const all = this.passed.pages;
    if (bytes >= this.bytesOf(all)) return all;
    const wholeBatches = Math.floor(bytes / (batchPages * pageBytes + batchBytes));
    const rest = bytes - wholeBatches * (batchPages * pageBytes + batchBytes) - batchBytes;
    return wholeBatches * batchPages + Math.max(0, Math.floor(rest / pageBytes));
  }
}
