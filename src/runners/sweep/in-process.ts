/** Does tasks in this very process, one range after the other. */
import { setImmediate } from "node:timers/promises";
import { PolicyFault } from "../../../sim/index.ts";
import type { Failure } from "../../failure.ts";
import type { SweepDefinition, TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { SweepTasks } from "../../planning/sweep/sweep-tasks.ts";
import { policyFailure } from "../../sources/policy-file.ts";
import { SweepFault, type TaskRunner, type TimedTasks } from "./task-runner.ts";

/** Signals are heard between ranges. */
const TARGET_SECONDS = 0.05;

export class InProcessRunner implements TaskRunner {
  readonly capacity = 1;
  readonly targetSeconds = TARGET_SECONDS;
  readonly #tasks: SweepTasks;
  readonly #definition: SweepDefinition;

  constructor(tasks: SweepTasks, definition: SweepDefinition) {
    this.#tasks = tasks;
    this.#definition = definition;
  }

  async run(range: TaskRange): Promise<TimedTasks> {
    await setImmediate();
    try {
      return doTimed(this.#tasks, range);
    } catch (error) {
      const failure = whyPolicyBroke(error, this.#definition);
      throw failure === null ? error : new SweepFault(failure);
    }
  }

  async close(): Promise<void> {}
}

export function doTimed(tasks: SweepTasks, range: TaskRange): TimedTasks {
  const begun = performance.now();
  const done = tasks.do(range);
  return { done, seconds: (performance.now() - begun) / 1000 };
}

/** Null for any other error. */
export function whyPolicyBroke(error: unknown, { policy }: SweepDefinition): Failure | null {
  return error instanceof PolicyFault && policy !== null ? policyFailure(error, policy.path) : null;
}
