/** What a sweep, or shards put together, come to. */
import { type Answer, answerWith } from "../../answer.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { colourPaint, plainPaint } from "../../formats/paint.ts";
import type { ManifestOpening } from "../../formats/sweep/manifest.ts";
import { formatSweep, quantileWarnings } from "../../formats/sweep/sweep-table.ts";
import { formatValue } from "../../formats/sweep/sweep-value-text.ts";
import { STANDARD_STREAM } from "../../formats/text-file.ts";
import type { SweepSummary } from "../../planning/sweep/sweep-summary.ts";
import type { TaskFailure } from "../../planning/sweep/sweep-tasks.ts";
import type { SweepValue } from "../../planning/sweep/sweep-value.ts";

export interface SweepOutcome {
  opening: ManifestOpening;
  rows: number;
  summary: SweepSummary;
  failures: readonly TaskFailure[];
  notices: readonly string[];
  /** A point's values, in the order of the parameters. */
  parametersAt: (point: number) => readonly SweepValue[];
}

export interface AnswerForm {
  /** Where the rows went; null where they were not wanted. */
  output: string | null;
  json: boolean;
  colour: boolean;
}

/** Failed tasks that are told one by one. */
const MOST_FAILURES_TOLD = 5;

export function sweepAnswer(outcome: SweepOutcome, form: AnswerForm): Answer {
  const { summary, failures } = outcome;
  const { output } = form;
  const warnings = [...quantileWarnings(summary), ...warnOfInvalid(summary)];
  const report = form.json ? jsonReport(outcome, warnings) : textReport(outcome, warnings, form.colour);
  const rowsToStandardOutput = output === STANDARD_STREAM;
  const notices = [
    ...outcome.notices,
    ...(output === null || rowsToStandardOutput ? [] : [`wrote ${output} and ${output}.manifest.json`]),
    ...(rowsToStandardOutput ? [report] : []),
  ];
  // A scenario that migrates nothing completes all that it was asked for.
  const nothingCompleted = summary.completed === 0 && summary.migrations + summary.invalid > 0;
  const exitCode = nothingCompleted ? EXIT_CODES.answerIsNo : EXIT_CODES.success;
  const answer = answerWith(rowsToStandardOutput ? "" : report, notices, exitCode);
  if (failures.length === 0) return answer;
  return { ...answer, exitCode: EXIT_CODES.systemFailure, failure: describeFailures(failures) };
}

export function describeFailures(failures: readonly TaskFailure[]): string {
  const told = failures.slice(0, MOST_FAILURES_TOLD).map(({ task, problem }) => `  task ${task}: ${problem}`);
  const rest = failures.length - told.length;
  return [
    `${failures.length} ${failures.length === 1 ? "task" : "tasks"} came to no result; the rows say task-failed:`,
    ...told,
    ...(rest > 0 ? [`  ... and ${rest} more; the manifest has them all.`] : []),
  ].join("\n");
}

function warnOfInvalid({ invalid }: SweepSummary): string[] {
  if (invalid === 0) return [];
  const tasks = invalid === 1 ? "1 task has" : `${invalid} tasks have`;
  return [`${tasks} no scenario: the values do not go together. The rows say invalid-scenario.`];
}

function jsonReport({ opening, rows, summary, failures, parametersAt }: SweepOutcome, warnings: string[]): string {
  const { columns: _columns, format: _format, points: pointCount, ...facts } = opening;
  const { points, ...all } = summary;
  const told = points?.map((group) => {
    const values = parametersAt(group.point).map(({ value }, index) => [opening.parameters[index], value]);
    return { values: Object.fromEntries(values), ...group };
  });
  const report = { ...facts, pointCount, rows, ...all, points: told ?? null, failures, warnings };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function textReport({ opening, summary, parametersAt }: SweepOutcome, warnings: string[], colour: boolean): string {
  const { tasks, points, seeds, parameters, command } = opening;
  return formatSweep(
    {
      summary,
      tasks: tasks.to - tasks.from,
      points,
      seeds,
      parameters,
      valuesAt: (point) => parametersAt(point).map(({ setting }) => formatValue(setting)),
      warnings,
      command,
    },
    colour ? colourPaint : plainPaint,
  );
}
