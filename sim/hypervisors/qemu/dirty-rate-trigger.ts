/** Whether a guest dirties its memory too fast, as QEMU judges it (migration/ram.c, migration_bitmap_sync and migration_trigger_throttle). */
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { PrecopyView } from "../../migration/policy.ts";

/** Reads of the bitmap closer together than this are judged as one. */
const LEAST_PERIOD_MILLISECONDS = 1000;
/** Periods over the trigger that it takes to act. */
const PERIODS_TO_ACT = 2;

/** A period in which too much was dirtied, the second one since QEMU acted last. */
export interface TooDirty {
  readonly dirtiedBytes: number;
  /** What may be dirtied in the period: the trigger's share of what was sent. */
  readonly allowedBytes: number;
}

/**
 * Looks at each read of the bitmap of one migration. A period ends with the first read more than a second after its
 * beginning, by a clock of whole milliseconds. Good periods in between do not count against bad ones.
 */
export class DirtyRateTrigger {
  private readonly triggerShare: number;
  private periodStartMilliseconds = Number.NaN;
  private dirtiedBytes = 0;
  private transferredAtStart = 0;
  private highPeriods = 0;

  /** `triggerShare`: dirtied bytes over this share of those sent are too many. */
  constructor(triggerShare: number) {
    this.triggerShare = triggerShare;
  }

  /** What calls for acting now; null if nothing does. */
  look(view: PrecopyView): TooDirty | null {
    const nowMilliseconds = Math.floor(view.elapsedSeconds * 1000);
    // The first period begins with the read before the first round.
    if (Number.isNaN(this.periodStartMilliseconds)) {
      this.periodStartMilliseconds = Math.floor((view.elapsedSeconds - view.roundSeconds) * 1000);
    }
    this.dirtiedBytes += view.newlyDirtyPages * PAGE_BYTES;
    if (nowMilliseconds <= this.periodStartMilliseconds + LEAST_PERIOD_MILLISECONDS) return null;
    const { dirtiedBytes } = this;
    const allowedBytes = (view.transferredBytes - this.transferredAtStart) * this.triggerShare;
    this.periodStartMilliseconds = nowMilliseconds;
    this.transferredAtStart = view.transferredBytes;
    this.dirtiedBytes = 0;
    if (dirtiedBytes <= allowedBytes) return null;
    this.highPeriods++;
    if (this.highPeriods < PERIODS_TO_ACT) return null;
    this.highPeriods = 0;
    return { dirtiedBytes, allowedBytes };
  }
}
