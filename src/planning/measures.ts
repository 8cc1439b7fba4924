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

export function measuresOf({ measured }: MeasuredRun): Measures {
  return {
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
