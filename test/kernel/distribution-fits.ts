/** What tests of distributions share: draws, and how far they are from a law. */
import { type RandomStream, RandomStreams } from "../../sim/kernel/random.ts";
import { goodnessOfFit, lnChoose } from "./goodness-of-fit.ts";

export const DRAWS = 60_000;

export function stream(name: string): RandomStream {
  return new RandomStreams("distributions").stream(name);
}

/** The values within 8 deviations of the mean, inside the support. */
export function around(mean: number, deviation: number, least: number, greatest: number) {
  return {
    from: Math.max(least, Math.floor(mean - 8 * deviation - 2)),
    to: Math.min(greatest, Math.ceil(mean + 8 * deviation + 12)),
    least,
    greatest,
  };
}

function binomialProbability(n: number, p: number) {
  return (k: number) => Math.exp(lnChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

export function binomialFit(n: number, p: number, draw: () => number, draws = DRAWS) {
  const range = around(n * p, Math.sqrt(n * p * (1 - p)), 0, n);
  return goodnessOfFit(draw, binomialProbability(n, p), range, draws).deviations;
}

/** The normal law's mass between two points, by Simpson's rule. */
export function normalBetween(low: number, high: number): number {
  const steps = 8;
  const width = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i += 1) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((low + i * width) ** 2) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
