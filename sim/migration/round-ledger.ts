/** Keeps the rounds of one migration, for its result and its trace. */

import type { RoundResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { SentTotals } from "./page-sender.ts";

export class RoundLedger {
  readonly rounds: RoundResult[] = [];
  private readonly migration: number;
  private readonly recorder: Recorder;
  private startSeconds = 0;
  private readonly atStart = { pages: 0, zeroPages: 0, bytes: 0, skippedPages: 0 };
  private final = false;

  constructor(migration: number, recorder: Recorder) {
    this.migration = migration;
    this.recorder = recorder;
  }

  /** What had gone out as the round under way began. */
  get totalsAtStart(): Readonly<SentTotals> {
    return this.atStart;
  }

  /** The round under way, 1 for the full copy. */
  get round(): number {
    return this.rounds.length + 1;
  }

  start(atSeconds: number, totals: SentTotals, pendingPages: number, zeroPages: number, final: boolean): void {
    this.startSeconds = atSeconds;
    this.atStart.pages = totals.pages;
    this.atStart.zeroPages = totals.zeroPages;
    this.atStart.bytes = totals.bytes;
    this.atStart.skippedPages = totals.skippedPages ?? 0;
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

  /** `unsentPages` waited as the round ended; the read of the bitmap added `newlyDirtyPages`. */
  end(
    atSeconds: number,
    totals: SentTotals,
    unsentPages: number,
    newlyDirtyPages: number,
    thresholdBytes: number | null,
    throttle: number,
  ): RoundResult {
    const { atStart, migration, round, final } = this;
    const durationSeconds = atSeconds - this.startSeconds;
    const pagesSent = totals.pages - atStart.pages;
    const zeroPagesSent = totals.zeroPages - atStart.zeroPages;
    const bytesSent = totals.bytes - atStart.bytes;
    const dirtyPagesAtEnd = unsentPages + newlyDirtyPages;
    const ended: RoundResult = {
      round,
      startSeconds: this.startSeconds,
      durationSeconds,
      pagesSent,
      zeroPagesSent,
      bytesSent,
      newlyDirtyPages,
      dirtyPagesAtEnd,
      throttle,
      final,
    };
    const { skippedPages } = totals;
    if (skippedPages !== undefined) ended.pagesSkipped = skippedPages - atStart.skippedPages;
    this.rounds.push(ended);
    if (!this.recorder.recording) return ended;
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
    if (ended.pagesSkipped !== undefined && !final) {
      const pages = ended.pagesSkipped;
      this.recorder.record({ t: atSeconds, type: "migration.pagesSkipped", migration, round, pages });
    }
    return ended;
  }
}
