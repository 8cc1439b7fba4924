/** Whether two sets of runs are the same for all that matters: equivalence of means, and a bound on the distance of laws. */
import type { MigrationResult } from "../../sim/trace/migration-result.ts";

/** Each number that a run gives, one entry a run. */
export type Samples = Map<string, number[]>;

/**
 * The numbers compared: rounds, bytes, total time, downtime, and what each round that all runs have left dirty (the
 * final copy leaves nothing).
 */
export function samplesOf(runs: readonly MigrationResult[]): Samples {
  const samples: Samples = new Map([
    ["rounds", runs.map(({ rounds }) => rounds.length)],
    ["bytes", runs.map(({ transferredBytes }) => transferredBytes)],
    ["total", runs.map(({ totalSeconds }) => totalSeconds ?? Number.NaN)],
    ["downtime", runs.map(({ downtimeSeconds }) => downtimeSeconds ?? Number.NaN)],
  ]);
  const precopyRounds = Math.min(...runs.map(({ rounds }) => rounds.length - 1));
  for (let index = 0; index < precopyRounds; index += 1) {
    samples.set(
      `dirty after round ${index + 1}`,
      runs.map(({ rounds }) => rounds[index].dirtyPagesAtEnd),
    );
  }
  return samples;
}

/**
 * Two means count as equal if their difference is shown to lie within a third of the judge's standard deviation, or
 * within 1 in 2000 of its mean where there is next to no chance in a number, or within a twentieth of a round.
 */
const MARGIN_DEVIATIONS = 1 / 3;
const MARGIN_SHARE_OF_MEAN = 0.0005;
const MARGIN_ROUNDS = 0.05;
/**
 * Each of the two one-sided tests is made at 5 %. With 600 runs on either side the means' difference has an error of
 * 0.058 deviations, so that logs with one law fail one comparison in 27,000, and logs whose means differ by a third of a
 * deviation pass one in 20.
 */
const ONE_SIDED_5_PERCENT = 1.645;
/**
 * Greatest Kolmogorov-Smirnov distance. Samples of 600 from one law exceed it with a probability of at most
 * 2 exp(-2 x 0.13^2 x 300) = 8e-5 (less for laws with ties).
 */
const GREATEST_DISTANCE = 0.13;

export interface Comparison {
  number: string;
  judge: number;
  candidate: number;
  /** Greatest difference of the means that the data allow, in margins: up to 1 is equivalent. */
  differenceInMargins: number;
  /** Kolmogorov-Smirnov distance in units of its bound: up to 1 is close. */
  distanceInBounds: number;
}

/** Numbers that only one side has are left out: where laws differ that much, total time and rounds differ as well. */
export function compare(judge: Samples, candidate: Samples): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [number, judged] of judge) {
    const measured = candidate.get(number);
    if (measured === undefined) continue;
    const a = momentsOf(judged);
    const b = momentsOf(measured);
    const error = Math.sqrt(a.variance / judged.length + b.variance / measured.length);
    const margin = Math.max(
      MARGIN_DEVIATIONS * Math.sqrt(a.variance),
      MARGIN_SHARE_OF_MEAN * Math.abs(a.mean),
      number === "rounds" ? MARGIN_ROUNDS : 0,
    );
    comparisons.push({
      number,
      judge: a.mean,
      candidate: b.mean,
      differenceInMargins: (Math.abs(a.mean - b.mean) + ONE_SIDED_5_PERCENT * error) / margin,
      distanceInBounds: kolmogorovSmirnov(judged, measured, margin) / GREATEST_DISTANCE,
    });
  }
  return comparisons;
}

/** @param limit by how much margin and bound may be exceeded: 1, but where a log does not claim to be exact */
export function differs({ differenceInMargins, distanceInBounds }: Comparison, limit = 1): boolean {
  return !(differenceInMargins <= limit && distanceInBounds <= limit);
}

export function describeComparison(comparison: Comparison): string {
  const { number, judge, candidate, differenceInMargins, distanceInBounds } = comparison;
  const means = `${candidate.toPrecision(7)} for ${judge.toPrecision(7)}`;
  return `${number}: ${means}, ${differenceInMargins.toFixed(2)} margins, ${distanceInBounds.toFixed(2)} distance bounds`;
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

/**
 * The greatest distance of the two empirical distribution functions. Values closer than a hundredth of the margin count
 * as one: a time that is the same in both but for rounding is no difference of laws.
 */
function kolmogorovSmirnov(some: readonly number[], others: readonly number[], margin: number): number {
  const grain = margin / 100;
  const rounded = (values: readonly number[]) => values.map((value) => Math.round(value / grain)).sort((a, b) => a - b);
  const [a, b] = [rounded(some), rounded(others)];
  let distance = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}
