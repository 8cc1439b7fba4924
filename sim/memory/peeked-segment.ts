/**
 * What is known of pages that the scan passed while it peeked at the log: the skipped ones are dirty, the sent ones were not
 * when they were looked at.
 */
import { binomial, hypergeometric } from "../kernel/distributions.ts";
import { exp, expm1 } from "../kernel/exact-math.ts";
import type { RandomStream } from "../kernel/random.ts";

/** Pages sent about the same time. */
export interface Cohort {
  pages: number;
  /** Sum over the pages of exp(H), H being a page's hazard from the arming of the log to the peek at it. */
  weight: number;
  /** H of the first of them. */
  readonly hazard: number;
}

export interface Peeked {
  /** Pages passed over. */
  skipped: number;
  sent: Cohort[];
}

/** Pages whose hazards differ by less count as looked at together; this only blurs how much chance there is in their number. */
const COHORT_HAZARD = 0.1;

/** Of a segment's pages, `skipped` were found dirty, and `sent` clean each with the probability `clean` on average. */
export function notePassed(peeked: Peeked, sent: number, skipped: number, clean: number, hazard: number): void {
  peeked.skipped += skipped;
  if (sent === 0) return;
  const weight = sent / clean;
  const last = peeked.sent.at(-1);
  if (last !== undefined && hazard - last.hazard < COHORT_HAZARD) {
    last.pages += sent;
    last.weight += weight;
  } else {
    peeked.sent.push({ pages: sent, weight, hazard });
  }
}

/**
 * Pages that are dirty at a read: those passed over, and of those sent the ones written since they were looked at. A page is
 * not written from the peek at hazard h to the read at hazard H with probability exp(h - H).
 */
export function dirtyAgain(random: RandomStream, { skipped, sent }: Peeked, hazard: number): number {
  let dirty = skipped;
  for (const { pages, weight } of sent) {
    if (pages === 0) continue;
    const written = 1 - (exp(-hazard) * weight) / pages;
    // Rounding may leave a hair below 0.
    dirty += binomial(random, pages, Math.max(0, written));
  }
  return dirty;
}

export function pagesPeekedAt({ skipped, sent }: Peeked): number {
  return sent.reduce((sum, { pages }) => sum + pages, skipped);
}

/** Keeps what lies in the first `offset` of a segment's `pages`, each of which is anywhere in it; returns the rest. */
export function cutPeeked(random: RandomStream, peeked: Peeked, pages: number, offset: number): Peeked {
  let [left, room] = [pages, offset];
  const draw = (count: number) => {
    const before = hypergeometric(random, left, count, room);
    left -= count;
    room -= before;
    return before;
  };
  const skipped = draw(peeked.skipped);
  const rest: Peeked = { skipped: peeked.skipped - skipped, sent: [] };
  peeked.skipped = skipped;
  for (const cohort of peeked.sent) {
    const before = draw(cohort.pages);
    const meanWeight = cohort.pages > 0 ? cohort.weight / cohort.pages : 0;
    const after = cohort.pages - before;
    rest.sent.push({ pages: after, weight: after * meanWeight, hazard: cohort.hazard });
    cohort.pages = before;
    cohort.weight = before * meanWeight;
  }
  return rest;
}

/**
 * The chance that a page is still clean when it is looked at, for `batches` batches sent one after the other: its hazard is
 * `hazard` at the first peek and grows by `step` from each to the next. It takes as many pages, on average, to fill the
 * batches with clean ones as it would if each were clean with this probability: the harmonic mean over the peeks.
 */
export function cleanProbability(hazard: number, step: number, batches: number): number {
  if (batches === 1 || step < 1e-12) return exp(-hazard);
  return (exp(-hazard) * batches * expm1(step)) / expm1(batches * step);
}
