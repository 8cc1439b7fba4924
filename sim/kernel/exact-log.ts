/**
 * Logarithms made of + - * / and bit patterns only (see exact-math.ts for why). The algorithms and coefficients are those of
 * fdlibm 5.3 (e_log.c, s_log1p.c), with the last sum in the order of FreeBSD's k_log.h, which needs no cases; results
 * are within one unit in the last place of the true value. Its notice:
 *
 *   Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 *   preserved.
 */

import { highWord } from "./float-words.ts";
import { POWER_OF_TWO_OFFSET, POWERS_OF_TWO } from "./powers-of-two.ts";

/** ln 2 in two parts: the high one ends in zero bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_TO_54 = 18014398509481984;
const TWO_TO_MINUS_54 = 5.551115123125783e-17;
/** sqrt(2)/2 - 1 and sqrt(2) - 1, rounded inwards. */
const HALF_ROOT_LESS_ONE = -0.2928932;
const ROOT_LESS_ONE = 0.4142135;

/** Minimax coefficients of the logarithm's series in s = f / (2 + f) (e_log.c; s_log1p.c has the same). */
const LOG_1 = 0.6666666666666735;
const LOG_2 = 0.3999999999940942;
const LOG_3 = 0.2857142874366239;
const LOG_4 = 0.22222198432149784;
const LOG_5 = 0.1818357216161805;
const LOG_6 = 0.15313837699209373;
const LOG_7 = 0.14798198605116586;

/** The natural logarithm of `x`: -Infinity at zero, NaN below it and for NaN. */
export function log(x: number): number {
  let k = 0;
  let scaled = x;
  let high = highWord(x);
  if (high < 0x00100000) {
    // Subnormal, zero or negative.
    if (x === 0) return Number.NEGATIVE_INFINITY;
    if (high < 0) return Number.NaN;
    k = -54;
    scaled = x * TWO_TO_54;
    high = highWord(scaled);
  }
  if (high >= 0x7ff00000) return x;
  // x = 2^exponent (1 + f), with 1 + f from sqrt(2)/2 to sqrt(2).
  const exponent = (high + 0x95f62) >> 20;
  k += exponent - 1023;
  return kernel(scaled * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + 1023 - exponent] - 1, k, 0);
}

/** The natural logarithm of 1 + `x`, right where x is small: -Infinity at -1, NaN below it and for NaN. */
export function log1p(x: number): number {
  if (x > HALF_ROOT_LESS_ONE && x < ROOT_LESS_ONE) {
    return x < TWO_TO_MINUS_54 && x > -TWO_TO_MINUS_54 ? x : kernel(x, 0, 0);
  }
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const u = 1 + x;
  const exponent = (highWord(u) + 0x95f62) >> 20;
  const k = exponent - 1023;
  // What the rounding of 1 + x lost.
  const lost = k < 54 ? (k > 1 ? 1 - (u - x) : x - (u - 1)) / u : 0;
  return kernel(u * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + 1023 - exponent] - 1, k, lost);
}

/** k ln 2 + ln(1 + f) + lost, by the series in s = f / (2 + f); its even and odd powers apart. */
function kernel(f: number, k: number, lost: number): number {
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = w * (LOG_2 + w * (LOG_4 + w * LOG_6)) + z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  return s * (half + r) + (k * LN2_LOW + lost) - half + f + k * LN2_HIGH;
}
