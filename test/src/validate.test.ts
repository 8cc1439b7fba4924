import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { precopy, temporaryFolder } from "../support/cli.ts";

const measured = fileURLToPath(new URL("../measured/", import.meta.url));
const RUN = "uniform-512mib-ws64-r5000-bw64-dl100.json";
const text = readFileSync(join(measured, RUN), "utf8");

test("a comparison has the fields that are documented", () => {
  const { exitCode, stdout, stderr } = precopy(["validate", join(measured, RUN), "--json"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const answer = JSON.parse(stdout);
  const measures = [
    "outcome",
    "totalSeconds",
    "downtimeSeconds",
    "reportedDowntimeSeconds",
    "transferredBytes",
    "rounds",
  ];
  expect(Object.keys(answer)).toEqual(
    expect.arrayContaining(["schemaVersion", "inputs", "runs", "skipped", "summary"]),
  );
  expect(Object.keys(answer.runs[0].measured).sort()).toEqual([...measures, "brownoutSeconds", "passes"].sort());
  expect(answer.runs[0].predicted).toMatchObject({
    outcome: "completed",
    outcomeProbabilities: { completed: 1, "not-converged": 0 },
    interval: { level: 0.9, totalSeconds: [expect.any(Number), expect.any(Number)] },
  });
  expect(answer.runs[0].predicted.passes[0]).toMatchObject({ pass: 1, durationSeconds: expect.any(Number) });
  expect(Object.keys(answer.runs[0].predicted)).toEqual(expect.arrayContaining(measures));
});

test("the same files give the same bytes", () => {
  const once = precopy(["validate", measured, "--json", "--runs", "3"]);
  expect(once.exitCode).toBe(0);
  expect(precopy(["validate", measured, "--json", "--runs", "3"]).stdout).toBe(once.stdout);
});

test("a missed objective is exit code 1, with what was missed", () => {
  const { exitCode, stdout, stderr } = precopy(["validate", join(measured, RUN), "--max-median-error", "0.000001%"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("Median error");
  expect(stderr).toMatch(/missed: the median error of total time is .* %, over/);
  expect(precopy(["validate", join(measured, RUN), "--max-median-error", "5%"]).exitCode).toBe(0);
});

test.each([
  ["a truncated run", { "cut.json": text.slice(0, 700) }, /cut\.json:\d+: not valid JSON: it is cut or damaged/],
  ["an unreadable run", { "noise.json": new Uint8Array([0xff, 0xfe, 0, 1]) }, /noise\.json is not a text file/],
  [
    "a wrong field",
    { "bad.json": text.replace(/"usedBytes": \d+/, '"usedBytes": null') },
    /bad\.json:\d+: scenario\.usedBytes/,
  ],
  ["a folder without runs", { "readme.txt": "nothing" }, /there is no measured run in/],
])("%s is exit code 2, with file and line", (_what, files, message) => {
  const folder = temporaryFolder(files);
  const { exitCode, stdout, stderr } = precopy(["validate", folder]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});

test.each([
  [["validate"], /missing required argument/],
  [["validate", "nowhere"], /nowhere: there is no such file or folder/],
  [["validate", measured, "--runs", "0"], /whole number from 1/],
  [["validate", measured, "--max-p90-error", "much"], /Write a share/],
  [["validate", measured, "--inputs", "guess"], /workload/],
])("%j is exit code 2", (args, message) => {
  const { exitCode, stderr } = precopy(args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});
