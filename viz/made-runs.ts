/** Runs that the page makes itself, and what it says of those that cannot be made. */
import type { Notice } from "./controls/notice.ts";
import type { WhatIfPanel } from "./controls/what-if-panel.ts";
import { changedVm, runKey, type WantedRun } from "./model/lesson-run.ts";
import type { Trace } from "./model/trace-reader.ts";
import type { ScenarioChange } from "./worker/changed-scenario.ts";
import { simulateTrace } from "./worker/run-in-worker.ts";

/** Runs that are kept for going back to: a lesson has few. */
const MOST_KEPT_RUNS = 12;

export interface MadeRuns {
  /** Simulates beside the page; null where the scenario is refused, the run fails or another took its place. */
  simulated(change: ScenarioChange, seed: string): Promise<Trace | null>;
  /** A run's trace: one that was made before, or simulated now. */
  traceOf(run: WantedRun): Promise<Trace | null>;
}

export function createMadeRuns(panel: WhatIfPanel, notice: Notice): MadeRuns {
  const made = new Map<string, Trace>();

  async function simulated(change: ScenarioChange, seed: string): Promise<Trace | null> {
    notice(null);
    const answer = await simulateTrace({ ...change, seed });
    if (answer.kind === "given-up") return null;
    panel.setRunning(false);
    if (answer.kind === "done") return answer.trace;
    if (answer.kind === "refused") panel.tell(answer.problems);
    else notice(`The simulation failed: ${answer.message}. This is a defect of precopy.`);
    return null;
  }

  async function traceOf(run: WantedRun): Promise<Trace | null> {
    const key = runKey(run);
    const known = made.get(key);
    if (known !== undefined) return known;
    const { scenario, vm, numbers, seed } = run;
    const trace = await simulated({ base: scenario, vm: changedVm(scenario, vm), numbers }, seed);
    if (trace === null) return null;
    if (made.size >= MOST_KEPT_RUNS) made.delete(made.keys().next().value as string);
    made.set(key, trace);
    return trace;
  }

  return { simulated, traceOf };
}
