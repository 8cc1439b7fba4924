/** Page classes for tests of dirty logs. */
import type { PageClass } from "../../sim/memory/page-class.ts";

/** Written at random all the time, unless `changes` say otherwise. */
export function writer(
  firstPage: number,
  pages: number,
  writesPerSecond: number,
  changes: Partial<PageClass> = {},
): PageClass {
  return {
    name: "writer",
    firstPage,
    pages,
    writesPerSecond,
    pattern: "uniform",
    startSeconds: 0,
    endSeconds: Number.POSITIVE_INFINITY,
    cpuBoundShare: 1,
    wordsPerWrite: 1,
    ...changes,
  };
}
