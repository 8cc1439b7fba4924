/** `precopy validate`, apart from its command line. */
import type { PolicyDefinition } from "../../sim/index.ts";
import { type Answer, answerFailure } from "../answer.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { badInput } from "../failure.ts";
import { answerOrWrite } from "../formats/output.ts";
import { colourPaint, plainPaint } from "../formats/paint.ts";
import { formatValidationReport } from "../formats/validation-report.ts";
import { formatValidation } from "../formats/validation-table.ts";
import { type ValidationInputs, validate } from "../planning/validate.ts";
import type { ErrorSummary } from "../planning/validation-summary.ts";
import type { Progress } from "../progress.ts";
import { readMeasuredFiles } from "../sources/measured-files.ts";
import { withPolicy } from "./with-policy.ts";

export interface ValidateRequest {
  paths: string[];
  inputs: ValidationInputs;
  /** A module with a convergence rule of one's own; null for the hypervisor's. */
  policy: string | null;
  seeds: number;
  json: boolean;
  /** Shares of the measured value that the errors of total time and bytes may have; null for no objective. */
  mostMedianError: number | null;
  mostP90Error: number | null;
  colour: boolean;
  /** Where tables and plots go as a page; null for nowhere. */
  html: string | null;
  output: string | null;
}

export function validateRuns(request: ValidateRequest, report: (progress: Progress) => void): Promise<Answer> {
  return withPolicy(request.policy, (policy) => validateWith(policy, request, report));
}

async function validateWith(
  policy: PolicyDefinition | null,
  request: ValidateRequest,
  report: (progress: Progress) => void,
): Promise<Answer> {
  const files = await readMeasuredFiles(request.paths, new AbortController().signal);
  if (!files.ok) return answerFailure(files.failure);
  if (files.value.runs.length + files.value.rows.length === 0) {
    const { failure } = badInput(
      `there is no measured run in ${request.paths.join(", ")}. Name files, or a folder of *.json.`,
    );
    return answerFailure(failure);
  }
  const validation = validate(files.value, request.seeds, report, request.inputs, policy);
  const paint = request.colour ? colourPaint : plainPaint;
  const text = request.json ? `${JSON.stringify(validation, null, 2)}\n` : formatValidation(validation, paint);
  const page = request.html === null ? null : answerOrWrite(formatValidationReport(validation), request.html);
  if (page !== null && page.failure !== null) return page;
  const written = answerOrWrite(text, request.output);
  const answer = { ...written, notices: [...(page?.notices ?? []), ...written.notices] };
  const missed = missedObjectives(validation.summary.all, request);
  if (answer.exitCode !== EXIT_CODES.success || missed.length === 0) return answer;
  return { ...answer, exitCode: EXIT_CODES.answerIsNo, notices: [...answer.notices, ...missed] };
}

function missedObjectives(all: ErrorSummary, { mostMedianError, mostP90Error }: ValidateRequest): string[] {
  if (mostMedianError === null && mostP90Error === null) return [];
  const missed: string[] = [];
  if (all.outcomesRight < all.runs)
    missed.push(`missed: ${all.runs - all.outcomesRight} of ${all.runs} outcomes wrong`);
  const compare = (what: string, error: number, most: number | null) => {
    if (most !== null && error > most) {
      missed.push(`missed: ${what} is ${(error * 100).toFixed(2)} %, over ${(most * 100).toFixed(2)} %`);
    }
  };
  for (const [what, error] of [
    ["total time", all.totalTime],
    ["bytes", all.transferred],
  ] as const) {
    if (error === null) continue;
    compare(`the median error of ${what}`, error.medianShare, mostMedianError);
    compare(`the 90th percentile of the error of ${what}`, error.p90Share, mostP90Error);
  }
  return missed;
}
