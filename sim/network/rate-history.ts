/**
 * What flows that are alike were given, change by change, for owners that reckon later what went out: a change costs nothing
 * for each of them, and they go through many of their steps at once. They hear only when the rate exceeds what they count on.
 */
import type { Simulation } from "../kernel/simulation.ts";
import type { FlowGroup } from "./flow-group.ts";

/** An owner that rests while others change its rate. */
export interface Rester {
  /** It rests no longer: the rate is above the most that it counted on. */
  onRestBroken(): void;
}

/** How far the rate may rise before those who rest are called; they sleep the shorter the more this is. */
const HEADROOM = 1.4;

export class RateHistory {
  /** When the rate changed, and to what, as long as somebody rests. */
  readonly changedSeconds: number[] = [];
  readonly ratesBytesPerSecond: number[] = [];

  readonly #simulation: Simulation;
  readonly #group: FlowGroup;
  readonly #resters = new Set<Rester>();
  #mostBytesPerSecond = Number.POSITIVE_INFINITY;

  constructor(simulation: Simulation, group: FlowGroup) {
    this.#simulation = simulation;
    this.#group = group;
  }

  /** What those who rest from now on can count on: they are called before the rate exceeds it. */
  get mostBytesPerSecond(): number {
    return Math.min(this.#mostBytesPerSecond, HEADROOM * this.#group.rateBytesPerSecond);
  }

  /** Rests from now on; what it sees of this are the changes from the present length of `changedSeconds` on. */
  join(rester: Rester): void {
    this.#mostBytesPerSecond = this.mostBytesPerSecond;
    this.#resters.add(rester);
  }

  leave(rester: Rester): void {
    this.#resters.delete(rester);
    if (this.#resters.size > 0) return;
    this.changedSeconds.length = 0;
    this.ratesBytesPerSecond.length = 0;
    this.#mostBytesPerSecond = Number.POSITIVE_INFINITY;
  }

  /** For Sharing: the group's rate has changed. */
  onChanged(): void {
    if (this.#resters.size === 0) return;
    const { rateBytesPerSecond } = this.#group;
    this.changedSeconds.push(this.#simulation.now);
    this.ratesBytesPerSecond.push(rateBytesPerSecond);
    if (rateBytesPerSecond <= this.#mostBytesPerSecond) return;
    this.#mostBytesPerSecond = Number.POSITIVE_INFINITY;
    for (const rester of [...this.#resters]) rester.onRestBroken();
  }
}
