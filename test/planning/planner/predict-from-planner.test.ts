/** Predictions from what could be known beforehand: what they look at, and the gate on their accuracy (test/measured). */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { predictFromPlanner, whyNotPlanned } from "../../../src/planning/planner/predict-from-planner.ts";
import { predictRun } from "../../../src/planning/predict-run.ts";
import { type Validation, validate } from "../../../src/planning/validate.ts";
import { readMeasuredFiles } from "../../../src/sources/measured-files.ts";
import { type MeasuredRun, readMeasuredRun } from "../../../src/sources/measured-run.ts";

const MEASURED = fileURLToPath(new URL("../../measured", import.meta.url));
const SAMPLE = `${MEASURED}/uniform-512mib-ws64-r5000-bw64-dl100.json`;

async function sampleRun(path = SAMPLE): Promise<MeasuredRun> {
  const read = readMeasuredRun(await readFile(path, "utf8"), path);
  if (!read.ok || read.value === null) throw new Error("the sample must be readable");
  return read.value;
}

describe("a prediction", () => {
  test("does not look at the write classes", async () => {
    const run = await sampleRun();
    const hidden: MeasuredRun = { ...run, scenario: { ...run.scenario, writeClasses: [] } };
    expect(predictFromPlanner(hidden, 31)).toEqual(predictFromPlanner(run, 31));
  });

  test("looks at the answers: of twice as many dirty pages it expects more", async () => {
    const run = await sampleRun();
    const calcDirtyRate = (run.planner?.calcDirtyRate ?? []).map((reading) => ({
      ...reading,
      dirtyRateMiBPerSecond: 2 * reading.dirtyRateMiBPerSecond,
    }));
    const busier = predictFromPlanner({ ...run, planner: { calcDirtyRate } }, 31);
    expect(busier.totalSeconds).toBeGreaterThan(predictFromPlanner(run, 31).totalSeconds ?? Number.NaN);
  });

  test("is the same each time", async () => {
    const run = await sampleRun();
    expect(JSON.stringify(predictFromPlanner(run, 31))).toBe(JSON.stringify(predictFromPlanner(run, 31)));
  });

  test("is narrower the more was asked", async () => {
    const run = await sampleRun();
    const width = (calcDirtyRate: NonNullable<MeasuredRun["planner"]>["calcDirtyRate"]) => {
      const [low, high] = predictFromPlanner({ ...run, planner: { calcDirtyRate } }, 101).interval.totalSeconds ?? [
        0, 0,
      ];
      return high - low;
    };
    const all = run.planner?.calcDirtyRate ?? [];
    expect(width(all)).toBeLessThan(width(all.slice(0, 1)));
  });

  test("of a guest that uses next to no memory is of one that writes nothing", async () => {
    const run = await sampleRun();
    const empty: MeasuredRun = { ...run, scenario: { ...run.scenario, usedBytes: 65_536 } };
    expect(predictFromPlanner(empty, 5)).toMatchObject({ outcome: "completed" });
  });
});

/** What a throttled guest makes up for moves total time by a factor of two, and no answer tells it. */
test.each([
  "autoconverge-512mib-ws64-r30000-i50-n20-bw64-dl300",
  "autoconverge-512mib-ws128-r60000-1000mbit-rtt5-dl300",
])("%s: the interval holds the guest that makes up for nothing and the one that makes up for all", async (name) => {
  const run = await sampleRun(`${MEASURED}/${name}.json`);
  const [low, high] = predictFromPlanner(run, 301).interval.totalSeconds ?? [Number.NaN, Number.NaN];
  const [nothing, all] = [0.5, 500].map(
    (writeDebtCapMs) => predictRun({ ...run, scenario: { ...run.scenario, writeDebtCapMs } }, 3).totalSeconds as number,
  ) as [number, number];
  expect(all).toBeGreaterThan(1.8 * nothing);
  expect(low).toBeLessThan(nothing);
  expect(high).toBeGreaterThan(all);
});

test("a run without answers of calc-dirty-rate is skipped with the reason", async () => {
  const run = await sampleRun();
  const unasked: MeasuredRun = { ...run, planner: undefined };
  expect(whyNotPlanned(run)).toBeNull();
  const files = { runs: [{ file: "x", run: unasked }], rows: [], skipped: [] };
  const { runs, skipped } = validate(files, 3, () => {}, "planner");
  expect(runs).toEqual([]);
  expect(skipped[0]?.reason).toContain("calc-dirty-rate");
});

test("answers in a mode that is not modelled are left out, broken ones refused", async () => {
  const text = await readFile(SAMPLE, "utf8");
  const withMode = (mode: string) => readMeasuredRun(text.replace('"mode": "page-sampling"', `"mode": ${mode}`), "x");
  const ring = withMode('"dirty-ring"');
  expect(ring.ok && ring.value?.planner?.calcDirtyRate.length).toBe(3);
  const broken = withMode("7");
  expect(!broken.ok && broken.failure.message).toMatch(/^x:\d+: planner\.calcDirtyRate\.0\.mode/);
});

describe("on the measured runs, phases apart", () => {
  let validation: Validation;

  beforeAll(async () => {
    const files = await readMeasuredFiles([MEASURED], new AbortController().signal);
    if (!files.ok) throw new Error(files.failure.message);
    // What begins or stops during the migration cannot have been known.
    const runs = files.value.runs.filter(({ run }) => run.kind !== "phase");
    validation = validate({ ...files.value, runs }, 101, () => {}, "planner");
  });

  test("it says what was known", () => {
    expect(validation.inputs).toBe("planner");
    expect(validation.skipped).toEqual([]);
    expect(validation.runs.length).toBeGreaterThanOrEqual(42);
  });

  test("total time is within 1.8 % at the median, 10 % at the 90th percentile", () => {
    // Repeats of one scenario count as one.
    const { totalTime } = validation.summary.all;
    expect(totalTime?.medianShare).toBeLessThanOrEqual(0.018);
    expect(totalTime?.p90Share).toBeLessThanOrEqual(0.1);
  });

  test("where an outcome is wrong its probability was owned up to", () => {
    for (const { measured, predicted } of validation.runs) {
      if (measured.outcome === predicted.outcome || measured.outcome === null) continue;
      expect("outcomeProbabilities" in predicted && predicted.outcomeProbabilities[measured.outcome]).toBeGreaterThan(
        0.2,
      );
    }
    expect(validation.summary.all.outcomesRight).toBeGreaterThanOrEqual(validation.runs.length - 2);
  });

  test("the 90 % interval covers 80 to 97 % of the runs", () => {
    expect(validation.summary.all.totalTimeCoveredShare).toBeGreaterThanOrEqual(0.8);
    expect(validation.summary.all.totalTimeCoveredShare).toBeLessThanOrEqual(0.97);
  });
});
