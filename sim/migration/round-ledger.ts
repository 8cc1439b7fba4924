/** Keeps the rounds of one migration, for its result and its trace. */

import type { Recorder } from "../trace/recorder.ts";
import type { SentTotals } from "./page-sender.ts";
import { addRound, type RoundNumbers, roundCount } from "./round-table.ts";

export class RoundLedger {
  /** Of the rounds that are over. */
  readonly numbers: RoundNumbers = [];
  private readonly migration: number;
  private readonly recorder: Recorder;
  /** When the round under way began. */
  startSeconds = 0;
  private pagesAtStart = 0;
  private zeroPagesAtStart = 0;
  private bytesAtStart = 0;
  private skippedPagesAtStart = 0;
  private final = false;

  constructor(migration: number, recorder: Recorder) {
    this.migration = migration;
    this.recorder = recorder;
  }

  /** What had gone out as the round under way began. */
  get totalsAtStart(): Readonly<SentTotals> {
    const { pagesAtStart: pages, zeroPagesAtStart: zeroPages, bytesAtStart: bytes } = this;
    return { pages, zeroPages, bytes, skippedPages: this.skippedPagesAtStart };
  }

  /** The round under way, 1 for the full copy. */
  get round(): number {
    return roundCount(this.numbers) + 1;
  }

  start(atSeconds: number, totals: SentTotals, pendingPages: number, zeroPages: number, final: boolean): void {
    this.startSeconds = atSeconds;
    this.pagesAtStart = totals.pages;
    this.zeroPagesAtStart = totals.zeroPages;
    this.bytesAtStart = totals.bytes;
    this.skippedPagesAtStart = totals.skippedPages ?? 0;
    this.final = final;
    if (!this.recorder.recording) return;
    const { migration, round } = this;
    this.recorder.record({
      t: atSeconds,
      type: "migration.roundStarted",
      migration,
      round,
      pendingPages,
      zeroPages,
      final,
    });
  }

  /** `unsentPages` waited as the round ended; the read of the bitmap added `newlyDirtyPages`. Returns which round it was. */
  end(
    atSeconds: number,
    totals: SentTotals,
    unsentPages: number,
    newlyDirtyPages: number,
    thresholdBytes: number | null,
    throttle: number,
  ): number {
    const { migration, round, final } = this;
    const durationSeconds = atSeconds - this.startSeconds;
    const pagesSent = totals.pages - this.pagesAtStart;
    const zeroPagesSent = totals.zeroPages - this.zeroPagesAtStart;
    const bytesSent = totals.bytes - this.bytesAtStart;
    const dirtyPagesAtEnd = unsentPages + newlyDirtyPages;
    const pagesSkipped =
      totals.skippedPages === undefined ? Number.NaN : totals.skippedPages - this.skippedPagesAtStart;
    addRound(
      this.numbers,
      this.startSeconds,
      durationSeconds,
      pagesSent,
      zeroPagesSent,
      bytesSent,
      newlyDirtyPages,
      dirtyPagesAtEnd,
      final ? null : throttle,
      pagesSkipped,
    );
    if (!this.recorder.recording) return round;
    this.recorder.record({
      t: atSeconds,
      type: "migration.roundEnded",
      migration,
      round,
      durationSeconds,
      pagesSent,
      zeroPagesSent,
      bytesSent,
      unsentPages,
      newlyDirtyPages,
      dirtyPagesAtEnd,
      thresholdBytes,
      throttle,
      final,
    });
    if (!Number.isNaN(pagesSkipped) && !final) {
      this.recorder.record({ t: atSeconds, type: "migration.pagesSkipped", migration, round, pages: pagesSkipped });
    }
    return round;
  }
}
