/** What a sweep by threads costs beside its simulations, and how much faster more threads are. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Figure, Suite } from "../suite.ts";
import type { SweepRun } from "../sweep-run.ts";

const TASKS = 20_000;
const TURNS = 3;

/** Processor seconds that a task may take beside its simulation. */
const MOST_OVERHEAD_SECONDS = 20e-6;

/** All cores are to bring 0.85 of what they could; as a ratio that is to be small, the inverse. */
const MOST_LOSS = 1.18;

export const sweepSuite: Suite = {
  name: "sweep",
  title: "A sweep by threads, ten-round migrations, another seed each",
  run() {
    if (!existsSync(fileURLToPath(new URL("../../../dist/cli/sweep-thread.js", import.meta.url)))) {
      return { figures: [], skipped: ["the sweep: its threads are part of the built program (npm run build)"] };
    }
    const cores = availableParallelism();
    const turns = Array.from({ length: TURNS }, () => ({ one: sweepWith(1), all: sweepWith(cores) }));
    return { figures: figuresOf(turns, cores), skipped: [] };
  },
};

function figuresOf(turns: readonly { one: SweepRun; all: SweepRun }[], cores: number): Figure[] {
  const simulation = middle(turns.map(({ one }) => one.simulating.processorSeconds / TASKS));
  const overhead = (run: SweepRun) => (run.sweeping.processorSeconds - run.simulating.processorSeconds) / TASKS;
  const loss = turns.map(({ one, all }) => (cores * all.sweeping.elapsedSeconds) / one.simulating.elapsedSeconds);
  const microseconds = (seconds: number) => seconds * 1e6;
  return [
    { kind: "count", name: "simulation alone, microseconds a task", value: microseconds(simulation) },
    {
      kind: "count",
      name: "beside it, one thread, microseconds a task",
      value: microseconds(middle(turns.map(({ one }) => overhead(one)))),
      aim: microseconds(MOST_OVERHEAD_SECONDS),
    },
    {
      kind: "count",
      name: `beside it, ${cores} threads, microseconds a task`,
      value: microseconds(middle(turns.map(({ all }) => overhead(all)))),
      aim: microseconds(MOST_OVERHEAD_SECONDS),
    },
    {
      kind: "ratio",
      name: `${cores} cores: elapsed time against one core's share of a bare loop`,
      value: middle(loss),
      aim: MOST_LOSS,
    },
  ];
}

function sweepWith(threads: number): SweepRun {
  const program = fileURLToPath(new URL("../sweep-run.js", import.meta.url));
  const done = spawnSync(process.execPath, [program, String(threads), String(TASKS)], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the sweep of the benchmark failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as SweepRun;
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] as number;
}
