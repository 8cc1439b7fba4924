/** Does tasks in threads of this process. One message hands over many tasks; a thread that dies is replaced. */
import { totalmem } from "node:os";
import { Worker } from "node:worker_threads";
import type { TextForm } from "../../formats/sweep/row-text.ts";
import { installedFile } from "../../installed.ts";
import type { SweepDefinition, TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../planning/sweep/sweep-tasks.ts";
import type { ThreadAnswer, ThreadSetup } from "../sweep-thread.ts";
import { surviveDeaths, WorkerDeath } from "./survive.ts";
import { SweepFault, type TaskRunner, type TimedTasks } from "./task-runner.ts";

/** Long beside the 0.1 ms that a message and its answer take, short beside what a user waits for. */
const TARGET_SECONDS = 0.1;

/** Of the machine's memory, what all threads together may have. */
const SHARE_OF_MEMORY = 0.8;

const MEBIBYTE = 2 ** 20;

/** A thread of ordinary scenarios stays far below; more than the greatest default of V8 is of no use to it. */
const MOST_MEBIBYTES = 4096;

export interface ThreadPoolOptions {
  threads: number;
  /** What a thread's heap may hold, bytes; null for a share of the machine. */
  memoryBytes: number | null;
  /** The rows of a task that no thread survives. */
  failed: (task: number, problem: string) => DoneTasks;
}

interface Work {
  range: TaskRange;
  resolve: (timed: TimedTasks) => void;
  reject: (error: unknown) => void;
}

export class ThreadPool implements TaskRunner {
  readonly capacity: number;
  readonly targetSeconds = TARGET_SECONDS;
  readonly #setup: ThreadSetup;
  readonly #options: ThreadPoolOptions;
  readonly #heapMebibytes: number;
  readonly #waiting: Work[] = [];
  readonly #idle: Worker[] = [];
  readonly #threads = new Set<Worker>();
  #closed = false;

  constructor(definition: SweepDefinition, form: TextForm, options: ThreadPoolOptions) {
    this.#setup = { definition, form };
    this.#options = options;
    // A range for each thread to do, and one to go on with.
    this.capacity = options.threads * 2;
    const share = ((process.constrainedMemory() || totalmem()) * SHARE_OF_MEMORY) / options.threads;
    this.#heapMebibytes = Math.ceil((options.memoryBytes ?? Math.min(share, MOST_MEBIBYTES * MEBIBYTE)) / MEBIBYTE);
  }

  run(range: TaskRange): Promise<TimedTasks> {
    return surviveDeaths(range, (part) => this.#attempt(part), this.#options.failed);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  #attempt(range: TaskRange): Promise<TimedTasks> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ range, resolve, reject });
      this.#handOut();
    });
  }

  #handOut(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const thread = this.#idle.pop();
      if (thread === undefined && this.#threads.size >= this.#options.threads) return;
      this.#give(thread ?? this.#start(), this.#waiting.shift() as Work);
    }
  }

  #start(): Worker {
    // Built, since Node 20 runs no TypeScript.
    const thread = new Worker(installedFile("dist/cli/sweep-thread.js"), {
      workerData: this.#setup,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMebibytes },
    });
    this.#threads.add(thread);
    thread.on("exit", () => {
      this.#threads.delete(thread);
      const index = this.#idle.indexOf(thread);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    return thread;
  }

  #give(thread: Worker, { range, resolve, reject }: Work): void {
    let death: string | null = null;
    const onError = (error: Error & { code?: unknown }) => {
      death = describeDeath(error, this.#heapMebibytes);
    };
    const onExit = (code: number) => {
      // A thread that ends unasked gives an exit alone; one that runs out of memory an error before it.
      reject(new WorkerDeath(death ?? `the thread that did it ended (exit code ${code})`));
      this.#handOut();
    };
    thread.once("error", onError);
    thread.once("exit", onExit);
    thread.once("message", (answer: ThreadAnswer) => {
      thread.off("error", onError);
      thread.off("exit", onExit);
      this.#idle.push(thread);
      if ("fault" in answer) reject(new SweepFault(answer.fault));
      else resolve(answer.timed);
      this.#handOut();
    });
    thread.postMessage(range);
  }
}

function describeDeath(error: Error & { code?: unknown }, heapMebibytes: number): string {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return `it needs more memory than a thread may have (${heapMebibytes} MiB)`;
  return `the thread that did it broke: ${error.message}`;
}
