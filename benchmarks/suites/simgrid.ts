/**
 * SimGrid 3.32's live migration against its model here: the same machines in one run of the benchmark, by turns. What both answer is compared
 * too: were it not the same, the times would mean nothing.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PreparedScenario } from "../../sim/index.ts";
import { type CProgram, compileC } from "../c-program.ts";
import { measureByTurns, type Timing, type TurnResult, turnOf } from "../measure.ts";
import { allAtOnce, tenRounds, withoutNetworkFactors } from "../scenarios.ts";
import { type Figure, type Suite, type SuiteOptions, timeFigure, timeRatio } from "../suite.ts";

/** Simulated times that differ by so much of themselves are not the same. */
const ALIKE = 1e-6;
/** Migrations before anything is measured: SimGrid's code is compiled already. */
const WARM_UP = 1000;
/** The program's first lines, before those of the migrations. */
const HEAD_LINES = 4;

interface Case {
  readonly label: string;
  readonly mode: "in-turn" | "at-once";
  readonly migrations: number;
  readonly meanMebibytes: number;
  readonly dirtyBytesPerSecond: number;
  readonly turns: number;
}

const ONE: Case = {
  label: "one machine, ten rounds",
  mode: "in-turn",
  migrations: 2000,
  meanMebibytes: 1024,
  dirtyBytesPerSecond: 17_000 * 4096,
  turns: 10,
};
const AT_ONCE = { mode: "at-once", meanMebibytes: 4096 } as const;
const CASES: readonly Case[] = [
  ONE,
  { ...AT_ONCE, label: "1,000 at once, 0.2 MB/s", migrations: 1000, dirtyBytesPerSecond: 0.2e6, turns: 3 },
  { ...AT_ONCE, label: "1,000 at once, 0.5 MB/s", migrations: 1000, dirtyBytesPerSecond: 0.5e6, turns: 3 },
];
const LONG_CASES: readonly Case[] = [
  { ...AT_ONCE, label: "10,000 at once", migrations: 10_000, dirtyBytesPerSecond: 0.02e6, turns: 1 },
];

export const simgridSuite: Suite = {
  name: "simgrid",
  title: "SimGrid 3.32's live migration plugin against its model here",
  run(options) {
    const program = compileC("simgrid/live-migration.cpp", ["simgrid"]);
    if (typeof program === "string") {
      return { figures: [], skipped: [`SimGrid (Debian: libsimgrid-dev and a C++ compiler): ${program}`] };
    }
    try {
      return { figures: figuresOf(program, options), skipped: [] };
    } finally {
      program.remove();
    }
  },
};

function figuresOf(program: CProgram, { long }: SuiteOptions): Figure[] {
  return [...[...CASES, ...(long ? LONG_CASES : [])].flatMap((one) => timesOf(program, one)), ...memoryOf(program)];
}

function timesOf(program: CProgram, one: Case): Figure[] {
  const prepared = new PreparedScenario(scenarioOf(one));
  const differing = differingTimes(prepared, runOf(program, one), one);
  for (let done = 0; done < WARM_UP; done += scenarioSize(one)) prepared.run();
  const per = one.mode === "in-turn" ? "migration" : "run";
  const [ours, simgrid] = measureByTurns(
    [
      turnOf("here", () => prepared.run(), { turnSeconds: 0.2, leastSamples: 2 }),
      () => turnOfSimgrid(runOf(program, one), one),
    ],
    one.turns,
  ) as [Timing, Timing];
  return [
    timeFigure(`${one.label}: here`, per, ours),
    timeFigure(`${one.label}: SimGrid`, per, simgrid),
    timeRatio(`${one.label}: SimGrid / here`, simgrid, ours, "more"),
    { kind: "count", name: `${one.label}: migrations whose times differ`, value: differing, better: "less" },
  ];
}

function scenarioOf({ mode, migrations, dirtyBytesPerSecond }: Case) {
  return withoutNetworkFactors(
    mode === "in-turn" ? tenRounds("simgrid-3.32") : allAtOnce(migrations, "simgrid-3.32", dirtyBytesPerSecond),
  );
}

/** Migrations of one run here. */
function scenarioSize({ mode, migrations }: Case): number {
  return mode === "in-turn" ? 1 : migrations;
}

interface SimgridRun {
  readonly processorSeconds: number;
  readonly mostBytes: number;
  readonly bytesBefore: number;
  readonly tookSeconds: readonly number[];
}

function runOf(program: CProgram, { mode, migrations, meanMebibytes, dirtyBytesPerSecond }: Case): SimgridRun {
  const lines = program
    .run(mode, migrations, meanMebibytes, dirtyBytesPerSecond, "--cfg=network/model:CM02", "--log=root.thres:critical")
    .map(Number);
  const [processorSeconds, mostBytes, bytesBefore] = lines as [number, number, number];
  return { processorSeconds, mostBytes, bytesBefore, tookSeconds: lines.slice(HEAD_LINES) };
}

/** Its own processor time, from the first actor to the end of the simulation: its start is not counted, nor is the preparing of a scenario here. */
function turnOfSimgrid({ processorSeconds }: SimgridRun, { mode, migrations }: Case): TurnResult {
  const seconds = mode === "in-turn" ? processorSeconds / migrations : processorSeconds;
  return { samples: [seconds], processorSeconds: seconds };
}

/** Migrations that take another time here than in SimGrid. */
function differingTimes(prepared: PreparedScenario, { tookSeconds }: SimgridRun, { mode, migrations }: Case): number {
  const { migrations: results } = prepared.run();
  // There and back in turn are all like the first, which is simulated here.
  const expected = mode === "in-turn" ? tookSeconds.slice(0, 1) : tookSeconds;
  if (tookSeconds.length !== migrations || results.length !== expected.length) {
    throw new Error(`SimGrid told of ${tookSeconds.length} migrations, and here there are ${results.length}`);
  }
  return results.filter(({ totalSeconds }, index) => {
    const seconds = expected[index] as number;
    return totalSeconds === null || Math.abs(totalSeconds - seconds) > ALIKE * seconds;
  }).length;
}

/** Resident memory at its most, what stands before there are any machines taken off, a machine. */
function memoryOf(program: CProgram): Figure[] {
  const few = { ...AT_ONCE, label: "", migrations: 1000, dirtyBytesPerSecond: 0.02e6, turns: 1 };
  const simgrid = runOf(program, few);
  const [ours, none] = [mostBytesHere(few.migrations), mostBytesHere(1)];
  const name = (where: string) => `resident memory a machine, 1,000 at once: ${where}`;
  return [
    { kind: "bytes", name: name("here"), value: (ours - none) / few.migrations, better: "less" },
    {
      kind: "bytes",
      name: name("SimGrid"),
      value: (simgrid.mostBytes - simgrid.bytesBefore) / few.migrations,
    },
  ];
}

function mostBytesHere(machines: number): number {
  const program = fileURLToPath(new URL("../at-once-run.js", import.meta.url));
  const done = spawnSync(process.execPath, [program, String(machines)], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${machines} machines at once failed: ${done.stderr}`);
  return Number(done.stdout);
}
