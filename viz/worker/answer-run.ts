/** One run of the simulator, as an answer that can be posted. */
import { simulate, type TraceEvent } from "../simulator.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";

export function answerRun({ scenario, seed }: RunRequest): RunAnswer {
  try {
    const events: TraceEvent[] = [];
    const result = simulate(scenario, { seed, onEvent: (event) => events.push(event) });
    return { kind: "done", scenario, seed, events, result };
  } catch (error) {
    return { kind: "broken", message: error instanceof Error ? error.message : String(error) };
  }
}
