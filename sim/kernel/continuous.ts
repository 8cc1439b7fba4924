/** Continuous random numbers: normal, exponential, gamma. */

import { log } from "./exact-math.ts";
import { nextFine, nextOpen, type RandomStream } from "./random.ts";

/** The region's height, 2 sqrt(2/e), and the quadratic bounds around it, from Leva's paper. */
const LEVA_HEIGHT = 1.7156;
const LEVA_S = 0.449871;
const LEVA_T = -0.386595;
const LEVA_A = 0.196;
const LEVA_B = 0.25472;
const LEVA_ACCEPT = 0.27597;
const LEVA_REJECT = 0.27846;

/**
 * A normal number of mean 0 and deviation 1: J. L. Leva's ratio of uniforms ("A fast normal random number generator",
 * ACM Transactions on Mathematical Software 18, 1992). It keeps no second number back, so that a stream stays a plain
 * sequence of draws.
 */
export function normal(random: RandomStream): number {
  for (;;) {
    const u = nextOpen(random);
    const v = LEVA_HEIGHT * (nextFine(random) - 0.5);
    const x = u - LEVA_S;
    const y = Math.abs(v) - LEVA_T;
    const q = x * x + y * (LEVA_A * y - LEVA_B * x);
    if (q < LEVA_ACCEPT || (q <= LEVA_REJECT && v * v <= -4 * log(u) * u * u)) return v / u;
  }
}

/** An exponential number with `mean`: the time to the next event of a Poisson process. */
export function exponential(random: RandomStream, mean: number): number {
  return -mean * log(1 - nextFine(random));
}

/**
 * A gamma number of `shape` >= 1 and scale 1: G. Marsaglia and W. W. Tsang ("A simple method for generating gamma
 * variables", ACM Transactions on Mathematical Software 26, 2000).
 */
export function gamma(random: RandomStream, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = nextOpen(random);
    const square = x * x;
    if (u < 1 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v;
  }
}
