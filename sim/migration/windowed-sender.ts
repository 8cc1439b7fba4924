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
import { PacketFill, type PacketFormat } from "./packet-fill.ts";
import type { FinalCopy, LimitChanges, PageSender, PostCopyLimits, SentTotals, WireFormat } from "./page-sender.ts";
import type { Xbzrle } from "./xbzrle.ts";

export interface WindowedSenderSettings {
  readonly wire: WireFormat;
  /** How pages are gathered into packets; `wire` then tells what a page costs on average. Null where each goes by itself. */
  readonly packets: PacketFormat | null;
  /** Size of a page, as the comparison with the threshold counts it. */
  readonly pageSizeBytes: number;
  /** BUFFER_DELAY: 100 ms. */
  readonly windowSeconds: number;
  /** What a sleep to the end of a window oversleeps on average. */
  readonly oversleepSeconds: number;
  /** MAX_WAIT: 50 ms. */
  readonly sectionSeconds: number;
  /** Pages between two looks at the clock: 64. */
  readonly pagesPerClockCheck: number;
  /** max-bandwidth; Infinity for none. */
  readonly maxBandwidthBytesPerSecond: number;
  readonly downtimeLimitSeconds: number;
  /** What the last copy is taken to get of the link, for the threshold; absent or 0: what the last window got. */
  readonly switchoverBytesPerSecond?: number;
  /** What the sender can push while the guest runs, and while it stands still. */
  readonly copyBytesPerSecond: number;
  readonly finalCopyBytesPerSecond: number;
  /** Finding that a page is zero, and saying so. */
  readonly zeroPageSeconds: number;
  /** What the link carries when nothing else uses it, and one way through it. */
  readonly linkBytesPerSecond: number;
  /** What its connections carry together at the most: window over round trip, loss. */
  readonly streamsBytesPerSecond: number;
  readonly latencySeconds: number;
  readonly slowStartLagSeconds: number;
}

/** How a window was filled: only one that can repeat itself may be repeated in a stride. */
interface Window {
  openedSeconds: number;
  bytes: number;
  pages: number;
  sections: number;
  /** Holds something that the next window need not hold: zero pages, the end of what waited, a change of rate. */
  irregular: boolean;
}

/** Equal windows under way, none where `windows` is 0. */
interface Stride {
  windows: number;
  startSeconds: number;
  untilSeconds: number;
}

export class WindowedSender implements PageSender {
  readonly totals: SentTotals = { pages: 0, zeroPages: 0, bytes: 0 };
  thresholdBytes = 0;

  private readonly log: DirtyLog;
  private readonly settings: WindowedSenderSettings;
  private readonly socket: SendSocket;
  private readonly packets: PacketFill | null;
  private readonly xbzrle: Xbzrle | null;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private maxBandwidthBytesPerSecond: number;
  private downtimeLimitSeconds: number;
  private inPostCopy = false;
  private copyBytesPerSecond: number;
  private finalCopyBytesPerSecond: number;

  /** What was sent last is under way until then. */
  private busyUntilSeconds = 0;
  private rateBytesPerSecond = 0;
  /** At what rate the link empties the socket while pages are being sent. */
  private drainBytesPerSecond = 0;
  private readonly window: Window = { openedSeconds: 0, bytes: 0, pages: 0, sections: 0, irregular: true };

  /** The window before the present one, if it may be repeated; 0 seconds if not. */
  private repeatSeconds = 0;
  private repeatBytes = 0;
  private repeatPages = 0;
  private repeatPageBytes = 0;
  private repeatSections = 0;
  private readonly strideUnderWay: Stride = { windows: 0, startSeconds: 0, untilSeconds: 0 };

  /** @param xbzrle sends only what has changed of pages that its cache holds; null where pages are sent whole. */
  constructor(log: DirtyLog, socket: SendSocket, settings: WindowedSenderSettings, xbzrle: Xbzrle | null = null) {
    this.xbzrle = xbzrle;
    this.log = log;
    this.socket = socket;
    this.settings = settings;
    this.packets = settings.packets === null ? null : new PacketFill(settings.packets);
    this.maxBandwidthBytesPerSecond = settings.maxBandwidthBytesPerSecond;
    this.downtimeLimitSeconds = settings.downtimeLimitSeconds;
    this.copyBytesPerSecond = settings.copyBytesPerSecond;
    this.finalCopyBytesPerSecond = settings.finalCopyBytesPerSecond;
  }

  get capBytesPerSecond(): number {
    return Math.min(this.maxBandwidthBytesPerSecond, this.copyBytesPerSecond, this.settings.streamsBytesPerSecond);
  }

  get finalCapBytesPerSecond(): number {
    return Math.min(this.settings.finalCopyBytesPerSecond, this.settings.streamsBytesPerSecond);
  }

  private get quotaBytes(): number {
    return this.maxBandwidthBytesPerSecond * this.settings.windowSeconds;
  }

  /** The rate limit holds at once, the downtime limit from the next window's threshold on (migration.c, migration_update_counters). */
  changeLimits({ maxBandwidthBytesPerSecond, downtimeLimitSeconds }: LimitChanges): boolean {
    this.maxBandwidthBytesPerSecond = maxBandwidthBytesPerSecond ?? this.maxBandwidthBytesPerSecond;
    this.downtimeLimitSeconds = downtimeLimitSeconds ?? this.downtimeLimitSeconds;
    this.window.irregular = true;
    this.repeatSeconds = 0;
    return true;
  }

  /** The loop goes on, in the window that it is in, with other limits. */
  enterPostCopy(_nowSeconds: number, { maxBandwidthBytesPerSecond, placingBytesPerSecond }: PostCopyLimits): void {
    this.inPostCopy = true;
    this.copyBytesPerSecond = placingBytesPerSecond;
    this.finalCopyBytesPerSecond = placingBytesPerSecond;
    this.changeLimits({ maxBandwidthBytesPerSecond });
  }

  queuedBytes(nowSeconds: number): number {
    return this.socket.level(nowSeconds, this.rateBytesPerSecond);
  }

  begin(atSeconds: number): void {
    this.window.openedSeconds = atSeconds;
    this.xbzrle?.begin(atSeconds);
    this.socket.blockUntil(atSeconds + this.settings.slowStartLagSeconds);
  }

  /**
   * A flow that gets all that max-bandwidth lets it use sends in bursts at the link's own rate, with pauses; one that gets
   * less is drained at what it gets.
   */
  setRate(bytesPerSecond: number): void {
    const { linkBytesPerSecond } = this.settings;
    this.rateBytesPerSecond = bytesPerSecond;
    this.drainBytesPerSecond = bytesPerSecond >= this.maxBandwidthBytesPerSecond ? linkBytesPerSecond : bytesPerSecond;
    this.window.irregular = true;
    this.repeatSeconds = 0;
  }

  roundIsOver(): boolean {
    const { pendingPages } = this.log;
    return pendingPages === 0 || pendingPages * this.settings.pageSizeBytes < this.thresholdBytes;
  }

  advance(nowSeconds: number): number {
    const { window } = this;
    // Something else happened while a section was on its way: it goes on to its end.
    if (nowSeconds < this.busyUntilSeconds) return this.busyUntilSeconds;
    this.xbzrle?.goOn(nowSeconds);
    if (window.bytes === 0 && this.repeatSeconds > 0 && this.startStride(nowSeconds)) {
      return this.strideUnderWay.untilSeconds;
    }
    this.busyUntilSeconds = this.turn(nowSeconds);
    this.xbzrle?.passed();
    return this.busyUntilSeconds;
  }

  /** One turn of the loop; returns when the next one begins. */
  private turn(nowSeconds: number): number {
    const { settings, window } = this;
    let atSeconds = nowSeconds;
    if (window.bytes < this.quotaBytes) atSeconds = this.sendSection(nowSeconds);
    // In post-copy a guest that waits for pages wakes the loop, which sends nothing then, but sees that little is left.
    if (this.inPostCopy && this.roundIsOver()) return atSeconds;
    if (window.bytes >= this.quotaBytes) {
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

  settle(nowSeconds: number): void {
    const stride = this.strideUnderWay;
    if (stride.windows === 0) return;
    const { startSeconds } = stride;
    const windows =
      nowSeconds >= stride.untilSeconds ? stride.windows : (nowSeconds - startSeconds) / this.repeatSeconds;
    stride.windows = 0;
    const whole = Math.floor(windows);
    this.window.openedSeconds = startSeconds + whole * this.repeatSeconds;
    if (this.repeatBytes < this.quotaBytes || this.linkIsLimit()) {
      // Pages go out all the time: a window that was cut short is given up, and a new one opens.
      this.socket.skipTo(nowSeconds);
      this.bookWindows(windows, startSeconds, nowSeconds);
      if (windows > whole) this.window.openedSeconds = nowSeconds;
      return;
    }
    // Bursts go out at the beginning of their window.
    const begun = windows > whole ? whole + 1 : whole;
    this.bookWindows(begun, startSeconds, nowSeconds);
    if (begun > whole) {
      this.window.bytes = this.repeatBytes;
      // Its pages and sections are booked: it is not one to be repeated.
      this.window.irregular = true;
    }
  }

  finalCopy(nowSeconds: number): FinalCopy {
    const { settings, log, socket, totals } = this;
    const { wire } = settings;
    const rate = this.rateBytesPerSecond;
    const zeroPages = log.pendingZeroPages;
    const pages = log.pendingPages - zeroPages;
    const wholePageSeconds = wire.pageBytes / this.finalCopyBytesPerSecond;
    let bytes = 0;
    let copySeconds = zeroPages * settings.zeroPageSeconds;
    this.xbzrle?.goOn(nowSeconds);
    if (this.xbzrle?.inUse === true) {
      const encoded = this.xbzrle.sendAll(nowSeconds, wholePageSeconds);
      bytes += encoded.bytes;
      copySeconds += encoded.seconds;
    } else {
      bytes += this.bytesOf(pages, false);
      copySeconds += (pages * wire.pageBytes) / this.finalCopyBytesPerSecond;
    }
    bytes += this.bytesOf(zeroPages, true) + this.sectionBytes(true);
    const waitingInSocket = socket.level(nowSeconds, rate);
    const writtenSeconds = Math.max(copySeconds, socket.writeSeconds(bytes, nowSeconds, rate));
    // The socket is freed by acknowledgements, which come one way later than the bytes: the last byte is there one way
    // before its room in the socket is free, but no sooner than one way after it was written.
    const arrivedSeconds = Math.max(
      writtenSeconds + settings.latencySeconds,
      (waitingInSocket + bytes) / rate - settings.latencySeconds,
    );
    totals.pages += pages;
    totals.zeroPages += zeroPages;
    totals.bytes += bytes;
    while (log.pendingPages > 0) {
      log.nextStretch(this.stretch);
      log.send(this.stretch.pages, nowSeconds, nowSeconds + writtenSeconds);
    }
    return { writtenSeconds, arrivedSeconds, bytes };
  }

  /** Whether the link, not the quota nor the sender's own speed, decides how much a window holds. */
  private linkIsLimit(): boolean {
    const { settings, drainBytesPerSecond } = this;
    return (
      drainBytesPerSecond < this.copyBytesPerSecond && drainBytesPerSecond * settings.windowSeconds < this.quotaBytes
    );
  }

  /** Sends one section from `nowSeconds`; returns when it ends. */
  private sendSection(nowSeconds: number): number {
    const { settings, log, window, stretch, totals, socket } = this;
    const { wire } = settings;
    const drain = this.drainBytesPerSecond;
    const blocks = drain < this.copyBytesPerSecond;
    let atSeconds = nowSeconds;
    let sectionPages = 0;
    for (;;) {
      log.nextStretch(stretch);
      if (stretch.pages === 0) {
        window.irregular = true;
        break;
      }
      let pageBytes = stretch.zero ? wire.zeroPageBytes : wire.pageBytes;
      let pageSeconds = stretch.zero ? settings.zeroPageSeconds : wire.pageBytes / this.copyBytesPerSecond;
      const xbzrle = !stretch.zero && this.xbzrle?.inUse === true ? this.xbzrle : null;
      if (xbzrle !== null) {
        const batch = xbzrle.next(atSeconds, stretch.pages, pageSeconds);
        stretch.pages = batch.pages;
        pageBytes = Math.max(batch.pageBytes, LEAST_MEAN_PAGE_BYTES);
        pageSeconds = batch.pageSeconds;
      }
      const leftSeconds = settings.sectionSeconds - (atSeconds - nowSeconds);
      let inTime = Math.floor(leftSeconds / pageSeconds) + 1;
      if (blocks) {
        inTime = Math.min(inTime, Math.floor(socket.bytesAcceptedAfter(leftSeconds, atSeconds, drain) / pageBytes) + 1);
      }
      inTime = untilClockCheck(sectionPages + Math.max(inTime, 1), settings.pagesPerClockCheck) - sectionPages;
      const quotaLeft = this.quotaBytes - window.bytes;
      const inQuota = xbzrle === null ? this.pagesToReach(quotaLeft, stretch.zero) : Math.ceil(quotaLeft / pageBytes);
      const pages = Math.min(stretch.pages, inTime, inQuota);

      const bytes = xbzrle === null ? this.bytesOf(pages, stretch.zero) : xbzrle.send(pages, atSeconds);
      let seconds = pages * pageSeconds;
      if (blocks) {
        seconds = Math.max(seconds, socket.writeSeconds(bytes, atSeconds, drain));
        socket.accept(bytes, atSeconds + seconds, drain);
      }
      log.send(pages, atSeconds, atSeconds + seconds);
      atSeconds += seconds;
      sectionPages += pages;
      window.bytes += bytes;
      totals.bytes += bytes;
      if (stretch.zero) {
        totals.zeroPages += pages;
        window.irregular = true;
      } else {
        totals.pages += pages;
        window.pages += pages;
      }
      if (pages === inTime || pages === inQuota) break;
    }
    window.sections++;
    const sectionBytes = this.sectionBytes(stretch.pages === 0);
    // A packet that a section's end sends half full holds pages: it takes its time of the link as they do.
    if (blocks && settings.packets !== null) {
      const seconds = socket.writeSeconds(sectionBytes, atSeconds, drain);
      socket.accept(sectionBytes, atSeconds + seconds, drain);
      atSeconds += seconds;
    }
    window.bytes += sectionBytes;
    totals.bytes += sectionBytes;
    return atSeconds;
  }

  /** Pages until `bytes` more have gone out. */
  private pagesToReach(bytes: number, zero: boolean): number {
    const { wire, packets } = this.settings;
    if (packets === null) return Math.ceil(bytes / (zero ? wire.zeroPageBytes : wire.pageBytes));
    const dataBytes = zero ? packets.zeroPageBytes : packets.pageBytes;
    return dataBytes === null
      ? Math.ceil(bytes / wire.zeroPageBytes)
      : (this.packets as PacketFill).pagesToReach(bytes, dataBytes);
  }

  /** What goes out as these pages are sent: whole packets, where pages travel in packets. */
  private bytesOf(pages: number, zero: boolean): number {
    const { wire, packets } = this.settings;
    if (packets === null) return pages * (zero ? wire.zeroPageBytes : wire.pageBytes);
    const dataBytes = zero ? packets.zeroPageBytes : packets.pageBytes;
    return dataBytes === null ? pages * wire.zeroPageBytes : (this.packets as PacketFill).add(pages, dataBytes);
  }

  /** What the end of a section costs, `nothingLeft` where it is the end of a pass too. */
  private sectionBytes(nothingLeft: boolean): number {
    const { wire, packets } = this.settings;
    if (packets === null || !(packets.syncsEachSection || nothingLeft)) return wire.sectionBytes;
    return wire.sectionBytes + (this.packets as PacketFill).synchronise();
  }

  /** The window ends at `atSeconds`; its bandwidth is taken over `countedSeconds`, which leaves out what was overslept. */
  private closeWindow(atSeconds: number, countedSeconds: number): void {
    const { window, settings } = this;
    const bytesPerSecond = settings.switchoverBytesPerSecond || window.bytes / countedSeconds;
    this.thresholdBytes = bytesPerSecond * this.downtimeLimitSeconds;
    if (window.irregular) {
      this.repeatSeconds = 0;
    } else {
      this.repeatSeconds = atSeconds - window.openedSeconds;
      this.repeatBytes = window.bytes;
      this.repeatSections = window.sections;
      // Packets that go out half full at a section's end are part of what a page costs.
      this.repeatPageBytes = settings.packets === null ? settings.wire.pageBytes : window.bytes / window.pages;
      // Where the link is the limit, windows hold a few pages more or less by turns: their mean is what the link drains.
      this.repeatPages = this.linkIsLimit()
        ? (this.drainBytesPerSecond * this.repeatSeconds) / this.repeatPageBytes
        : window.pages;
    }
    window.openedSeconds = atSeconds;
    window.bytes = 0;
    window.pages = 0;
    window.sections = 0;
    window.irregular = false;
  }

  /** Sets out over as many windows as surely repeat the last one without a decision; false where that is fewer than two. */
  private startStride(nowSeconds: number): boolean {
    this.log.nextStretch(this.stretch);
    if (this.stretch.zero || this.xbzrle?.inUse === true) return false;
    const aboveThreshold = this.log.pendingPages - this.thresholdBytes / this.settings.pageSizeBytes;
    const windows = Math.floor(Math.min(aboveThreshold, this.stretch.pages) / this.repeatPages);
    if (windows < 2) return false;
    this.strideUnderWay.windows = windows;
    this.strideUnderWay.startSeconds = nowSeconds;
    this.strideUnderWay.untilSeconds = nowSeconds + windows * this.repeatSeconds;
    return true;
  }

  /** Books the pages of so many repeated windows, a fraction allowed. */
  private bookWindows(windows: number, fromSeconds: number, toSeconds: number): void {
    const { wire, packets } = this.settings;
    const pages = Math.floor(windows * this.repeatPages);
    if (pages === 0) return;
    this.log.send(pages, fromSeconds, toSeconds);
    this.xbzrle?.passed();
    this.totals.pages += pages;
    this.totals.bytes +=
      packets === null
        ? pages * wire.pageBytes + Math.floor(windows * this.repeatSections) * wire.sectionBytes
        : Math.round(pages * this.repeatPageBytes);
  }
}

/** Pages that have not changed cost nothing; but the mean over a batch is divided by. */
const LEAST_MEAN_PAGE_BYTES = 1e-6;

/** The least page count of a section, not under `pages`, at which the loop looks at its clock: after pages 1, 65, 129, ... */
function untilClockCheck(pages: number, pagesPerClockCheck: number): number {
  return Math.ceil((pages - 1) / pagesPerClockCheck) * pagesPerClockCheck + 1;
}
