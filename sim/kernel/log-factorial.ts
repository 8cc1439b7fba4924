/** Logarithms of factorials, by Stirling's series around n + 1. */

import { log } from "./exact-log.ts";

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** ln n! - [(n + 1/2) ln(n + 1) - (n + 1) + ln(2 pi)/2] for n = 0 to 15, computed with 60 digits. */
const CORRECTIONS = new Float64Array([
  0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193,
  0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287,
  0.007573675487951841, 0.00694284010720953, 0.006408994188004207, 0.0059513701127588475, 0.005554733551962801,
  0.0052076559196096404,
]);

/**
 * What (n + 1/2) ln(n + 1) - (n + 1) + ln(2 pi)/2 lacks of ln n!, for n = 0, 1, 2, ...: the table, and from 16 on four
 * terms of Stirling's series (DLMF 5.11.1), whose error is then below 1e-14.
 */
export function stirlingCorrection(n: number): number {
  if (n < 16) return CORRECTIONS[n];
  const inverse = 1 / (n + 1);
  const square = inverse * inverse;
  return (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) * inverse;
}

/**
 * ln n! for whole n >= 0, with a relative error of a few 1e-16. Differences of large values lose digits by
 * cancellation: the samplers work with ratios instead.
 */
export function logFactorial(n: number): number {
  if (n < 2) return n === 0 || n === 1 ? 0 : Number.NaN;
  return (n + 0.5) * log(n + 1) - (n + 1) + HALF_LOG_TWO_PI + stirlingCorrection(n);
}
