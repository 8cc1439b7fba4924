/** One run of the simulator, as an answer that can be posted. */
import { simulate, type TraceEvent } from "../simulator.ts";
import { changedScenario } from "./changed-scenario.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";

export function answerRun(request: RunRequest): RunAnswer {
  const changed = changedScenario(request);
  if (!changed.ok) return { kind: "refused", problems: changed.problems };
  const { scenario } = changed;
  const { seed } = request;
  const events: TraceEvent[] = [];
  const result = simulate(scenario, { seed, onEvent: (event) => events.push(event) });
  return { kind: "done", scenario, seed, events, result };
}
