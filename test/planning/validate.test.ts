import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { lowerMedian, quantile } from "../../src/planning/quantile.ts";
import { whyNotPredicted } from "../../src/planning/scenario-of-run.ts";
import { validate } from "../../src/planning/validate.ts";
import { type MeasuredRun, readMeasuredRun } from "../../src/sources/measured-run.ts";

const SAMPLE = fileURLToPath(new URL("../measured/uniform-512mib-ws64-r5000-bw64-dl100.json", import.meta.url));

async function sampleRun(): Promise<MeasuredRun> {
  const read = readMeasuredRun(await readFile(SAMPLE, "utf8"), SAMPLE);
  if (!read.ok || read.value === null) throw new Error("the sample must be readable");
  return read.value;
}

/** The sample with another measured total time; the prediction stays what it is. */
function withTotal(run: MeasuredRun, totalTimeMs: number, repeatGroup: string | null): MeasuredRun {
  return { ...run, repeatGroup, measured: { ...run.measured, totalTimeMs } };
}

describe("quantiles", () => {
  test("are exact, interpolated between neighbours", () => {
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("the lower median is one of the sample", () => {
    expect(lowerMedian([4, 1, 3, 2])).toBe(2);
    expect(lowerMedian([5, 1, 3])).toBe(3);
  });
});

test("repeats of one scenario weigh as one run", async () => {
  const run = await sampleRun();
  const predictedMs =
    (validate({ runs: [{ file: "x", run }], rows: [], skipped: [] }, 5).runs[0]?.predicted.totalSeconds ?? 0) * 1000;
  const near = withTotal(run, predictedMs, null);
  const far = withTotal(run, predictedMs * 2, "group");
  const files = {
    runs: [{ file: "near", run: near }, ...["a", "b", "c"].map((file) => ({ file, run: far }))],
    rows: [],
    skipped: [],
  };
  const { all } = validate(files, 5).summary;
  expect(all).toMatchObject({ runs: 4, scenarios: 2, outcomesRight: 4 });
  // Two scenarios, errors 0 and 50 %: their median is 25 %, where four runs would give 50 %.
  expect(all.totalTime?.medianShare).toBeCloseTo(0.25, 6);
});

test("a cancelled run counts as not converged, a wrong outcome as wrong", async () => {
  const run = await sampleRun();
  const cancelled: MeasuredRun = { ...run, measured: { ...run.measured, outcome: "cancelled" } };
  const validation = validate({ runs: [{ file: "x", run: cancelled }], rows: [], skipped: [] }, 3);
  expect(validation.runs[0]?.measured.outcome).toBe("not-converged");
  expect(validation.summary.all.outcomesRight).toBe(0);
});

test("a prediction is cancelled where the driver cancelled", async () => {
  const run = await sampleRun();
  const early: MeasuredRun = { ...run, scenario: { ...run.scenario, cancelAfterMs: 2000 } };
  const { predicted } = validate({ runs: [{ file: "x", run: early }], rows: [], skipped: [] }, 3).runs[0] ?? {};
  expect(predicted).toMatchObject({ outcome: "not-converged", totalSeconds: 2, downtimeSeconds: null });
  // Twenty windows of 100.07 ms at 64 MiB/s: what a rate limit lets through in two seconds.
  expect(predicted?.transferredBytes).toBeGreaterThan(0.99 * 2 * 2 ** 26);
  expect(predicted?.transferredBytes).toBeLessThan(1.01 * 2 * 2 ** 26);
});

test("what the profile does not have is skipped with the reason", async () => {
  const run = await sampleRun();
  const withCapability: MeasuredRun = {
    ...run,
    scenario: { ...run.scenario, capabilities: ["events", "zero-copy-send"] },
  };
  expect(whyNotPredicted(withCapability)).toContain("zero-copy-send");
  expect(whyNotPredicted({ ...run, valid: false, invalidReasons: ["disturbed"] })).toContain("disturbed");
  expect(whyNotPredicted(run)).toBeNull();
});

test("the same files give the same answer", async () => {
  const files = { runs: [{ file: "x", run: await sampleRun() }], rows: [], skipped: [] };
  expect(JSON.stringify(validate(files, 7))).toBe(JSON.stringify(validate(files, 7)));
});
