/** Binomial random numbers, exact in law. */

import { exp, log, log1p } from "./exact-math.ts";
import { stirlingCorrection } from "./log-factorial.ts";
import { nextOpen, type RandomStream } from "./random.ts";
import { FINE_SPREAD, TWO_TO_MINUS_32 } from "./uniform-resolution.ts";

/** From this mean on, transformed rejection is faster than inversion and its hat is proven (Hörmann 1993). */
const REJECTION_MEAN = 10;

/**
 * How many of `trials` independent trials succeed, each with `probability`. Trials are a whole number from 0 to 2^53,
 * the probability a number from 0 to 1; anything else is a bug and throws.
 *
 * Inversion for small means; else W. Hörmann's transformed rejection with squeeze, BTRS ("The generation of binomial
 * random variates", Journal of Statistical Computation and Simulation 46, 1993), with the density's ratio to its mode
 * written so that it does not lose digits for 10^12 trials.
 */
export function binomial(random: RandomStream, trials: number, probability: number): number {
  if (!(probability > 0 && probability < 1 && trials > 0)) {
    if (probability === 1 && trials >= 0) return trials;
    if ((probability === 0 && trials >= 0) || (trials === 0 && probability > 0 && probability < 1)) return 0;
    throw new RangeError(`a binomial number of ${trials} trials of probability ${probability} does not exist`);
  }
  if (probability > 0.5) return trials - binomialOfMinority(random, trials, 1 - probability);
  return binomialOfMinority(random, trials, probability);
}

function binomialOfMinority(random: RandomStream, trials: number, probability: number): number {
  return trials * probability < REJECTION_MEAN
    ? binomialByInversion(random, trials, probability)
    : binomialByRejection(random, trials, probability);
}

function binomialByInversion(random: RandomStream, trials: number, probability: number): number {
  const coarse = random.next();
  // (1 - p)^n >= 1 - n p (Bernoulli): mostly enough where the mean is small, and no power need be computed. A draw
  // stands for the interval up to the next multiple of 2^-32.
  if (coarse + TWO_TO_MINUS_32 <= 1 - trials * probability) return 0;
  const noneProbability = exp(trials * log1p(-probability));
  if (coarse + TWO_TO_MINUS_32 <= noneProbability) return 0;
  // Tails rarer than 2^-32 need the lower bits as well.
  let rest = coarse + random.next() * TWO_TO_MINUS_32 - noneProbability;
  const odds = probability / (1 - probability);
  let term = noneProbability;
  let count = 0;
  while (rest >= 0 && count < trials) {
    const next = (term * odds * (trials - count)) / (count + 1);
    count += 1;
    rest -= next;
    term = next;
    // Far in the tail the terms no longer change the rest: what rounding left over is not a count.
    if (term < 1e-18 && count > REJECTION_MEAN) break;
  }
  return count;
}

function binomialByRejection(random: RandomStream, trials: number, probability: number): number {
  const mean = trials * probability;
  const deviation = Math.sqrt(mean * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const center = mean + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    let u = random.next() - 0.5;
    if (b > FINE_SPREAD) u += random.next() * TWO_TO_MINUS_32;
    const v = nextOpen(random);
    const side = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / side + b) * u + center);
    if (side >= 0.07 && v <= squeeze) return count;
    if (!(count >= 0 && count <= trials)) continue;
    const alpha = (2.83 + 5.1 / b) * deviation;
    const logHeight = log((v * alpha) / (a / (side * side) + b));
    const variance = deviation * deviation;
    const away = Math.abs(count - Math.floor((trials + 1) * probability));
    if (away > 20 && away < variance / 2 - 1) {
      // The squeeze of BTPE (V. Kachitvichyanukul and B. W. Schmeiser, Communications of the ACM 31, 1988, step 5.2):
      // the ratio lies within `margin` of the normal density's, which mostly decides.
      const margin = (away / variance) * ((away * (away / 3 + 0.625) + 0.16666666666666666) / variance + 0.5);
      const normalRatio = (-away * away) / (2 * variance);
      if (logHeight < normalRatio - margin) return count;
      if (logHeight > normalRatio + margin) continue;
    }
    if (logHeight <= logRatioToMode(trials, probability, count)) return count;
  }
}

/** ln of the probability of `count` over that of the mode. */
function logRatioToMode(trials: number, probability: number, count: number): number {
  const mode = Math.floor((trials + 1) * probability);
  const away = count - mode;
  const failuresAtMode = trials - mode;
  const failures = trials - count;
  const q = 1 - probability;
  return (
    away * log(((failures + 1) * probability) / ((count + 1) * q)) -
    (mode + 0.5) * log1p(away / (mode + 1)) -
    (failuresAtMode + 0.5) * log1p(-away / (failuresAtMode + 1)) +
    stirlingCorrection(mode) -
    stirlingCorrection(count) +
    stirlingCorrection(failuresAtMode) -
    stirlingCorrection(failures)
  );
}
