/** A worker that is kept, and asked one thing at a time: of what waits, only the newest is worth an answer. */
import type { AnswerTo, WorkerRequest } from "./messages.ts";
import SimulateWorker from "./simulate.worker.ts?worker&inline";

export interface GivenUp {
  kind: "given-up";
}

export interface Broken {
  kind: "broken";
  message: string;
}

export interface Lane {
  /** Nothing is asked. */
  readonly idle: boolean;
  /** Asks; a request that still waits is given up for this one, and so is one that has been worked on for too long. */
  ask<Request extends WorkerRequest>(request: Request): Promise<AnswerTo<Request> | GivenUp | Broken>;
  /** Gives up what is under way and what waits. */
  giveUp(): void;
}

interface Job {
  request: WorkerRequest;
  resolve: (answer: never) => void;
  startedMillis: number;
}

/**
 * How long a run that something newer waits for may go on: less than this it is finished, and shown, sooner than a new worker
 * would have started.
 */
const PATIENCE_MILLIS = 300;

const GIVEN_UP: GivenUp = { kind: "given-up" };

export function createLane(): Lane {
  let worker: Worker | null = null;
  let busy: Job | null = null;
  let waiting: Job | null = null;
  let timer = 0;

  function finish(job: Job | null, answer: unknown): void {
    (job?.resolve as ((answer: unknown) => void) | undefined)?.(answer);
  }

  function startWorker(): Worker {
    const started = new SimulateWorker();
    const answered = (answer: unknown): void => {
      const job = busy;
      busy = null;
      clearTimeout(timer);
      finish(job, answer);
      next();
    };
    started.onmessage = (message: MessageEvent) => answered(message.data);
    started.onerror = (event) => {
      worker = null;
      answered({ kind: "broken", message: event.message || "the worker could not start" } satisfies Broken);
    };
    return started;
  }

  function next(): void {
    if (busy !== null || waiting === null) return;
    busy = waiting;
    waiting = null;
    busy.startedMillis = performance.now();
    worker ??= startWorker();
    worker.postMessage(busy.request);
  }

  function abandon(): void {
    worker?.terminate();
    worker = null;
    clearTimeout(timer);
    const job = busy;
    busy = null;
    finish(job, GIVEN_UP);
  }

  return {
    get idle() {
      return busy === null && waiting === null;
    },
    ask: (request) =>
      new Promise((resolve) => {
        finish(waiting, GIVEN_UP);
        waiting = { request, resolve, startedMillis: 0 };
        if (busy === null) {
          next();
          return;
        }
        clearTimeout(timer);
        const spent = performance.now() - busy.startedMillis;
        timer = window.setTimeout(
          () => {
            abandon();
            next();
          },
          Math.max(0, PATIENCE_MILLIS - spent),
        );
      }),
    giveUp() {
      const job = waiting;
      waiting = null;
      finish(job, GIVEN_UP);
      if (busy !== null) abandon();
    },
  };
}
