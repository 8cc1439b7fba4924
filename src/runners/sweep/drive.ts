/** Hands a sweep's tasks to a runner and takes them back in their order. */
import type { TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../planning/sweep/sweep-tasks.ts";
import type { TaskRunner, TimedTasks } from "./task-runner.ts";

/** Ranges that are done and wait for one before them, for each that may be under way: this bounds the memory. */
const WAITING_PER_RUNNING = 8;

/** The first ranges, before it is known how long a task takes. */
const FIRST_TASKS = 8;

/** A range's rows are held in memory as text, a few hundred bytes each. */
const MOST_ROWS = 20_000;

/** From one range to the next the size grows no faster: the first ones are slow because nothing is compiled yet. */
const GROWTH = 4;

export interface DriveOptions {
  range: TaskRange;
  /** Called with each range in turn, from the first task to the last. */
  take: (done: DoneTasks, range: TaskRange) => void | Promise<void>;
  stopping: AbortSignal;
}

/** @throws the signal's reason where it is stopped, what the runner throws, what `take` throws */
export async function driveInOrder(runner: TaskRunner, { range, take, stopping }: DriveOptions): Promise<void> {
  const sizes = new RangeSizes(runner);
  const underWay = new Map<number, Promise<void>>();
  const finished = new Map<number, { part: TaskRange; timed: TimedTasks }>();
  let ahead = range.from;
  let taken = range.from;
  let onStop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    onStop = () => reject(stopping.reason);
  });
  stopping.addEventListener("abort", onStop);
  // Heard by the race below; without this a stop behind the last range would be an error nobody handles.
  stopped.catch(() => {});
  try {
    while (taken < range.to) {
      stopping.throwIfAborted();
      while (
        ahead < range.to &&
        underWay.size < runner.capacity &&
        finished.size < runner.capacity * WAITING_PER_RUNNING
      ) {
        const part = { from: ahead, to: Math.min(range.to, ahead + sizes.next(range.to - ahead)) };
        ahead = part.to;
        const work = runner.run(part).then((timed) => {
          underWay.delete(part.from);
          finished.set(part.from, { part, timed });
        });
        underWay.set(part.from, work);
        // The race hears it; where another fails first, nobody would.
        work.catch(() => {});
      }
      await Promise.race([stopped, ...underWay.values()]);
      for (let next = finished.get(taken); next !== undefined; next = finished.get(taken)) {
        finished.delete(taken);
        sizes.learn(next.part, next.timed);
        await take(next.timed.done, next.part);
        taken = next.part.to;
      }
    }
  } finally {
    stopping.removeEventListener("abort", onStop);
  }
}

/** Ranges as large as take the runner's target time, smaller towards the end so that none is waited for. */
class RangeSizes {
  readonly #runner: TaskRunner;
  #size = FIRST_TASKS;

  constructor(runner: TaskRunner) {
    this.#runner = runner;
  }

  next(remaining: number): number {
    return Math.max(1, Math.min(this.#size, Math.ceil(remaining / (this.#runner.capacity * 2))));
  }

  learn(part: TaskRange, { done, seconds }: TimedTasks): void {
    const tasks = part.to - part.from;
    const byTime = seconds > 0 ? (tasks / seconds) * this.#runner.targetSeconds : tasks * GROWTH;
    const byRows = (MOST_ROWS * tasks) / Math.max(1, done.rows);
    this.#size = Math.max(1, Math.floor(Math.min(byTime, byRows, this.#size * GROWTH)));
  }
}
