/**
 * What guests are like before anything is known of one: a handful of shapes, each a few classes of pages. A shape leaves its
 * size open (`scale`): sizes are relative and rates are per page, so that the pages dirtied in any interval grow in proportion.
 */
import { exp, log, type RandomStream } from "../../../sim/index.ts";

/** A class of a shape. */
export interface ShapeClass {
  readonly pattern: "uniform" | "sweep";
  /** Relative to the other classes of the shape. */
  readonly size: number;
  /** Writes a second of each page: of a sweep, how often a second it comes round. */
  readonly writesPerPage: number;
}

export interface ShapeFamily {
  readonly name: string;
  /** Share of guests that are so. */
  readonly share: number;
  /** The class written most comes first. */
  draw(random: RandomStream): ShapeClass[];
}

/** Uniform on a logarithmic scale: for what is known to its order of magnitude only. */
function logUniform(random: RandomStream, low: number, high: number): number {
  return low * exp(random.next() * log(high / low));
}

const uniform = (size: number, writesPerPage: number): ShapeClass => ({ pattern: "uniform", size, writesPerPage });
const sweep = (size: number, writesPerPage: number): ShapeClass => ({ pattern: "sweep", size, writesPerPage });

const drawUniform = (random: RandomStream): ShapeClass[] => [uniform(1, logUniform(random, 0.02, 10))];

const drawSweep = (random: RandomStream): ShapeClass[] => [sweep(1, logUniform(random, 0.02, 10))];

/** Classes whose sizes grow and rates fall by random factors, from the hottest on. */
function drawLayers(random: RandomStream, layers: number): ShapeClass[] {
  const classes: ShapeClass[] = [];
  let size = 1;
  let writesPerPage = logUniform(random, 0.5, 50);
  for (let layer = 0; layer < layers; layer++) {
    classes.push(uniform(size, writesPerPage));
    size *= logUniform(random, 2, 40);
    writesPerPage /= logUniform(random, 4, 150);
  }
  return classes;
}

const RUNGS = 10;

/** A power law: the page at the share u of the ranks is written in proportion to u^-exponent, by rungs of halved width. */
function drawPowerLaw(random: RandomStream): ShapeClass[] {
  const exponent = 0.6 + 0.8 * random.next();
  const coldest = logUniform(random, 0.01, 2);
  const classes: ShapeClass[] = [];
  for (let rung = 0; rung < RUNGS; rung++) {
    // Of the ranks (2^-(rung+1), 2^-rung]; the mean of u^-exponent over it, by Simpson's rule.
    const high = 2 ** -rung;
    const power = (share: number) => exp(-exponent * log(share));
    const mean = (power(high / 2) + 4 * power(0.75 * high) + power(high)) / 6;
    classes.unshift(uniform(rung === RUNGS - 1 ? high : high / 2, coldest * mean));
  }
  return classes;
}

function drawHotAndSweep(random: RandomStream): ShapeClass[] {
  return [uniform(1, logUniform(random, 0.2, 20)), sweep(logUniform(random, 1, 60), logUniform(random, 0.005, 1))];
}

/**
 * Assumed, all of it: how common each kind of guest is taken to be. One class explains most figures as well as several do,
 * so that seven guests in ten are taken to have one; the rest keeps the intervals honest about what short intervals hide.
 */
export const shapeFamilies: readonly ShapeFamily[] = [
  { name: "uniform", share: 0.5, draw: drawUniform },
  { name: "sweep", share: 0.2, draw: drawSweep },
  { name: "hot and cold", share: 0.12, draw: (random) => drawLayers(random, 2) },
  { name: "three layers", share: 0.05, draw: (random) => drawLayers(random, 3) },
  { name: "power law", share: 0.08, draw: drawPowerLaw },
  { name: "hot and sweep", share: 0.05, draw: drawHotAndSweep },
];

/** Distinct pages that a shape of scale 1 dirties in so many seconds, on average. */
export function dirtiedIn(seconds: number, shape: readonly ShapeClass[]): number {
  let pages = 0;
  for (const { pattern, size, writesPerPage } of shape) {
    const written = writesPerPage * seconds;
    pages += size * (pattern === "sweep" ? Math.min(1, written) : 1 - exp(-written));
  }
  return pages;
}
