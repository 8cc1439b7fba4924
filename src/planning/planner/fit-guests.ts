/** Guests that agree with the answers of calc-dirty-rate: draws from the posterior, by importance sampling. */
import { exp, log, PAGE_BYTES, RandomStreams } from "../../../sim/index.ts";
import type { DirtyRateReading } from "../../sources/measured-run.ts";
import { dirtiedIn, type ShapeClass, shapeFamilies } from "./class-prior.ts";
import { likelihoodOf, type ReadingLikelihood } from "./reading-likelihood.ts";

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
/** Of the scale proposed: the logistic's width in deviations of the reading it is centred on, and the share put anywhere. */
const PROPOSAL_WIDTH = 0.8;
const ANYWHERE_SHARE = 0.1;

/**
 * Guests that agree with what is known of one, `count` of them, all equally likely. Deterministic.
 *
 * Draws shapes from the prior and a scale for each from near the reading that tells most; weighs each by prior, by how the
 * scale was chosen and by the likelihood of all readings; picks `count` in proportion to weight.
 */
export function fitGuests(known: KnownOfGuest, count: number, seed: string): Fit {
  const streams = new RandomStreams(seed);
  const usedPages = Math.floor(known.usedBytes / PAGE_BYTES);
  const readings = known.readings.map((reading) => likelihoodOf(reading, known.memoryBytes));
  const scales = new ScaleProposal(readings, usedPages);
  const drawn: WeightedGuest[] = [];
  let greatest = Number.NEGATIVE_INFINITY;
  for (const family of shapeFamilies) {
    const random = streams.stream(`shapes: ${family.name}`);
    const draws = Math.ceil(DRAWS * family.share);
    for (let draw = 0; draw < draws; draw++) {
      const shape = family.draw(random);
      const { scale, logPriorOverProposal } = scales.draw(shape, random.next(), random.next());
      const pages = scale * sizeOf(shape);
      if (pages < FEWEST_PAGES || pages > usedPages) continue;
      let logWeight = logPriorOverProposal;
      for (const reading of readings) {
        logWeight += reading.logLikelihood(scale * dirtiedIn(reading.seconds, shape) + OWN_PAGES);
      }
      greatest = Math.max(greatest, logWeight);
      drawn.push({ family: family.name, shape, scale, weight: logWeight });
    }
  }
  for (const guest of drawn) guest.weight = exp(guest.weight - greatest);
  return {
    guests: pick(drawn, count, streams.stream("picks").next()).map((guest) => toLikelyGuest(guest)),
    effectiveDraws: effectiveDraws(drawn),
  };
}

interface WeightedGuest {
  readonly family: string;
  readonly shape: readonly ShapeClass[];
  readonly scale: number;
  weight: number;
}

/** Where to look for a shape's scale: near what the most telling reading says, and now and then anywhere. */
class ScaleProposal {
  readonly #seconds: number;
  readonly #logPages: number | null;
  readonly #width: number;
  readonly #lowest: number;
  readonly #range: number;
  readonly #logPrior: number;

  constructor(readings: readonly ReadingLikelihood[], usedPages: number) {
    let telling: ReadingLikelihood | null = null;
    for (const reading of readings) {
      if (reading.pages > 0 && (telling === null || reading.deviation < telling.deviation)) telling = reading;
    }
    this.#seconds = telling?.seconds ?? 1;
    this.#logPages = telling === null ? null : log(telling.pages);
    this.#width = PROPOSAL_WIDTH * Math.min(1, telling?.deviation ?? 1);
    this.#lowest = 0;
    this.#range = log(Math.max(2, usedPages));
    this.#logPrior = -log(Math.max(1.01, usedPages / FEWEST_PAGES));
  }

  draw(shape: readonly ShapeClass[], where: number, which: number): { scale: number; logPriorOverProposal: number } {
    const centre = this.#logPages;
    const anywhere = centre === null ? 1 : ANYWHERE_SHARE;
    let logPages = this.#lowest + where * this.#range;
    if (centre !== null && which >= anywhere) {
      const open = Math.min(1 - 1e-9, Math.max(1e-9, where));
      logPages = centre + this.#width * log(open / (1 - open));
    }
    const within = logPages >= this.#lowest && logPages <= this.#lowest + this.#range;
    let density = within ? anywhere / this.#range : 0;
    if (centre !== null) {
      // The logistic distribution's density: heavier tails than what it proposes for, as importance sampling wants.
      const tail = exp(-Math.abs(logPages - centre) / this.#width);
      density += ((1 - anywhere) * tail) / (this.#width * (1 + tail) ** 2);
    }
    return {
      scale: exp(logPages) / dirtiedIn(this.#seconds, shape),
      logPriorOverProposal: this.#logPrior - log(density),
    };
  }
}

function sizeOf(shape: readonly ShapeClass[]): number {
  return shape.reduce((sum, { size }) => sum + size, 0);
}

/** Systematic resampling: one random offset, then equal steps through the weights laid end to end. */
function pick(drawn: readonly WeightedGuest[], count: number, offset: number): WeightedGuest[] {
  const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
  const picked: WeightedGuest[] = [];
  let upTo = 0;
  for (const guest of drawn) {
    upTo += guest.weight;
    while (picked.length < count && ((picked.length + offset) / count) * total < upTo) picked.push(guest);
  }
  return picked;
}

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
export function toLikelyGuest({ family, shape, scale }: Omit<WeightedGuest, "weight">): LikelyGuest {
  const classes = shape.map(({ pattern, size, writesPerPage }) => {
    const pages = Math.max(1, Math.floor(size * scale));
    return { pattern, pages, writesPerSecond: writesPerPage * pages };
  });
  return { family, classes };
}
