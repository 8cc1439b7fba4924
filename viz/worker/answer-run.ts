/** One run of the simulator, as an answer that can be posted. */
import { formatPath, parseScenario, simulate, type TraceEvent, toScenarioFile } from "../simulator.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";

export function answerRun({ scenario, seed }: RunRequest): RunAnswer {
  try {
    // Read again as a file would be: only so are all its checks made.
    const read = parseScenario(toScenarioFile(scenario));
    if (!read.ok) {
      const problems = read.problems.map(({ path, problem, remedy }) => `${formatPath(path)}: ${problem}; ${remedy}.`);
      return { kind: "refused", problems };
    }
    const events: TraceEvent[] = [];
    const result = simulate(scenario, { seed, onEvent: (event) => events.push(event) });
    return { kind: "done", scenario, seed, events, result };
  } catch (error) {
    return { kind: "broken", message: error instanceof Error ? error.message : String(error) };
  }
}
