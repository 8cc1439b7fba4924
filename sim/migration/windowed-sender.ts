/**
 * QEMU's sending loop (migration/migration.c migration_thread, migration/ram.c ram_save_iterate; QEMU 7.2), turn by turn.
 *
 * A turn of the loop compares what is left with a threshold, and sends a section of pages: until the window's quota is
 * used up, or nothing is left, or more than 50 ms have gone (looked at after every 64th page). A window closes at the first
 * turn at least 100 ms after it opened; its bytes over its milliseconds are the bandwidth estimate, and the threshold is
 * that estimate times the downtime limit. With the quota used up, the loop sleeps to the end of the window.
 *
 * Windows in which nothing can be decided are not stepped through: once a window repeats the one before it, the loop goes
 * on in one stride to the first turn at which less than the threshold, or another kind of page, may be met. So the cost of
 * a round does not depend on memory size or bandwidth.
 */
import type { DirtyLog, Stretch } from "../memory/dirty-log.ts";
import type { SendSocket } from "../network/tcp.ts";
import type { FinalCopy, LimitChanges, PageSender, PostCopyLimits, SentTotals } from "./page-sender.ts";
import { type SectionSettings, SectionWriter } from "./section-writer.ts";
import { SendPace, type SendPaceSettings } from "./send-pace.ts";
import { SendWindow, WindowStride } from "./send-window.ts";
import type { Xbzrle } from "./xbzrle.ts";

export interface WindowedSenderSettings extends SectionSettings, SendPaceSettings {
  /** Size of a page, as the comparison with the threshold counts it. */
  readonly pageSizeBytes: number;
  /** What a sleep to the end of a window oversleeps on average. */
  readonly oversleepSeconds: number;
  readonly downtimeLimitSeconds: number;
  /** What the last copy is taken to get of the link, for the threshold; absent or 0: what the last window got. */
  readonly switchoverBytesPerSecond?: number;
  /** What the link's connections carry together at the most: window over round trip, loss. */
  readonly streamsBytesPerSecond: number;
  readonly slowStartLagSeconds: number;
}

export class WindowedSender implements PageSender {
  readonly totals: SentTotals;
  thresholdBytes = 0;

  private readonly log: DirtyLog;
  private readonly settings: WindowedSenderSettings;
  private readonly socket: SendSocket;
  private readonly xbzrle: Xbzrle | null;
  private readonly pace: SendPace;
  private readonly writer: SectionWriter;
  private readonly window = new SendWindow();
  private readonly stride = new WindowStride();
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private downtimeLimitSeconds: number;
  private inPostCopy = false;
  /** What was sent last is under way until then. */
  private busyUntilSeconds = 0;

  /** @param xbzrle sends only what has changed of pages that its cache holds; null where pages are sent whole. */
  constructor(log: DirtyLog, socket: SendSocket, settings: WindowedSenderSettings, xbzrle: Xbzrle | null = null) {
    this.log = log;
    this.socket = socket;
    this.settings = settings;
    this.xbzrle = xbzrle;
    this.pace = new SendPace(settings);
    this.writer = new SectionWriter(log, socket, this.pace, settings, xbzrle);
    this.totals = this.writer.totals;
    this.downtimeLimitSeconds = settings.downtimeLimitSeconds;
  }

  get capBytesPerSecond(): number {
    const { maxBandwidthBytesPerSecond, copyBytesPerSecond } = this.pace;
    return Math.min(maxBandwidthBytesPerSecond, copyBytesPerSecond, this.settings.streamsBytesPerSecond);
  }

  get finalCapBytesPerSecond(): number {
    return Math.min(this.settings.finalCopyBytesPerSecond, this.settings.streamsBytesPerSecond);
  }

  /** The rate limit holds at once, the downtime limit from the next window's threshold on (migration.c, migration_update_counters). */
  changeLimits({ maxBandwidthBytesPerSecond, downtimeLimitSeconds }: LimitChanges): boolean {
    const { pace } = this;
    pace.maxBandwidthBytesPerSecond = maxBandwidthBytesPerSecond ?? pace.maxBandwidthBytesPerSecond;
    this.downtimeLimitSeconds = downtimeLimitSeconds ?? this.downtimeLimitSeconds;
    this.forgetWindows();
    return true;
  }

  /** The loop goes on, in the window that it is in, with other limits. */
  enterPostCopy(_nowSeconds: number, { maxBandwidthBytesPerSecond, placingBytesPerSecond }: PostCopyLimits): void {
    this.inPostCopy = true;
    this.pace.copyBytesPerSecond = placingBytesPerSecond;
    this.pace.finalCopyBytesPerSecond = placingBytesPerSecond;
    this.changeLimits({ maxBandwidthBytesPerSecond });
  }

  queuedBytes(nowSeconds: number): number {
    return this.socket.level(nowSeconds, this.pace.rateBytesPerSecond);
  }

  begin(atSeconds: number): void {
    this.window.openedSeconds = atSeconds;
    this.xbzrle?.begin(atSeconds);
    this.socket.blockUntil(atSeconds + this.settings.slowStartLagSeconds);
  }

  /** The link drained nothing meanwhile; the window stayed open, so that its bandwidth comes out as low as it was. */
  goOnAfterHold(nowSeconds: number): void {
    this.socket.skipTo(nowSeconds);
  }

  setRate(bytesPerSecond: number): void {
    this.pace.setRate(bytesPerSecond);
    this.forgetWindows();
  }

  /** A section ends when it would have, whatever the link gives meanwhile. */
  get isCommitted(): boolean {
    return !this.stride.isUnderWay;
  }

  /** Only where the link alone sets the pace: then no more pages go out than what it gives, and what the socket takes ahead. */
  undecidedUntilSeconds(nowSeconds: number, mostBytesPerSecond: number): number {
    const { settings, pace, log, xbzrle, stride } = this;
    const { wire, packets, pageSizeBytes, windowSeconds, sectionSeconds, pagesPerClockCheck } = settings;
    if (log.takesLateSends !== true || xbzrle !== null || packets !== null) return nowSeconds;
    if (mostBytesPerSecond >= Math.min(pace.maxBandwidthBytesPerSecond, pace.copyBytesPerSecond)) return nowSeconds;
    // The socket's room, and the section under way: all that its time lets through, up to a whole wake and clock check.
    const aheadBytes =
      (2 + 1 / 3) * this.socket.capacityBytes +
      sectionSeconds * mostBytesPerSecond +
      (pagesPerClockCheck + 2) * wire.pageBytes;
    const windowBytesPerSecond = mostBytesPerSecond + aheadBytes / windowSeconds;
    const bytesPerSecond = settings.switchoverBytesPerSecond || windowBytesPerSecond;
    const thresholdBytes = Math.max(this.thresholdBytes, bytesPerSecond * this.downtimeLimitSeconds);
    const pages = log.pendingPages - log.pendingZeroPages - thresholdBytes / pageSizeBytes;
    // What a stride sends is booked at its end.
    const sinceSeconds = stride.isUnderWay ? stride.startSeconds : nowSeconds;
    return sinceSeconds + (pages * wire.pageBytes - aheadBytes) / mostBytesPerSecond;
  }

  roundIsOver(): boolean {
    const { pendingPages } = this.log;
    return pendingPages === 0 || pendingPages * this.settings.pageSizeBytes < this.thresholdBytes;
  }

  advance(nowSeconds: number): number {
    const { window, stride } = this;
    // Something else happened while a section was on its way: it goes on to its end.
    if (nowSeconds < this.busyUntilSeconds) return this.busyUntilSeconds;
    this.xbzrle?.goOn(nowSeconds);
    if (window.bytes === 0 && stride.windowSeconds > 0 && this.startStride(nowSeconds)) return stride.untilSeconds;
    this.busyUntilSeconds = this.turn(nowSeconds);
    this.xbzrle?.passed();
    return this.busyUntilSeconds;
  }

  settle(nowSeconds: number): void {
    const { stride, window, pace } = this;
    if (!stride.isUnderWay) return;
    const { startSeconds, windowSeconds, windowBytes } = stride;
    const windows = stride.end(nowSeconds);
    const whole = Math.floor(windows);
    window.openedSeconds = startSeconds + whole * windowSeconds;
    if (windowBytes < pace.quotaBytes || pace.isLimitedByLink) {
      // Pages go out all the time: a window that was cut short is given up, and a new one opens.
      this.socket.skipTo(nowSeconds);
      this.bookWindows(windows, startSeconds, nowSeconds);
      if (windows > whole) window.openedSeconds = nowSeconds;
      return;
    }
    // Bursts go out at the beginning of their window.
    const begun = windows > whole ? whole + 1 : whole;
    this.bookWindows(begun, startSeconds, nowSeconds);
    if (begun > whole) {
      window.bytes = windowBytes;
      // Its pages and sections are booked: it is not one to be repeated.
      window.irregular = true;
    }
  }

  finalCopy(nowSeconds: number): FinalCopy {
    return this.writer.writeAll(nowSeconds);
  }

  /** One turn of the loop; returns when the next one begins. */
  private turn(nowSeconds: number): number {
    const { settings, window, pace } = this;
    let atSeconds = nowSeconds;
    if (window.bytes < pace.quotaBytes) atSeconds = this.writer.write(window, nowSeconds);
    // In post-copy a guest that waits for pages wakes the loop, which sends nothing then, but sees that little is left.
    if (this.inPostCopy && this.roundIsOver()) return atSeconds;
    if (window.bytes >= pace.quotaBytes) {
      const wakeSeconds = window.openedSeconds + settings.windowSeconds + settings.oversleepSeconds;
      if (wakeSeconds > atSeconds) {
        this.closeWindow(wakeSeconds, settings.windowSeconds);
        return wakeSeconds;
      }
    }
    const openSeconds = atSeconds - window.openedSeconds;
    if (openSeconds >= settings.windowSeconds) this.closeWindow(atSeconds, openSeconds);
    return atSeconds;
  }

  /** The window ends at `atSeconds`; its bandwidth is taken over `countedSeconds`, which leaves out what was overslept. */
  private closeWindow(atSeconds: number, countedSeconds: number): void {
    const { window, settings, stride, pace } = this;
    const bytesPerSecond = settings.switchoverBytesPerSecond || window.bytes / countedSeconds;
    this.thresholdBytes = bytesPerSecond * this.downtimeLimitSeconds;
    if (window.irregular) {
      stride.forget();
    } else {
      const pageBytes = this.writer.framing.pageBytesIn(window);
      // Where the link is the limit, windows hold a few pages more or less by turns: their mean is what the link drains.
      const pages = pace.isLimitedByLink
        ? (pace.drainBytesPerSecond * (atSeconds - window.openedSeconds)) / pageBytes
        : window.pages;
      stride.learn(window, atSeconds, pageBytes, pages);
    }
    window.open(atSeconds);
  }

  /** What goes out from now on is not what went out before. */
  private forgetWindows(): void {
    this.window.irregular = true;
    this.stride.forget();
  }

  /** Sets out over as many windows as surely repeat the last one without a decision; false where that is fewer than two. */
  private startStride(nowSeconds: number): boolean {
    this.log.nextStretch(this.stretch);
    if (this.stretch.zero || this.xbzrle?.inUse === true) return false;
    const aboveThreshold = this.log.pendingPages - this.thresholdBytes / this.settings.pageSizeBytes;
    return this.stride.setOut(nowSeconds, Math.min(aboveThreshold, this.stretch.pages));
  }

  /** Books the pages of so many repeated windows, a fraction allowed. */
  private bookWindows(windows: number, fromSeconds: number, toSeconds: number): void {
    const { stride } = this;
    const pages = stride.pagesOf(windows);
    if (pages === 0) return;
    this.writer.writeEvenly(pages, stride.sectionsOf(windows), stride.pageBytes, fromSeconds, toSeconds);
  }
}
