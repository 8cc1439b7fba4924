/** A sweep's distributions: of all its migrations, and point by point where there are few points. */
import { Distribution } from "./distribution.ts";

/** What a stretch of consecutive rows of one point adds to a summary. */
export interface Tally {
  point: number;
  migrations: number;
  completed: number;
  /** Tasks without a migration: no scenario, or nothing that could simulate it. */
  invalid: number;
  failed: number;
  /** Of the completed. */
  totals: Float64Array | readonly number[];
  downtimes: Float64Array | readonly number[];
}

export interface QuantileSummary {
  /** Values there are. */
  n: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

export interface GroupSummary {
  migrations: number;
  completed: number;
  invalid: number;
  failed: number;
  /** Of those that completed. */
  totalSeconds: QuantileSummary;
  downtimeSeconds: QuantileSummary;
}

export interface SweepSummary extends GroupSummary {
  /** Null where there are too many points to tell of each, or one. */
  points: (GroupSummary & { point: number })[] | null;
}

/** More points than these are not told one by one. */
export const MOST_POINTS_TOLD = 40;

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** How many values a quantile needs: fewer, and nothing is expected to lie beyond it. */
export const LEAST_VALUES = { p50: 2, p95: 20, p99: 100 };

class Group {
  migrations = 0;
  completed = 0;
  invalid = 0;
  failed = 0;
  readonly totals = new Distribution();
  readonly downtimes = new Distribution();

  add(tally: Tally): void {
    this.migrations += tally.migrations;
    this.completed += tally.completed;
    this.invalid += tally.invalid;
    this.failed += tally.failed;
    for (const seconds of tally.totals) this.totals.add(seconds);
    for (const seconds of tally.downtimes) this.downtimes.add(seconds);
  }

  summary(): GroupSummary {
    return {
      migrations: this.migrations,
      completed: this.completed,
      invalid: this.invalid,
      failed: this.failed,
      totalSeconds: summarise(this.totals),
      downtimeSeconds: summarise(this.downtimes),
    };
  }
}

function summarise(distribution: Distribution): QuantileSummary {
  const n = distribution.count;
  if (n === 0) return { n, p50: null, p95: null, p99: null, max: null };
  const [p50, p95, p99] = distribution.quantiles(Object.values(SHARES)) as [number, number, number];
  return { n, p50, p95, p99, max: distribution.greatest };
}

export class SweepSummariser {
  readonly #all = new Group();
  readonly #points: Map<number, Group> | null;

  /** @param points how many the sweep has */
  constructor(points: number) {
    this.#points = points > 1 && points <= MOST_POINTS_TOLD ? new Map() : null;
  }

  add(tally: Tally): void {
    this.#all.add(tally);
    if (this.#points === null) return;
    let group = this.#points.get(tally.point);
    if (group === undefined) {
      group = new Group();
      this.#points.set(tally.point, group);
    }
    group.add(tally);
  }

  summary(): SweepSummary {
    const points = this.#points;
    return {
      ...this.#all.summary(),
      points: points === null ? null : [...points].map(([point, group]) => ({ point, ...group.summary() })),
    };
  }
}

/** Which quantiles have too few values behind them; of a sweep told by points, at its points. */
export function thinQuantiles({
  points,
  ...all
}: SweepSummary): { quantile: "p50" | "p95" | "p99"; n: number; needs: number }[] {
  const groups = points === null ? [all] : points;
  const n = Math.min(...groups.filter(({ completed }) => completed > 0).map(({ totalSeconds }) => totalSeconds.n));
  return (["p50", "p95", "p99"] as const)
    .filter((quantile) => n < LEAST_VALUES[quantile])
    .map((quantile) => ({ quantile, n, needs: LEAST_VALUES[quantile] }));
}
