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
  return comparedPasses(measured).map((index) => {
    const measuredSeconds = measured[index]?.durationSeconds as number;
    const measuredPages = measured[index + 1]?.newDirtyPages as number;
    return {
      durationShare: Math.abs((predicted[index]?.durationSeconds ?? 0) - measuredSeconds) / measuredSeconds,
      newDirtyPagesShare: Math.abs((predicted[index + 1]?.newDirtyPages ?? 0) - measuredPages) / measuredPages,
    };
  });
}

/** Indices of the passes that are compared: those of the first ones that dirtied enough pages, told with the next. */
export function comparedPasses(measured: readonly Pass[]): number[] {
  const indices: number[] = [];
  for (let index = 0; index < Math.min(COMPARED_PASSES, measured.length - 1); index++) {
    const enough = (measured[index + 1]?.newDirtyPages ?? 0) >= LEAST_DIRTY_PAGES;
    if (enough && (measured[index]?.durationSeconds ?? 0) > 0) indices.push(index);
  }
  return indices;
}
