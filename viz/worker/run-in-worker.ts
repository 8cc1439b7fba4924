/** Simulates in a worker. A new request gives up the one under way. */
import type { RunAnswer, RunRequest } from "./messages.ts";
import SimulateWorker from "./simulate.worker.ts?worker&inline";

let busy: { worker: Worker; giveUp: () => void } | null = null;

/** The answer; null where a later request took its place. */
export function runInWorker(request: RunRequest): Promise<RunAnswer | null> {
  busy?.giveUp();
  return new Promise((resolve) => {
    const worker = new SimulateWorker();
    const finish = (answer: RunAnswer | null): void => {
      worker.terminate();
      if (busy?.worker === worker) busy = null;
      resolve(answer);
    };
    busy = { worker, giveUp: () => finish(null) };
    worker.onmessage = (message: MessageEvent<RunAnswer>) => finish(message.data);
    worker.onerror = (event) => finish({ kind: "broken", message: event.message || "the worker could not start" });
    worker.postMessage(request);
  });
}
