import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMeasuredFiles } from "../../src/sources/measured-files.ts";
import { readMeasuredRun } from "../../src/sources/measured-run.ts";

const SAMPLE = fileURLToPath(new URL("../measured/uniform-512mib-ws64-r5000-bw64-dl100.json", import.meta.url));
const sample = await readFile(SAMPLE, "utf8");
const going = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "precopy-measured-"));
});
afterEach(() => rm(folder, { recursive: true }));

function failureOf(text: string): string {
  const read = readMeasuredRun(text, "run.json");
  return read.ok ? "" : read.failure.message;
}

test("a run is read, with defaults for what may be left out", () => {
  const read = readMeasuredRun(
    JSON.stringify({
      name: "least",
      kind: "uniform",
      scenario: {
        memoryBytes: 2 ** 28,
        usedBytes: 2 ** 27,
        network: { kind: "loopback" },
        maxBandwidthBytesPerSecond: 1e8,
        downtimeLimitMs: 300,
      },
      measured: {},
      somethingNew: true,
    }),
    "run.json",
  );
  expect(read).toMatchObject({
    ok: true,
    value: { valid: true, environment: { accelerator: "tcg" }, scenario: { writeClasses: [], capabilities: [] } },
  });
});

test("a truncated file is refused with file and line", () => {
  const cut = sample.slice(0, sample.length / 2);
  const lines = cut.trimEnd().split("\n").length;
  expect(failureOf(cut)).toContain(`run.json:${lines}: not valid JSON`);
});

test("a wrong field is refused with line and path", () => {
  const line = sample.split("\n").findIndex((text) => text.includes('"memoryBytes"')) + 1;
  const message = failureOf(sample.replace(/"memoryBytes": \d+/, '"memoryBytes": -1'));
  expect(message).toContain(`run.json:${line}: scenario.memoryBytes:`);
});

test("every wrong field is told at once", () => {
  const message = failureOf(
    sample.replace(/"memoryBytes": \d+/, '"memoryBytes": "much"').replace("loopback", "wireless"),
  );
  expect(message).toContain("scenario.memoryBytes");
  expect(message).toContain("scenario.network");
});

test("what was measured may be null, its passes too", () => {
  const run = JSON.parse(sample) as { measured: Record<string, unknown> };
  for (const field of Object.keys(run.measured)) run.measured[field] = null;
  const read = readMeasuredRun(JSON.stringify(run), "run.json");
  expect(read.ok && read.value?.measured.passes).toEqual([]);
});

test("a folder is read recursively, in order of names; other documents are skipped with a reason", async () => {
  await mkdir(join(folder, "b"));
  await writeFile(join(folder, "b", "run.json"), sample);
  await writeFile(join(folder, "a.json"), sample);
  await writeFile(join(folder, "notes.json"), "{}");
  await writeFile(join(folder, "ignored.txt"), "not read");
  const files = await readMeasuredFiles([folder], going);
  if (!files.ok) throw new Error(files.failure.message);
  expect(files.value.runs.map(({ file }) => file)).toEqual([join(folder, "a.json"), join(folder, "b", "run.json")]);
  expect(files.value.skipped).toEqual([
    { file: join(folder, "notes.json"), reason: expect.stringContaining("no measured run") },
  ]);
});

test("what is named must be a measured run", async () => {
  const path = join(folder, "notes.json");
  await writeFile(path, "{}");
  expect(await readMeasuredFiles([path], going)).toMatchObject({ ok: false, failure: { exitCode: 2 } });
  expect(await readMeasuredFiles([join(folder, "missing")], going)).toMatchObject({
    ok: false,
    failure: { exitCode: 2 },
  });
});
