/** Errors over many runs, by kind. */
import type { Interval, Measures } from "./measures.ts";
import type { PassError } from "./pass-errors.ts";
import { quantile } from "./quantile.ts";

/** One run as the summary sees it. */
export interface ComparedRun {
  readonly kind: string;
  /** Repeats of one scenario have one name, and count as one run with their mean error. */
  readonly scenario: string;
  readonly measured: Measures;
  readonly predicted: Measures;
  readonly totalSecondsInterval: Interval | null;
  readonly passErrors: readonly PassError[];
}

export interface ErrorSummary {
  kind: string;
  /** Runs, and scenarios once repeats are taken together. */
  runs: number;
  scenarios: number;
  outcomesRight: number;
  /** Of predicted against measured, absolute, relative to the measured; null where none was measured. */
  totalTime: RelativeError | null;
  transferred: RelativeError | null;
  downtime: AbsoluteError | null;
  reportedDowntime: AbsoluteError | null;
  /** Of post-copy. */
  brownout: RelativeError | null;
  /** Share of scenarios whose reads of the bitmap are within 1 or 5 %. */
  roundsWithinShare: number | null;
  /** Share of scenarios whose measured total time lies in the predicted interval. */
  totalTimeCoveredShare: number | null;
  /** Over the first passes of all scenarios (pass-errors.ts). */
  passes: PassErrorSummary | null;
}

export interface RelativeError {
  medianShare: number;
  p90Share: number;
  /** 90th percentile in the measure's own unit: seconds or bytes. */
  p90: number;
}

export interface AbsoluteError {
  medianSeconds: number;
  p90Seconds: number;
  /** Median relative to the measured. */
  medianShare: number;
}

export interface PassErrorSummary {
  passes: number;
  durationMedianShare: number;
  durationP90Share: number;
  newDirtyPagesMedianShare: number;
  newDirtyPagesP90Share: number;
}

/** Kinds of which identical runs scatter by percents, so that a model cannot come closer: measured with five repeats each. */
const SCATTERING_KINDS = new Set(["autoconverge", "unlimited"]);

export interface Summaries {
  all: ErrorSummary;
  /** All kinds but those of which identical runs scatter by percents: autoconverge, unlimited. */
  steady: ErrorSummary;
  kinds: ErrorSummary[];
}

export function summaries(runs: readonly ComparedRun[]): Summaries {
  const kinds = [...new Set(runs.map(({ kind }) => kind))].sort();
  const ofKind = (kind: string) => runs.filter((run) => run.kind === kind);
  return {
    all: summarise("all", runs),
    steady: summarise(
      "steady",
      runs.filter(({ kind }) => !SCATTERING_KINDS.has(kind)),
    ),
    kinds: kinds.map((kind) => summarise(kind, ofKind(kind))),
  };
}

function summarise(kind: string, runs: readonly ComparedRun[]): ErrorSummary {
  const within = byScenario(runs, roundsWithin);
  const covered = byScenario(runs, ({ measured: { totalSeconds }, totalSecondsInterval: interval }) =>
    totalSeconds === null || interval === null
      ? null
      : Number(interval[0] <= totalSeconds && totalSeconds <= interval[1]),
  );
  return {
    kind,
    runs: runs.length,
    scenarios: new Set(runs.map(({ scenario }) => scenario)).size,
    outcomesRight: runs.filter(({ measured, predicted }) => measured.outcome === predicted.outcome).length,
    totalTime: relative(runs, "totalSeconds"),
    transferred: relative(runs, "transferredBytes"),
    downtime: absolute(runs, "downtimeSeconds"),
    reportedDowntime: absolute(runs, "reportedDowntimeSeconds"),
    brownout: relative(runs, "brownoutSeconds"),
    roundsWithinShare: within.length === 0 ? null : mean(within),
    totalTimeCoveredShare: covered.length === 0 ? null : mean(covered),
    passes: passSummary(runs),
  };
}

function roundsWithin({ measured, predicted }: ComparedRun): number | null {
  if (measured.rounds === null || predicted.rounds === null) return null;
  return Number(Math.abs(predicted.rounds - measured.rounds) <= Math.max(1, 0.05 * measured.rounds));
}

type Measure = "totalSeconds" | "transferredBytes" | "downtimeSeconds" | "reportedDowntimeSeconds" | "brownoutSeconds";

function absoluteErrors(runs: readonly ComparedRun[], measure: Measure): number[] {
  return byScenario(runs, ({ measured: { [measure]: measured }, predicted: { [measure]: predicted } }) =>
    measured === null || predicted === null ? null : Math.abs(predicted - measured),
  );
}

function relativeErrors(runs: readonly ComparedRun[], measure: Measure): number[] {
  return byScenario(runs, ({ measured: { [measure]: measured }, predicted: { [measure]: predicted } }) =>
    measured === null || predicted === null || measured === 0 ? null : Math.abs(predicted - measured) / measured,
  );
}

function relative(runs: readonly ComparedRun[], measure: Measure): RelativeError | null {
  const shares = relativeErrors(runs, measure);
  if (shares.length === 0) return null;
  return {
    medianShare: quantile(shares, 0.5),
    p90Share: quantile(shares, 0.9),
    p90: quantile(absoluteErrors(runs, measure), 0.9),
  };
}

function absolute(runs: readonly ComparedRun[], measure: Measure): AbsoluteError | null {
  const seconds = absoluteErrors(runs, measure);
  if (seconds.length === 0) return null;
  const shares = relativeErrors(runs, measure);
  return {
    medianSeconds: quantile(seconds, 0.5),
    p90Seconds: quantile(seconds, 0.9),
    medianShare: shares.length === 0 ? 0 : quantile(shares, 0.5),
  };
}

function passSummary(runs: readonly ComparedRun[]): PassErrorSummary | null {
  const deepest = runs.reduce((most, { passErrors }) => Math.max(most, passErrors.length), 0);
  const duration: number[] = [];
  const newDirtyPages: number[] = [];
  for (let pass = 0; pass < deepest; pass++) {
    duration.push(...byScenario(runs, ({ passErrors }) => passErrors[pass]?.durationShare ?? null));
    newDirtyPages.push(...byScenario(runs, ({ passErrors }) => passErrors[pass]?.newDirtyPagesShare ?? null));
  }
  if (duration.length === 0) return null;
  return {
    passes: duration.length,
    durationMedianShare: quantile(duration, 0.5),
    durationP90Share: quantile(duration, 0.9),
    newDirtyPagesMedianShare: quantile(newDirtyPages, 0.5),
    newDirtyPagesP90Share: quantile(newDirtyPages, 0.9),
  };
}

/** A value for each scenario: the mean over its repeats; runs of which there is none are left out. */
function byScenario(runs: readonly ComparedRun[], errorOf: (run: ComparedRun) => number | null): number[] {
  const values = new Map<string, number[]>();
  for (const run of runs) {
    const value = errorOf(run);
    if (value === null) continue;
    values.set(run.scenario, [...(values.get(run.scenario) ?? []), value]);
  }
  return [...values.values()].map(mean);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
