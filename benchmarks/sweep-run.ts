/**
 * A process of its own for a sweep by threads: some of the tasks with no sweep around them, then all of them by so many threads. Prints
 * what they took. Arguments: threads, tasks, tasks to simulate alone.
 */
import { PreparedScenario, toScenarioFile } from "../sim/index.ts";
import { defineSweep } from "../src/runners/sweep/define-sweep.ts";
import { driveInOrder } from "../src/runners/sweep/drive.ts";
import { openTasks } from "../src/runners/sweep/open-tasks.ts";
import { ThreadPool } from "../src/runners/sweep/thread-pool.ts";
import { tenRounds } from "./scenarios.ts";

export interface SweepRun {
  /** What the simulations alone took, a task, one after the other. */
  simulatingATask: Spent;
  /** All tasks by threads, from the first handed over to the last row. */
  sweeping: Spent;
}

interface Spent {
  elapsedSeconds: number;
  processorSeconds: number;
}

const threads = Number(process.argv[2]);
const tasks = Number(process.argv[3]);
const alone = Number(process.argv[4]);
/** Before anything is measured: code is compiled, and threads are started. */
const WARM_UP = 4000;

const scenario = tenRounds("qemu-7.2");
const prepared = new PreparedScenario(scenario);
const simulate = (count: number) => {
  for (let seed = 1; seed <= count; seed++) prepared.run({ seed: String(seed) });
};
simulate(WARM_UP);
const simulating = await spentBy(async () => simulate(alone));
const simulatingATask = {
  elapsedSeconds: simulating.elapsedSeconds / alone,
  processorSeconds: simulating.processorSeconds / alone,
};

const definition = await defineSweep({
  source: "the benchmark",
  text: JSON.stringify(toScenarioFile(scenario)),
  settings: {},
  parameters: [],
  design: "grid",
  samples: null,
  seed: "1",
  seeds: tasks,
  policy: null,
});
if (!definition.ok) throw new Error(definition.failure.message);
const opened = await openTasks(definition.value, "csv");
if (!opened.ok) throw new Error(opened.failure.message);
const failed = (task: number, problem: string) => opened.value.failed(task, problem);
const pool = new ThreadPool(definition.value, "csv", { threads, memoryBytes: null, failed });
const sweep = (count: number) =>
  driveInOrder(pool, { range: { from: 0, to: count }, take: () => {}, stopping: new AbortController().signal });
await sweep(Math.min(tasks, WARM_UP * threads));
const sweeping = await spentBy(() => sweep(tasks));
await pool.close();
const run: SweepRun = { simulatingATask, sweeping };
console.log(JSON.stringify(run));

async function spentBy(work: () => Promise<void>): Promise<Spent> {
  const processor = process.cpuUsage();
  const begun = performance.now();
  await work();
  const elapsedSeconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(processor);
  return { elapsedSeconds, processorSeconds: (user + system) * 1e-6 };
}
