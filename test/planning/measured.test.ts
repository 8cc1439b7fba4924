/** The gate on accuracy: predictions from the inputs alone, against real QEMU migrations (test/measured). */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type Validation, validate } from "../../src/planning/validate.ts";
import { readMeasuredFiles } from "../../src/sources/measured-files.ts";

const SEEDS = 101;
const WINDOW_SECONDS = 0.1;
const RATE_LIMITED_KINDS = [
  "idle",
  "uniform",
  "borderline",
  "hotcold",
  "zipf",
  "sweep",
  "phase",
  "nonconverging",
  "xbzrle",
] as const;

let validation: Validation;

beforeAll(async () => {
  const folder = fileURLToPath(new URL("../measured", import.meta.url));
  const files = await readMeasuredFiles([folder], new AbortController().signal);
  if (!files.ok) throw new Error(files.failure.message);
  validation = validate(files.value, SEEDS);
});

test("nothing of the set is skipped", () => {
  expect(validation.skipped).toEqual([]);
  expect(validation.runs.length).toBeGreaterThanOrEqual(68);
});

test("the outcome is right on every run", () => {
  const wrong = validation.runs.filter(({ measured, predicted }) => measured.outcome !== predicted.outcome);
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test("over all kinds of which identical runs agree: 0.3 % at the median, 2 % at the 90th percentile, rounds and blackout too", () => {
  const { totalTime, transferred, downtime, reportedDowntime, roundsWithinShare, passes, brownout } =
    validation.summary.steady;
  for (const error of [totalTime, transferred]) {
    expect(error?.medianShare).toBeLessThanOrEqual(0.003);
    expect(error?.p90Share).toBeLessThanOrEqual(0.02);
  }
  expect(reportedDowntime?.medianSeconds).toBeLessThanOrEqual(0.002);
  expect(reportedDowntime?.p90Seconds).toBeLessThanOrEqual(0.015);
  expect(downtime?.medianSeconds).toBeLessThanOrEqual(0.005);
  expect(roundsWithinShare).toBeGreaterThanOrEqual(0.9);
  expect(passes?.passes).toBeGreaterThan(150);
  expect(passes?.durationMedianShare).toBeLessThanOrEqual(0.02);
  expect(passes?.newDirtyPagesMedianShare).toBeLessThanOrEqual(0.02);
  expect(brownout?.p90Share).toBeLessThanOrEqual(0.1);
});

test.each([
  ["autoconverge", 0.025],
  ["unlimited", 0.1],
  ["multifd", 0.005],
  ["postcopy", 0.005],
])("%s: total time within %d at the median", (kind, most) => {
  const summary = validation.summary.kinds.find((candidate) => candidate.kind === kind);
  expect(summary?.totalTime?.medianShare).toBeLessThanOrEqual(most);
});

describe.each(RATE_LIMITED_KINDS)("%s", (kind) => {
  test("total time and bytes are within 0.5 % at the median, 3 % or one window at the 90th percentile", () => {
    const summary = validation.summary.kinds.find((candidate) => candidate.kind === kind);
    expect(summary?.totalTime?.medianShare).toBeLessThanOrEqual(0.005);
    expect(summary?.transferred?.medianShare).toBeLessThanOrEqual(0.005);
    expect(summary?.transferred?.p90Share).toBeLessThanOrEqual(0.03);
    const { p90Share, p90 } = summary?.totalTime ?? { p90Share: 1, p90: 1 };
    expect(p90Share <= 0.03 || p90 <= WINDOW_SECONDS).toBe(true);
  });
});

test("runs that a link limits are within 1 % at the median and 3 % at the 90th percentile", () => {
  const network = validation.summary.kinds.find(({ kind }) => kind === "network");
  expect(network?.totalTime?.medianShare).toBeLessThanOrEqual(0.01);
  expect(network?.totalTime?.p90Share).toBeLessThanOrEqual(0.03);
});

test("the blackout is within 5 ms at the median where loopback carries it, 20 ms where a link does", () => {
  for (const { kind, downtime } of validation.summary.kinds.filter(({ kind }) => kind !== "unlimited")) {
    if (downtime !== null) expect(downtime.medianSeconds).toBeLessThanOrEqual(kind === "network" ? 0.02 : 0.005);
  }
});

test("inside the migration: passes begin when the measured ones did", async () => {
  const { readFile } = await import("node:fs/promises");
  const off: number[] = [];
  for (const { file, predicted } of validation.runs) {
    const { measured } = JSON.parse(await readFile(file, "utf8")) as { measured: { passes: { startMs: number }[] } };
    // Up to the pass from which a page more or less at a threshold moves everything by a window.
    for (const [index, pass] of measured.passes.slice(0, 3).entries()) {
      const start = "passes" in predicted ? predicted.passes[index]?.startSeconds : undefined;
      if (start !== undefined) off.push(Math.abs(start - pass.startMs / 1000));
    }
  }
  off.sort((a, b) => a - b);
  expect(off.length).toBeGreaterThan(100);
  expect(off[Math.floor(off.length * 0.5)]).toBeLessThan(0.005);
  expect(off[Math.floor(off.length * 0.9)]).toBeLessThan(WINDOW_SECONDS);
});
