/** A lesson's run as the page simulates it. */
import type { Lesson, LessonRun, Scenario } from "../simulator.ts";
import { type WhatIf, whatIfOf } from "./what-if.ts";

export interface WantedRun {
  scenario: Scenario;
  seed: string;
  /** The machine that is looked at; null: the first to move. */
  vm: string | null;
  /** Null leaves the scenario as it is. */
  numbers: WhatIf | null;
}

/** The machine whose numbers a run changes: the one that is looked at, or the first that is asked to move. */
export function changedVm(scenario: Scenario, vm: string | null): string {
  const entry = scenario.timeline.find((each) => each.kind === "migrate");
  return vm ?? (entry?.kind === "migrate" ? entry.vm : (scenario.vms[0]?.name ?? ""));
}

export function wantedRun(lesson: Lesson, run: LessonRun): WantedRun {
  const scenario = lesson.scenarios[run.scenario] as Scenario;
  const seed = run.change.seed ?? scenario.seed;
  const unchanged = Object.keys(run.change).every((key) => key === "seed");
  const numbers = unchanged ? null : { ...whatIfOf(scenario, changedVm(scenario, run.vm), seed), ...run.change };
  return { scenario, seed, vm: run.vm, numbers };
}

/** Equal keys are equal runs. */
export function runKey({ scenario, seed, numbers }: WantedRun): string {
  return JSON.stringify([scenario.name, scenario, seed, numbers]);
}
