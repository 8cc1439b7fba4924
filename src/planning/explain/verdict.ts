/** What came of a migration, in one of four words. */
import type { MigrationResult } from "../../../sim/index.ts";
import { lowerMedian } from "../quantile.ts";
import { elapsedSeconds } from "../trials.ts";

/**
 * - `converges`: pre-copy ended because little was left;
 * - `forced`: the guest was stopped, or switched to post-copy, whatever was left: a limit on passes, bytes or time;
 * - `aborted`: it was given up: by a manager, the user, or the cluster;
 * - `never`: nothing would have ended it before the run's end.
 */
export type Verdict = "converges" | "forced" | "aborted" | "never";

/** From best to worst. */
const VERDICTS: readonly Verdict[] = ["converges", "forced", "aborted", "never"];

/** Rules that end pre-copy because what is left is little enough; every other rule ends it in spite of what is left. */
const CONVERGED_BY: ReadonlySet<string> = new Set([
  "remaining-below-threshold",
  "nothing-left",
  "few-pages-left",
  "left-within-switchover-time",
]);

export function verdictOf({ outcome, endedBy }: MigrationResult): Verdict {
  if (outcome === "completed") return endedBy === null || CONVERGED_BY.has(endedBy) ? "converges" : "forced";
  return outcome === "not-converged" ? "never" : "aborted";
}

/** Several seeds' results as one. Seconds; null where no seed of that verdict has the value. */
export interface Tally {
  verdict: Verdict;
  /** How many seeds had each verdict. */
  verdicts: Record<Verdict, number>;
  /** Of the seeds with the verdict: request to end. */
  elapsedSeconds: Spread | null;
  totalSeconds: Spread | null;
  downtimeSeconds: Spread | null;
  clientOutageSeconds: Spread | null;
  /** The result whose total time is the median, or of those that did not end the first. */
  typical: MigrationResult;
}

export interface Spread {
  median: number;
  greatest: number;
}

/** The verdict is the most frequent one, of several the worst. */
export function tallyOf(results: readonly MigrationResult[]): Tally {
  const verdicts: Record<Verdict, number> = { converges: 0, forced: 0, aborted: 0, never: 0 };
  for (const result of results) verdicts[verdictOf(result)]++;
  const verdict = VERDICTS.reduce((most, other) => (verdicts[other] >= verdicts[most] ? other : most));
  const alike = results.filter((result) => verdictOf(result) === verdict);
  const spreadOf = (pick: (result: MigrationResult) => number | null): Spread | null => {
    const values = alike.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : { median: lowerMedian(values), greatest: Math.max(...values) };
  };
  const totalSeconds = spreadOf((result) => result.totalSeconds);
  return {
    verdict,
    verdicts,
    elapsedSeconds: spreadOf(elapsedSeconds),
    totalSeconds,
    downtimeSeconds: spreadOf((result) => result.downtimeSeconds),
    clientOutageSeconds: spreadOf((result) => result.clientOutageSeconds),
    typical: (alike.find((result) => result.totalSeconds === totalSeconds?.median) ?? alike[0]) as MigrationResult,
  };
}

/** Whether one verdict is better than another. */
export function isBetter(verdict: Verdict, than: Verdict): boolean {
  return VERDICTS.indexOf(verdict) < VERDICTS.indexOf(than);
}
