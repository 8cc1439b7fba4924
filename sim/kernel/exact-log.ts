/**
 * Logarithms made of + - * / and bit patterns only (see exact-math.ts for why). The algorithms and coefficients are those of
 * fdlibm 5.3 (e_log.c, s_log1p.c); results are within one unit in the last place of the true value. Its notice:
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
const TWO_TO_54 = 1.8014398509481984e16;

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
  let high = highWord(x);
  let k = 0;
  let scaled = x;
  if (high < 0x00100000) {
    // Subnormal, zero or negative.
    if (x === 0) return Number.NEGATIVE_INFINITY;
    if (high < 0) return Number.NaN;
    k = -54;
    scaled = x * TWO_TO_54;
    high = highWord(scaled);
  }
  if (high >= 0x7ff00000) return x + x;
  const rawExponent = (high >> 20) - 1023;
  high &= 0x000fffff;
  const exponent = rawExponent + ((high + 0x95f64) >> 20);
  k += exponent;
  const f = scaled * POWERS_OF_TWO[POWER_OF_TWO_OFFSET - exponent] - 1; // from sqrt(2)/2 - 1 to sqrt(2) - 1
  if ((0x000fffff & (2 + high)) < 3) {
    // |f| < 2^-20
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (LOG_2 + w * (LOG_4 + w * LOG_6));
  const t2 = z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  const r = t2 + t1;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

/** The natural logarithm of 1 + `x`, right where x is small: -Infinity at -1, NaN below it and for NaN. */
export function log1p(x: number): number {
  const high = highWord(x);
  const magnitude = high & 0x7fffffff;
  let k = 1;
  let f = 0;
  let highOfU = 1;
  let correction = 0;
  if (high < 0x3fda827a) {
    // x < 0.41422
    if (magnitude >= 0x3ff00000) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
    if (magnitude < 0x3e200000) return magnitude < 0x3c900000 ? x : x - x * x * 0.5;
    if (high > 0 || high <= (0xbfd2bec3 | 0)) {
      // -0.2929 < x < 0.41422
      k = 0;
      f = x;
    }
  }
  if (high >= 0x7ff00000) return x + x;
  if (k !== 0) {
    let u = x;
    if (high < 0x43400000) {
      u = 1 + x;
      highOfU = highWord(u);
      k = (highOfU >> 20) - 1023;
      // What the rounding of 1 + x lost.
      correction = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      highOfU = high;
      k = (highOfU >> 20) - 1023;
    }
    highOfU &= 0x000fffff;
    if (highOfU >= 0x6a09e) {
      k += 1;
      highOfU = (0x00100000 - highOfU) >> 2;
    }
    f = u * POWERS_OF_TWO[POWER_OF_TWO_OFFSET - k] - 1;
  }
  const half = 0.5 * f * f;
  if (highOfU === 0) {
    // |f| < 2^-20
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + (correction + k * LN2_LOW);
    const r = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - (k * LN2_LOW + correction) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  // Even and odd powers apart, as in log: shorter chains of dependent operations than s_log1p.c's.
  const w = z * z;
  const r = w * (LOG_2 + w * (LOG_4 + w * LOG_6)) + z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  return k === 0
    ? f - (half - s * (half + r))
    : k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + correction)) - f);
}
