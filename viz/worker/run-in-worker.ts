/** Simulates in a worker, one run at a time: a new request gives up the one under way. */
import type { Trace } from "../model/trace-reader.ts";
import { SCHEMA_VERSION, type TraceHeader } from "../simulator.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";
import SimulateWorker from "./simulate.worker.ts?worker&inline";

/** The run as a trace, or why there is none. */
export type SimulatedTrace =
  | { kind: "done"; trace: Trace }
  | { kind: "given-up" }
  | Exclude<RunAnswer, { kind: "done" }>;

let giveUp: (() => void) | null = null;

/** Gives up the run under way, if there is one. */
export function giveUpRun(): void {
  giveUp?.();
}

export async function simulateTrace(request: RunRequest): Promise<SimulatedTrace> {
  const answer = await run(request);
  if (answer.kind !== "done") return answer;
  const { scenario, seed, events, result } = answer;
  const header: TraceHeader = {
    type: "header",
    schemaVersion: SCHEMA_VERSION,
    engineVersion: result.engineVersion,
    scenario: { ...scenario },
    seed,
  };
  // A run ends with its last event: so does the trace that the command line writes.
  return { kind: "done", trace: { header, scenario, events, end: { type: "end", t: events.at(-1)?.t ?? 0, result } } };
}

function run(request: RunRequest): Promise<RunAnswer | { kind: "given-up" }> {
  giveUpRun();
  return new Promise((resolve) => {
    const worker = new SimulateWorker();
    const finish = (answer: RunAnswer | { kind: "given-up" }): void => {
      worker.terminate();
      giveUp = null;
      resolve(answer);
    };
    giveUp = () => finish({ kind: "given-up" });
    worker.onmessage = (message: MessageEvent<RunAnswer>) => finish(message.data);
    worker.onerror = (event) => finish({ kind: "broken", message: event.message || "the worker could not start" });
    worker.postMessage(request);
  });
}
