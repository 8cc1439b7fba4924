/** `npm run bench -- [SUITE...] [--json FILE] [--long]`: measures, and tells what was found. Nothing is asserted. */
import { parseArgs } from "node:util";
import { ENGINE_VERSION } from "../sim/index.ts";
import { doubtsAboutFigure, doubtsAboutMachine } from "./doubts.ts";
import { environment } from "./environment.ts";
import { SCHEMA_VERSION, writeResult } from "./result-file.ts";
import type { Suite, SuiteResult } from "./suite.ts";
import { bitmapLogSuite } from "./suites/bitmap-log.ts";
import { guestSizeSuite } from "./suites/guest-size.ts";
import { kernelSuite } from "./suites/kernel.ts";
import { migrationSuite } from "./suites/migration.ts";
import { scaleSuite } from "./suites/scale.ts";
import { simgridSuite } from "./suites/simgrid.ts";
import { startSuite } from "./suites/start.ts";
import { sweepSuite } from "./suites/sweep.ts";
import { traceSuite } from "./suites/trace.ts";
import { machineText, suiteText } from "./table.ts";
import { targetsReached, targetsText } from "./target-table.ts";

const DEFAULT_FILE = "precopy-output/bench.json";
const QUESTION_MARK = "(?): elapsed times that vary much or rest on few samples; the JSON says which and how much.";
const SUITES: readonly Suite[] = [
  migrationSuite,
  bitmapLogSuite,
  guestSizeSuite,
  kernelSuite,
  traceSuite,
  scaleSuite,
  simgridSuite,
  startSuite,
  sweepSuite,
];
const USAGE = `usage: npm run bench -- [SUITE...] [--json FILE] [--long]
  --json FILE  where the figures go; ${DEFAULT_FILE} where left out
  --long       also what takes many minutes: a million migrations, ten million rows
suites, all where none is named:
${SUITES.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n")}
`;

interface Order {
  readonly suites: readonly Suite[];
  readonly file: string;
  readonly long: boolean;
}

function main(): number {
  let order: Order | "help";
  try {
    order = readOrder();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (order === "help") process.stdout.write(USAGE);
  else measure(order);
  return 0;
}

/** @throws Error with what is wrong with the command line */
function readOrder(): Order | "help" {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" }, long: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) return "help";
  const unknown = positionals.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) throw new Error(`there is no suite ${unknown}`);
  return {
    suites: positionals.length === 0 ? SUITES : SUITES.filter(({ name }) => positionals.includes(name)),
    file: values.json ?? DEFAULT_FILE,
    long: values.long === true,
  };
}

function measure({ suites, file, long }: Order): void {
  const before = environment();
  console.log(`${machineText(before)}\n`);
  const results = suites.map((suite) => {
    const result = suite.run({ long });
    console.log(suiteText(suite, result));
    return { name: suite.name, title: suite.title, result };
  });
  const after = environment();
  const aboutMachine = doubtsAboutMachine(before, after);
  const aboutFigures = results.flatMap(({ name, result }) => doubtsOf(name, result));
  const targets = targetsReached(results, long);
  if (targets.some(({ met }) => met !== null)) console.log(targetsText(targets, results));
  console.log([...aboutMachine, ...(aboutFigures.length > 0 ? [QUESTION_MARK] : [])].join("\n"));
  writeResult(file, {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    environment: { ...before, loadAverageAfter: after.loadAverage },
    suites: results.map(({ name, title, result }) => ({ name, title, ...result })),
    targets,
    doubts: [...aboutMachine, ...aboutFigures],
  });
  process.stderr.write(`Written: ${file}\n`);
}

function doubtsOf(suite: string, { figures, skipped }: SuiteResult): string[] {
  return [
    ...figures.flatMap((figure) => doubtsAboutFigure(figure).map((doubt) => `${suite}, ${figure.name}: ${doubt}`)),
    ...skipped.map((what) => `${suite}: skipped ${what}`),
  ];
}

process.exitCode = main();
