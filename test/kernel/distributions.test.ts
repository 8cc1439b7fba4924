import { describe, expect, it } from "vitest";
import { exponential, gamma, normal, poisson } from "../../sim/kernel/distributions.ts";
import { around, DRAWS, stream } from "./distribution-fits.ts";
import { goodnessOfFit, lnFactorial, REJECTION_DEVIATIONS } from "./goodness-of-fit.ts";

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
