/**
 * `precopy explain` held to counterfactuals of the tests' own: without the named cause the answer is another, without the
 * innocent it is the same, and each cure works when its settings are put into the scenario file.
 */
import { beforeAll, describe, expect, test } from "vitest";
import {
  knownModels,
  type MigrationResult,
  parseScenario,
  type Scenario,
  simulate,
  toScenarioFile,
} from "../../sim/index.ts";
import { type ExplainedMigration, explain } from "../../src/planning/explain/explain.ts";
import { CASES, type ExplainCase } from "./explain-cases.ts";
import type { Change } from "./scenario-changes.ts";

const SEEDS = ["1", "2", "3"];
const NO_OBJECTIVES = { downtimeSeconds: null, totalSeconds: null };

function explained({ scenario, migration = 0 }: ExplainCase, objectives = NO_OBJECTIVES): ExplainedMigration {
  const answer = explain(scenario, { seed: "1", seeds: SEEDS.length, objectives, vm: null }, () => {});
  return answer.migrations[migration] as ExplainedMigration;
}

function results(scenario: Scenario, migration: number): MigrationResult[] {
  return SEEDS.map((seed) => simulate(scenario, { seed }).migrations[migration] as MigrationResult);
}

const LITTLE_LEFT = ["remaining-below-threshold", "nothing-left", "few-pages-left", "left-within-switchover-time"];

/** How good the outcome is: 0 for none, 1 given up, 2 made to stop, 3 by itself; the worst of the seeds. */
function quality(scenario: Scenario, migration: number): number {
  const each = results(scenario, migration).map(({ outcome, endedBy }) => {
    if (outcome !== "completed") return outcome === "not-converged" ? 0 : 1;
    return LITTLE_LEFT.includes(endedBy ?? "") ? 3 : 2;
  });
  return Math.min(...each);
}

/** The measure that a case is about: smaller is better. */
function measure(of: ExplainCase["of"], scenario: Scenario, migration: number): number {
  if (of === "outcome") return -quality(scenario, migration);
  const values = results(scenario, migration).map((result) => {
    if (of === "downtime") return result.downtimeSeconds as number;
    if (of === "client-outage") return result.clientOutageSeconds as number;
    return (result.startSeconds as number) - result.requestedSeconds + (result.totalSeconds as number);
  });
  return values.sort((a, b) => a - b)[1] as number;
}

describe.each(CASES)("$name", (known) => {
  const { scenario, migration = 0, of, verdict, cause, against, lift, innocent } = known;
  let answer: ExplainedMigration;
  beforeAll(() => {
    answer = explained(known);
  });

  test("has the cause that it was made with", () => {
    expect(answer.verdict).toBe(verdict);
    const named = answer.causes.find((each) => each.of === of);
    expect({ cause: named?.cause, ...(against && { against: named?.against }) }).toEqual({
      cause,
      ...(against && { against }),
    });
    expect(answer.why.length).toBe(answer.causes.length);
  });

  test("is another without the cause, and the same without the innocent", () => {
    const base = measure(of, scenario, migration);
    const without = (change: Change) => measure(of, change(scenario), migration);
    if (of === "outcome") {
      expect(without(lift)).toBeLessThan(base);
      for (const change of innocent) expect(without(change)).toBe(base);
    } else {
      expect(without(lift)).toBeLessThan(0.8 * base);
      for (const change of innocent) expect(without(change)).toBeGreaterThan(0.9 * base);
    }
  });

  test("is cured by each cure that is named, as its settings say", () => {
    if (verdict === "converges") expect(answer.cures).toEqual([]);
    for (const { change, to, settings } of answer.cures) {
      const cured =
        change === "writes"
          ? writingLess(scenario, migration, to)
          : change === "profile" && settings.length === 0
            ? underProfile(scenario, to)
            : asFileWith(scenario, settings);
      const least = verdict === "forced" ? 3 : 2;
      expect([change, to, quality(cured, migration) >= least]).toEqual([change, to, true]);
    }
  });
});

test("the scenarios span profiles, verdicts and causes", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(20);
  expect(new Set(CASES.map(({ verdict }) => verdict)).size).toBe(4);
  expect(new Set(CASES.map(({ cause }) => cause)).size).toBeGreaterThanOrEqual(12);
});

/** Through the scenario file and `--set`, as a user would. */
function asFileWith(scenario: Scenario, settings: ExplainedMigration["cures"][number]["settings"]): Scenario {
  expect(settings.length).toBeGreaterThan(0);
  const overrides = Object.fromEntries(settings.map(({ path, value }) => [path, value]));
  const read = parseScenario(toScenarioFile(scenario), { overrides });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** What the profile does not know is left out. */
function underProfile(scenario: Scenario, profile: string): Scenario {
  const known = knownModels.profiles.find(({ name }) => name === profile)?.parameters ?? {};
  return {
    ...scenario,
    timeline: scenario.timeline.map((entry) => {
      if (entry.kind !== "migrate") return entry;
      const overrides = Object.fromEntries(Object.entries(entry.overrides).filter(([name]) => name in known));
      return { ...entry, profile, overrides };
    }),
  };
}

function writingLess(scenario: Scenario, migration: number, to: string): Scenario {
  const share = Number.parseInt(to, 10) / 100;
  const entry = scenario.timeline.filter((each) => each.kind === "migrate")[migration];
  return {
    ...scenario,
    vms: scenario.vms.map((vm) =>
      vm.name === entry?.vm
        ? { ...vm, classes: vm.classes.map((each) => ({ ...each, writesPerSecond: each.writesPerSecond * share })) }
        : vm,
    ),
  };
}
