/**
 * Powers made of + - * / sqrt and bit patterns only (see exact-math.ts for why). Algorithm and coefficients are those of
 * fdlibm 5.3's e_pow.c (error below 0.70 units in the last place). Its notice:
 *
 *   Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
 *   Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 *   preserved.
 */

import { highWord, withHighWord, withoutLowWord } from "./float-words.ts";

const TWO_TO_53 = 9007199254740992;
const HUGE = 1e300;
const TINY = 1e-300;

/** Coefficients of the logarithm's series (e_pow.c, L1 to L6). */
const L1 = 0.5999999999999946;
const L2 = 0.4285714285785502;
const L3 = 0.33333332981837743;
const L4 = 0.272728123808534;
const L5 = 0.23066074577556175;
const L6 = 0.20697501780033842;
/** Coefficients of the exponential (e_pow.c, P1 to P5). */
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;

const LN2 = Math.LN2;
const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;
/** -(1024 - log2(greatest float64 + half a unit in its last place)). */
const OVERFLOW_MARGIN = 8.008566259537294e-17;
/** 2 / (3 ln 2) in two parts, and their sum. */
const CP = 0.9617966939259756;
const CP_HIGH = 0.9617967009544373;
const CP_LOW = -7.028461650952758e-9;
const ONE_OVER_LN2 = Math.LOG2E;
const ONE_OVER_LN2_HIGH = 1.4426950216293335;
const ONE_OVER_LN2_LOW = 1.9259629911266175e-8;
/** log2(1.5) in two parts. */
const LOG2_OF_1_5_HIGH = 0.5849624872207642;
const LOG2_OF_1_5_LOW = 1.350039202129749e-8;

/** 0: not an integer; 1: odd; 2: even. */
function parity(y: number): 0 | 1 | 2 {
  if (y < 0) return parity(-y);
  if (y >= TWO_TO_53) return 2;
  if (Math.floor(y) !== y) return 0;
  return y - 2 * Math.floor(y / 2) === 1 ? 1 : 2;
}

/**
 * `base` to the power `exponent`, with the special values of Math.pow: anything to the power 0 is 1, a negative base
 * with an exponent that is not whole gives NaN, and so does 1 or -1 to the power of an infinity.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  if (exponent === 1) return base;
  if (exponent === 2) return base * base;
  if (exponent === -1) return 1 / base;
  if (exponent === 0.5 && base >= 0) return Math.sqrt(base);
  const magnitude = Math.abs(base);
  if (exponent === Number.POSITIVE_INFINITY || exponent === Number.NEGATIVE_INFINITY) {
    if (magnitude === 1) return Number.NaN;
    return magnitude > 1 === exponent > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  const negative = base < 0 || (base === 0 && 1 / base < 0);
  const whole = negative ? parity(exponent) : 2;
  if (magnitude === 0 || magnitude === 1 || magnitude === Number.POSITIVE_INFINITY) {
    if (whole === 0 && magnitude === 1) return Number.NaN;
    const positive = exponent < 0 ? 1 / magnitude : magnitude;
    return negative && whole === 1 ? -positive : positive;
  }
  if (negative && whole === 0) return Number.NaN;
  const sign = negative && whole === 1 ? -1 : 1;
  return sign * positivePower(magnitude, exponent);
}

/** `x` to the power `y`, for x finite, above 0 and not 1, and y finite and not 0. */
function positivePower(x: number, y: number): number {
  const highOfX = highWord(x);
  const magnitudeOfY = highWord(y) & 0x7fffffff;
  let t1: number;
  let t2: number;
  if (magnitudeOfY > 0x41e00000) {
    // |y| > 2^31: the result over- or underflows unless x is within 2^-20 of 1.
    if (magnitudeOfY > 0x43f00000) {
      if (highOfX <= 0x3fefffff) return y < 0 ? Number.POSITIVE_INFINITY : 0;
      if (highOfX >= 0x3ff00000) return y > 0 ? Number.POSITIVE_INFINITY : 0;
    }
    if (highOfX < 0x3fefffff) return y < 0 ? HUGE * HUGE : TINY * TINY;
    if (highOfX > 0x3ff00000) return y > 0 ? HUGE * HUGE : TINY * TINY;
    const t = x - 1;
    const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
    const u = ONE_OVER_LN2_HIGH * t;
    const v = t * ONE_OVER_LN2_LOW - w * ONE_OVER_LN2;
    t1 = withoutLowWord(u + v);
    t2 = v - (t1 - u);
  } else {
    let n = 0;
    let scaled = x;
    let high = highOfX;
    if (high < 0x00100000) {
      scaled *= TWO_TO_53;
      n -= 53;
      high = highWord(scaled);
    }
    n += (high >> 20) - 0x3ff;
    const fraction = high & 0x000fffff;
    high = fraction | 0x3ff00000;
    let nearOneAndAHalf = false;
    if (fraction > 0x3988e) {
      if (fraction < 0xbb67a) {
        nearOneAndAHalf = true;
      } else {
        n += 1;
        high -= 0x00100000;
      }
    }
    scaled = withHighWord(scaled, high);
    const center = nearOneAndAHalf ? 1.5 : 1;
    // log2(scaled / center) by s = (x - c) / (x + c), s and its powers in two parts each.
    const u = scaled - center;
    const v = 1 / (scaled + center);
    const ss = u * v;
    const sHigh = withoutLowWord(ss);
    const tHigh = withHighWord(0, ((high >> 1) | 0x20000000) + 0x00080000 + (nearOneAndAHalf ? 0x40000 : 0));
    const tLow = scaled - (tHigh - center);
    const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
    const s2 = ss * ss;
    let r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6)))));
    r += sLow * (sHigh + ss);
    const sHighSquared = sHigh * sHigh;
    const rHigh = withoutLowWord(3 + sHighSquared + r);
    const rLow = r - (rHigh - 3 - sHighSquared);
    const a = sHigh * rHigh;
    const b = sLow * rHigh + rLow * ss;
    const pHigh = withoutLowWord(a + b);
    const pLow = b - (pHigh - a);
    const zHigh = CP_HIGH * pHigh;
    const zLow = CP_LOW * pHigh + pLow * CP + (nearOneAndAHalf ? LOG2_OF_1_5_LOW : 0);
    const offset = nearOneAndAHalf ? LOG2_OF_1_5_HIGH : 0;
    t1 = withoutLowWord(zHigh + zLow + offset + n);
    t2 = zLow - (t1 - n - offset - zHigh);
  }
  // y log2(x) in two parts.
  const yHigh = withoutLowWord(y);
  const pLow = (y - yHigh) * t1 + y * t2;
  let pHigh = yHigh * t1;
  const z = pLow + pHigh;
  const highOfZ = highWord(z);
  if (highOfZ >= 0x40900000) {
    // z >= 1024
    if (z !== 1024 || pLow + OVERFLOW_MARGIN > z - pHigh) return HUGE * HUGE;
  } else if ((highOfZ & 0x7fffffff) >= 0x4090cc00) {
    // z <= -1075
    if (z !== -1075 || pLow <= z - pHigh) return TINY * TINY;
  }
  // 2 to the z.
  const magnitudeOfZ = highOfZ & 0x7fffffff;
  let n = 0;
  if (magnitudeOfZ > 0x3fe00000) {
    n = Math.floor(z + 0.5);
    pHigh -= n;
  }
  const t = withoutLowWord(pLow + pHigh);
  const u = t * LN2_HIGH;
  const v = (pLow - (t - pHigh)) * LN2 + t * LN2_LOW;
  const sum = u + v;
  const w = v - (sum - u);
  const square = sum * sum;
  const q = sum - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  const r = (sum * q) / (q - 2) - (w + sum * w);
  const result = 1 - (r - sum);
  const high = highWord(result) + (n << 20);
  if (high >> 20 > 0) return withHighWord(result, high);
  // Subnormal: scale in two exact steps and one rounding.
  return withHighWord(result, highWord(result) + ((n + 1000) << 20)) * 9.332636185032189e-302;
}
