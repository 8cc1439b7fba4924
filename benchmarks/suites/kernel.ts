/** The kernel's parts: events, random numbers, streams, exact functions. */
import {
  binomial,
  exponential,
  hypergeometric,
  normal,
  poisson,
  positionOfMarked,
} from "../../sim/kernel/distributions.ts";
import { EventQueue } from "../../sim/kernel/event-queue.ts";
import { exp, expm1, log } from "../../sim/kernel/exact-math.ts";
import { RandomStreams } from "../../sim/kernel/random.ts";
import { Xoshiro128 } from "../../sim/kernel/xoshiro128.ts";
import { measureByTurns, turnOf } from "../measure.ts";
import { type Figure, type Suite, timeFigure } from "../suite.ts";

const CALLS = 1000;

export const kernelSuite: Suite = {
  name: "kernel",
  title: "The kernel: events, random numbers, streams, exact functions",
  run() {
    const pieces: readonly Piece[] = [...eventPieces(), ...samplerPieces(), ...streamPieces(), ...functionPieces()];
    const timings = measureByTurns(
      pieces.map(({ name, run }) => turnOf(name, run, { operations: CALLS, turnSeconds: 0.25 })),
    );
    const figures = timings.map((timing, index): Figure => {
      const { name, per } = pieces[index] as Piece;
      return timeFigure(name, per, timing);
    });
    return { figures, skipped: [] };
  },
};

interface Piece {
  readonly name: string;
  readonly per: string;
  /** Does it `CALLS` times. */
  run(): void;
}

/** The hold model: each event that is taken schedules one more, so that as many stay pending. */
function eventPieces(): Piece[] {
  const random = new RandomStreams("bench").stream("delays");
  const delays = Float64Array.from({ length: 4096 }, () => random.next());
  const handler = { onEvent() {} };
  return [10, 10_000].map((pending) => {
    const queue = new EventQueue();
    let next = 0;
    const add = (atSeconds: number): void => {
      queue.add(atSeconds + (delays[next] as number), 0, handler, 0);
      next = (next + 1) & 4095;
    };
    for (let event = 0; event < pending; event++) add(0);
    return {
      name: `event queue, take one and add one, ${pending.toLocaleString("en-US")} pending`,
      per: "event",
      run() {
        for (let count = 0; count < CALLS; count++) {
          queue.take();
          add(queue.takenTime);
        }
      },
    };
  });
}

function samplerPieces(): Piece[] {
  const random = new RandomStreams("bench").stream("draws");
  const xoshiro = new Xoshiro128(random);
  const draws: readonly (readonly [string, () => number])[] = [
    ["alea", () => random.next()],
    ["xoshiro128**, below 1,000,003", () => xoshiro.nextBelow(1_000_003)],
    ["exponential", () => exponential(random, 1)],
    ["normal", () => normal(random)],
    ["poisson, mean 5", () => poisson(random, 5)],
    ["poisson, mean 1,000,000", () => poisson(random, 1e6)],
    ["binomial, mean 5 of 1,000", () => binomial(random, 1000, 0.005)],
    ["binomial, mean 100,000 of 262,144", () => binomial(random, 262_144, 0.38)],
    ["binomial, mean 10^8 of 2.6 x 10^8", () => binomial(random, 268_435_456, 0.38)],
    ["hypergeometric, 1,000 of 262,144, a third marked", () => hypergeometric(random, 262_144, 87_000, 1000)],
    ["position of the 1,000th of 87,000 in 262,144", () => positionOfMarked(random, 262_144, 87_000, 1000)],
  ];
  return draws.map(([name, draw]) => ({ name, per: "draw", run: () => repeat(draw) }));
}

function streamPieces(): Piece[] {
  let seed = 0;
  return [
    {
      name: "stream, made and drawn from once",
      per: "stream",
      run: () => repeat(() => new RandomStreams(String(seed++)).stream("memory/guest/0").next()),
    },
  ];
}

function functionPieces(): Piece[] {
  let x = 0;
  const next = (): number => {
    x = x < 20 ? x + 0.001 : 0.001;
    return x;
  };
  const functions: readonly (readonly [string, (x: number) => number])[] = [
    ["exp", exp],
    ["expm1", expm1],
    ["log", log],
  ];
  return functions.map(([name, f]) => ({ name, per: "call", run: () => repeat(() => f(next())) }));
}

/** Uses what the calls give, so that no compiler may leave them out. */
function repeat(call: () => number): void {
  let sum = 0;
  for (let count = 0; count < CALLS; count++) sum += call();
  if (Number.isNaN(sum)) throw new Error("a benchmark gave no number");
}
