/** An integer generator for bulk draws. */

import type { RandomStream } from "./random.ts";

const TWO_TO_32 = 4294967296;
const TWO_TO_MINUS_32 = 1 / TWO_TO_32;
/** 2^21: the product with a 32-bit draw is exact in float64, and the bits fit into a second-level cache. */
const FEW_BITS = 2097152;
/** Enough for many lines of memory to be on their way, few enough to stay in the first-level cache. */
const BATCH_DRAWS = 2048;
/** What a loop that counts in 32-bit integers is asked for at once. */
const MOST_DRAWS_A_CALL = 1073741824;

/**
 * xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), which its
 * authors dedicated to the public domain; for draws by the million, as of the bitmap dirty log.
 */
export class Xoshiro128 {
  readonly #state = new Int32Array(4);

  /** Seeded with four draws of `random`. */
  constructor(random: RandomStream) {
    const state = this.#state;
    for (let word = 0; word < 4; word += 1) state[word] = (random.next() * TWO_TO_32) | 0;
    // The all-zero state is the one fixed point.
    if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  }

  /** A generator with the given four words of state, not all zero; for tests against published values. */
  static fromState(words: readonly [number, number, number, number]): Xoshiro128 {
    let index = 0;
    return new Xoshiro128({ next: () => (words[index++] >>> 0) * TWO_TO_MINUS_32 });
  }

  /** A whole number uniform in [0, 2^32). */
  nextUint32(): number {
    const state = this.#state;
    const s1 = state[1];
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const s2 = state[2] ^ state[0];
    const s3 = state[3] ^ s1;
    state[1] = s1 ^ s2;
    state[0] ^= s3;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  }

  /**
   * A whole number uniform in [0, `bound`), without bias, for whole bounds from 1 to 2^32 - 1: Lemire's multiplication
   * with rejection ("Fast random integer generation in an interval", 2019).
   */
  nextBelow(bound: number): number {
    let draw = this.nextUint32();
    let low = Math.imul(draw, bound) >>> 0;
    if (low < bound) {
      const threshold = (TWO_TO_32 - bound) % bound;
      while (low < threshold) {
        draw = this.nextUint32();
        low = Math.imul(draw, bound) >>> 0;
      }
    }
    return highProduct(draw, bound, low);
  }

  /**
   * Sets `draws` random bits of the `bound` ones from `firstBit` on, as many calls of nextBelow would, in less time: 3 ns a
   * draw where the bits lie in the second-level cache. Bit b is bit b % 32 of word floor(b / 32).
   *
   * Few bits are set as they are drawn. Many are drawn first, a batch at a time: a loop that only sets lets the processor
   * wait for several lines of memory at once, and is twice as fast there, and slower where nothing need be waited for.
   *
   * Both loops keep all they use in 32-bit integers (`| 0`, `>>> 0`), comparisons included, and meet their array once before
   * they begin: V8 then neither compares as doubles nor checks the array's shape at each draw, which takes a quarter of the time.
   *
   * @param bound from 1 to 2^31; the last bit must exist
   * @param draws below 2^53; a fraction does not count
   */
  setBits(words: Int32Array, firstBit: number, bound: number, draws: number): void {
    const whole = Math.floor(draws);
    if (bound <= FEW_BITS) {
      for (let left = whole; left > 0; left -= MOST_DRAWS_A_CALL) {
        this.#setFewBits(words, firstBit, bound, Math.min(left, MOST_DRAWS_A_CALL));
      }
      return;
    }
    const batch = new Int32Array(Math.min(whole, BATCH_DRAWS));
    for (let left = whole; left > 0; left -= BATCH_DRAWS) {
      const count = Math.min(left, BATCH_DRAWS);
      this.#fill(batch, count, bound);
      setAll(words, firstBit, batch, count);
    }
  }

  #setFewBits(words: Int32Array, firstBit: number, bound: number, draws: number): void {
    const state = this.#state;
    let s0 = state[0];
    let s1 = state[1];
    let s2 = state[2];
    let s3 = state[3];
    const threshold = ((TWO_TO_32 - bound) % bound) >>> 0;
    const scale = bound * TWO_TO_MINUS_32;
    const factor = bound | 0;
    const first = firstBit | 0;
    words[0] |= 0;
    for (let left = draws | 0; left > 0; ) {
      const scrambled = Math.imul(s1, 5);
      const draw = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      if (Math.imul(draw, factor) >>> 0 >= threshold) {
        const bit = ((((draw >>> 0) * scale) | 0) + first) | 0;
        words[bit >>> 5] |= 1 << bit;
        left = (left - 1) | 0;
      }
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
  }

  #fill(batch: Int32Array, count: number, bound: number): void {
    const state = this.#state;
    let s0 = state[0];
    let s1 = state[1];
    let s2 = state[2];
    let s3 = state[3];
    const threshold = ((TWO_TO_32 - bound) % bound) >>> 0;
    const factor = bound | 0;
    const end = count | 0;
    batch[0] = 0;
    for (let index = 0; index < end; ) {
      const scrambled = Math.imul(s1, 5);
      const draw = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      const low = Math.imul(draw, factor) >>> 0;
      if (low >= threshold) {
        batch[index] = highProduct(draw, bound, low);
        index = (index + 1) | 0;
      }
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
  }
}

/** Sets the first `count` bits of a batch, counted from `firstBit` on. */
function setAll(words: Int32Array, firstBit: number, batch: Int32Array, count: number): void {
  const first = firstBit | 0;
  const end = count | 0;
  words[0] |= 0;
  for (let draw = 0; draw < end; draw = (draw + 1) | 0) {
    const bit = (batch[draw] + first) | 0;
    words[bit >>> 5] |= 1 << bit;
  }
}

/**
 * The upper 32 bits of the 64-bit product of two unsigned 32-bit integers, given the lower ones. The float64 product and
 * the subtraction round by at most 2^10 each, far below half of 2^32, so rounding to the nearest integer is exact.
 */
function highProduct(a: number, b: number, low: number): number {
  return ((a * b - low) * TWO_TO_MINUS_32 + 0.5) >>> 0;
}
