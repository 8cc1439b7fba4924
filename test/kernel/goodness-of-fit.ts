/** Pearson's chi-square test of drawn counts against exact probabilities. Independent of the code under test. */

/** ln n! by summing logarithms where that is exact enough, else by Stirling's series with five terms (DLMF 5.11.1). */
const SUMS: number[] = [0];
export function lnFactorial(n: number): number {
  if (n < 0) return Number.POSITIVE_INFINITY;
  if (n < 200) {
    for (let i = SUMS.length; i <= n; i += 1) SUMS.push(SUMS[i - 1] + Math.log(i));
    return SUMS[n];
  }
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse ** 2 * (1 / 360 - inverse ** 2 * (1 / 1260 - inverse ** 2 / 1680)));
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}

export function lnChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}

export interface Fit {
  readonly chiSquare: number;
  readonly degrees: number;
  /** How many deviations the statistic lies above its mean, by Wilson and Hilferty's cube root: about normal. */
  readonly deviations: number;
}

/**
 * Draws `count` times and compares with `probability` over [from, to]. Neighbouring values are pooled until each cell
 * expects at least `expectedInCell` draws, the tails outside [from, to] with the outermost cells. A value that the
 * support [least, greatest] excludes makes the test fail at once.
 */
export function goodnessOfFit(
  draw: () => number,
  probability: (value: number) => number,
  range: { from: number; to: number; least: number; greatest: number },
  count: number,
  expectedInCell = 20,
): Fit {
  const cellOf = new Int32Array(range.to - range.from + 1);
  const expected: number[] = [];
  let sum = 0;
  let total = 0;
  for (let value = range.from; value <= range.to; value += 1) {
    cellOf[value - range.from] = expected.length;
    const mass = probability(value) * count;
    sum += mass;
    total += mass;
    if (sum >= expectedInCell) {
      expected.push(sum);
      sum = 0;
    }
  }
  // What is left of the range and what lies outside it goes with the last cell.
  const outside = Math.max(0, count - total);
  if (outside > 0.02 * count) throw new Error(`the range holds only ${total} of ${count} draws`);
  if (expected.length === 0) expected.push(0);
  const last = expected.length - 1;
  expected[last] += sum + outside;
  const seen = new Float64Array(expected.length);
  for (let i = 0; i < count; i += 1) {
    const value = draw();
    if (!(Number.isInteger(value) && value >= range.least && value <= range.greatest)) {
      throw new Error(`drew ${value}, outside ${range.least} to ${range.greatest}`);
    }
    const inside = value >= range.from && value <= range.to;
    seen[inside ? Math.min(cellOf[value - range.from], last) : last] += 1;
  }
  let chiSquare = 0;
  for (let cell = 0; cell < expected.length; cell += 1) {
    if (expected[cell] === 0) continue;
    chiSquare += (seen[cell] - expected[cell]) ** 2 / expected[cell];
  }
  const degrees = Math.max(1, last);
  const spread = 2 / (9 * degrees);
  const deviations = last === 0 ? 0 : (Math.cbrt(chiSquare / degrees) - (1 - spread)) / Math.sqrt(spread);
  return { chiSquare, degrees, deviations };
}

/** Above this, a sampler is rejected: a right one exceeds it once in 30,000 tests, and the seeds are fixed. */
export const REJECTION_DEVIATIONS = 4;
