/** What page and worker say to each other. */
import type { RunResult, Scenario, TraceEvent } from "../simulator.ts";

export interface RunRequest {
  scenario: Scenario;
  seed: string;
}

export type RunAnswer =
  | { kind: "done"; scenario: Scenario; seed: string; events: TraceEvent[]; result: RunResult }
  /** The scenario cannot be run: what is wrong with it, a sentence each. */
  | { kind: "refused"; problems: string[] }
  /** The simulator failed: a defect. */
  | { kind: "broken"; message: string };
