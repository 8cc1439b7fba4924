/** Tasks whose worker dies are tried again; which of them killed it is found by halving. */
import type { TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../planning/sweep/sweep-tasks.ts";
import type { TimedTasks } from "./task-runner.ts";

/** A worker ended before it gave its result. `message` says how, as the rest of a sentence. */
export class WorkerDeath extends Error {}

/** A single task is given up after so many workers have died of it. */
export const TRIES_OF_A_TASK = 3;

/**
 * Does a range by `attempt`, which throws WorkerDeath where its worker dies. A range of several tasks is then halved, so
 * that its other tasks are kept from the one that kills; a single one is tried again, then `failed`.
 */
export async function surviveDeaths(
  range: TaskRange,
  attempt: (range: TaskRange) => Promise<TimedTasks>,
  failed: (task: number, problem: string) => DoneTasks,
): Promise<TimedTasks> {
  const isSingle = range.to - range.from === 1;
  let problem = "";
  for (let tries = isSingle ? TRIES_OF_A_TASK : 1; tries > 0; tries--) {
    try {
      return await attempt(range);
    } catch (error) {
      if (!(error instanceof WorkerDeath)) throw error;
      problem = error.message;
    }
  }
  if (isSingle) return { done: failed(range.from, problem), seconds: 0 };
  const middle = Math.floor((range.from + range.to) / 2);
  const halves = await Promise.all([
    surviveDeaths({ from: range.from, to: middle }, attempt, failed),
    surviveDeaths({ from: middle, to: range.to }, attempt, failed),
  ]);
  return joined(halves);
}

function joined([one, other]: [TimedTasks, TimedTasks]): TimedTasks {
  return {
    seconds: one.seconds + other.seconds,
    done: {
      text: one.done.text + other.done.text,
      rows: one.done.rows + other.done.rows,
      tallies: [...one.done.tallies, ...other.done.tallies],
      failures: [...one.done.failures, ...other.done.failures],
    },
  };
}
