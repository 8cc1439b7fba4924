/**
 * Exponentials made of + - * / and bit patterns only (see exact-math.ts for why). The algorithms and coefficients are those of
 * fdlibm 5.3 (e_exp.c, s_expm1.c); results are within one unit in the last place of the true value. Its notice:
 *
 *   Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 *   preserved.
 */

import { POWER_OF_TWO_OFFSET, POWERS_OF_TWO } from "./powers-of-two.ts";

/** ln 2 in two parts: the high one ends in zero bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const ONE_OVER_LN2 = Math.LOG2E;
const TWO_TO_1023 = 8.98846567431158e307;
const TWO_TO_MINUS_28 = 3.725290298461914e-9;
const TWO_TO_MINUS_54 = 5.551115123125783e-17;
const HALF_LN2 = 0.34657359027997264;
/** 56 ln 2: from here on e^x - 1 is e^x, or -1. */
const EXPM1_SATURATION = 38.816242111356935;

/** Above it e^x overflows; below the other, it rounds to zero. */
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019411;

/** Minimax coefficients of x - x (e^x + 1)/(e^x - 1) ... on [0, (ln 2 / 2)^2] (e_exp.c). */
const EXP_P1 = 0.16666666666666602;
const EXP_P2 = -0.0027777777777015593;
const EXP_P3 = 6.613756321437934e-5;
const EXP_P4 = -1.6533902205465252e-6;
const EXP_P5 = 4.1381367970572385e-8;

/** Coefficients of expm1's rational approximation (s_expm1.c). */
const EXPM1_1 = -0.03333333333333313;
const EXPM1_2 = 0.0015873015872548146;
const EXPM1_3 = -7.93650757867488e-5;
const EXPM1_4 = 4.008217827329362e-6;
const EXPM1_5 = -2.0109921818362437e-7;

/** e to the power `x`: 0 for -Infinity, Infinity for Infinity and beyond about 709.78, NaN for NaN. */
export function exp(x: number): number {
  if (!(x < EXP_OVERFLOW)) return x === EXP_OVERFLOW ? 1.797693134862273e308 : x + Number.POSITIVE_INFINITY;
  if (x < EXP_UNDERFLOW) return 0;
  const magnitude = x < 0 ? -x : x;
  let high = x;
  let low = 0;
  let k = 0;
  let reduced = x;
  if (magnitude > HALF_LN2) {
    k = (ONE_OVER_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0;
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
    reduced = high - low;
  } else if (magnitude < TWO_TO_MINUS_28) {
    return 1 + x;
  }
  const t = reduced * reduced;
  const c = reduced - t * (EXP_P1 + t * (EXP_P2 + t * (EXP_P3 + t * (EXP_P4 + t * EXP_P5))));
  if (k === 0) return 1 - ((reduced * c) / (c - 2) - reduced);
  const y = 1 - (low - (reduced * c) / (2 - c) - high);
  return scale(y, k);
}

/** y times 2 to the k, for y near 1 and results that may be subnormal. */
function scale(y: number, k: number): number {
  if (k === 1024) return y * 2 * TWO_TO_1023;
  if (k >= -1021) return y * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + k];
  // Only the last product rounds.
  return y * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + k + 1000] * POWERS_OF_TWO[POWER_OF_TWO_OFFSET - 1000];
}

/** e to the power `x`, less 1, right where x is small: -1 for -Infinity, NaN for NaN. */
export function expm1(argument: number): number {
  let x = argument;
  const magnitude = x < 0 ? -x : x;
  if (!(magnitude < EXPM1_SATURATION)) {
    if (Number.isNaN(x)) return x;
    if (x > EXP_OVERFLOW) return Number.POSITIVE_INFINITY;
    if (x < 0) return -1;
  }
  let k = 0;
  let correction = 0;
  if (magnitude > HALF_LN2) {
    k = (ONE_OVER_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0;
    const upper = x - k * LN2_HIGH;
    const lower = k * LN2_LOW;
    x = upper - lower;
    correction = upper - x - lower;
  } else if (magnitude < TWO_TO_MINUS_54) {
    return x;
  }
  const half = 0.5 * x;
  const z = x * half;
  const r1 = 1 + z * (EXPM1_1 + z * (EXPM1_2 + z * (EXPM1_3 + z * (EXPM1_4 + z * EXPM1_5))));
  const t = 3 - r1 * half;
  let e = z * ((r1 - t) / (6 - x * t));
  if (k === 0) return x - (x * e - z);
  e = x * (e - correction) - correction;
  e -= z;
  if (k === -1) return 0.5 * (x - e) - 0.5;
  if (k === 1) return x < -0.25 ? -2 * (e - (x + 0.5)) : 1 + 2 * (x - e);
  if (k <= -2 || k > 56) {
    const y = 1 - (e - x);
    return (k === 1024 ? y * 2 * TWO_TO_1023 : y * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + k]) - 1;
  }
  if (k < 20) {
    const oneLessTail = 1 - POWERS_OF_TWO[POWER_OF_TWO_OFFSET - k]; // 1 - 2^-k
    return (oneLessTail - (e - x)) * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + k];
  }
  const tail = POWERS_OF_TWO[POWER_OF_TWO_OFFSET - k]; // 2^-k
  return (x - (e + tail) + 1) * POWERS_OF_TWO[POWER_OF_TWO_OFFSET + k];
}
