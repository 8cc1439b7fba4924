/** Simulates in a worker, one run at a time: a new request gives up the one under way. */
import { listOf } from "../model/event-list.ts";
import type { Trace } from "../model/trace-reader.ts";
import { whatIfOf } from "../model/what-if.ts";
import { SCHEMA_VERSION, type Scenario, type TraceHeader } from "../simulator.ts";
import { type Broken, createLane, type GivenUp } from "./lane.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";

/** The run as a trace, or why there is none. */
export type SimulatedTrace = { kind: "done"; trace: Trace } | GivenUp | Broken | Exclude<RunAnswer, { kind: "done" }>;

const lane = createLane();

/** Gives up the run under way, if there is one. */
export function giveUpRun(): void {
  lane.giveUp();
}

/** The first runs of a worker take many times as long as later ones, until its code is compiled. */
const WARMING_RUNS = 12;
/** Runs of larger scenarios are slow by themselves, and would be in the way of what is asked. */
const MOST_WARMING_MACHINES = 4;
let warmed = false;

/** Makes the worker ready for numbers that are moved, once a page, as long as nothing is asked of it. */
export async function warmUp(base: Scenario, vm: string): Promise<void> {
  if (warmed || base.vms.length > MOST_WARMING_MACHINES) return;
  warmed = true;
  for (let run = 0; run < WARMING_RUNS; run += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    if (!lane.idle) return;
    const numbers = whatIfOf(base, vm, `${base.seed} ${run}`);
    await lane.ask({ kind: "run", base, vm, numbers, seed: numbers.seed });
  }
}

export async function simulateTrace(request: Omit<RunRequest, "kind">): Promise<SimulatedTrace> {
  const answer = await lane.ask({ kind: "run", ...request });
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
  const end = { type: "end" as const, t: events.at(-1)?.t ?? 0, result };
  return { kind: "done", trace: { header, scenario, events: listOf(events), end, text: null } };
}
