/** What page and worker say to each other. */
import type { RunResult, Scenario, TraceEvent } from "../simulator.ts";
import type { ScenarioChange } from "./changed-scenario.ts";

/** One run, with its events. */
export interface RunRequest extends ScenarioChange {
  kind: "run";
  seed: string;
}

export type RunAnswer =
  | { kind: "done"; scenario: Scenario; seed: string; events: TraceEvent[]; result: RunResult }
  /** The scenario cannot be run: what is wrong with it, a sentence each. */
  | { kind: "refused"; problems: string[] }
  /** The simulator failed: a defect. */
  | { kind: "broken"; message: string };

/** What each kind of request is answered with. */
export interface WorkerAnswers {
  run: RunAnswer;
}

export type WorkerRequest = RunRequest;

export type AnswerTo<Request extends WorkerRequest> = WorkerAnswers[Request["kind"]];
