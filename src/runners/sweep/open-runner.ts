/** Which runner does a sweep's tasks. */
import { complain } from "../../deliver.ts";
import { type Attempt, succeeded } from "../../failure.ts";
import type { TextForm } from "../../formats/sweep/row-text.ts";
import type { SweepDefinition } from "../../planning/sweep/sweep-definition.ts";
import type { SweepTasks } from "../../planning/sweep/sweep-tasks.ts";
import { orStopped } from "../../stopping.ts";
import { InProcessRunner } from "./in-process.ts";
import type { TaskRunner } from "./task-runner.ts";
import { ThreadPool } from "./thread-pool.ts";

export interface RunnerRequest {
  /** Threads; 0 for this process alone. */
  workers: number;
  /** Of each worker's heap, bytes; null for a share of the machine's. */
  workerMemoryBytes: number | null;
  /** Where the queue is; null for workers of this machine alone. */
  redis: string | null;
}

export async function openRunner(
  { workers, workerMemoryBytes, redis }: RunnerRequest,
  definition: SweepDefinition,
  form: TextForm,
  tasks: SweepTasks,
  stopping: AbortSignal,
): Promise<Attempt<TaskRunner>> {
  const failed = (task: number, problem: string) => tasks.failed(task, problem);
  if (redis !== null) return openQueue(redis, definition, form, failed, stopping);
  if (workers === 0) return succeeded(new InProcessRunner(tasks, definition));
  return succeeded(new ThreadPool(definition, form, { threads: workers, memoryBytes: workerMemoryBytes, failed }));
}

/** Its modules are loaded only when it is asked for. */
async function openQueue(
  redis: string,
  definition: SweepDefinition,
  form: TextForm,
  failed: SweepTasks["failed"],
  stopping: AbortSignal,
): Promise<Attempt<TaskRunner>> {
  const [{ linkRedis }, { QueueRunner }] = await Promise.all([
    import("../queue/redis-connection.ts"),
    import("../queue/queue-runner.ts"),
  ]);
  const linked = await linkRedis(redis, complain, stopping);
  if (!linked.ok) return linked;
  const link = linked.value;
  try {
    return succeeded(await orStopped(QueueRunner.start(definition, form, { link, failed, tell: complain }), stopping));
  } catch (error) {
    link.close();
    throw error;
  }
}
