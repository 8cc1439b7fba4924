/** A thread of the pool: does ranges of one sweep's tasks until it is ended. */
import { parentPort, workerData } from "node:worker_threads";
import type { Failure } from "../failure.ts";
import type { TextForm } from "../formats/sweep/row-text.ts";
import type { SweepDefinition, TaskRange } from "../planning/sweep/sweep-definition.ts";
import { doTimed, whyPolicyBroke } from "./sweep/in-process.ts";
import { openTasks } from "./sweep/open-tasks.ts";
import type { TimedTasks } from "./sweep/task-runner.ts";

export interface ThreadSetup {
  definition: SweepDefinition;
  form: TextForm;
}

/** One for each range that was handed over. */
export type ThreadAnswer = { timed: TimedTasks } | { fault: Failure };

const { definition, form } = workerData as ThreadSetup;
const opened = openTasks(definition, form);

parentPort?.on("message", async (range: TaskRange) => {
  parentPort?.postMessage(await answerTo(range));
});

async function answerTo(range: TaskRange): Promise<ThreadAnswer> {
  const tasks = await opened;
  if (!tasks.ok) return { fault: tasks.failure };
  try {
    return { timed: doTimed(tasks.value, range) };
  } catch (error) {
    const fault = whyPolicyBroke(error, definition);
    if (fault === null) throw error;
    return { fault };
  }
}
