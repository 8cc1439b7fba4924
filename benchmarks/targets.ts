/**
 * What is aimed at, in one place: `npm run bench` closes with these rows, and docs/benchmarks.md explains those that are missed.
 * The first ones hold the engine to programs in C and C++, or to what somebody waiting would bear; the others hold it to itself.
 */
import type { Figure } from "./suite.ts";

export interface Target {
  /** What is to be fast or small, in words. */
  readonly what: string;
  /** The suite that gives the figure, and the figure's name in it. */
  readonly suite: string;
  readonly figure: string;
  /** Seconds, bytes, or a number. */
  readonly aim: number;
  /** Whether the aim is the most or the least that there should be; the most where left out. */
  readonly bound?: "least";
  /** What is held against the aim: processor time unless elapsed time, the best, is what matters. */
  readonly of?: "elapsed";
}

const KIB = 1024;
const GIB = 1024 ** 3;

export const TARGETS: readonly Target[] = [
  {
    what: "one machine, ten rounds, SimGrid's model (60 us in SimGrid 3.32)",
    suite: "migration",
    figure: "simgrid-3.32: PreparedScenario.run()",
    aim: 6e-6,
  },
  {
    what: "one machine, ten rounds, all of qemu-7.2, statistical log",
    suite: "migration",
    figure: "qemu-7.2: PreparedScenario.run()",
    aim: 15e-6,
  },
  {
    what: "1,000 machines at once, SimGrid's model, 0.2 MB/s dirtied each (1.5 s in SimGrid)",
    suite: "scale",
    figure: "simgrid-3.32: 1000 at once, 0.2 MB/s dirtied each",
    aim: 0.05,
  },
  {
    what: "the same with 0.5 MB/s (2.4 s in SimGrid)",
    suite: "scale",
    figure: "simgrid-3.32: 1000 at once, 0.5 MB/s dirtied each",
    aim: 0.05,
  },
  {
    what: "one machine: times as fast as SimGrid, in one run",
    suite: "simgrid",
    figure: "one machine, ten rounds: SimGrid / here",
    aim: 10,
    bound: "least",
  },
  {
    what: "1,000 machines, 0.2 MB/s: times as fast as SimGrid, in one run",
    suite: "simgrid",
    figure: "1,000 at once, 0.2 MB/s: SimGrid / here",
    aim: 30,
    bound: "least",
  },
  {
    what: "1,000 machines, 0.5 MB/s: times as fast as SimGrid, in one run",
    suite: "simgrid",
    figure: "1,000 at once, 0.5 MB/s: SimGrid / here",
    aim: 48,
    bound: "least",
  },
  {
    what: "1,000 machines at once, all of qemu-7.2",
    suite: "scale",
    figure: "qemu-7.2: 1000 at once, 0.2 MB/s dirtied each",
    aim: 0.2,
  },
  {
    what: "10,000 machines at once, SimGrid's model",
    suite: "scale",
    figure: "simgrid-3.32: 10000 at once",
    aim: 1,
  },
  {
    what: "times as long with 10,000 as with 1,000",
    suite: "scale",
    figure: "simgrid-3.32: time, 10000 / 1000 at once",
    aim: 15,
  },
  {
    what: "memory a machine in such a run (47 KiB in SimGrid)",
    suite: "scale",
    figure: "simgrid-3.32: memory held a machine, 1000 at once, half of them over",
    aim: 2 * KIB,
  },
  {
    what: "bitmap log / C loop, 1,000,003 pages",
    suite: "bitmap-log",
    figure: "1,000,003 pages: bitmap log / C loop",
    aim: 1.5,
  },
  {
    what: "bitmap log / C loop, 67,000,003 pages",
    suite: "bitmap-log",
    figure: "67,000,003 pages: bitmap log / C loop",
    aim: 2.5,
  },
  {
    what: "Monte Carlo of 1,000,000 migrations: speed-up over one thread, a core (--long)",
    suite: "sweep",
    figure: "1,000,000 migrations: speed-up over one thread, a core",
    aim: 0.85,
    bound: "least",
  },
  {
    what: "the same of 20,000 migrations",
    suite: "sweep",
    figure: "20,000 migrations: speed-up over one thread, a core",
    aim: 0.85,
    bound: "least",
  },
  { what: "precopy --version", suite: "start", figure: "precopy --version", aim: 0.15, of: "elapsed" },
  { what: "smallest run", suite: "start", figure: "precopy run, the smallest", aim: 0.25, of: "elapsed" },
  {
    what: "sweep by threads: a task beside its simulation",
    suite: "sweep",
    figure: "beside the simulation, all threads",
    aim: 20e-6,
  },
  {
    what: "sweep of 10,000,000 rows to CSV: most memory (--long)",
    suite: "sweep",
    figure: "10,000,000 rows to CSV: most memory",
    aim: GIB,
  },
  {
    what: "sweep of 10,000,000 rows to Parquet: most memory (--long)",
    suite: "sweep",
    figure: "10,000,000 rows to Parquet: most memory",
    aim: GIB,
  },
  {
    what: "one machine, ten rounds, hyper-v-2008r2, the engine alone",
    suite: "migration",
    figure: "hyper-v-2008r2: engine alone",
    aim: 10e-6,
  },
  {
    what: "guest of 1 TiB / of 1 GiB, hyper-v-2008r2, time",
    suite: "guest-size",
    figure: "hyper-v-2008r2: time, 1 TiB / 1 GiB",
    aim: 1.1,
  },
  {
    what: "guest of 1 TiB / of 1 GiB, qemu-7.2, time",
    suite: "guest-size",
    figure: "qemu-7.2: time, 1 TiB / 1 GiB",
    aim: 1.1,
  },
  {
    what: "guest of 1 TiB / of 1 GiB, qemu-7.2, memory held",
    suite: "guest-size",
    figure: "qemu-7.2: memory held, 1 TiB / 1 GiB",
    aim: 1.1,
  },
  {
    what: "an hour of quiet with a pinging client / none, qemu-7.2, time",
    suite: "guest-size",
    figure: "qemu-7.2: time, with / without the hour",
    aim: 1.1,
  },
  {
    what: "a migration of 300 hosts' maintenance / of 2 hosts'",
    suite: "scale",
    figure: "time a migration, 300 hosts / 2",
    aim: 2,
  },
];

/** The number of a figure that its target speaks of. */
export function reachedBy(figure: Figure, { of }: Target): number {
  if (figure.kind !== "time") return figure.value;
  return of === "elapsed" ? figure.timing.bestSeconds : figure.timing.processorSeconds;
}

export function isReached(value: number, { aim, bound }: Target): boolean {
  return bound === "least" ? value >= aim : value <= aim;
}
