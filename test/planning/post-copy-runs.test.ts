/** Post-copy as it was measured: total time, bytes, blackout and brownout of three QEMU 7.2 runs, from their inputs alone. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { type Validation, validate } from "../../src/planning/validate.ts";
import { readMeasuredFiles } from "../../src/sources/measured-files.ts";

let validation: Validation;

beforeAll(async () => {
  const files = await readMeasuredFiles(
    [
      "1024mib-after2-ws256-r60000-bw128-dl100",
      "512mib-after1-ws150-r40000-1000mbit-rtt5-dl300",
      "768mib-after1-ws200-r40000-bw128-dl300",
    ].map((name) => fileURLToPath(new URL(`../measured/postcopy-${name}.json`, import.meta.url))),
    new AbortController().signal,
  );
  if (!files.ok) throw new Error(files.failure.message);
  validation = validate(files.value, 21);
});

test("all are predicted, and complete", () => {
  expect(validation.skipped).toEqual([]);
  expect(validation.runs.map(({ predicted }) => predicted.outcome)).toEqual(["completed", "completed", "completed"]);
});

test("total time and bytes are within 0.5 %, reads of the bitmap exact", () => {
  for (const { measured, predicted, file } of validation.runs) {
    const share = (pick: (of: typeof measured) => number | null) =>
      Math.abs((pick(predicted) as number) / (pick(measured) as number) - 1);
    expect(
      share(({ totalSeconds }) => totalSeconds),
      file,
    ).toBeLessThan(0.005);
    expect(
      share(({ transferredBytes }) => transferredBytes),
      file,
    ).toBeLessThan(0.005);
    expect(predicted.rounds, file).toBe(measured.rounds);
  }
});

test("the blackout is within 5 ms, and the reported one within 2 ms", () => {
  for (const { measured, predicted, file } of validation.runs) {
    expect(Math.abs((predicted.downtimeSeconds as number) - (measured.downtimeSeconds as number)), file).toBeLessThan(
      0.005,
    );
    const reported = (predicted.reportedDowntimeSeconds as number) - (measured.reportedDowntimeSeconds as number);
    expect(Math.abs(reported), file).toBeLessThan(0.002);
  }
});

test("the brownout is within 10 %", () => {
  for (const { measured, predicted, file } of validation.runs) {
    expect(measured.brownoutSeconds, file).toBeGreaterThan(0.06);
    const share = (predicted.brownoutSeconds as number) / (measured.brownoutSeconds as number) - 1;
    expect(Math.abs(share), file).toBeLessThan(0.1);
  }
  expect(validation.summary.all.brownout?.medianShare).toBeLessThan(0.05);
});
