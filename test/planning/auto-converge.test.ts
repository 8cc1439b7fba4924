/** Auto-converge against the measured runs that used it, from their inputs alone, inside the migration too. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { PreparedScenario } from "../../sim/index.ts";
import { scenarioOfRun } from "../../src/planning/scenario-of-run.ts";
import { type Validation, validate } from "../../src/planning/validate.ts";
import { readMeasuredFiles } from "../../src/sources/measured-files.ts";
import { readMeasuredRun } from "../../src/sources/measured-run.ts";

const SEEDS = 31;
const folder = new URL("../measured/", import.meta.url);
const NAMES = [
  "autoconverge-512mib-sweep-ws100-r30000-bw64-dl300",
  "autoconverge-512mib-ws128-r60000-1000mbit-rtt5-dl300",
  "autoconverge-512mib-ws128-r60000-bw128-dl300-rep0",
  "autoconverge-512mib-ws128-r60000-openloop-bw128-dl300",
  "autoconverge-512mib-ws64-r30000-i50-n20-bw64-dl300",
];
const pathOf = (name: string) => fileURLToPath(new URL(`${name}.json`, folder));

let validation: Validation;

beforeAll(async () => {
  const files = await readMeasuredFiles(NAMES.map(pathOf), new AbortController().signal);
  if (!files.ok) throw new Error(files.failure.message);
  validation = validate(files.value, SEEDS);
});

test("every outcome is right; total time is within 3.5 % at the median, bytes too, and never off by more than 6 %", () => {
  expect(validation.skipped).toEqual([]);
  expect(validation.runs.map(({ measured, predicted }) => [measured.outcome, predicted.outcome])).toEqual(
    NAMES.map(() => ["completed", "completed"]),
  );
  for (const measure of ["totalSeconds", "transferredBytes"] as const) {
    const errors = validation.runs
      .map(({ measured, predicted }) => Math.abs((predicted[measure] ?? 0) / (measured[measure] ?? 1) - 1))
      .sort((a, b) => a - b);
    // Of five runs one is a repeat at the edge of its own noise.
    expect(errors[2]).toBeLessThan(0.035);
    expect(errors.at(-1)).toBeLessThan(0.06);
  }
});

test("a pass in which the guest was throttled dirtied as much as the measured one did", () => {
  const errors: number[] = [];
  for (const name of NAMES) {
    const text = readFileSync(pathOf(name), "utf8");
    const run = readMeasuredRun(text, name);
    if (!run.ok || run.value === null) throw new Error(name);
    const rounds = new PreparedScenario(scenarioOfRun(run.value)).run({ seed: "1" }).migrations[0]?.rounds ?? [];
    const passes = (JSON.parse(text) as { measured: { passes: { durationMs?: number; newDirtyPages: number }[] } })
      .measured.passes;
    for (const [index, round] of rounds.entries()) {
      const measuredSeconds = (passes[index]?.durationMs ?? 0) / 1000;
      const measuredPages = passes[index + 1]?.newDirtyPages ?? 0;
      // Passes that are the same in both, long and full enough to tell.
      const isSame = Math.abs(measuredSeconds - round.durationSeconds) < 0.02 * measuredSeconds;
      if (round.throttle === 0 || !isSame || measuredPages < 2000) continue;
      errors.push(Math.abs(round.newlyDirtyPages / measuredPages - 1));
    }
  }
  errors.sort((a, b) => a - b);
  expect(errors.length).toBeGreaterThan(20);
  expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.03);
});
