/** Single changes that would cure a migration, each the smallest round one that was enough for every seed simulated. */
import type { MigrationResult, PolicyDefinition, Scenario } from "../../../sim/index.ts";
import type { ScenarioChange } from "../scenario-changes.ts";
import { elapsedSeconds, resultsOf } from "../trials.ts";
import { knobsOf, type Step } from "./knobs.ts";
import { firstEnough } from "./search.ts";
import { type Tally, tallyOf, type Verdict, verdictOf } from "./verdict.ts";

/** What a migration should come to. */
export interface Goal {
  /** Nothing but little being left may end pre-copy, post-copy apart. */
  mustConverge: boolean;
  /** At most; null for no objective. */
  downtimeSeconds: number | null;
  elapsedSeconds: number | null;
}

export interface Cure {
  /** The parameter's key, or `link`, `writes`, `mode`, `profile`. */
  change: string;
  title: string;
  from: string;
  to: string;
  /** For `--set`; empty where no key sets it. The timeline is counted in order of time. */
  settings: Step["settings"];
  /** Seeds that met the goal: all that were simulated. */
  seeds: number;
  totalSeconds: { median: number; greatest: number } | null;
  downtimeSeconds: { median: number; greatest: number } | null;
}

/** What was tried to its utmost and is not enough. */
export interface NoCure {
  change: string;
  title: string;
  from: string;
  /** The utmost that was tried, and what came of it. */
  tried: string;
  /** The switch that it belongs to, which was switched on as well; null for none. */
  belongsTo: string | null;
  /** How many values there were to try. */
  steps: number;
  verdict: Verdict;
}

export function meets(goal: Goal, result: MigrationResult): boolean {
  if (result.outcome !== "completed") return false;
  if (goal.mustConverge && verdictOf(result) !== "converges" && result.postcopy === undefined) return false;
  const within = (value: number | null, most: number | null) => most === null || (value !== null && value <= most);
  return within(result.downtimeSeconds, goal.downtimeSeconds) && within(elapsedSeconds(result), goal.elapsedSeconds);
}

export interface Cures {
  cures: Cure[];
  notCures: NoCure[];
}

/** Under which a change is tried. */
export interface Trial {
  readonly seeds: readonly string[];
  readonly policy: PolicyDefinition | null;
  /** Ends the run where nobody would wait any longer. */
  readonly patience: ScenarioChange;
}

export function findCures(
  scenario: Scenario,
  migration: number,
  goal: Goal,
  trial: Trial,
  report: (knobsDone: number, knobs: number) => void,
): Cures {
  const knobs = knobsOf(scenario, migration, goal.downtimeSeconds !== null);
  const found: Cures = { cures: [], notCures: [] };
  for (const [index, knob] of knobs.entries()) {
    report(index, knobs.length);
    // What a switch does alone needs none of its details.
    if (knob.belongsTo !== null && found.cures.some(({ change }) => change === knob.belongsTo)) continue;
    const { change, title, now: from } = { ...knob, change: knob.name };
    const step = firstEnough(
      knob.steps,
      ({ change: apply }) => isEnough(trial.patience(apply(scenario)), migration, goal, trial),
      goal.downtimeSeconds !== null || goal.elapsedSeconds !== null,
    );
    if (step === null) {
      const utmost = knob.steps.at(-1) as Step;
      const { verdict } = tallyOf([
        ...resultsOf(utmost.change(scenario), migration, trial.seeds.slice(0, 1), trial.policy),
      ]);
      found.notCures.push({
        change,
        title,
        from,
        tried: utmost.text,
        belongsTo: knob.belongsTo,
        steps: knob.steps.length,
        verdict,
      });
      continue;
    }
    const { totalSeconds, downtimeSeconds } = tally(step, scenario, migration, trial);
    const { text: to, settings } = step;
    found.cures.push({ change, title, from, to, settings, seeds: trial.seeds.length, totalSeconds, downtimeSeconds });
  }
  return found;
}

function tally(step: Step, scenario: Scenario, migration: number, { seeds, policy, patience }: Trial): Tally {
  return tallyOf([...resultsOf(patience(step.change(scenario)), migration, seeds, policy)]);
}

/** Stops at the first seed for which it is not. */
function isEnough(variant: Scenario, migration: number, goal: Goal, { seeds, policy }: Trial): boolean {
  for (const result of resultsOf(variant, migration, seeds, policy)) if (!meets(goal, result)) return false;
  return true;
}
