/**
 * The dirty log page by page: every write is drawn and set in a real bitmap. Slower than counts by far, it is the judge
 * of `statistical-dirty-log.ts`, and it knows which pages are dirty.
 */
import { poisson } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { Xoshiro128 } from "../kernel/xoshiro128.ts";
import type { Batches, DirtyLog, PeekedPass, Rearm, Stretch } from "./dirty-log.ts";
import { PageBitmap, type Removed } from "./page-bitmap.ts";
import type { GuestMemory, PageClass } from "./page-class.ts";
import type { WriteActivity } from "./write-activity.ts";

export class BitmapDirtyLog implements DirtyLog {
  pendingPages = 0;
  pendingZeroPages = 0;

  /** Pages that wait to be sent. */
  readonly waiting: PageBitmap;
  /** Pages written since tracking was armed. */
  readonly written: PageBitmap;

  private readonly memory: GuestMemory;
  private readonly activity: WriteActivity;
  private readonly random: RandomStream;
  private readonly generator: Xoshiro128;
  private readonly firstZeroPage: number;
  /** 0 where tracking is armed at the read. */
  private readonly chunkPages: number;
  /** Pages found dirty at the last read, which is what arming a chunk clears. */
  private readonly found: PageBitmap;
  private readonly chunkArmed: Uint8Array;

  scanPage = 0;
  private readonly removed: Removed = { clean: 0, others: 0, end: 0 };
  private drawnUntilSeconds = 0;

  constructor(memory: GuestMemory, activity: WriteActivity, rearm: Rearm, random: RandomStream) {
    this.memory = memory;
    this.activity = activity;
    this.random = random;
    this.generator = new Xoshiro128(random);
    this.firstZeroPage = memory.totalPages - memory.zeroPages;
    this.waiting = new PageBitmap(memory.totalPages);
    this.written = new PageBitmap(memory.totalPages);
    this.chunkPages = rearm.kind === "by-chunk" ? rearm.chunkPages : 0;
    const byChunk = this.chunkPages > 0;
    this.found = new PageBitmap(byChunk ? memory.totalPages : 0);
    this.chunkArmed = new Uint8Array(byChunk ? Math.ceil(memory.totalPages / this.chunkPages) : 0);
  }

  begin(atSeconds: number): void {
    this.waiting.fill();
    this.written.clear();
    this.pendingPages = this.memory.totalPages;
    this.pendingZeroPages = this.memory.zeroPages;
    this.scanPage = 0;
    this.drawnUntilSeconds = atSeconds;
    if (this.chunkPages > 0) {
      this.found.fill();
      this.chunkArmed.fill(0);
    }
  }

  sync(atSeconds: number): number {
    this.drawWritesUntil(atSeconds);
    const added = this.waiting.addAll(this.written);
    this.pendingPages += added;
    // Pages of a chunk that was not armed stay in a real log; but they wait, so that nothing is lost by forgetting them.
    this.written.clear();
    if (this.chunkPages > 0) {
      this.found.copyFrom(this.waiting);
      this.chunkArmed.fill(0);
    }
    return added;
  }

  nextStretch(stretch: Stretch): void {
    if (this.pendingPages === 0) {
      stretch.pages = 0;
      return;
    }
    let first = this.waiting.nextFrom(this.scanPage);
    if (first < 0) first = this.waiting.nextFrom(0);
    stretch.zero = first >= this.firstZeroPage;
    if (this.pendingZeroPages === 0 || this.pendingZeroPages === this.pendingPages) {
      stretch.pages = this.pendingPages;
    } else if (stretch.zero) {
      stretch.pages = this.waiting.countIn(first, this.memory.totalPages);
    } else {
      stretch.pages = this.waiting.countIn(first, this.firstZeroPage);
    }
  }

  send(pages: number, fromSeconds: number, toSeconds: number): void {
    const secondsPerPage = (toSeconds - fromSeconds) / pages;
    for (let left = pages; left > 0; ) {
      let first = this.waiting.nextFrom(this.scanPage);
      if (first < 0) first = this.waiting.nextFrom(0);
      let end = this.memory.totalPages;
      if (this.chunkPages > 0) {
        const chunk = Math.floor(first / this.chunkPages);
        end = Math.min(end, (chunk + 1) * this.chunkPages);
        this.armChunk(chunk, fromSeconds + (pages - left) * secondsPerPage);
      }
      const here = Math.min(left, this.waiting.countIn(first, end));
      this.scanPage = this.waiting.removeNext(first, here);
      if (first >= this.firstZeroPage) this.pendingZeroPages -= here;
      this.pendingPages -= here;
      left -= here;
    }
    if (this.pendingPages === 0) this.scanPage = 0;
  }

  passPeeking({ pages }: Batches, atSeconds: number, passed: PeekedPass): void {
    const { waiting, written, removed, firstZeroPage } = this;
    this.drawWritesUntil(atSeconds);
    waiting.removeClean(this.scanPage, firstZeroPage, pages, written, removed);
    passed.pages = removed.clean;
    passed.zeroPages = 0;
    passed.skippedPages = removed.others;
    this.scanPage = removed.end;
    if (passed.pages < pages) {
      waiting.removeClean(this.scanPage, this.memory.totalPages, pages - passed.pages, written, removed);
      passed.pages += removed.clean;
      passed.zeroPages = removed.clean;
      this.scanPage = removed.end;
    }
    this.pendingPages -= passed.pages + passed.skippedPages;
    this.pendingZeroPages -= passed.zeroPages;
    if (this.pendingPages === 0) this.scanPage = 0;
  }

  waitingIn(firstPage: number, pages: number): number {
    return this.waiting.countIn(firstPage, firstPage + pages);
  }

  widen(unitPages: number): number {
    const { totalPages } = this.memory;
    const before = this.pendingPages;
    for (let first = 0; first < totalPages; first += unitPages) {
      const end = Math.min(first + unitPages, totalPages);
      const waiting = this.waiting.countIn(first, end);
      if (waiting === 0 || waiting === end - first) continue;
      const firstZero = Math.min(end, Math.max(first, this.firstZeroPage));
      this.pendingZeroPages += end - firstZero - this.waiting.countIn(firstZero, end);
      this.waiting.setRange(first, end - first);
      this.pendingPages += end - first - waiting;
    }
    return this.pendingPages - before;
  }

  /** Clears from the log what was found dirty at the last read: from now on only newer writes count. */
  private armChunk(chunk: number, atSeconds: number): void {
    if (this.chunkArmed[chunk] === 1) return;
    this.chunkArmed[chunk] = 1;
    this.drawWritesUntil(atSeconds);
    const first = chunk * this.chunkPages;
    this.written.removeIn(first, Math.min(this.chunkPages, this.memory.totalPages - first), this.found);
  }

  private drawWritesUntil(atSeconds: number): void {
    this.activity.classes.forEach((pageClass, index) => {
      const writes = this.activity.writesBetween(index, this.drawnUntilSeconds, atSeconds);
      if (pageClass.pattern === "sweep") this.sweep(index, pageClass, atSeconds);
      else if (writes > 0) {
        // Here a run with this log spends its time.
        this.generator.setBits(this.written.words, pageClass.firstPage, pageClass.pages, poisson(this.random, writes));
      }
    });
    this.drawnUntilSeconds = atSeconds;
  }

  private sweep(index: number, { firstPage, pages }: PageClass, atSeconds: number): void {
    const from = this.activity.sweptPages(index, this.drawnUntilSeconds);
    const swept = Math.min(this.activity.sweptPages(index, atSeconds) - from, pages);
    if (swept <= 0) return;
    const head = from % pages;
    const untilEnd = Math.min(swept, pages - head);
    this.written.setRange(firstPage + head, untilEnd);
    this.written.setRange(firstPage, swept - untilEnd);
  }
}
