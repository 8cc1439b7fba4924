/**
 * Random numbers by named streams. Every purpose draws from a stream of its own, so that a change in one model does not
 * shift the draws of another.
 */

/// <reference path="./seedrandom-alea.d.ts" />

import alea from "seedrandom/lib/alea.js";
import { aleaSeed } from "./alea-seed.ts";

/** A source of uniform random numbers. */
export interface RandomStream {
  /** The next number, uniform in [0, 1), a multiple of 2^-32. */
  next(): number;
}

/** Separates the seed from the stream's name in the generator's key; neither can hold it by accident. */
const KEY_SEPARATOR = "\u0000";

/** seedrandom's alea (J. Baagøe's multiply-with-carry generator): exact in float64 and alike in every engine. */
class AleaStream implements RandomStream {
  readonly next: () => number;

  constructor(key: string) {
    this.next = alea("", { state: aleaSeed(key) });
  }
}

/** The named streams of one simulation; the same seed and name always give the same numbers. */
export class RandomStreams {
  readonly seed: string;
  readonly #streams = new Map<string, RandomStream>();

  constructor(seed: string) {
    this.seed = seed;
  }

  /**
   * The stream of this name, made when first asked for and the same object from then on. Its numbers depend on the seed
   * and the name only: neither on which other streams exist nor on the order of their use.
   */
  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new AleaStream(`${this.seed}${KEY_SEPARATOR}${name}`);
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

const TWO_TO_MINUS_32 = 2.3283064365386963e-10;
const TWO_TO_21 = 2097152;
const TWO_TO_MINUS_53 = 1.1102230246251565e-16;

/** A number uniform in [0, 1) with 53 random bits, from two draws; where the tail of a distribution depends on it. */
export function nextFine(random: RandomStream): number {
  const coarse = random.next();
  return coarse + Math.floor(random.next() * TWO_TO_21) * TWO_TO_MINUS_53;
}

/** A number uniform in (0, 1) with 32 random bits: the middle of the interval that a draw stands for. */
export function nextOpen(random: RandomStream): number {
  return random.next() + 0.5 * TWO_TO_MINUS_32;
}
