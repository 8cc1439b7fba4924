/** Work that a thread of its own does, so that Ctrl-C is heard meanwhile. */
import type { Answer } from "../answer.ts";
import type { RunRequest } from "./run-scenario.ts";

export interface Job {
  command: "run";
  request: RunRequest;
}

/** Modules are loaded when a job needs them: the program starts without the simulator. */
export async function doJob(job: Job): Promise<Answer> {
  const { runScenario } = await import("./run-scenario.ts");
  return runScenario(job.request);
}
