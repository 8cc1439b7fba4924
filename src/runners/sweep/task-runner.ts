/** What does the tasks of a sweep: this process, its threads, or machines behind a queue. All give the same rows. */
import type { Failure } from "../../failure.ts";
import type { TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../planning/sweep/sweep-tasks.ts";

export interface TimedTasks {
  done: DoneTasks;
  /** How long they took to do. */
  seconds: number;
}

export interface TaskRunner {
  /** Ranges that may be under way at once; more only wait. */
  readonly capacity: number;
  /** How long a range should take about, that handing it over costs nothing beside it. */
  readonly targetSeconds: number;
  /**
   * Does a range. Whatever happens to workers, it comes to rows in the end.
   * @throws SweepFault where the sweep cannot go on
   */
  run(range: TaskRange): Promise<TimedTasks>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** The sweep as a whole cannot go on; the user can do something about it. */
export class SweepFault extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "SweepFault";
    this.failure = failure;
  }
}
