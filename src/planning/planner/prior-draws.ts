/** Shapes drawn from the prior, once for all the guests that are fitted with one seed. */
import { RandomStreams } from "../../../sim/index.ts";
import { dirtiedIn, type ShapeClass, shapeFamilies } from "./class-prior.ts";

export interface DrawnShape {
  readonly family: string;
  readonly classes: readonly ShapeClass[];
  /** Sum of the classes' relative sizes. */
  readonly size: number;
}

export class PriorDraws {
  readonly seed: string;
  readonly shapes: readonly DrawnShape[];
  readonly #dirtied = new Map<number, Float64Array>();

  constructor(seed: string, count: number) {
    this.seed = seed;
    const streams = new RandomStreams(seed);
    this.shapes = shapeFamilies.flatMap(({ name, share, draw }) => {
      const random = streams.stream(`shapes: ${name}`);
      return Array.from({ length: Math.ceil(count * share) }, () => {
        const classes = draw(random);
        return { family: name, classes, size: classes.reduce((sum, { size }) => sum + size, 0) };
      });
    });
  }

  /** Of each shape at scale 1, the pages dirtied in so many seconds. */
  dirtiedIn(seconds: number): Float64Array {
    let pages = this.#dirtied.get(seconds);
    if (pages === undefined) {
      pages = Float64Array.from(this.shapes, ({ classes }) => dirtiedIn(seconds, classes));
      this.#dirtied.set(seconds, pages);
    }
    return pages;
  }
}

let latest: PriorDraws | null = null;

/** The same seed as last time gives the same object: a whole folder of runs is fitted with one. */
export function priorDraws(seed: string, count: number): PriorDraws {
  if (latest?.seed !== seed) latest = new PriorDraws(seed, count);
  return latest;
}
