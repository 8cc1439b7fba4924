/**
 * A loop that never changes, run before each turn: where it takes longer in one result than in another, the machine was slower, not the
 * code. Whole numbers, floats and a table that fills half of a second-level cache, so that it feels what others do to a core.
 */
import { processorSecondsOf } from "./processor-time.ts";

const TABLE_WORDS = 65_536;
const STEPS = 400_000;
/** The least of some, each a few milliseconds long. */
const RUNS = 4;

const table = new Float64Array(TABLE_WORDS);

function run(): void {
  let state = 0x9e3779b9;
  for (let step = 0; step < STEPS; step++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const at = state & (TABLE_WORDS - 1);
    table[at] = Math.sqrt((table[at] as number) + (state >>> 8));
  }
}

/** Processor seconds of the loop, now. */
export function secondsOfReference(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < RUNS; count++) least = Math.min(least, processorSecondsOf(run, 1));
  return least;
}
