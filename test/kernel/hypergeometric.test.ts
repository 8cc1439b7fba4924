import { describe, expect, it } from "vitest";
import { binomial, hypergeometric, positionOfMarked } from "../../sim/kernel/distributions.ts";
import { around, binomialFit, DRAWS, normalBetween, stream } from "./distribution-fits.ts";
import { goodnessOfFit, lnChoose, REJECTION_DEVIATIONS } from "./goodness-of-fit.ts";

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
