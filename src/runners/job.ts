/** Work that a thread of its own does, so that Ctrl-C is heard meanwhile. */
import type { Answer } from "../answer.ts";
import type { RunRequest } from "./run-scenario.ts";
import type { ValidateRequest } from "./validate-runs.ts";

export type Job = { command: "run"; request: RunRequest } | { command: "validate"; request: ValidateRequest };

/** Modules are loaded when a job needs them: the program starts without the simulator. */
export async function doJob(job: Job): Promise<Answer> {
  if (job.command === "run") {
    const { runScenario } = await import("./run-scenario.ts");
    return runScenario(job.request);
  }
  const { validateRuns } = await import("./validate-runs.ts");
  return validateRuns(job.request);
}
