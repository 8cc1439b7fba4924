/** What many seeds say: percentiles, the share within an objective, and a histogram. */

export interface Chances {
  /** Runs in all. */
  runs: number;
  /** Runs that completed. */
  completed: number;
  /** Of those that completed; null where none did. */
  median: number | null;
  p95: number | null;
  p99: number | null;
  worst: number | null;
  /** Of all runs, completed and within the objective; null without an objective. */
  withinShare: number | null;
}

/** Runs from which a quantile can be read: with fewer it is the worst one seen, and says little of the next. */
const RUNS_BEYOND = 3;

/** Whether so many runs say anything of a quantile. */
export function isEnoughFor(quantile: number, runs: number): boolean {
  return runs * (1 - quantile) >= RUNS_BEYOND;
}

/** The least value that at least this share of the sorted values does not exceed. */
export function quantileOf(sorted: readonly number[], quantile: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(quantile * sorted.length) - 1))] as number;
}

/** @param downtimes in seconds; null for a run that did not complete */
export function chancesOf(downtimes: readonly (number | null)[], objectiveSeconds: number | null): Chances {
  const sorted = downtimes.filter((each): each is number => each !== null).sort((a, b) => a - b);
  const within = objectiveSeconds === null ? null : sorted.filter((each) => each <= objectiveSeconds).length;
  return {
    runs: downtimes.length,
    completed: sorted.length,
    median: quantileOf(sorted, 0.5),
    p95: quantileOf(sorted, 0.95),
    p99: quantileOf(sorted, 0.99),
    worst: sorted.at(-1) ?? null,
    withinShare: within === null || downtimes.length === 0 ? null : within / downtimes.length,
  };
}

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Equal bins over the values, as many as their number asks for (its square root, 5 to 40). */
export function histogramOf(values: readonly number[]): Bin[] {
  if (values.length === 0) return [];
  const least = Math.min(...values);
  const most = Math.max(...values);
  // Values that differ in their last digits alone are one: edges between them would fall together.
  const differ = most - least > Math.abs(most) * 1e-9;
  const width = differ ? most - least : Math.max(Math.abs(most) * 0.1, 1e-3);
  const count = differ ? Math.min(40, Math.max(5, Math.round(Math.sqrt(values.length)))) : 1;
  const bins = Array.from({ length: count }, (_, k) => ({
    from: least + (width * k) / count,
    to: least + (width * (k + 1)) / count,
    count: 0,
  }));
  for (const value of values) {
    const index = Math.min(count - 1, Math.floor(((value - least) / width) * count));
    (bins[index] as Bin).count += 1;
  }
  return bins;
}
