import { randomBinomial } from "d3";
import { describe, expect, it } from "vitest";
import { binomial, hypergeometric, normal, poisson } from "../../sim/kernel/distributions.ts";
import type { RandomStream } from "../../sim/kernel/random.ts";
import { around, binomialFit, DRAWS, normalBetween, stream } from "./distribution-fits.ts";
import { goodnessOfFit, lnFactorial, REJECTION_DEVIATIONS } from "./goodness-of-fit.ts";

describe("binomial", () => {
  it.each([
    [1, 0.5],
    [1, 0.001],
    [2, 0.9],
    [7, 0.3],
    [10, 0.5],
    [19, 0.5],
    [20, 0.5],
    [21, 0.5],
    [25, 0.4],
    [40, 0.26],
    [50, 0.8],
    [99, 0.101],
    [1000, 0.0001],
    [1000, 0.005],
    [1000, 0.0099],
    [1000, 0.0101],
    [1000, 0.02],
    [1000, 0.985],
    [65_536, 0.0002],
    [65_536, 0.3],
    [262_144, 0.04],
    [262_144, 0.999],
    [1_000_000, 1e-7],
    [1_000_000, 0.5],
  ])("of %d trials of probability %d has the exact probabilities", (n, p) => {
    const random = stream(`binomial ${n} ${p}`);
    expect(binomialFit(n, p, () => binomial(random, n, p))).toBeLessThan(REJECTION_DEVIATIONS);
  });

  it.each([
    [2 ** 30, 20 / 2 ** 30],
    [2 ** 40, 3 / 2 ** 40],
    [2 ** 40, 1000 / 2 ** 40],
  ])("of %d trials has Poisson's probabilities where the probability is tiny", (n, p) => {
    const random = stream(`binomial ${n} ${p}`);
    const mean = n * p;
    const poissonProbability = (k: number) => Math.exp(k * Math.log(mean) - mean - lnFactorial(k));
    const range = around(mean, Math.sqrt(mean), 0, n);
    expect(goodnessOfFit(() => binomial(random, n, p), poissonProbability, range, DRAWS).deviations).toBeLessThan(
      REJECTION_DEVIATIONS,
    );
  });

  it("of 2^40 trials has the normal law in bins, where one value is far narrower than a bin", () => {
    const n = 2 ** 40;
    for (const p of [0.3, 0.9, 1e-4]) {
      const random = stream(`binomial ${n} ${p}`);
      const deviation = Math.sqrt(n * p * (1 - p));
      const bin = () => Math.floor(((binomial(random, n, p) - n * p) / deviation) * 20);
      const probability = (b: number) => normalBetween(b / 20, (b + 1) / 20);
      const range = { from: -120, to: 120, least: -1e6, greatest: 1e6 };
      expect(goodnessOfFit(bin, probability, range, DRAWS).deviations).toBeLessThan(REJECTION_DEVIATIONS);
    }
  });

  it("has every residue alike where the deviation is far larger than the draws' 32 bits are fine", () => {
    const random = stream("residues");
    const draw = () => binomial(random, 2 ** 50, 0.5) % 64;
    const deviations = goodnessOfFit(draw, () => 1 / 64, { from: 0, to: 63, least: 0, greatest: 63 }, DRAWS).deviations;
    expect(deviations).toBeLessThan(REJECTION_DEVIATIONS);
  });

  it("knows its edges", () => {
    const random = stream("edges");
    expect(binomial(random, 0, 0.5)).toBe(0);
    expect(binomial(random, 0, 0)).toBe(0);
    expect(binomial(random, 0, 1)).toBe(0);
    expect(binomial(random, 10, 0)).toBe(0);
    expect(binomial(random, 10, 1)).toBe(10);
    expect(binomial(random, 1000, 1e-300)).toBe(0);
    expect(binomial(random, 1000, 1 - 2 ** -53)).toBe(1000);
    for (const [n, p] of [
      [-1, 0.5],
      [10, -0.1],
      [10, 1.1],
      [10, NaN],
      [NaN, 0.5],
      [NaN, 0],
    ]) {
      expect(() => binomial(random, n, p)).toThrow(RangeError);
    }
  });

  it("draws events rarer than 2^-32 as often as they happen", () => {
    // A stream whose first draw is the greatest and whose second decides the lower bits.
    const lowerBits = (second: number): RandomStream => {
      const draws = [1 - 2 ** -32, second];
      return { next: () => draws.shift() ?? 0.5 };
    };
    // P(at least 1) = 2^-33: half of the draws that begin with the greatest number.
    expect(binomial(lowerBits(0.49), 1, 2 ** -33)).toBe(0);
    expect(binomial(lowerBits(0.51), 1, 2 ** -33)).toBe(1);
    expect(poisson(lowerBits(0.49), 2 ** -33)).toBe(0);
    expect(poisson(lowerBits(0.51), 2 ** -33)).toBe(1);
    expect(hypergeometric(lowerBits(0.49), 2 ** 33, 1, 1)).toBe(0);
    expect(hypergeometric(lowerBits(0.51), 2 ** 33, 1, 1)).toBe(1);
  });
});

describe("the binomial test's power", () => {
  const faults: [string, (random: RandomStream, n: number, p: number) => number][] = [
    ["a probability 2 % too large", (random, n, p) => binomial(random, n, p * 1.02)],
    ["one too many", (random, n, p) => Math.min(n, binomial(random, n, p) + 1)],
    [
      "a normal approximation",
      (random, n, p) => {
        const drawn = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal(random));
        return Math.min(n, Math.max(0, drawn));
      },
    ],
    ["a Poisson approximation", (random, n, p) => Math.min(n, poisson(random, n * p))],
    [
      "a squeeze that accepts too early",
      (random, n, p) => {
        const first = binomial(random, n, p);
        return Math.abs(first - n * p) > 2 * Math.sqrt(n * p * (1 - p)) && random.next() < 0.1
          ? binomial(random, n, p)
          : first;
      },
    ],
  ];

  it.each(faults)("rejects %s", (name, faulty) => {
    for (const [n, p] of [
      [60, 0.3],
      [1000, 0.1],
    ]) {
      const random = stream(`fault ${name} ${n} ${p}`);
      expect(binomialFit(n, p, () => faulty(random, n, p), 4 * DRAWS)).toBeGreaterThan(REJECTION_DEVIATIONS);
      expect(binomialFit(n, p, () => binomial(random, n, p), 4 * DRAWS)).toBeLessThan(REJECTION_DEVIATIONS);
    }
  });

  it("accepts an independent sampler, d3's", () => {
    const random = stream("oracle");
    const oracle = randomBinomial.source(() => random.next())(60, 0.3);
    expect(binomialFit(60, 0.3, oracle)).toBeLessThan(REJECTION_DEVIATIONS);
  });
});
