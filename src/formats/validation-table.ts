/** A validation for people: how far off, per kind of run, and which runs are furthest off. */
import type { Validation } from "../planning/validate.ts";
import type { AbsoluteError, ErrorSummary, RelativeError, Summaries } from "../planning/validation-summary.ts";
import type { Paint } from "./paint.ts";
import { type Column, formatTable } from "./table.ts";

const FURTHEST_SHOWN = 5;

export function formatValidation(validation: Validation, paint: Paint): string {
  const { runs, skipped, summary } = validation;
  const lines = [paint("bold", verdict(summary.all)), ""];
  if (runs.length > 0) {
    lines.push(...summaryTable(summary, paint), "");
    lines.push(...insideTable(validation, paint), "");
    lines.push(...furthestOff(runs, paint), "");
  }
  if (skipped.length > 0) lines.push(...skippedLines(skipped, paint), "");
  lines.push(
    `${how(validation)}; errors are absolute${pointOf(validation)}.`,
    "Repeats of one scenario count as one; rounds are right within 1 or 5 %; passes are the first five that dirtied 500 pages or more.",
  );
  return `${lines.join("\n")}\n`;
}

/** What errors are measured from. */
function pointOf(validation: Validation): string {
  if (isOfRowsAlone(validation)) return "";
  return validation.inputs === "planner"
    ? ": of the points that err least over them for total time and bytes, of the medians otherwise"
    : ", those of the medians";
}

function isOfRowsAlone({ runs }: Validation): boolean {
  return runs.length > 0 && runs.every((run) => "row" in run);
}

function how(validation: Validation): string {
  const { inputs, seeds } = validation;
  if (isOfRowsAlone(validation)) return "Each row was predicted once, as nothing in it is random";
  return inputs === "planner"
    ? `Each run was predicted from ${seeds} guests that agree with what calc-dirty-rate said before`
    : `Each run was predicted from its inputs over ${seeds} seeds`;
}

function verdict({ runs, outcomesRight, totalTime, transferred }: ErrorSummary): string {
  if (runs === 0) return "No run could be predicted.";
  const outcomes = outcomesOf(runs, outcomesRight);
  if (totalTime === null || transferred === null) return `${outcomes}.`;
  return `Median error: total time ${percent(totalTime.medianShare)}, bytes ${percent(transferred.medianShare)}; ${outcomes}.`;
}

function outcomesOf(runs: number, right: number): string {
  if (runs === 1) return right === 1 ? "the outcome right" : "the outcome wrong";
  return right === runs ? `all ${runs} outcomes right` : `${right} of ${runs} outcomes right`;
}

type ComparedRun = Validation["runs"][number];

const COLUMNS: readonly Column[] = [
  { title: "kind", align: "left" },
  { title: "runs", align: "right" },
  { title: "right", align: "right" },
  { title: "time med", align: "right" },
  { title: "p90", align: "right" },
  { title: "bytes med", align: "right" },
  { title: "p90", align: "right" },
  { title: "downtime med", align: "right" },
  { title: "p90", align: "right" },
];

/** All kinds, then those together that come close however often they are measured, then all together. */
function rowsOf({ kinds, steady, all }: Summaries): ErrorSummary[] {
  const told = steady.runs === all.runs || steady.runs === 0 ? [] : [steady];
  return kinds.length === 1 ? [...kinds] : [...kinds, ...told, all];
}

function summaryTable(summary: Summaries, paint: Paint): string[] {
  const row = ({ kind, runs, outcomesRight, totalTime, transferred, downtime }: ErrorSummary) => [
    kind,
    String(runs),
    String(outcomesRight),
    ...shares(totalTime),
    ...shares(transferred),
    ...milliseconds(downtime),
  ];
  return formatTable(COLUMNS, rowsOf(summary).map(row), paint);
}

const INSIDE_COLUMNS: readonly Column[] = [
  { title: "kind", align: "left" },
  { title: "rounds right", align: "right" },
  { title: "passes", align: "right" },
  { title: "length med", align: "right" },
  { title: "p90", align: "right" },
  { title: "dirtied med", align: "right" },
  { title: "p90", align: "right" },
];

/**
 * What is inside the migrations: their first passes. With a planner's inputs, also whether the intervals hold what was
 * measured; with the guest's own page classes they only tell chance, not the scatter of the machine.
 */
function insideTable({ summary, inputs }: Validation, paint: Paint): string[] {
  const columns: Column[] = [...INSIDE_COLUMNS];
  if (inputs === "planner") columns.push({ title: "in interval", align: "right" });
  const rows = rowsOf(summary).map(({ kind, roundsWithinShare, totalTimeCoveredShare, passes }) => [
    kind,
    wholePercent(roundsWithinShare),
    String(passes?.passes ?? "-"),
    ...(passes === null ? ["-", "-"] : [percent(passes.durationMedianShare), percent(passes.durationP90Share)]),
    ...(passes === null
      ? ["-", "-"]
      : [percent(passes.newDirtyPagesMedianShare), percent(passes.newDirtyPagesP90Share)]),
    wholePercent(totalTimeCoveredShare),
  ]);
  return formatTable(columns, rows, paint);
}

function wholePercent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(0)} %`;
}

function shares(error: RelativeError | null): [string, string] {
  return error === null ? ["-", "-"] : [percent(error.medianShare), percent(error.p90Share)];
}

function milliseconds(error: AbsoluteError | null): [string, string] {
  if (error === null) return ["-", "-"];
  return [`${(error.medianSeconds * 1000).toFixed(1)} ms`, `${(error.p90Seconds * 1000).toFixed(1)} ms`];
}

function furthestOff(runs: readonly ComparedRun[], paint: Paint): string[] {
  const off = runs
    .map((run) => ({ run, share: timeError(run) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, FURTHEST_SHOWN);
  const columns: Column[] = [
    { title: "furthest off", align: "left" },
    { title: "measured", align: "right" },
    { title: "predicted", align: "right" },
    { title: "time", align: "right" },
  ];
  const rows = off.map(({ run, share }) => [
    nameOf(run),
    seconds(run.measured.totalSeconds),
    seconds(run.predicted.totalSeconds),
    percent(share),
  ]);
  return formatTable(columns, rows, paint);
}

function nameOf(run: ComparedRun): string {
  const file = run.file.split("/").at(-1) ?? run.file;
  return "row" in run ? `${file}, row ${run.row}` : file;
}

function timeError({ measured, predicted }: ComparedRun): number {
  if (!measured.totalSeconds || predicted.totalSeconds === null) return 0;
  return Math.abs(predicted.totalSeconds - measured.totalSeconds) / measured.totalSeconds;
}

function skippedLines(skipped: Validation["skipped"], paint: Paint): string[] {
  const byReason = new Map<string, number>();
  for (const { reason } of skipped) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  const lines = [paint("bold", `${skipped.length} skipped`)];
  for (const [reason, files] of byReason) lines.push(`  ${files}: ${reason}`);
  return lines;
}

function seconds(value: number | null): string {
  return value === null ? "-" : `${value.toFixed(3)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
