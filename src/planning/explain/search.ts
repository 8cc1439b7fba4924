/** Searching for the smallest step that is enough. */

/**
 * The first of the candidates, ordered from the smallest step to the greatest, that is enough, by bisection: what is enough
 * is taken to stay so with a greater step, so that at most one step above the candidate answered was found too small for it.
 * Null where not even the last is enough.
 */
export function firstEnough<Candidate>(
  candidates: readonly Candidate[],
  isEnough: (candidate: Candidate) => boolean,
): Candidate | null {
  let low = 0;
  let high = candidates.length - 1;
  if (high < 0 || !isEnough(candidates[high] as Candidate)) return null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(candidates[middle] as Candidate)) high = middle;
    else low = middle + 1;
  }
  return candidates[high] as Candidate;
}

/** Numbers that people set, by decade: no step of more than a seventh. */
const ROUND_NUMBERS = [10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90];

/** Round numbers above `from` up to `to`, upwards: 90, 100, 110, ... */
export function roundNumbersBetween(from: number, to: number): number[] {
  const found: number[] = [];
  if (!(from > 0) || !(to > from)) return found;
  let decade = 1;
  // Whole powers of ten, each worked out afresh, so that no error builds up.
  let exponent = Math.floor(Math.log10(from)) - 1;
  for (;;) {
    for (const number of ROUND_NUMBERS) {
      decade = exponent - 1;
      const value = decade >= 0 ? number * 10 ** decade : number / 10 ** -decade;
      if (value > to) return found;
      if (value > from * (1 + 1e-9)) found.push(value);
    }
    exponent++;
  }
}
