/**
 * Writes waiting pages to the socket: one section after the other (QEMU migration/ram.c, ram_save_iterate), windows of
 * sections at once, or all that waits (ram_save_complete).
 */
import type { DirtyLog, Stretch } from "../memory/dirty-log.ts";
import type { SendSocket } from "../network/tcp.ts";
import type { PacketFormat } from "./packet-fill.ts";
import { framingOf, type PageFraming } from "./page-framing.ts";
import type { FinalCopy, SentTotals, WireFormat } from "./page-sender.ts";
import type { SendPace } from "./send-pace.ts";
import type { SendWindow } from "./send-window.ts";
import type { Xbzrle } from "./xbzrle.ts";

/** Pages that have not changed cost nothing; but the mean over a batch is divided by. */
const LEAST_MEAN_PAGE_BYTES = 1e-6;

export interface SectionSettings {
  readonly wire: WireFormat;
  /** How pages are gathered into packets; `wire` then tells what a page costs on average. Null where each goes by itself. */
  readonly packets: PacketFormat | null;
  /** MAX_WAIT: 50 ms. */
  readonly sectionSeconds: number;
  /** Pages between two looks at the clock: 64. */
  readonly pagesPerClockCheck: number;
  /** Finding that a page is zero, and saying so. */
  readonly zeroPageSeconds: number;
  /** One way through the link. */
  readonly latencySeconds: number;
}

export class SectionWriter {
  readonly totals: SentTotals = { pages: 0, zeroPages: 0, bytes: 0 };
  readonly framing: PageFraming;

  private readonly log: DirtyLog;
  private readonly socket: SendSocket;
  private readonly pace: SendPace;
  private readonly settings: SectionSettings;
  private readonly xbzrle: Xbzrle | null;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  /** What a page of the stretch costs. */
  private pageBytes = 0;
  private pageSeconds = 0;

  /** @param xbzrle sends only what has changed of pages that its cache holds; null where pages are sent whole. */
  constructor(log: DirtyLog, socket: SendSocket, pace: SendPace, settings: SectionSettings, xbzrle: Xbzrle | null) {
    this.log = log;
    this.socket = socket;
    this.pace = pace;
    this.settings = settings;
    this.xbzrle = xbzrle;
    this.framing = framingOf(settings.wire, settings.packets);
  }

  /** Writes one section from `nowSeconds`, until the window's quota is used up or time is; returns when it ends. */
  write(window: SendWindow, nowSeconds: number): number {
    const { log, stretch, totals, socket, framing, pace } = this;
    const { drainBytesPerSecond, isBlocked, quotaBytes } = pace;
    let atSeconds = nowSeconds;
    let sectionPages = 0;
    for (;;) {
      log.nextStretch(stretch);
      if (stretch.pages === 0) {
        window.irregular = true;
        break;
      }
      const xbzrle = this.priceStretch(atSeconds);
      const inTime = this.pagesInTime(sectionPages, atSeconds - nowSeconds, atSeconds);
      const quotaLeft = quotaBytes - window.bytes;
      const inQuota =
        xbzrle === null ? framing.pagesToReach(quotaLeft, stretch.zero) : Math.ceil(quotaLeft / this.pageBytes);
      const pages = Math.min(stretch.pages, inTime, inQuota);

      const bytes = xbzrle === null ? framing.send(pages, stretch.zero) : xbzrle.send(pages, atSeconds);
      let seconds = pages * this.pageSeconds;
      if (isBlocked) {
        seconds = Math.max(seconds, socket.writeSeconds(bytes, atSeconds, drainBytesPerSecond));
        socket.accept(bytes, atSeconds + seconds, drainBytesPerSecond);
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
    return this.endSection(window, atSeconds);
  }

  /** Pages and section ends of windows like one before go out, evenly; a page comes to `pageBytes`. */
  writeEvenly(pages: number, sections: number, pageBytes: number, fromSeconds: number, toSeconds: number): void {
    this.log.send(pages, fromSeconds, toSeconds);
    this.xbzrle?.passed();
    this.totals.pages += pages;
    this.totals.bytes += this.framing.bytesOfWindows(pages, sections, pageBytes);
  }

  /** Writes all that waits, the guest standing still. */
  writeAll(nowSeconds: number): FinalCopy {
    const { settings, log, socket, totals, xbzrle, framing } = this;
    const { rateBytesPerSecond, finalCopyBytesPerSecond } = this.pace;
    const { latencySeconds } = settings;
    const { pageBytes } = settings.wire;
    const zeroPages = log.pendingZeroPages;
    const pages = log.pendingPages - zeroPages;
    let bytes = 0;
    let copySeconds = zeroPages * settings.zeroPageSeconds;
    xbzrle?.goOn(nowSeconds);
    if (xbzrle?.inUse === true) {
      const encoded = xbzrle.sendAll(nowSeconds, pageBytes / finalCopyBytesPerSecond);
      bytes += encoded.bytes;
      copySeconds += encoded.seconds;
    } else {
      bytes += framing.send(pages, false);
      copySeconds += (pages * pageBytes) / finalCopyBytesPerSecond;
    }
    bytes += framing.send(zeroPages, true) + framing.endSection(true);
    const waitingInSocket = socket.level(nowSeconds, rateBytesPerSecond);
    const writtenSeconds = Math.max(copySeconds, socket.writeSeconds(bytes, nowSeconds, rateBytesPerSecond));
    // The socket is freed by acknowledgements, which come one way later than the bytes: the last byte is there one way
    // before its room in the socket is free, but no sooner than one way after it was written.
    const arrivedSeconds = Math.max(
      writtenSeconds + latencySeconds,
      (waitingInSocket + bytes) / rateBytesPerSecond - latencySeconds,
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

  /** What a page of the stretch costs; where only what has changed is sent, the stretch is cut, and what sends it returned. */
  private priceStretch(atSeconds: number): Xbzrle | null {
    const { stretch, settings, xbzrle } = this;
    const { wire } = settings;
    if (stretch.zero) {
      this.pageBytes = wire.zeroPageBytes;
      this.pageSeconds = settings.zeroPageSeconds;
      return null;
    }
    this.pageBytes = wire.pageBytes;
    this.pageSeconds = wire.pageBytes / this.pace.copyBytesPerSecond;
    if (xbzrle?.inUse !== true) return null;
    const batch = xbzrle.next(atSeconds, stretch.pages, this.pageSeconds);
    stretch.pages = batch.pages;
    this.pageBytes = Math.max(batch.pageBytes, LEAST_MEAN_PAGE_BYTES);
    this.pageSeconds = batch.pageSeconds;
    return xbzrle;
  }

  /** Pages of the stretch until the loop sees at its clock that the section's time is over, `goneSeconds` of it being gone. */
  private pagesInTime(sectionPages: number, goneSeconds: number, atSeconds: number): number {
    const { pace, settings } = this;
    const leftSeconds = settings.sectionSeconds - goneSeconds;
    let pages = Math.floor(leftSeconds / this.pageSeconds) + 1;
    if (pace.isBlocked) {
      const accepted = this.socket.bytesAcceptedAfter(leftSeconds, atSeconds, pace.drainBytesPerSecond);
      pages = Math.min(pages, Math.floor(accepted / this.pageBytes) + 1);
    }
    return untilClockCheck(sectionPages + Math.max(pages, 1), settings.pagesPerClockCheck) - sectionPages;
  }

  /** Returns when the section's end is written. */
  private endSection(window: SendWindow, atSeconds: number): number {
    const { socket, framing, totals } = this;
    const { drainBytesPerSecond, isBlocked } = this.pace;
    const bytes = framing.endSection(this.stretch.pages === 0);
    window.bytes += bytes;
    totals.bytes += bytes;
    if (!isBlocked || !framing.holdsPagesBack) return atSeconds;
    const endSeconds = atSeconds + socket.writeSeconds(bytes, atSeconds, drainBytesPerSecond);
    socket.accept(bytes, endSeconds, drainBytesPerSecond);
    return endSeconds;
  }
}

/** The least page count of a section, not under `pages`, at which the loop looks at its clock: after pages 1, 65, 129, ... */
function untilClockCheck(pages: number, pagesPerClockCheck: number): number {
  return Math.ceil((pages - 1) / pagesPerClockCheck) * pagesPerClockCheck + 1;
}
