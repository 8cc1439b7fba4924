/** `npm run bench -- [SUITE...] [--json FILE]`: measures, and tells what was found. Nothing is asserted. */
import { renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ENGINE_VERSION } from "../sim/index.ts";
import { doubtsAboutFigure, doubtsAboutMachine } from "./doubts.ts";
import { environment } from "./environment.ts";
import type { Suite, SuiteResult } from "./suite.ts";
import { bitmapLogSuite } from "./suites/bitmap-log.ts";
import { guestSizeSuite } from "./suites/guest-size.ts";
import { kernelSuite } from "./suites/kernel.ts";
import { migrationSuite } from "./suites/migration.ts";
import { scaleSuite } from "./suites/scale.ts";
import { sweepSuite } from "./suites/sweep.ts";
import { traceSuite } from "./suites/trace.ts";
import { machineText, suiteText } from "./table.ts";

const SCHEMA_VERSION = 1;
const QUESTION_MARK = "(?): elapsed times that vary much or rest on few samples; --json FILE says which and how much.";
const SUITES: readonly Suite[] = [
  migrationSuite,
  bitmapLogSuite,
  guestSizeSuite,
  kernelSuite,
  traceSuite,
  scaleSuite,
  sweepSuite,
];

function main(): number {
  let names: string[];
  let file: string | undefined;
  try {
    const parsed = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
    names = parsed.positionals;
    file = parsed.values.json;
  } catch (error) {
    return usage((error as Error).message);
  }
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) return usage(`there is no suite ${unknown}`);
  measure(names.length === 0 ? SUITES : SUITES.filter(({ name }) => names.includes(name)), file);
  return 0;
}

function usage(problem: string): number {
  const names = SUITES.map(({ name }) => name).join(", ");
  process.stderr.write(`${problem}\nusage: npm run bench -- [SUITE...] [--json FILE]\nsuites: ${names}\n`);
  return 2;
}

function measure(suites: readonly Suite[], file: string | undefined): void {
  const before = environment();
  console.log(`${machineText(before)}\n`);
  const results = suites.map((suite) => {
    const result = suite.run();
    console.log(suiteText(suite, result));
    return { suite, result };
  });
  const after = environment();
  const aboutMachine = doubtsAboutMachine(before, after);
  const aboutFigures = results.flatMap(({ suite, result }) => doubtsOf(suite, result));
  console.log([...aboutMachine, ...(aboutFigures.length > 0 ? [QUESTION_MARK] : [])].join("\n"));
  if (file === undefined) return;
  const document = {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    environment: { ...before, loadAverageAfter: after.loadAverage },
    suites: results.map(({ suite: { name, title }, result }) => ({ name, title, ...result })),
    doubts: [...aboutMachine, ...aboutFigures],
  };
  // Whole or not at all.
  writeFileSync(`${file}.part`, `${JSON.stringify(document, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

function doubtsOf(suite: Suite, { figures, skipped }: SuiteResult): string[] {
  return [
    ...figures.flatMap((figure) => doubtsAboutFigure(figure).map((doubt) => `${suite.name}, ${figure.name}: ${doubt}`)),
    ...skipped.map((what) => `${suite.name}: skipped ${what}`),
  ];
}

process.exitCode = main();
