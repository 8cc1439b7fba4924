/** How far a prediction is off inside the migration: pass by pass. */
import type { Pass } from "./measures.ts";

/** Later passes depend on so many windows before them that they say little more than the total. */
const COMPARED_PASSES = 5;
/** A pass that dirties fewer pages says more of chance than of the model: 500 pages scatter by 4 %. */
const LEAST_DIRTY_PAGES = 500;

/** Relative to the measured. */
export interface PassError {
  durationShare: number;
  /** Of the pages that the read at the end of the pass added. */
  newDirtyPagesShare: number;
}

/** Errors of the first passes that dirtied enough pages to tell; a pass that was not predicted is off by all of itself. */
export function passErrors(measured: readonly Pass[], predicted: readonly Pass[]): PassError[] {
  const errors: PassError[] = [];
  for (let index = 0; index < Math.min(COMPARED_PASSES, measured.length - 1); index++) {
    const [pass, next] = [measured[index] as Pass, measured[index + 1] as Pass];
    if (pass.durationSeconds === null || next.newDirtyPages < LEAST_DIRTY_PAGES) continue;
    const duration = predicted[index]?.durationSeconds ?? 0;
    const newDirtyPages = predicted[index + 1]?.newDirtyPages ?? 0;
    errors.push({
      durationShare: Math.abs(duration - pass.durationSeconds) / pass.durationSeconds,
      newDirtyPagesShare: Math.abs(newDirtyPages - next.newDirtyPages) / next.newDirtyPages,
    });
  }
  return errors;
}
