/** `precopy worker`, apart from its command line: does tasks of whatever sweeps are in the queue. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Worker } from "bullmq";
import { ENGINE_VERSION } from "../../../sim/index.ts";
import { type Answer, answerFailure, answerWith } from "../../answer.ts";
import { complain } from "../../deliver.ts";
import { badInput } from "../../failure.ts";
import { importModule } from "../../native-import.ts";
import { orStopped, type WorkConditions } from "../../stopping.ts";
import { openTasks } from "../sweep/open-tasks.ts";
import { SweepFault } from "../sweep/task-runner.ts";
import { ThreadPool } from "../sweep/thread-pool.ts";
import {
  announcePresence,
  HEARTBEAT_MILLISECONDS,
  type JobData,
  type JobResult,
  loadSweep,
  portable,
  presentVersions,
  QUEUE_NAME,
  withdrawPresence,
} from "./queue-protocol.ts";
import { LinkFault, linkRedis, type RedisLink } from "./redis-connection.ts";

export interface WorkerRequest {
  redis: string;
  threads: number;
  /** Of each thread's heap, bytes; null for a share of the machine's. */
  memoryBytes: number | null;
  /** Ends when nothing came for so long; null for never. */
  idleSeconds: number | null;
}

/** A job whose worker is gone for so long is another's. It is renewed from a thread that computes nothing. */
const LOCK_MILLISECONDS = 10_000;
const STALLED_CHECK_MILLISECONDS = 5000;

/** A job that has ended so many workers is failed. */
const MOST_DEATHS = 3;

/** What is under way when the worker is to stop gets so long to end: a range takes a second or so. */
const LAST_WORDS_MILLISECONDS = 5000;

export async function serveQueue(request: WorkerRequest, { stopping, quiet }: WorkConditions): Promise<Answer> {
  const tell = (message: string) => {
    if (!quiet) complain(message);
  };
  const linked = await linkRedis(request.redis, tell, stopping);
  if (!linked.ok) return answerFailure(linked.failure);
  const link = linked.value;
  try {
    const sweeps = await orStopped(presentVersions(link.client, "sweep"), stopping);
    if (sweeps.length > 0 && !sweeps.includes(ENGINE_VERSION)) {
      const theirs = sweeps.join(", ");
      return answerFailure(
        badInput(
          `the sweep at ${link.place} is of version ${theirs}, and this worker of ${ENGINE_VERSION}. Install the same version.`,
        ).failure,
      );
    }
    return await new QueueServer(request, link, tell).serve(stopping);
  } catch (error) {
    if (error instanceof LinkFault) return answerFailure(error.failure);
    throw error;
  } finally {
    link.close();
  }
}

class QueueServer {
  readonly #request: WorkerRequest;
  readonly #link: RedisLink;
  readonly #tell: (message: string) => void;
  readonly #name = randomUUID();
  readonly #pools = new Map<string, { pool: Promise<ThreadPool>; underWay: number }>();
  #busySince = performance.now();
  #underWay = 0;
  #tasks = 0;

  constructor(request: WorkerRequest, link: RedisLink, tell: (message: string) => void) {
    this.#request = request;
    this.#link = link;
    this.#tell = tell;
  }

  async serve(stopping: AbortSignal): Promise<Answer> {
    const { threads, idleSeconds } = this.#request;
    const { Worker } = (await importModule("bullmq")) as typeof import("bullmq");
    const worker = new Worker<JobData, JobResult>(QUEUE_NAME, (job) => this.#do(job.data), {
      connection: this.#link.connect(),
      concurrency: threads,
      lockDuration: LOCK_MILLISECONDS,
      stalledInterval: STALLED_CHECK_MILLISECONDS,
      maxStalledCount: MOST_DEATHS,
      skipVersionCheck: true,
    });
    // Lost connections are told by the link; a job that another has done meanwhile is nobody's trouble.
    worker.on("error", () => {});
    this.#tell(
      `worker of version ${ENGINE_VERSION} with ${threads} ${threads === 1 ? "thread" : "threads"} at ${this.#link.place}; Ctrl-C stops`,
    );
    try {
      await Promise.race([this.#untilIdle(idleSeconds, stopping), this.#link.fault]);
    } finally {
      await this.#end(worker);
    }
    return answerWith("", [`did ${this.#tasks} tasks`]);
  }

  async #untilIdle(idleSeconds: number | null, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      if (this.#link.client.status === "ready") {
        // A connection lost on the way is told by the link.
        await Promise.race([
          announcePresence(this.#link.client, "worker", this.#name).catch(() => {}),
          setTimeout(HEARTBEAT_MILLISECONDS, undefined, { ref: false }),
        ]);
      }
      const idleMilliseconds = this.#underWay > 0 ? 0 : performance.now() - this.#busySince;
      const left = idleSeconds === null ? Number.POSITIVE_INFINITY : idleSeconds * 1000 - idleMilliseconds;
      if (left <= 0) return;
      await setTimeout(Math.min(left, HEARTBEAT_MILLISECONDS), undefined, { signal: stopping }).catch(() => {});
    }
  }

  async #end(worker: Worker): Promise<void> {
    const patience = setTimeout(LAST_WORDS_MILLISECONDS, undefined, { ref: false });
    await Promise.race([worker.close().catch(() => {}), patience]);
    for (const { pool } of this.#pools.values()) await (await pool).close();
    const gone = withdrawPresence(this.#link.client, "worker", this.#name).catch(() => {});
    await Promise.race([gone, setTimeout(HEARTBEAT_MILLISECONDS, undefined, { ref: false })]);
  }

  async #do({ sweep, from, to }: JobData): Promise<JobResult> {
    this.#underWay += 1;
    const entry = this.#entryOf(sweep);
    entry.underWay += 1;
    try {
      const pool = await entry.pool;
      const timed = await pool.run({ from, to });
      this.#tasks += to - from;
      return { timed: portable(timed) };
    } catch (error) {
      if (error instanceof SweepFault) return { fault: error.failure };
      throw error;
    } finally {
      entry.underWay -= 1;
      this.#underWay -= 1;
      this.#busySince = performance.now();
    }
  }

  #entryOf(sweep: string) {
    let entry = this.#pools.get(sweep);
    if (entry === undefined) {
      this.#closeIdlePools();
      const pool = this.#open(sweep);
      // One that could not be opened is tried anew with the next job.
      pool.catch(() => this.#pools.delete(sweep));
      entry = { pool, underWay: 0 };
      this.#pools.set(sweep, entry);
    }
    return entry;
  }

  async #open(sweep: string): Promise<ThreadPool> {
    const stored = await loadSweep(this.#link.client, sweep);
    if (stored === null) throw new Error("the sweep is not described in Redis any more");
    const { definition, form } = stored;
    const tasks = await openTasks(definition, form);
    if (!tasks.ok) throw new SweepFault(tasks.failure);
    const { threads, memoryBytes } = this.#request;
    return new ThreadPool(definition, form, {
      threads,
      memoryBytes,
      failed: (task, problem) => tasks.value.failed(task, problem),
    });
  }

  #closeIdlePools(): void {
    for (const [sweep, { pool, underWay }] of this.#pools) {
      if (underWay > 0) continue;
      this.#pools.delete(sweep);
      pool.then((opened) => opened.close()).catch(() => {});
    }
  }
}
