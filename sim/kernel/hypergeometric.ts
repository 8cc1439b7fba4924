/** Hypergeometric random numbers, exact in law: draws without replacement. */

import { exp, log, log1p } from "./exact-math.ts";
import { stirlingCorrection } from "./log-factorial.ts";
import { nextOpen, type RandomStream } from "./random.ts";
import { FINE_SPREAD, TWO_TO_MINUS_32 } from "./uniform-resolution.ts";

/** From this mean on, the ratio of uniforms is faster than inversion. */
const REJECTION_MEAN = 10;

/** The hat of the ratio of uniforms: 2 sqrt(2/e) and 3 - 2 sqrt(3/e) (Stadlober 1990). */
const HAT_SLOPE = 1.7155277699214135;
const HAT_OFFSET = 0.8989161620588988;

/**
 * How many marked items are among `drawn` items drawn without replacement from `total` items, `marked` of them marked.
 * All are whole numbers up to 2^53; marked and drawn are at most total; anything else is a bug and throws.
 *
 * Inversion for small means; else E. Stadlober's ratio of uniforms, HRUA ("The ratio of uniforms approach for generating
 * discrete random variates", Journal of Computational and Applied Mathematics 31, 1990), with the density's ratio to
 * its mode written so that it does not lose digits for 10^12 items.
 */
export function hypergeometric(random: RandomStream, total: number, marked: number, drawn: number): number {
  if (!(marked >= 0 && marked <= total && drawn >= 0 && drawn <= total)) {
    throw new RangeError(`${drawn} of ${total} items, ${marked} of them marked, cannot be drawn`);
  }
  if (drawn === 0 || marked === 0) return 0;
  if (drawn === total) return marked;
  if (marked === total) return drawn;
  // Marked and unmarked, drawn and left behind are alike: count the two minorities' overlap.
  const markedAreFew = marked <= total - marked;
  const drawnAreFew = drawn <= total - drawn;
  const few = markedAreFew ? marked : total - marked;
  const taken = drawnAreFew ? drawn : total - drawn;
  // The law is the same with the two exchanged.
  const overlap = overlapOfMinorities(random, total, few < taken ? few : taken, few < taken ? taken : few);
  if (markedAreFew) return drawnAreFew ? overlap : marked - overlap;
  return drawnAreFew ? drawn - overlap : drawn - (total - marked) + overlap;
}

/** The overlap of random subsets of `small` and `large` items, small <= large <= total / 2. */
function overlapOfMinorities(random: RandomStream, total: number, small: number, large: number): number {
  return (small / total) * large < REJECTION_MEAN
    ? overlapByInversion(random, total, small, large)
    : overlapByRejection(random, total, small, large);
}

function overlapByInversion(random: RandomStream, total: number, small: number, large: number): number {
  const coarse = random.next();
  // No overlap is at least as likely as 1 - mean (Boole); a draw stands for the interval up to the next 2^-32.
  if (coarse + TWO_TO_MINUS_32 <= 1 - (small / total) * large) return 0;
  const noneProbability = probabilityOfNone(total, small, large);
  if (coarse + TWO_TO_MINUS_32 <= noneProbability) return 0;
  let rest = coarse + random.next() * TWO_TO_MINUS_32 - noneProbability;
  let term = noneProbability;
  let count = 0;
  const excess = total - small - large + 1;
  while (rest >= 0 && count < small) {
    term *= ((small - count) * (large - count)) / ((count + 1) * (excess + count));
    count += 1;
    rest -= term;
    // Far in the tail the terms no longer change the rest: what rounding left over is not a count.
    if (term < 1e-18 && count > REJECTION_MEAN) break;
  }
  return count;
}

/** The probability that the subsets do not meet: (total - small)! (total - large)! / (total! (total - small - large)!). */
function probabilityOfNone(total: number, small: number, large: number): number {
  if (small <= 16) {
    let product = 1;
    for (let i = 0; i < small; i += 1) product *= (total - large - i) / (total - i);
    return product;
  }
  const others = total - large;
  return exp(
    (total + 0.5) * log1p(-small / (total + 1)) -
      (others + 0.5) * log1p(-small / (others + 1)) -
      small * log1p(large / (others - small + 1)) +
      stirlingCorrection(total - small) -
      stirlingCorrection(total) -
      stirlingCorrection(others - small) +
      stirlingCorrection(others),
  );
}

function overlapByRejection(random: RandomStream, total: number, small: number, large: number): number {
  const share = large / total;
  const mean = small * share;
  const variance = ((total - small) / (total - 1)) * mean * (1 - share);
  const width = HAT_SLOPE * Math.sqrt(variance + 0.5) + HAT_OFFSET;
  const center = mean + 0.5;
  const mode = Math.floor((small + 1) * ((large + 1) / (total + 2)));
  for (;;) {
    const x = nextOpen(random);
    let y = random.next();
    if (width > FINE_SPREAD) y += random.next() * TWO_TO_MINUS_32;
    const count = Math.floor(center + (width * (y - 0.5)) / x);
    if (!(count >= 0 && count <= small)) continue;
    const ratio = logRatio(total, small, large, count, mode);
    // Bounds of 2 ln x that save most logarithms.
    if (x * (4 - x) - 3 <= ratio) return count;
    if (x * (x - ratio) >= 1) continue;
    if (2 * log(x) <= ratio) return count;
  }
}

/** ln of the probability of `count` over that of `mode`. */
function logRatio(total: number, small: number, large: number, count: number, mode: number): number {
  const away = count - mode;
  if (away === 0) return 0;
  const smallRest = small - mode;
  const largeRest = large - mode;
  const neither = total - small - large + mode;
  return (
    away * log((((smallRest - away + 1) / (count + 1)) * (largeRest - away + 1)) / (neither + away + 1)) -
    (mode + 0.5) * log1p(away / (mode + 1)) -
    (smallRest + 0.5) * log1p(-away / (smallRest + 1)) -
    (largeRest + 0.5) * log1p(-away / (largeRest + 1)) -
    (neither + 0.5) * log1p(away / (neither + 1)) +
    stirlingCorrection(mode) -
    stirlingCorrection(count) +
    stirlingCorrection(smallRest) -
    stirlingCorrection(smallRest - away) +
    stirlingCorrection(largeRest) -
    stirlingCorrection(largeRest - away) +
    stirlingCorrection(neither) -
    stirlingCorrection(neither + away)
  );
}
