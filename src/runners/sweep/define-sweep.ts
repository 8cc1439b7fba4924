/** From what a command line says to a sweep that can be done, or to what is wrong with it. */

import { scenarioSha256 } from "../../../sim/index.ts";
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import { readScenario } from "../../formats/scenario-file.ts";
import { formatValue } from "../../formats/sweep/sweep-value-text.ts";
import { parseAxis, type SweepAxis, telltaleValues } from "../../planning/sweep/sweep-axis.ts";
import { MOST_TASKS, type SweepDefinition, taskCount } from "../../planning/sweep/sweep-definition.ts";
import { MOST_LATIN_SAMPLES, type SweepDesign } from "../../planning/sweep/sweep-design.ts";
import type { SweepValue } from "../../planning/sweep/sweep-value.ts";
import { identifyPolicy } from "./open-tasks.ts";

/** As the command line has it. */
export interface SweepFacts {
  /** What messages call the scenario. */
  source: string;
  text: string;
  settings: Readonly<Record<string, string | number | boolean>>;
  parameters: readonly string[];
  design: SweepDesign["kind"];
  samples: number | null;
  /** Null for the scenario's own. */
  seed: string | null;
  seeds: number;
  policy: string | null;
}

/** Rows are cut, and gone on with, line by line. */
const LINE_BREAK = /[\r\n]/;

/** Of an axis with more values so many are tried before the sweep, evenly spaced. */
const MOST_TRIED = 50;

export async function defineSweep(facts: SweepFacts): Promise<Attempt<SweepDefinition>> {
  const { source, text, settings } = facts;
  const base = readScenario(text, source, settings);
  if (!base.ok) return base;
  const seed = facts.seed ?? base.value.seed;
  if (LINE_BREAK.test(seed))
    return badInput("the seed has a line break in it, and a row is one line. Give another --seed.");
  const design = designOf(facts);
  if (!design.ok) return design;
  const axes: SweepAxis[] = [];
  for (const parameter of facts.parameters) {
    const axis = parseAxis(parameter, design.value.kind !== "grid");
    if (!axis.ok) return axis;
    const { path } = axis.value;
    if (axes.some((other) => other.path === path))
      return badInput(`--param ${path}: it is given twice. Give all its values at once.`);
    if (path in settings) return badInput(`--param ${path}: --set sets it too. Keep one of the two.`);
    axes.push(axis.value);
  }
  const tasks = taskCount({ axes, design: design.value, seeds: facts.seeds });
  if (tasks > MOST_TASKS) {
    return badInput(
      `this makes ${tasks} tasks; there can be ${MOST_TASKS}. Take fewer values or seeds, or sample with --design random.`,
    );
  }
  const invalid = whyValueInvalid(facts, axes);
  if (invalid !== null) return invalid;
  const policy = await identifyPolicy(facts.policy);
  if (!policy.ok) return policy;
  return succeeded({
    source,
    text,
    settings,
    axes,
    design: design.value,
    seed,
    seeds: facts.seeds,
    policy: policy.value,
    scenario: { name: base.value.name, sha256: scenarioSha256(base.value) },
  });
}

function designOf({ design, samples, parameters }: SweepFacts): Attempt<SweepDesign> {
  if (design === "grid") {
    if (samples === null) return succeeded({ kind: "grid" });
    return badInput("--samples: a grid has all combinations. Use --design random or latin-hypercube, or leave it out.");
  }
  if (parameters.length === 0)
    return badInput(`--design ${design}: there is no parameter to draw. Give one with --param.`);
  if (samples === null) return badInput(`--design ${design}: say with --samples how many points are drawn.`);
  if (design === "latin-hypercube" && samples > MOST_LATIN_SAMPLES) {
    return badInput(
      `--samples ${samples}: a Latin hypercube has at most ${MOST_LATIN_SAMPLES} points. Use --design random for more.`,
    );
  }
  return succeeded({ kind: design, samples });
}

/**
 * A value that makes no scenario, neither with the first nor with the last values of the other parameters: a slip, told before
 * hours are spent on it. Combinations that do not fit are told in the rows.
 */
function whyValueInvalid(
  { text, source, settings }: SweepFacts,
  axes: readonly SweepAxis[],
): ReturnType<typeof badInput> | null {
  for (const axis of axes) {
    for (const value of spread(telltaleValues(axis))) {
      const attempts = [0, -1].map((place) => {
        const others = axes.map((other): [string, SweepValue["setting"]] => {
          return [other.path, (telltaleValues(other).at(place) as SweepValue).setting];
        });
        return readScenario(text, source, { ...settings, ...Object.fromEntries(others), [axis.path]: value.setting });
      });
      if (attempts.some(({ ok }) => ok)) continue;
      const [first] = attempts as [Attempt<unknown>];
      if (!first.ok)
        return badInput(
          `--param ${axis.path}: with ${formatValue(value.setting)} the scenario is not valid.\n${first.failure.message}`,
        );
    }
  }
  return null;
}

function spread<Value>(values: readonly Value[]): Value[] {
  if (values.length <= MOST_TRIED) return [...values];
  const step = (values.length - 1) / (MOST_TRIED - 1);
  return Array.from({ length: MOST_TRIED }, (_, index) => values[Math.round(index * step)] as Value);
}
