/** What is compared of a run, measured or predicted. */
import type { MeasuredRun } from "../sources/measured-run.ts";

/** Seconds and bytes; null where it was not measured or does not apply. */
export interface Measures {
  outcome: "completed" | "not-converged" | null;
  totalSeconds: number | null;
  /** Stop to run. */
  downtimeSeconds: number | null;
  /** As the hypervisor says. */
  reportedDowntimeSeconds: number | null;
  /** Time for which the guest stood still waiting for pages in post-copy; null where there was none. */
  brownoutSeconds: number | null;
  transferredBytes: number | null;
  /** Reads of the dirty bitmap, QEMU's dirty-sync-count; of SimGrid, rounds between the full copy and the last one. */
  rounds: number | null;
}

/** From one read of the bitmap to the next. */
export interface Pass {
  /** 1 for the full copy. */
  pass: number;
  startSeconds: number;
  /** To the next read; null for the pass under way as the guest was stopped. */
  durationSeconds: number | null;
  /** Pages that the read at the beginning of the pass added; of the first, none. */
  newDirtyPages: number;
}

/** Values of a sample between which its middle lies. */
export type Interval = [low: number, high: number];

const OUTCOMES = { completed: "completed", "completed-postcopy": "completed", cancelled: "not-converged" } as const;

/**
 * The guest tells of the time whose writes it dropped: what a stall takes beyond the debt that it may make up. So much more
 * at its last report of the target than at its last of the source, and the debt that was made up after the longest stall.
 */
function brownoutOf({ measured, guestProgress, scenario }: MeasuredRun): number | null {
  if (measured.outcome !== "completed-postcopy" || !guestProgress) return null;
  const column = guestProgress.columns.indexOf("lostMicros");
  const before = guestProgress.source.at(-1)?.[column];
  const after = guestProgress.destination.at(-1)?.[column];
  if (before === undefined || after === undefined) return null;
  return (after - before) / 1e6 + scenario.writeDebtCapMs / 1000;
}

export function measuresOf(run: MeasuredRun): Measures {
  const { measured } = run;
  return {
    brownoutSeconds: brownoutOf(run),
    outcome: measured.outcome ? OUTCOMES[measured.outcome] : null,
    totalSeconds: seconds(measured.totalTimeMs),
    downtimeSeconds: seconds(measured.stopToResumeMs),
    reportedDowntimeSeconds: seconds(measured.downtimeMs),
    transferredBytes: measured.transferredBytes ?? null,
    rounds: measured.dirtySyncCount ?? null,
  };
}

export function measuredPasses({ measured }: MeasuredRun): Pass[] {
  return measured.passes.map(({ pass, startMs, durationMs, newDirtyPages }) => ({
    pass,
    startSeconds: startMs / 1000,
    durationSeconds: seconds(durationMs),
    newDirtyPages,
  }));
}

function seconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}
