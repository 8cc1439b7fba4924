/** What a sweep by threads costs beside its simulations, how much faster more threads are, and what memory many rows need. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type Figure, middle, middleFigure, type Suite } from "../suite.ts";
import { writeRows } from "../sweep-rows.ts";
import type { SweepRun } from "../sweep-run.ts";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/precopy.js", import.meta.url));
const TASKS = 20_000;
const MANY_TASKS = 1_000_000;
const TURNS = 8;
const ROWS = 100_000;
const MANY_ROWS = 10_000_000;

export const sweepSuite: Suite = {
  name: "sweep",
  title: "A sweep by threads, ten-round migrations, another seed each",
  run({ long }) {
    if (!existsSync(PROGRAM)) {
      return { figures: [], skipped: ["the sweep: its threads are part of the built program (npm run build)"] };
    }
    const turns = Array.from({ length: TURNS }, () => turnOf(TASKS, TASKS));
    return {
      figures: [
        ...overheadFigures(turns),
        ...speedUpFigures(TASKS, turns),
        // A million teaches nothing of the overhead that fewer do not.
        ...(long ? speedUpFigures(MANY_TASKS, [turnOf(MANY_TASKS, TASKS)]) : []),
        ...rowFigures(ROWS),
        ...(long ? rowFigures(MANY_ROWS) : []),
      ],
      skipped: [],
    };
  },
};

/** The same sweep by one thread and by one a core, one after the other. */
interface Turn {
  readonly tasks: number;
  readonly one: SweepRun;
  readonly all: SweepRun;
}

function turnOf(tasks: number, alone: number): Turn {
  return { tasks, one: sweepWith(1, tasks, alone), all: sweepWith(availableParallelism(), tasks, alone) };
}

function sweepWith(threads: number, tasks: number, alone: number): SweepRun {
  const program = fileURLToPath(new URL("../sweep-run.js", import.meta.url));
  const done = spawnSync(process.execPath, [program, String(threads), String(tasks), String(alone)], {
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`the sweep of the benchmark failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as SweepRun;
}

function overheadFigures(turns: readonly Turn[]): Figure[] {
  const beside = (tasks: number, { sweeping, simulatingATask }: SweepRun) =>
    sweeping.processorSeconds / tasks - simulatingATask.processorSeconds;
  return [
    middleFigure(
      "seconds",
      "simulation alone, a task",
      turns.map(({ one }) => one.simulatingATask.processorSeconds),
    ),
    middleFigure(
      "seconds",
      "beside the simulation, one thread",
      turns.map(({ tasks, one }) => beside(tasks, one)),
    ),
    middleFigure(
      "seconds",
      "beside the simulation, all threads",
      turns.map(({ tasks, all }) => beside(tasks, all)),
    ),
  ];
}

function speedUpFigures(tasks: number, turns: readonly Turn[]): Figure[] {
  const speedUp = (name: string, byTurn: number[]): Figure => ({
    kind: "ratio",
    name: `${tasks.toLocaleString("en-US")} migrations: ${name}`,
    value: middle(byTurn),
    byTurn,
    better: "more",
  });
  const cores = availableParallelism();
  return [
    speedUp(
      "speed-up over one thread, a core",
      turns.map(({ one, all }) => one.sweeping.elapsedSeconds / all.sweeping.elapsedSeconds / cores),
    ),
    // What it would have been had nobody else wanted a core.
    speedUp(
      "the same by processor time",
      turns.map(({ one, all }) => one.sweeping.processorSeconds / all.sweeping.processorSeconds),
    ),
  ];
}

function rowFigures(rows: number): Figure[] {
  return (["csv", "parquet"] as const).flatMap((form): Figure[] => {
    const { elapsedSeconds, mostBytes } = writeRows(PROGRAM, rows, form);
    const label = `${rows.toLocaleString("en-US")} rows to ${form === "csv" ? "CSV" : "Parquet"}`;
    return [
      { kind: "bytes", name: `${label}: most memory`, value: mostBytes, better: "less" },
      { kind: "seconds", name: `${label}: elapsed`, value: elapsedSeconds, better: "less" },
    ];
  });
}
