/** Work that a thread of its own does, so that Ctrl-C is heard meanwhile. */
import type { Answer } from "../answer.ts";
import type { Progress } from "../progress.ts";
import type { ExplainRequest } from "./explain-scenario.ts";
import type { PlanRequest } from "./plan-scenario.ts";
import type { RunRequest } from "./run-scenario.ts";
import type { ValidateRequest } from "./validate-runs.ts";

export type Job =
  | { command: "run"; request: RunRequest }
  | { command: "explain"; request: ExplainRequest }
  | { command: "plan"; request: PlanRequest }
  | { command: "validate"; request: ValidateRequest };

/** What the thread tells: how far it is, any number of times, then its answer. */
export type JobMessage = { progress: Progress } | { answer: Answer };

/** Modules are loaded when a job needs them: the program starts without the simulator. */
export async function doJob(job: Job, report: (progress: Progress) => void): Promise<Answer> {
  if (job.command === "run") {
    const { runScenario } = await import("./run-scenario.ts");
    return runScenario(job.request);
  }
  if (job.command === "explain") {
    const { explainScenario } = await import("./explain-scenario.ts");
    return explainScenario(job.request, report);
  }
  if (job.command === "plan") {
    const { planScenario } = await import("./plan-scenario.ts");
    return planScenario(job.request, report);
  }
  const { validateRuns } = await import("./validate-runs.ts");
  return validateRuns(job.request, report);
}
