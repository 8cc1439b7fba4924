/** Guests that agree with the answers of calc-dirty-rate: draws from the posterior, by importance sampling. */
import { exp, PAGE_BYTES, type RandomStream, RandomStreams } from "../../../sim/index.ts";
import type { DirtyRateReading } from "../../sources/measured-run.ts";
import { type DrawnShape, type PriorDraws, priorDraws } from "./prior-draws.ts";
import { likelihoodOf } from "./reading-likelihood.ts";
import { ScaleProposal } from "./scale-proposal.ts";

export interface KnownOfGuest {
  readonly memoryBytes: number;
  readonly usedBytes: number;
  readonly readings: readonly DirtyRateReading[];
}

export interface GuestClass {
  readonly pattern: "uniform" | "sweep";
  readonly pages: number;
  /** Of the whole class. */
  readonly writesPerSecond: number;
}

export interface LikelyGuest {
  readonly family: string;
  /** The class written most comes first. */
  readonly classes: readonly GuestClass[];
}

export interface Fit {
  /** All equally likely. */
  readonly guests: LikelyGuest[];
  /** What the weighted draws were worth, as a number of independent draws (Kish). */
  readonly effectiveDraws: number;
}

const DRAWS = 40_000;
/** A working set smaller than this is below what any reading can tell. */
export const FEWEST_PAGES = 256;
/** Pages that the guest's own kernel dirties in any interval (measured: about 3). */
export const OWN_PAGES = 3;

/**
 * Guests are put in order of what they dirty in so long before they are picked, so that the picks are spread evenly over it: of
 * what the answers leave open, this decides most (when a migration ends, and how far a guest must be throttled).
 */
const DECISIVE_SECONDS = 0.3;

/** Draws that are so much less likely than the best (e^-25) cannot be picked, nor move a weight. */
const NEGLIGIBLE = 25;

/**
 * Guests that agree with what is known of one, `count` of them, all equally likely. Deterministic.
 *
 * Takes shapes drawn from the prior and a scale for each from near the reading that tells most; weighs each by prior, by how
 * the scale was chosen and by the likelihood of all readings; picks `count` in proportion to weight, and gives them in order
 * of what they dirty in 0.3 s.
 */
export function fitGuests(known: KnownOfGuest, count: number, seed: string): Fit {
  const streams = new RandomStreams(seed);
  const drawn = weigh(known, priorDraws(seed, DRAWS), streams.stream("scales"));
  drawn.sort((a, b) => a.dirtiedSoon - b.dirtiedSoon);
  const guests = pick(drawn, count, streams.stream("picks").next());
  return { guests: guests.map((guest) => toLikelyGuest(guest)), effectiveDraws: effectiveDraws(drawn) };
}

interface WeightedGuest {
  readonly shape: DrawnShape;
  readonly scale: number;
  /** Pages, in DECISIVE_SECONDS. */
  readonly dirtiedSoon: number;
  weight: number;
}

function weigh(known: KnownOfGuest, prior: PriorDraws, random: RandomStream): WeightedGuest[] {
  const usedPages = Math.floor(known.usedBytes / PAGE_BYTES);
  const readings = known.readings.map((reading) => likelihoodOf(reading, known.memoryBytes));
  const scales = new ScaleProposal(readings, FEWEST_PAGES, usedPages);
  const dirtiedInTelling = prior.dirtiedIn(scales.seconds);
  const dirtied = readings.map(({ seconds }) => prior.dirtiedIn(seconds));
  const dirtiedSoon = prior.dirtiedIn(DECISIVE_SECONDS);
  const drawn: WeightedGuest[] = [];
  let greatest = Number.NEGATIVE_INFINITY;
  for (const [draw, shape] of prior.shapes.entries()) {
    const { scale, logPriorOverProposal } = scales.draw(dirtiedInTelling[draw] as number, random.next(), random.next());
    const pages = scale * shape.size;
    if (pages < FEWEST_PAGES || pages > usedPages) continue;
    let weight = logPriorOverProposal;
    // A likelihood only ever lowers a weight: what is negligible before the last reading is so after it.
    for (let index = 0; index < readings.length && weight > greatest - NEGLIGIBLE; index++) {
      const pagesDirtied = scale * (dirtied[index]?.[draw] as number) + OWN_PAGES;
      weight += readings[index]?.logLikelihood(pagesDirtied) as number;
    }
    if (weight <= greatest - NEGLIGIBLE) continue;
    greatest = Math.max(greatest, weight);
    drawn.push({ shape, scale, dirtiedSoon: scale * (dirtiedSoon[draw] as number), weight });
  }
  for (const guest of drawn) guest.weight = exp(guest.weight - greatest);
  return drawn;
}

/**
 * Systematic resampling: one random offset, then equal steps through the weights laid end to end. Where nothing can be drawn
 * (hardly any memory is in use) the guest writes nothing.
 */
function pick(drawn: readonly WeightedGuest[], count: number, offset: number): WeightedGuest[] {
  const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
  const picked: WeightedGuest[] = [];
  let upTo = 0;
  for (const guest of drawn) {
    upTo += guest.weight;
    while (picked.length < count && ((picked.length + offset) / count) * total < upTo) picked.push(guest);
  }
  const last = drawn.at(-1) ?? SILENT;
  while (picked.length < count) picked.push(last);
  return picked;
}

const SILENT: WeightedGuest = {
  shape: { family: "silent", classes: [], size: 0 },
  scale: 1,
  dirtiedSoon: 0,
  weight: 1,
};

/** (sum w)^2 / sum w^2. */
function effectiveDraws(drawn: readonly WeightedGuest[]): number {
  let sum = 0;
  let squares = 0;
  for (const { weight } of drawn) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** A shape at a scale, in whole pages. */
export function toLikelyGuest({ shape, scale }: { shape: DrawnShape; scale: number }): LikelyGuest {
  const classes = shape.classes.map(({ pattern, size, writesPerPage }) => {
    const pages = Math.max(1, Math.floor(size * scale));
    return { pattern, pages, writesPerSecond: writesPerPage * pages };
  });
  return { family: shape.family, classes };
}
