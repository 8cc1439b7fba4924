/** One figure for many that are equally likely: the one that errs least, on average, as a share of what turns out true. */

/**
 * Of equally likely positive `values` the point p with the least mean |p / value - 1| is their median where each weighs
 * 1/value: one that is too long by half errs by more than one that is too short by a third. Total times come in steps of a rate
 * limit's window, and such a median jumps a whole step at a draw more or less, so that the mean of the middle half (by that
 * weight) is taken instead: the same where the values are alike, and steady where they come in steps.
 */
export function leastErringPoint(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + 1 / value, 0);
  const [from, to] = [total / 4, (3 * total) / 4];
  let upTo = 0;
  let weightWithin = 0;
  let sum = 0;
  for (const value of sorted) {
    const within = Math.max(0, Math.min(upTo + 1 / value, to) - Math.max(upTo, from));
    upTo += 1 / value;
    weightWithin += within;
    sum += within * value;
  }
  return weightWithin > 0 ? sum / weightWithin : Number.NaN;
}
