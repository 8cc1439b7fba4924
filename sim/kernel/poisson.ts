/** Poisson random numbers, exact in law. */

import { exp, log, log1p } from "./exact-math.ts";
import { stirlingCorrection } from "./log-factorial.ts";
import { nextOpen, type RandomStream } from "./random.ts";
import { FINE_SPREAD, TWO_TO_MINUS_32 } from "./uniform-resolution.ts";

/** From this mean on, transformed rejection is faster than inversion and its hat is proven (Hörmann 1993). */
const REJECTION_MEAN = 10;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * A Poisson number with `mean` from 0 to 2^52; anything else is a bug and throws.
 *
 * Inversion for small means; else W. Hörmann's PTRS ("The transformed rejection method for generating Poisson random
 * variables", Insurance: Mathematics and Economics 12, 1993).
 */
export function poisson(random: RandomStream, mean: number): number {
  if (!(mean >= 0 && mean <= 4503599627370496)) throw new RangeError(`a Poisson number of mean ${mean} does not exist`);
  return mean < REJECTION_MEAN ? poissonByInversion(random, mean) : poissonByRejection(random, mean);
}

function poissonByInversion(random: RandomStream, mean: number): number {
  if (mean === 0) return 0;
  const coarse = random.next();
  // e^-m >= 1 - m; a draw stands for the interval up to the next 2^-32.
  if (coarse + TWO_TO_MINUS_32 <= 1 - mean) return 0;
  let term = exp(-mean);
  if (coarse + TWO_TO_MINUS_32 <= term) return 0;
  let rest = coarse + random.next() * TWO_TO_MINUS_32 - term;
  let count = 0;
  while (rest >= 0) {
    count += 1;
    term *= mean / count;
    rest -= term;
    // Far in the tail the terms no longer change the rest: what rounding left over is not a count.
    if (term < 1e-18 && count > REJECTION_MEAN) break;
  }
  return count;
}

function poissonByRejection(random: RandomStream, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    let u = random.next() - 0.5;
    if (b > FINE_SPREAD) u += random.next() * TWO_TO_MINUS_32;
    const v = nextOpen(random);
    const side = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / side + b) * u + mean + 0.43);
    if (side >= 0.07 && v <= squeeze) return count;
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY) || (side < 0.013 && v > side)) continue;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    if (log((v * inverseAlpha) / (a / (side * side) + b)) <= logProbability(mean, count)) return count;
  }
}

/** ln of the probability of `count`, written so that it does not lose digits where both are large. */
function logProbability(mean: number, count: number): number {
  const away = count + 1 - mean;
  return count * log1p(-away / (count + 1)) + away - 0.5 * log(count + 1) - HALF_LOG_TWO_PI - stirlingCorrection(count);
}
