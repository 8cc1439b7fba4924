/** Searching for the smallest step that is enough. */

/** How many candidates are looked at where the last is not enough but one before it may be. */
const PROBES = 8;

/**
 * The first of the candidates, ordered from the smallest step to the greatest, that is enough, by bisection: the candidate
 * before the one answered was tried and found too small. What is enough is taken to stay so with a greater step; where it
 * need not (`mayOvershoot`: more bandwidth may lengthen the downtime), a few candidates along the way are tried too. Null
 * where none of those tried is enough.
 */
export function firstEnough<Candidate>(
  candidates: readonly Candidate[],
  isEnough: (candidate: Candidate) => boolean,
  mayOvershoot = false,
): Candidate | null {
  const last = candidates.length - 1;
  if (last < 0) return null;
  const isEnoughAt = (index: number) => isEnough(candidates[index] as Candidate);
  let low = 0;
  let high = last;
  if (!isEnoughAt(last)) {
    const probes = mayOvershoot ? probesBelow(last) : [];
    const found = probes.findIndex(isEnoughAt);
    if (found === -1) return null;
    high = probes[found] as number;
    low = found === 0 ? 0 : (probes[found - 1] as number) + 1;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnoughAt(middle)) high = middle;
    else low = middle + 1;
  }
  return candidates[high] as Candidate;
}

/** Places spread over those below `last`, in order. */
function probesBelow(last: number): number[] {
  const count = Math.min(PROBES, last);
  return Array.from({ length: count }, (_, index) => Math.floor((index * last) / count));
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
