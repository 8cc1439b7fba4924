/** `precopy plan`, apart from its command line. */
import type { PolicyDefinition } from "../../sim/index.ts";
import { type Answer, answerFailure } from "../answer.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { badInput } from "../failure.ts";
import { answerOrWrite } from "../formats/output.ts";
import { colourPaint, plainPaint } from "../formats/paint.ts";
import { formatPlanCsv } from "../formats/plan-csv.ts";
import { formatPlan } from "../formats/plan-table.ts";
import { readScenario } from "../formats/scenario-file.ts";
import { formatCommand } from "../formats/shell.ts";
import { nameOfSource } from "../formats/text-file.ts";
import { type Plan, type PlanAxes, plan, planAxes } from "../planning/plan.ts";
import { migrationEntries } from "../planning/scenario-changes.ts";
import type { Progress } from "../progress.ts";
import { whyNoSuchMachine } from "./asked-machine.ts";
import { withPolicy } from "./with-policy.ts";

/** Plain data: it crosses to another thread. */
export interface PlanRequest {
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
  /** May be null where one machine alone is migrated. */
  vm: string | null;
  seeds: number;
  axes: PlanAxes;
  /** The axes as they were given, for the command that does the same again. */
  axisFlags: string[];
  form: "table" | "csv" | "json";
  colour: boolean;
  output: string | null;
}

export function planScenario(request: PlanRequest, report: (progress: Progress) => void): Promise<Answer> {
  return withPolicy(request.policy, (policy) => planWith(policy, request, report));
}

function planWith(policy: PolicyDefinition | null, request: PlanRequest, report: (progress: Progress) => void): Answer {
  const read = readScenario(request.text, nameOfSource(request.scenario), request.settings);
  if (!read.ok) return answerFailure(read.failure);
  const scenario = read.value;
  const entries = migrationEntries(scenario);
  const { vm } = request;
  const objection =
    whyNoSuchMachine(entries, vm) ??
    (entries.length === 0 ? "the timeline asks for no migration: there is nothing to plan. Add one." : null) ??
    (vm === null && entries.length > 1
      ? `the scenario migrates more than once. Say with --vm which is planned: ${[...new Set(entries.map((entry) => entry.vm))].slice(0, 10).join(", ")}.`
      : null);
  if (objection !== null) return answerFailure(badInput(objection).failure);
  const migration = vm === null ? 0 : entries.findIndex((entry) => entry.vm === vm);
  const axes = planAxes(scenario, migration, request.axes);
  if (!axes.ok) return answerFailure(badInput(axes.problem).failure);
  const seed = request.seed ?? scenario.seed;
  const { bandwidth, limit } = axes;
  const planned = plan(scenario, migration, { seed, seeds: request.seeds, bandwidth, limit, policy }, report);
  const answer = answerOrWrite(format(planned, request, seed), request.output);
  const notices = [...answer.notices, ...planned.warnings];
  const works = planned.cells.some(({ completedShare }) => completedShare > 0);
  const exitCode = answer.exitCode === EXIT_CODES.success && !works ? EXIT_CODES.answerIsNo : answer.exitCode;
  return { ...answer, notices, exitCode };
}

function format(planned: Plan, request: PlanRequest, seed: string): string {
  const { scenario, settings, policy, vm, seeds, axisFlags, form, colour } = request;
  if (form === "csv") return formatPlanCsv(planned);
  const command = formatCommand([
    ...["precopy", "plan", scenario, ...axisFlags],
    ...Object.entries(settings).flatMap(([path, value]) => ["--set", `${path}=${value}`]),
    ...(policy === null ? [] : ["--policy", policy]),
    ...(vm === null ? [] : ["--vm", vm]),
    ...["--seeds", String(seeds), "--seed", seed],
  ]);
  if (form === "json") return `${JSON.stringify({ ...planned, command }, null, 2)}\n`;
  return formatPlan(planned, command, colour ? colourPaint : plainPaint);
}
