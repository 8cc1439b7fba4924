import { randomBinomial } from "d3";
import { describe, expect, it } from "vitest";
import {
  binomial,
  exponential,
  gamma,
  hypergeometric,
  normal,
  poisson,
  positionOfMarked,
} from "../../sim/kernel/distributions.ts";
import { type RandomStream, RandomStreams } from "../../sim/kernel/random.ts";
import { goodnessOfFit, lnChoose, lnFactorial, REJECTION_DEVIATIONS } from "./goodness-of-fit.ts";

const DRAWS = 60_000;

function stream(name: string): RandomStream {
  return new RandomStreams("distributions").stream(name);
}

/** The values within 8 deviations of the mean, inside the support. */
function around(mean: number, deviation: number, least: number, greatest: number) {
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

function binomialFit(n: number, p: number, draw: () => number, draws = DRAWS) {
  const range = around(n * p, Math.sqrt(n * p * (1 - p)), 0, n);
  return goodnessOfFit(draw, binomialProbability(n, p), range, draws).deviations;
}

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

/** The normal law's mass between two points, by Simpson's rule. */
function normalBetween(low: number, high: number): number {
  const steps = 8;
  const width = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i += 1) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((low + i * width) ** 2) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

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

function hypergeometricFit(total: number, marked: number, drawn: number, draw: () => number, draws = DRAWS) {
  const probability = (k: number) =>
    Math.exp(lnChoose(marked, k) + lnChoose(total - marked, drawn - k) - lnChoose(total, drawn));
  const mean = (drawn * marked) / total;
  const variance = (mean * (1 - marked / total) * (total - drawn)) / Math.max(1, total - 1);
  const range = around(mean, Math.sqrt(variance), Math.max(0, drawn - (total - marked)), Math.min(marked, drawn));
  return goodnessOfFit(draw, probability, range, draws).deviations;
}

describe("hypergeometric", () => {
  it.each([
    [2, 1, 1],
    [10, 3, 4],
    [10, 7, 8],
    [10, 9, 2],
    [10, 2, 9],
    [40, 20, 20],
    [41, 21, 20],
    [45, 22, 22],
    [60, 30, 30],
    [60, 31, 29],
    [60, 45, 20],
    [60, 20, 45],
    [60, 45, 50],
    [100, 5, 50],
    [1000, 17, 400],
    [1000, 30, 300],
    [1000, 34, 300],
    [1000, 500, 500],
    [1000, 990, 500],
    [5000, 4990, 4000],
    [65_536, 1000, 20],
    [65_536, 40_000, 50_000],
    [262_144, 2000, 1000],
    [262_144, 100_000, 131_072],
  ])("of %d items, %d marked, %d drawn has the exact probabilities", (total, marked, drawn) => {
    const random = stream(`hypergeometric ${total} ${marked} ${drawn}`);
    expect(hypergeometricFit(total, marked, drawn, () => hypergeometric(random, total, marked, drawn))).toBeLessThan(
      REJECTION_DEVIATIONS,
    );
  });

  it("of 2^40 items has the normal law in bins, and the binomial's for few", () => {
    const total = 2 ** 40;
    const random = stream("hypergeometric of many");
    const marked = total * 0.3;
    const drawn = total * 0.2;
    const deviation = Math.sqrt(drawn * 0.3 * 0.7 * 0.8);
    const bin = () => Math.floor(((hypergeometric(random, total, marked, drawn) - drawn * 0.3) / deviation) * 20);
    const range = { from: -120, to: 120, least: -1e6, greatest: 1e6 };
    expect(goodnessOfFit(bin, (b) => normalBetween(b / 20, (b + 1) / 20), range, DRAWS).deviations).toBeLessThan(
      REJECTION_DEVIATIONS,
    );
    for (const few of [10, 30, 200]) {
      const quarter = total / 4;
      expect(binomialFit(few, 0.25, () => hypergeometric(random, total, quarter, few))).toBeLessThan(
        REJECTION_DEVIATIONS,
      );
      expect(binomialFit(few, 0.25, () => hypergeometric(random, total, few, quarter))).toBeLessThan(
        REJECTION_DEVIATIONS,
      );
    }
  });

  it("knows its edges", () => {
    const random = stream("edges");
    expect(hypergeometric(random, 0, 0, 0)).toBe(0);
    expect(hypergeometric(random, 10, 0, 5)).toBe(0);
    expect(hypergeometric(random, 10, 5, 0)).toBe(0);
    expect(hypergeometric(random, 10, 10, 5)).toBe(5);
    expect(hypergeometric(random, 10, 5, 10)).toBe(5);
    expect(() => hypergeometric(random, 10, 11, 5)).toThrow(RangeError);
    expect(() => hypergeometric(random, 10, 5, 11)).toThrow(RangeError);
    expect(() => hypergeometric(random, 10, -1, 5)).toThrow(RangeError);
    expect(() => hypergeometric(random, 10, NaN, 5)).toThrow(RangeError);
  });

  it("its test rejects draws with replacement, and a probability 2 % too large", () => {
    const random = stream("fault hypergeometric");
    const replaced = () => Math.min(30, binomial(random, 100, 0.3));
    expect(hypergeometricFit(1000, 30, 100, () => Math.min(30, binomial(random, 100, 0.03)))).toBeGreaterThan(
      REJECTION_DEVIATIONS,
    );
    expect(hypergeometricFit(100, 30, 100 - 1, () => Math.max(29, replaced()))).toBeGreaterThan(REJECTION_DEVIATIONS);
    expect(hypergeometricFit(1000, 500, 300, () => hypergeometric(random, 1000, 510, 300))).toBeGreaterThan(
      REJECTION_DEVIATIONS,
    );
  });
});

describe("positionOfMarked", () => {
  function positionFit(total: number, marked: number, k: number, draw: () => number, draws = DRAWS) {
    // The k-th marked one is at position x where k - 1 of the x - 1 before it are marked, and it is.
    const probability = (x: number) =>
      Math.exp(lnChoose(x - 1, k - 1) + lnChoose(total - x, marked - k) - lnChoose(total, marked));
    const mean = (k * (total + 1)) / (marked + 1);
    const variance = (mean * (1 - k / (marked + 1)) * (total - marked)) / (marked + 2);
    const range = around(mean, Math.sqrt(variance), k, total - marked + k);
    return goodnessOfFit(draw, probability, { ...range, from: k, to: Math.min(range.greatest, range.to + 50) }, draws)
      .deviations;
  }

  it.each([
    [2, 1, 1],
    [10, 3, 1],
    [10, 3, 2],
    [10, 3, 3],
    [50, 49, 20],
    [100, 1, 1],
    [300, 150, 75],
    [300, 150, 149],
    [1000, 900, 3],
    [2000, 50, 25],
  ])("of %d items, %d marked, to marked one %d has the exact probabilities", (total, marked, k) => {
    const random = stream(`position ${total} ${marked} ${k}`);
    expect(positionFit(total, marked, k, () => positionOfMarked(random, total, marked, k))).toBeLessThan(
      REJECTION_DEVIATIONS,
    );
  });

  it("its test rejects the last draw's neighbour and a marked item too few", () => {
    const random = stream("fault position");
    expect(positionFit(300, 150, 75, () => positionOfMarked(random, 300, 150, 74) + 1)).toBeGreaterThan(
      REJECTION_DEVIATIONS,
    );
    expect(positionFit(300, 150, 75, () => Math.min(225, positionOfMarked(random, 300, 149, 75)))).toBeGreaterThan(
      REJECTION_DEVIATIONS,
    );
  });

  it("agrees with a hypergeometric draw: k marked are passed within x items as often as x items hold k", () => {
    const random = stream("duality");
    const draws = 200_000;
    let passed = 0;
    let held = 0;
    for (let i = 0; i < draws; i += 1) {
      if (positionOfMarked(random, 5000, 1000, 200) <= 1000) passed += 1;
      if (hypergeometric(random, 5000, 1000, 1000) >= 200) held += 1;
    }
    // Five deviations of the difference of two counts.
    expect(Math.abs(passed - held)).toBeLessThan(5 * Math.sqrt(draws / 2));
  });

  it("knows its edges", () => {
    const random = stream("edges");
    expect(positionOfMarked(random, 10, 5, 0)).toBe(0);
    expect(positionOfMarked(random, 10, 10, 7)).toBe(7);
    expect(() => positionOfMarked(random, 10, 5, 6)).toThrow(RangeError);
    expect(() => positionOfMarked(random, 4, 5, 2)).toThrow(RangeError);
    expect(() => positionOfMarked(random, 10, 5, NaN)).toThrow(RangeError);
  });
});

describe("poisson", () => {
  it.each([1e-4, 0.3, 1, 5, 9.99, 10, 10.5, 15, 40, 1000, 123_456.7])(
    "of mean %d has the exact probabilities",
    (mean) => {
      const random = stream(`poisson ${mean}`);
      const probability = (k: number) => Math.exp(k * Math.log(mean) - mean - lnFactorial(k));
      const range = around(mean, Math.sqrt(mean), 0, 1e9);
      expect(goodnessOfFit(() => poisson(random, mean), probability, range, DRAWS).deviations).toBeLessThan(
        REJECTION_DEVIATIONS,
      );
      const faulty = goodnessOfFit(() => poisson(random, mean * 1.02), probability, range, mean < 1 ? 0 : 4 * DRAWS);
      if (mean >= 1) expect(faulty.deviations).toBeGreaterThan(REJECTION_DEVIATIONS);
    },
  );

  it("knows its edges", () => {
    const random = stream("edges");
    expect(poisson(random, 0)).toBe(0);
    for (const mean of [-1, NaN, Infinity]) expect(() => poisson(random, mean)).toThrow(RangeError);
  });
});

/** The greatest distance between the draws' distribution and the exact one, times the root of their number. */
function kolmogorov(draws: Float64Array, distribution: (value: number) => number): number {
  draws.sort();
  let worst = 0;
  for (let i = 0; i < draws.length; i += 1) {
    const exact = distribution(draws[i]);
    worst = Math.max(worst, exact - i / draws.length, (i + 1) / draws.length - exact);
  }
  return worst * Math.sqrt(draws.length);
}

/** Exceeded by a right sampler once in 10,000 tests. */
const KOLMOGOROV_LIMIT = 2.23;

describe("continuous distributions", () => {
  /** The normal distribution by its series and, far out, its continued fraction (Abramowitz and Stegun 26.2.10, .14). */
  function normalBelow(x: number): number {
    if (x < 0) return 1 - normalBelow(-x);
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    if (x < 4) {
      let term = x;
      let sum = x;
      for (let n = 1; n < 200; n += 1) {
        term *= (x * x) / (2 * n + 1);
        sum += term;
      }
      return 0.5 + density * sum;
    }
    let fraction = x;
    for (let n = 60; n > 0; n -= 1) fraction = x + n / fraction;
    return 1 - density / fraction;
  }

  it("normal has its distribution, and the test rejects a deviation of 1.02", () => {
    const random = stream("normal");
    expect(
      kolmogorov(
        Float64Array.from({ length: DRAWS }, () => normal(random)),
        normalBelow,
      ),
    ).toBeLessThan(KOLMOGOROV_LIMIT);
    const wider = Float64Array.from({ length: 4 * DRAWS }, () => normal(random) * 1.02);
    expect(kolmogorov(wider, normalBelow)).toBeGreaterThan(KOLMOGOROV_LIMIT);
  });

  it("exponential has its distribution, and the test rejects a mean 2 % too large", () => {
    const random = stream("exponential");
    const below = (x: number) => -Math.expm1(-x / 3);
    const right = Float64Array.from({ length: DRAWS }, () => exponential(random, 3));
    expect(kolmogorov(right, below)).toBeLessThan(KOLMOGOROV_LIMIT);
    const longer = Float64Array.from({ length: 4 * DRAWS }, () => exponential(random, 3.06));
    expect(kolmogorov(longer, below)).toBeGreaterThan(KOLMOGOROV_LIMIT);
  });

  it.each([1, 2, 5, 40])("gamma of whole shape %d has Erlang's distribution", (shape) => {
    const random = stream(`gamma ${shape}`);
    const below = (x: number) => {
      let term = Math.exp(-x);
      let above = term;
      for (let k = 1; k < shape; k += 1) {
        term *= x / k;
        above += term;
      }
      return 1 - above;
    };
    const draws = Float64Array.from({ length: DRAWS }, () => gamma(random, shape));
    expect(kolmogorov(draws, below)).toBeLessThan(KOLMOGOROV_LIMIT);
  });
});
