/** How large a guest of a given shape may be, proposed from what was read: importance sampling's proposal. */
import { exp, log } from "../../../sim/index.ts";
import type { ReadingLikelihood } from "./reading-likelihood.ts";

/** The logistic's width in deviations of the reading it is centred on, and the share of scales put anywhere. */
const PROPOSAL_WIDTH = 0.8;
const ANYWHERE_SHARE = 0.1;

export interface ProposedScale {
  readonly scale: number;
  /** Natural logarithm of the prior's density over the proposal's. */
  readonly logPriorOverProposal: number;
}

/** Where to look for a shape's scale: near what the most telling reading says, and now and then anywhere. */
export class ScaleProposal {
  /** The interval of the most telling reading. */
  readonly seconds: number;
  readonly #logPages: number | null;
  readonly #width: number;
  readonly #range: number;
  readonly #logPrior: number;

  /** The prior is uniform in the logarithm of the pages, from `fewestPages` to `mostPages`. */
  constructor(readings: readonly ReadingLikelihood[], fewestPages: number, mostPages: number) {
    let telling: ReadingLikelihood | null = null;
    for (const reading of readings) {
      if (reading.pages > 0 && (telling === null || reading.deviation < telling.deviation)) telling = reading;
    }
    this.seconds = telling?.seconds ?? 1;
    this.#logPages = telling === null ? null : log(telling.pages);
    this.#width = PROPOSAL_WIDTH * Math.min(1, telling?.deviation ?? 1);
    this.#range = log(Math.max(2, mostPages));
    this.#logPrior = -log(Math.max(1.01, mostPages / fewestPages));
  }

  /**
   * A scale for a shape that, at scale 1, dirties `dirtied` pages in `seconds`.
   * @param where uniform in [0, 1), as is `which`
   */
  draw(dirtied: number, where: number, which: number): ProposedScale {
    const centre = this.#logPages;
    const anywhere = centre === null ? 1 : ANYWHERE_SHARE;
    let logPages = where * this.#range;
    if (centre !== null && which >= anywhere) {
      const open = Math.min(1 - 1e-9, Math.max(1e-9, where));
      logPages = centre + this.#width * log(open / (1 - open));
    }
    const within = logPages >= 0 && logPages <= this.#range;
    let density = within ? anywhere / this.#range : 0;
    if (centre !== null) {
      // The logistic distribution's density: heavier tails than what it proposes for, as importance sampling wants.
      const tail = exp(-Math.abs(logPages - centre) / this.#width);
      density += ((1 - anywhere) * tail) / (this.#width * (1 + tail) ** 2);
    }
    return {
      scale: exp(logPages) / dirtied,
      logPriorOverProposal: this.#logPrior - log(density),
    };
  }
}
