/** What page and worker say to each other. */
import type { WhatIf } from "../model/what-if.ts";
import type { Lesson, MigrationOutcome, RunResult, Scenario, TraceEvent } from "../simulator.ts";
import type { ScenarioChange } from "./changed-scenario.ts";

/** One run, with its events. */
export interface RunRequest extends ScenarioChange {
  kind: "run";
  seed: string;
}

export type RunAnswer =
  | { kind: "done"; scenario: Scenario; seed: string; events: TraceEvent[]; result: RunResult }
  | Refused
  /** The simulator failed: a defect. */
  | { kind: "broken"; message: string };

/** What was given cannot be used: what is wrong with it, a sentence each. */
export interface Refused {
  kind: "refused";
  problems: string[];
}

/** Several runs, of which the outcome alone is wanted. */
export interface OutcomesRequest {
  kind: "outcomes";
  base: Scenario;
  vm: string;
  tries: readonly { numbers: WhatIf | null; seeds: readonly string[] }[];
}

/** What came of one run. */
export interface Outcome {
  /** `refused`: the scenario makes no sense with these numbers. */
  outcome: MigrationOutcome | "refused";
  downtimeSeconds: number | null;
  totalSeconds: number | null;
  /** Dirty pages at the ends of rounds: times and numbers of pages. */
  track: { t: number; pages: number }[];
}

/** In the order of the tries, and of the seeds within each. */
export interface OutcomesAnswer {
  kind: "outcomes";
  outcomes: Outcome[];
}

/** A lesson or a scenario, from its file's text. */
export interface ReadRequest {
  kind: "read";
  text: string;
  /** Scenarios that a lesson may name, by the name of their file. */
  known: Readonly<Record<string, Scenario>>;
}

export type ReadAnswer = { kind: "lesson"; lesson: Lesson } | { kind: "scenario"; scenario: Scenario } | Refused;

/** What each kind of request is answered with. */
export interface WorkerAnswers {
  run: RunAnswer;
  outcomes: OutcomesAnswer;
  read: ReadAnswer;
}

export type WorkerRequest = RunRequest | OutcomesRequest | ReadRequest;

export type AnswerTo<Request extends WorkerRequest> = WorkerAnswers[Request["kind"]];
