/** Which combinations of values a sweep simulates. Each point follows from the sweep and its number alone. */
import { type RandomStream, RandomStreams } from "../../../sim/index.ts";
import { type SweepAxis, valueDrawn } from "./sweep-axis.ts";
import type { SweepValue } from "./sweep-value.ts";

/**
 * `grid`: every combination. `random`: each point drawn anew. `latin-hypercube`: of each parameter's range as many equal
 * strata as there are points, and one point in each (McKay, Beckman, Conover, Technometrics 21, 1979).
 */
export type SweepDesign =
  | { readonly kind: "grid" }
  | { readonly kind: "random" | "latin-hypercube"; readonly samples: number };

/** One shuffle a parameter is held in memory. */
export const MOST_LATIN_SAMPLES = 1_000_000;

/** Numbers that are drawn at once. Long enough that seeding a stream for them costs nothing. */
const DRAWN_AT_ONCE = 1024;

/** How many points there are. Of a sweep without parameters one. */
export function pointCount(axes: readonly SweepAxis[], design: SweepDesign): number {
  if (design.kind !== "grid") return design.samples;
  return axes.reduce((product, axis) => product * (axis.kind === "list" ? axis.values.length : 1), 1);
}

/** The points of a sweep, by their number from 0. */
export class SweepPoints {
  readonly count: number;
  readonly #axes: readonly SweepAxis[];
  readonly #draws: readonly UniformDraws[];

  /** @param seed of what is drawn; the same gives the same points */
  constructor(axes: readonly SweepAxis[], design: SweepDesign, seed: string) {
    this.count = pointCount(axes, design);
    this.#axes = axes;
    this.#draws =
      design.kind === "grid"
        ? []
        : axes.map(({ path }) => new UniformDraws(`${path} of a sweep`, seed, design.samples, design.kind));
  }

  /** One value for each parameter, in their order. In a grid the last parameter changes fastest. */
  at(point: number): SweepValue[] {
    if (this.#draws.length > 0) {
      return this.#axes.map((axis, index) => valueDrawn(axis, (this.#draws[index] as UniformDraws).at(point)));
    }
    const values: SweepValue[] = [];
    let rest = point;
    for (const axis of this.#axes.toReversed()) {
      const choices = axis.kind === "list" ? axis.values : [];
      values.unshift(choices[rest % choices.length] as SweepValue);
      rest = Math.floor(rest / choices.length);
    }
    return values;
  }
}

/** One parameter's uniform numbers, by point, without those of the points before. */
class UniformDraws {
  readonly #name: string;
  readonly #seed: string;
  readonly #strata: Uint32Array | null;
  readonly #drawn = new Float64Array(DRAWN_AT_ONCE);
  #drawnBatch = -1;

  constructor(name: string, seed: string, samples: number, kind: "random" | "latin-hypercube") {
    this.#name = name;
    this.#seed = seed;
    this.#strata = kind === "random" ? null : shuffled(samples, this.#stream("strata"));
  }

  at(point: number): number {
    const batch = Math.floor(point / DRAWN_AT_ONCE);
    if (batch !== this.#drawnBatch) {
      const stream = this.#stream(String(batch));
      for (let index = 0; index < DRAWN_AT_ONCE; index++) this.#drawn[index] = stream.next();
      this.#drawnBatch = batch;
    }
    const uniform = this.#drawn[point % DRAWN_AT_ONCE] as number;
    const strata = this.#strata;
    return strata === null ? uniform : ((strata[point] as number) + uniform) / strata.length;
  }

  #stream(part: string): RandomStream {
    return new RandomStreams(this.#seed).stream(`${this.#name}, ${part}`);
  }
}

/** 0 to `count` - 1 in an order of which each is as likely (Fisher and Yates). */
function shuffled(count: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
