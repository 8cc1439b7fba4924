/**
 * The rounds of a migration as a row of numbers each, in one array: 72 bytes a round. As objects with their numbers beside
 * them they were 150, most of what a thousand migrations under way at once hold.
 */
import type { RoundResult } from "../trace/migration-result.ts";

/** Rows of `COLUMNS` numbers, as `addRound` appends them. */
export type RoundNumbers = number[];

const COLUMNS = 9;

/** In place of the throttle: the copy made while the guest stands still, when there is nothing to hold back. */
const FINAL = -1;

export function roundCount(numbers: RoundNumbers): number {
  return numbers.length / COLUMNS;
}

/**
 * @param throttle null for the final copy.
 * @param pagesSkipped NaN where the hypervisor passes over none.
 */
export function addRound(
  numbers: RoundNumbers,
  startSeconds: number,
  durationSeconds: number,
  pagesSent: number,
  zeroPagesSent: number,
  bytesSent: number,
  newlyDirtyPages: number,
  dirtyPagesAtEnd: number,
  throttle: number | null,
  pagesSkipped: number,
): void {
  // One call: each makes room by a half of what is there.
  numbers.push(
    startSeconds,
    durationSeconds,
    pagesSent,
    zeroPagesSent,
    bytesSent,
    newlyDirtyPages,
    dirtyPagesAtEnd,
    throttle ?? FINAL,
    pagesSkipped,
  );
}

export function roundsOf(numbers: RoundNumbers): RoundResult[] {
  const results: RoundResult[] = [];
  for (let row = 0; row < numbers.length; row += COLUMNS) {
    const throttle = numbers[row + 7] as number;
    const result: RoundResult = {
      round: results.length + 1,
      startSeconds: numbers[row] as number,
      durationSeconds: numbers[row + 1] as number,
      pagesSent: numbers[row + 2] as number,
      zeroPagesSent: numbers[row + 3] as number,
      bytesSent: numbers[row + 4] as number,
      newlyDirtyPages: numbers[row + 5] as number,
      dirtyPagesAtEnd: numbers[row + 6] as number,
      throttle: throttle === FINAL ? 0 : throttle,
      final: throttle === FINAL,
    };
    const pagesSkipped = numbers[row + 8] as number;
    if (!Number.isNaN(pagesSkipped)) result.pagesSkipped = pagesSkipped;
    results.push(result);
  }
  return results;
}
