/**
 * XBZRLE (QEMU migration/ram.c save_xbzrle_page, page_cache.c; 7.2): the sender keeps a cache of pages as it last sent them,
 * and of a page that it finds there it sends only what has changed since.
 *
 * The cache is direct-mapped by page number. Nothing is kept page by page here: the used memory is cut into some hundred
 * cells that map to the same number of slots, and for each the shares of its pages in the cache are carried along as
 * expectations, by when they were last sent. So a pass costs the same whatever the memory's size.
 *
 * Of a page found in the cache, three things can be: it has not changed since it was last sent (it was written before that,
 * but after its tracking was armed), and nothing is sent; its changed words are encoded; or they are so many that it is sent
 * whole. Every write of a class is taken to change the same words of a page, which is what the measured runs show.
 */
import { exp } from "../kernel/exact-math.ts";
import type { DirtyLog, Stretch } from "../memory/dirty-log.ts";
import { type GuestMemory, PAGE_BYTES, type PageClass } from "../memory/page-class.ts";
import { WriteActivity } from "../memory/write-activity.ts";
import { SlotCells } from "./xbzrle-slots.ts";

export interface XbzrleSettings {
  /** Pages that the cache holds; a power of two. */
  readonly slots: number;
  /** A page is not put in another's place that was used since the read of the bitmap so many reads back. */
  readonly lifetimeReads: number;
  /** Sent with an encoded page, beside the encoding. */
  readonly headerBytes: number;
  /** The encoding of a page of which so many words changed: `encodingBytes` and `wordBytes` for each. */
  readonly encodingBytes: number;
  readonly wordBytes: number;
  /** A page sent whole, its header included. */
  readonly wholePageBytes: number;
  /** Comparing a page with the cache's, and encoding a changed word. */
  readonly pageSeconds: number;
  readonly wordSeconds: number;
  /** Putting a page into the cache. */
  readonly insertSeconds: number;
  /** Tracking is armed so many pages at a time, as the scan enters them; 0 where it is at the read. */
  readonly chunkPages: number;
}

/** What the scan meets next, as far as one thing can be said of it. */
export interface XbzrleBatch {
  pages: number;
  /** Of a page, on average. */
  pageBytes: number;
  pageSeconds: number;
}

export class Xbzrle {
  private readonly log: DirtyLog;
  private readonly settings: XbzrleSettings;
  private readonly classes: readonly PageClass[];
  private readonly activity: WriteActivity;
  private readonly cells: SlotCells;
  private readonly stretch: Stretch = { pages: 0, zero: false };
  private readonly batch: XbzrleBatch = { pages: 0, pageBytes: 0, pageSeconds: 0 };
  private readonly chunkEnteredSeconds: Float64Array;

  private pendingPages = 0;
  private readSeconds = 0;
  private lastScanPage = 0;
  private wrapped = false;
  private cell = 0;
  /** Bytes owed to the whole number that was sent. */
  private owedBytes = 0;

  constructor(log: DirtyLog, memory: GuestMemory, settings: XbzrleSettings) {
    this.log = log;
    this.settings = settings;
    this.classes = memory.classes;
    this.activity = new WriteActivity(memory.classes);
    this.cells = new SlotCells(
      Math.max(1, memory.totalPages - memory.zeroPages),
      settings.slots,
      settings.lifetimeReads,
    );
    const chunks = settings.chunkPages === 0 ? 0 : Math.ceil(memory.totalPages / settings.chunkPages);
    this.chunkEnteredSeconds = new Float64Array(chunks).fill(Number.NaN);
  }

  begin(atSeconds: number): void {
    this.readSeconds = atSeconds;
    this.pendingPages = this.log.pendingPages;
  }

  /** The sender goes on at `nowSeconds`: more pages wait than it left behind where the bitmap was read meanwhile. */
  goOn(nowSeconds: number): void {
    if (this.log.pendingPages > this.pendingPages) {
      this.readSeconds = nowSeconds;
      this.cells.age();
      this.chunkEnteredSeconds.fill(Number.NaN);
    }
    this.pendingPages = this.log.pendingPages;
  }

  /** Pages were passed without the cache. */
  passed(): void {
    this.pendingPages = this.log.pendingPages;
  }

  /** From the second time on that the scan goes through memory (xbzrle_enabled, set as it wraps). */
  get inUse(): boolean {
    if (!this.wrapped) {
      const { scanPage } = this.log;
      if (scanPage < this.lastScanPage) this.wrapped = true;
      this.lastScanPage = scanPage;
    }
    return this.wrapped;
  }

  /** The next waiting pages that are not zero, up to the end of a cell; `wholePageSeconds` is what sending one whole takes. */
  next(atSeconds: number, mostPages: number, wholePageSeconds: number): XbzrleBatch {
    const { log, cells, settings, batch } = this;
    const scanPage = Math.min(log.scanPage, cells.pages - 1);
    let page = scanPage;
    let pages = 0;
    while (pages === 0) {
      const end = cells.endOf(page);
      pages = Math.ceil(log.waitingIn(page, end - page));
      if (pages > 0 || end >= cells.pages) break;
      page = end;
    }
    this.cell = cells.cellOf(page);
    batch.pages = Math.max(1, Math.min(pages, mostPages));
    cells.enter(this.cell);
    const { latestShare, olderShare } = cells;
    const latestUnchanged = latestShare === 0 ? 0 : this.unchangedShare(page, atSeconds);
    const changedShare = latestShare * (1 - latestUnchanged) + olderShare;
    const hitShare = latestShare + olderShare;
    const sinceSeconds = cells.lastSentSeconds(this.cell);
    const words = this.changedWords(page, sinceSeconds, atSeconds);
    const encodedBytes = settings.encodingBytes + words * settings.wordBytes;
    const changedBytes = encodedBytes > PAGE_BYTES ? settings.wholePageBytes : settings.headerBytes + encodedBytes;
    batch.pageBytes = changedShare * changedBytes + (1 - hitShare) * settings.wholePageBytes;
    batch.pageSeconds =
      hitShare * settings.pageSeconds +
      changedShare * words * settings.wordSeconds +
      (1 - hitShare) * (wholePageSeconds + settings.insertSeconds);
    return batch;
  }

  /** So many of the batch's pages are sent at `atSeconds`; returns their bytes, whole ones, the rest being owed. */
  send(pages: number, atSeconds: number): number {
    const { cells, batch, log, settings, cell } = this;
    let armedSeconds = this.readSeconds;
    if (settings.chunkPages > 0) {
      const chunk = Math.floor(log.scanPage / settings.chunkPages);
      const entered = this.chunkEnteredSeconds[chunk] as number;
      if (Number.isNaN(entered)) this.chunkEnteredSeconds[chunk] = atSeconds;
      armedSeconds = Number.isNaN(entered) ? atSeconds : entered;
    }
    cells.send(cell, pages, atSeconds, armedSeconds);
    this.owedBytes += pages * batch.pageBytes;
    const bytes = Math.floor(this.owedBytes);
    this.owedBytes -= bytes;
    return bytes;
  }

  /** All waiting pages go out from `atSeconds` on; what they come to. */
  sendAll(atSeconds: number, wholePageSeconds: number): { bytes: number; seconds: number } {
    const { log, stretch } = this;
    let bytes = 0;
    let seconds = 0;
    while (log.pendingPages > 0) {
      log.nextStretch(stretch);
      let pages = stretch.pages;
      if (!stretch.zero) {
        const batch = this.next(atSeconds + seconds, pages, wholePageSeconds);
        pages = batch.pages;
        bytes += this.send(pages, atSeconds + seconds);
        seconds += pages * batch.pageSeconds;
      }
      log.send(pages, atSeconds + seconds, atSeconds + seconds);
    }
    return { bytes, seconds };
  }

  /**
   * Of pages sent when the scan was here last and waiting again, those that have not changed since: written between the
   * arming of their tracking and their sending, and not after it.
   */
  private unchangedShare(page: number, atSeconds: number): number {
    const { sentSeconds, armedSeconds } = this.cells.latestTimes(this.cell);
    const waiting = 1 - this.survival(page, armedSeconds, this.readSeconds);
    if (waiting <= 0) return 0;
    const unchanged =
      this.survival(page, sentSeconds, atSeconds) * (1 - this.survival(page, armedSeconds, sentSeconds));
    return Math.min(1, unchanged / waiting);
  }

  /** Probability that a page is not written in the interval. */
  private survival(page: number, fromSeconds: number, toSeconds: number): number {
    let hazard = 0;
    for (const [index, { firstPage, pages, pattern }] of this.classes.entries()) {
      if (page < firstPage || page >= firstPage + pages) continue;
      if (pattern === "uniform") hazard += this.activity.hazardBetween(index, fromSeconds, toSeconds);
      else if (this.sweeps(index, page, fromSeconds, toSeconds)) return 0;
    }
    return exp(-hazard);
  }

  /** Whether a sweep comes over the page in the interval. */
  private sweeps(index: number, page: number, fromSeconds: number, toSeconds: number): boolean {
    const { firstPage, pages } = this.classes[index] as PageClass;
    const from = this.activity.sweptPages(index, fromSeconds);
    const written = this.activity.sweptPages(index, toSeconds) - from;
    const ahead = (page - firstPage - (from % pages) + pages) % pages;
    return ahead < written;
  }

  /** Words that differ, of a page that was written: those of whichever class that wrote it changes most. */
  private changedWords(page: number, fromSeconds: number, toSeconds: number): number {
    const writers: { words: number; silent: number }[] = [];
    for (const [index, { firstPage, pages, pattern, wordsPerWrite }] of this.classes.entries()) {
      if (page < firstPage || page >= firstPage + pages) continue;
      const silent =
        pattern === "uniform"
          ? exp(-this.activity.hazardBetween(index, fromSeconds, toSeconds))
          : Number(!this.sweeps(index, page, fromSeconds, toSeconds));
      writers.push({ words: wordsPerWrite, silent });
    }
    if (writers.length < 2) return writers[0]?.words ?? 0;
    writers.sort((one, other) => other.words - one.words);
    let words = 0;
    let noneBefore = 1;
    for (const { words: changed, silent } of writers) {
      words += changed * noneBefore * (1 - silent);
      noneBefore *= silent;
    }
    return noneBefore === 1 ? (writers[0]?.words ?? 0) : words / (1 - noneBefore);
  }
}
