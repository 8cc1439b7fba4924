/** Where the marked items of a randomly ordered set lie: negative hypergeometric random numbers, exact in law. */

import { binomial } from "./binomial.ts";
import { gamma } from "./continuous.ts";
import type { RandomStream } from "./random.ts";

/**
 * How many of `total` randomly ordered items, `marked` of them marked, have been passed when the `k`-th marked one has:
 * from k to total - marked + k. Whole numbers, 0 <= k <= marked <= total; anything else is a bug and throws.
 *
 * Give every item a uniform place in (0, 1): the k-th marked one's place is Beta(k, marked - k + 1), and each unmarked
 * one lies before it with that probability, on its own. The beta number is a ratio of gamma numbers.
 */
export function positionOfMarked(random: RandomStream, total: number, marked: number, k: number): number {
  if (!(k >= 0 && k <= marked && marked <= total)) {
    throw new RangeError(`there is no marked item ${k} among ${marked} of ${total}`);
  }
  if (k === 0 || marked === total) return k;
  const before = gamma(random, k);
  const after = gamma(random, marked - k + 1);
  return k + binomial(random, total - marked, before / (before + after));
}
