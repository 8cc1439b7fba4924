/** `precopy explain`, apart from its command line. */
import type { PolicyDefinition } from "../../sim/index.ts";
import { type Answer, answerFailure } from "../answer.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { badInput } from "../failure.ts";
import { formatExplanation } from "../formats/explain-text.ts";
import { answerOrWrite } from "../formats/output.ts";
import { colourPaint, plainPaint } from "../formats/paint.ts";
import { readScenario } from "../formats/scenario-file.ts";
import { formatCommand } from "../formats/shell.ts";
import { nameOfSource } from "../formats/text-file.ts";
import { explain, type Objectives } from "../planning/explain/explain.ts";
import { migrationEntries } from "../planning/scenario-changes.ts";
import type { Progress } from "../progress.ts";
import { whyNoSuchMachine } from "./asked-machine.ts";
import { withPolicy } from "./with-policy.ts";

/** Plain data: it crosses to another thread. */
export interface ExplainRequest {
  /** A file, or `-` for standard input. */
  scenario: string;
  /** What it holds. */
  text: string;
  /** Instead of the scenario's own. */
  seed: string | null;
  /** Set over the scenario before it is read, by dotted path. */
  settings: Readonly<Record<string, string | number | boolean>>;
  /** A module with a convergence rule of one's own; null for the hypervisor's. */
  policy: string | null;
  vm: string | null;
  seeds: number;
  objectives: Objectives;
  json: boolean;
  colour: boolean;
  output: string | null;
}

export function explainScenario(request: ExplainRequest, report: (progress: Progress) => void): Promise<Answer> {
  return withPolicy(request.policy, (policy) => explainWith(policy, request, report));
}

function explainWith(
  policy: PolicyDefinition | null,
  request: ExplainRequest,
  report: (progress: Progress) => void,
): Answer {
  const read = readScenario(request.text, nameOfSource(request.scenario), request.settings);
  if (!read.ok) return answerFailure(read.failure);
  const scenario = read.value;
  const { vm, seeds, objectives } = request;
  const objection = whyNoSuchMachine(migrationEntries(scenario), vm);
  if (objection !== null) return answerFailure(badInput(objection).failure);
  const seed = request.seed ?? scenario.seed;
  const explanation = explain(scenario, { seed, seeds, objectives, vm, policy }, report);
  const command = commandOf(request, seed);
  const text = request.json
    ? `${JSON.stringify({ ...explanation, command }, null, 2)}\n`
    : formatExplanation(explanation, command, request.colour ? colourPaint : plainPaint);
  const answer = answerOrWrite(text, request.output);
  const good = explanation.migrations.every(
    ({ outcome, verdicts, meetsObjectives }) =>
      outcome === "completed" && verdicts.never === 0 && verdicts.aborted === 0 && meetsObjectives !== false,
  );
  return answer.exitCode === EXIT_CODES.success && !good ? { ...answer, exitCode: EXIT_CODES.answerIsNo } : answer;
}

function commandOf({ scenario, settings, policy, vm, seeds, objectives }: ExplainRequest, seed: string): string {
  const { downtimeSeconds, totalSeconds } = objectives;
  return formatCommand([
    ...["precopy", "explain", scenario],
    ...Object.entries(settings).flatMap(([path, value]) => ["--set", `${path}=${value}`]),
    ...(policy === null ? [] : ["--policy", policy]),
    ...(vm === null ? [] : ["--vm", vm]),
    ...(downtimeSeconds === null ? [] : ["--downtime", `${downtimeSeconds}s`]),
    ...(totalSeconds === null ? [] : ["--total", `${totalSeconds}s`]),
    ...["--seeds", String(seeds), "--seed", seed],
  ]);
}
