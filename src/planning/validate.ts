/** How close the simulator comes to measured runs, and to another simulator's answers. */
import { ENGINE_VERSION, type PolicyDefinition, SCHEMA_VERSION } from "../../sim/index.ts";
import type { Progress } from "../progress.ts";
import type { MeasuredFiles } from "../sources/measured-files.ts";
import { type Measures, measuredPasses, measuresOf, type Pass } from "./measures.ts";
import { passErrors } from "./pass-errors.ts";
import { predictFromPlanner, whyNotPlanned } from "./planner/predict-from-planner.ts";
import { type Prediction, predictRun } from "./predict-run.ts";
import { whyNotPredicted } from "./scenario-of-run.ts";
import { compareSimgridRow, type SimgridComparison } from "./simgrid-rows.ts";
import { type ComparedRun, type Summaries, summaries } from "./validation-summary.ts";

export interface ValidatedRun {
  file: string;
  kind: string;
  measured: Measures & { passes: Pass[] };
  predicted: Prediction;
}

/** What a prediction may know: the guest's page classes, or only what could be measured before the migration. */
export type ValidationInputs = "workload" | "planner";

export interface Validation {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  inputs: ValidationInputs;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
  seeds: number;
  runs: (ValidatedRun | SimgridComparison)[];
  skipped: { file: string; reason: string }[];
  summary: Summaries;
}

/**
 * Predicts each run over `seeds` seeds and compares; rows of another simulator once, as nothing in them is random.
 * With `planner` as inputs each of the `seeds` runs is another guest that agrees with the figures.
 * @param policy a convergence rule of one's own, for all runs
 * @param report told before each run how many are done
 */
export function validate(
  files: MeasuredFiles,
  seeds: number,
  report: (progress: Progress) => void = () => {},
  inputs: ValidationInputs = "workload",
  policy: PolicyDefinition | null = null,
): Validation {
  const skipped = [...files.skipped];
  const runs: Validation["runs"] = [];
  const compared: ComparedRun[] = [];
  const total = files.runs.length + files.rows.length;
  for (const { file, run } of files.runs) {
    report({ done: compared.length, total, of: "runs" });
    const reason = whyNotPredicted(run) ?? (inputs === "planner" ? whyNotPlanned(run) : null);
    if (reason !== null) {
      skipped.push({ file, reason });
      continue;
    }
    const { kind } = run;
    const measured = { ...measuresOf(run), passes: measuredPasses(run) };
    const predicted = inputs === "planner" ? predictFromPlanner(run, seeds, policy) : predictRun(run, seeds, policy);
    runs.push({ file, kind, measured, predicted });
    compared.push({
      kind,
      scenario: run.repeatGroup ?? file,
      measured,
      predicted,
      totalSecondsInterval: predicted.interval.totalSeconds,
      passErrors: passErrors(measured.passes, predicted.passes),
    });
  }
  for (const row of files.rows) {
    report({ done: compared.length, total, of: "runs" });
    const comparison = compareSimgridRow(row);
    runs.push(comparison);
    const { kind, measured, predicted, file } = comparison;
    const scenario = `${file} row ${comparison.row}`;
    compared.push({ kind, scenario, measured, predicted, totalSecondsInterval: null, passErrors: [] });
  }
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    inputs,
    ...(policy === null ? {} : { policy: policy.name }),
    seeds,
    runs,
    skipped,
    summary: summaries(compared),
  };
}
