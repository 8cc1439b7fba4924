/** How close the simulator comes to measured runs. */
import { ENGINE_VERSION, SCHEMA_VERSION } from "../../sim/index.ts";
import type { Progress } from "../progress.ts";
import type { MeasuredFiles, RunFile } from "../sources/measured-files.ts";
import { type Measures, measuresOf, type Prediction, predictRun } from "./predict-run.ts";
import { quantile } from "./quantile.ts";
import { whyNotPredicted } from "./scenario-of-run.ts";

export interface ValidatedRun {
  file: string;
  kind: string;
  measured: Measures;
  predicted: Prediction;
}

/** Errors over runs; repeats of one scenario count as one run, with their mean error. */
export interface ErrorSummary {
  kind: string;
  /** Runs, and scenarios once repeats are taken together. */
  runs: number;
  scenarios: number;
  outcomesRight: number;
  /** Of predicted against measured, absolute, relative to the measured; null where none was measured. */
  totalTime: RelativeError | null;
  transferred: RelativeError | null;
  /** Absolute, in seconds. */
  downtime: AbsoluteError | null;
  reportedDowntime: AbsoluteError | null;
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
}

export interface Validation {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  inputs: "workload";
  seeds: number;
  runs: ValidatedRun[];
  skipped: { file: string; reason: string }[];
  summary: { all: ErrorSummary; kinds: ErrorSummary[] };
}

/**
 * Predicts each run over `seeds` seeds and compares.
 * @param report told before each run how many are done
 */
export function validate(
  files: MeasuredFiles,
  seeds: number,
  report: (progress: Progress) => void = () => {},
): Validation {
  const skipped = [...files.skipped];
  const runs: ValidatedRun[] = [];
  const groups = new Map<ValidatedRun, string>();
  for (const [index, { file, run }] of files.runs.entries()) {
    report({ done: index, total: files.runs.length, of: "runs" });
    const reason = whyNotPredicted(run);
    if (reason !== null) {
      skipped.push({ file, reason });
      continue;
    }
    const validated = { file, kind: run.kind, measured: measuresOf(run), predicted: predictRun(run, seeds) };
    runs.push(validated);
    groups.set(validated, groupOf({ file, run }));
  }
  const kinds = [...new Set(runs.map(({ kind }) => kind))].sort();
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    inputs: "workload",
    seeds,
    runs,
    skipped,
    summary: {
      all: summarise("all", runs, groups),
      kinds: kinds.map((kind) =>
        summarise(
          kind,
          runs.filter((run) => run.kind === kind),
          groups,
        ),
      ),
    },
  };
}

function groupOf({ file, run }: RunFile): string {
  return run.repeatGroup ?? file;
}

function summarise(
  kind: string,
  runs: readonly ValidatedRun[],
  groups: ReadonlyMap<ValidatedRun, string>,
): ErrorSummary {
  const errorsOf = (measure: "totalSeconds" | "transferredBytes" | "downtimeSeconds" | "reportedDowntimeSeconds") =>
    errorsByScenario(runs, groups, measure);
  return {
    kind,
    runs: runs.length,
    scenarios: new Set(runs.map((run) => groups.get(run))).size,
    outcomesRight: runs.filter(({ measured, predicted }) => measured.outcome === predicted.outcome).length,
    totalTime: relative(errorsOf("totalSeconds")),
    transferred: relative(errorsOf("transferredBytes")),
    downtime: absolute(errorsOf("downtimeSeconds")),
    reportedDowntime: absolute(errorsOf("reportedDowntimeSeconds")),
  };
}

interface ScenarioError {
  absolute: number;
  share: number;
}

function errorsByScenario(
  runs: readonly ValidatedRun[],
  groups: ReadonlyMap<ValidatedRun, string>,
  measure: "totalSeconds" | "transferredBytes" | "downtimeSeconds" | "reportedDowntimeSeconds",
): ScenarioError[] {
  const byScenario = new Map<string, ScenarioError[]>();
  for (const run of runs) {
    const measured = run.measured[measure];
    const predicted = run.predicted[measure];
    if (measured === null || predicted === null) continue;
    const absolute = Math.abs(predicted - measured);
    const scenario = groups.get(run) as string;
    const errors = byScenario.get(scenario) ?? [];
    errors.push({ absolute, share: measured === 0 ? 0 : absolute / measured });
    byScenario.set(scenario, errors);
  }
  return [...byScenario.values()].map((errors) => ({
    absolute: mean(errors.map(({ absolute }) => absolute)),
    share: mean(errors.map(({ share }) => share)),
  }));
}

function relative(errors: readonly ScenarioError[]): RelativeError | null {
  if (errors.length === 0) return null;
  const shares = errors.map(({ share }) => share);
  return {
    medianShare: quantile(shares, 0.5),
    p90Share: quantile(shares, 0.9),
    p90: quantile(
      errors.map(({ absolute }) => absolute),
      0.9,
    ),
  };
}

function absolute(errors: readonly ScenarioError[]): AbsoluteError | null {
  if (errors.length === 0) return null;
  const seconds = errors.map(({ absolute }) => absolute);
  return { medianSeconds: quantile(seconds, 0.5), p90Seconds: quantile(seconds, 0.9) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
