/**
 * Does tasks on any number of machines: BullMQ hands them over by way of Redis. A job may be done twice, and Redis may lose
 * all it has; both are made up for here, where it is known what is still wanted.
 */
import type { Job, Queue, QueueEvents } from "bullmq";
import { ENGINE_VERSION } from "../../../sim/index.ts";
import type { TextForm } from "../../formats/sweep/row-text.ts";
import { importModule } from "../../native-import.ts";
import { type SweepDefinition, sweepId, type TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../planning/sweep/sweep-tasks.ts";
import { surviveDeaths, WorkerDeath } from "../sweep/survive.ts";
import { SweepFault, type TaskRunner, type TimedTasks } from "../sweep/task-runner.ts";
import {
  announcePresence,
  HEARTBEAT_MILLISECONDS,
  type JobData,
  type JobResult,
  presentVersions,
  QUEUE_NAME,
  storeSweep,
  withdrawPresence,
} from "./queue-protocol.ts";
import { LinkFault, type RedisLink, refusalOf } from "./redis-connection.ts";

/** Long beside the few milliseconds that a job costs Redis. */
const TARGET_SECONDS = 1;

/** Jobs in the queue at once: enough for as many threads, few enough to be asked after one by one. */
const CAPACITY = 128;

/** How often jobs of which nothing was heard are asked after. */
const ASK_MILLISECONDS = 2000;

/** A sweep of which nothing is done for so long tells why that may be. */
const PATIENCE_MILLISECONDS = 6000;

/** Results that nobody fetched go after a day. */
const KEPT_SECONDS = 86_400;

/** How long a sweep that ends takes to withdraw what it has in the queue. */
const CLOSING_MILLISECONDS = 1000;

interface Pending {
  data: JobData;
  resolve: (timed: TimedTasks) => void;
  reject: (error: unknown) => void;
}

export interface QueueRunnerOptions {
  link: RedisLink;
  /** The rows of tasks that no worker survives. */
  failed: (task: number, problem: string) => DoneTasks;
  /** Is given what the user should know while it is waited. */
  tell: (message: string) => void;
}

export class QueueRunner implements TaskRunner {
  readonly capacity = CAPACITY;
  readonly targetSeconds = TARGET_SECONDS;
  readonly #link: RedisLink;
  readonly #failed: QueueRunnerOptions["failed"];
  readonly #tell: QueueRunnerOptions["tell"];
  readonly #stored: { definition: SweepDefinition; form: TextForm };
  readonly #sweep: string;
  readonly #queue: Queue<JobData, JobResult>;
  readonly #events: QueueEvents;
  readonly #pending = new Map<string, Pending>();
  readonly #timer: NodeJS.Timeout;
  #fault: unknown = null;
  #asking = false;
  #heardAt = performance.now();
  #toldWhy = "";
  #announcedAt = Number.NEGATIVE_INFINITY;

  static async start(definition: SweepDefinition, form: TextForm, options: QueueRunnerOptions): Promise<QueueRunner> {
    const { Queue, QueueEvents } = (await importModule("bullmq")) as typeof import("bullmq");
    const { link } = options;
    const shared = { skipVersionCheck: true };
    const queue = new Queue<JobData, JobResult>(QUEUE_NAME, { connection: link.client, ...shared });
    const events = new QueueEvents(QUEUE_NAME, { connection: link.connect(), ...shared });
    return new QueueRunner(definition, form, options, queue, events);
  }

  private constructor(
    definition: SweepDefinition,
    form: TextForm,
    { link, failed, tell }: QueueRunnerOptions,
    queue: Queue<JobData, JobResult>,
    events: QueueEvents,
  ) {
    this.#link = link;
    this.#failed = failed;
    this.#tell = tell;
    this.#stored = { definition, form };
    // Rows of the two forms are different results.
    this.#sweep = `${sweepId(definition)}-${form}`;
    this.#queue = queue;
    this.#events = events;
    this.#events = events;
    // A connection that is lost is told by the link.
    queue.on("error", () => {});
    events.on("error", () => {});
    events.on("completed", ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue as unknown as JobResult));
    events.on("failed", ({ jobId, failedReason }) => this.#died(jobId, failedReason));
    link.fault.catch((error) => this.#end(error));
    this.#timer = setInterval(() => this.#askAfter(), ASK_MILLISECONDS);
    this.#askAfter();
  }

  run(range: TaskRange): Promise<TimedTasks> {
    return surviveDeaths(range, (part) => this.#attempt(part), this.#failed);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const left = [...this.#pending.keys()];
    this.#pending.clear();
    const withdrawn = Promise.allSettled([
      withdrawPresence(this.#link.client, "sweep", this.#sweep),
      ...left.map((id) => this.#queue.remove(id)),
      this.#events.close(),
    ]);
    await Promise.race([withdrawn, new Promise((resolve) => setTimeout(resolve, CLOSING_MILLISECONDS).unref())]);
    this.#link.close();
  }

  #attempt(range: TaskRange): Promise<TimedTasks> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) {
        reject(this.#fault);
        return;
      }
      const data = { sweep: this.#sweep, ...range };
      this.#pending.set(idOf(data), { data, resolve, reject });
      this.#add(data).catch((error) => this.#end(error));
    });
  }

  /** Adding what is there already adds nothing: a job is named by its tasks. */
  async #add(data: JobData): Promise<void> {
    await storeSweep(this.#link.client, this.#sweep, this.#stored);
    await this.#queue.add("tasks", data, {
      jobId: idOf(data),
      removeOnComplete: { age: KEPT_SECONDS },
      removeOnFail: { age: KEPT_SECONDS },
    });
  }

  #completed(id: string, result: JobResult): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#settled(id);
    if ("fault" in result) pending.reject(new SweepFault(result.fault));
    else pending.resolve(result.timed);
  }

  #died(id: string, reason: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    // Removed first, or trying the same tasks again would add nothing.
    this.#pending.delete(id);
    this.#queue
      .remove(id)
      .then(() => pending.reject(new WorkerDeath(`the workers that did it ended (${reason})`)))
      .catch((error) => this.#end(error));
  }

  #settled(id: string): void {
    this.#heardAt = performance.now();
    this.#toldWhy = "";
    this.#pending.delete(id);
    // Whoever does it a second time finds it gone, and his result with it.
    this.#queue.remove(id).catch(() => {});
  }

  #end(error: unknown): void {
    const failure = error instanceof LinkFault ? error.failure : refusalOf(this.#link, error);
    this.#fault = failure === null ? error : new SweepFault(failure);
    for (const { reject } of this.#pending.values()) reject(this.#fault);
    this.#pending.clear();
  }

  /** Events may be lost, and with them, where Redis keeps nothing, the jobs. */
  #askAfter(): void {
    if (this.#asking || this.#link.client.status !== "ready") return;
    this.#asking = true;
    this.#ask()
      .catch((error) => {
        // A connection lost on the way: asked again next time.
        if (this.#link.client.status === "ready" && !/Connection is closed/.test(String(error))) this.#end(error);
      })
      .finally(() => {
        this.#asking = false;
      });
  }

  async #ask(): Promise<void> {
    if (performance.now() - this.#announcedAt >= HEARTBEAT_MILLISECONDS) {
      this.#announcedAt = performance.now();
      await announcePresence(this.#link.client, "sweep", this.#sweep);
    }
    for (const [id, { data }] of [...this.#pending]) {
      const job: Job<JobData, JobResult> | undefined = await this.#queue.getJob(id);
      if (!this.#pending.has(id)) continue;
      if (job === undefined) await this.#add(data);
      else if (job.finishedOn !== undefined && job.returnvalue !== null) this.#completed(id, job.returnvalue);
      else if (job.finishedOn !== undefined) this.#died(id, job.failedReason);
    }
    if (this.#pending.size > 0 && performance.now() - this.#heardAt > PATIENCE_MILLISECONDS) await this.#tellWhy();
  }

  async #tellWhy(): Promise<void> {
    const versions = await presentVersions(this.#link.client, "worker");
    let why = "";
    if (versions.length === 0) why = "no worker is there. Start some: precopy worker --redis URL";
    else if (!versions.includes(ENGINE_VERSION)) {
      why = `all workers are of version ${versions.join(", ")}, and this sweep of ${ENGINE_VERSION}. Start workers of that`;
    }
    if (why !== "" && why !== this.#toldWhy) this.#tell(`waiting: ${why}`);
    this.#toldWhy = why;
  }
}

/** Without colons, which BullMQ keeps for itself. */
function idOf({ sweep, from, to }: JobData): string {
  return `${sweep}-${from}-${to}`;
}
