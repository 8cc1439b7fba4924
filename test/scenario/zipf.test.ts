import { describe, expect, it } from "vitest";
import { zipfLadder } from "../../sim/scenario/zipf.ts";

/** Pages dirtied in an interval by exact Zipf: sum over the ranks of 1 - exp(-r_k T). */
function exactDirtied(pages: number, writes: number, exponent: number): number {
  let total = 0;
  for (let rank = 1; rank <= pages; rank += 1) total += rank ** -exponent;
  let dirtied = 0;
  for (let rank = 1; rank <= pages; rank += 1) dirtied -= Math.expm1((-writes * rank ** -exponent) / total);
  return dirtied;
}

function ladderDirtied(pages: number, writes: number, exponent: number): number {
  return zipfLadder(pages, writes, exponent).reduce(
    (sum, rung) => sum - rung.pages * Math.expm1(-rung.writesPerSecond / rung.pages),
    0,
  );
}

describe("a Zipf ladder", () => {
  it.each([
    [0.5, 0.011],
    [1, 0.011],
    [1.25, 0.021],
    [1.5, 0.021],
    [2, 0.032],
  ])("of exponent %d dirties what exact Zipf does, within %d of it and never less", (exponent, bound) => {
    for (const pages of [1, 2, 3, 7, 15, 31, 1000, 16_384, 200_000]) {
      for (const writesPerPage of [0.001, 0.01, 0.1, 0.5, 1, 1.78, 2.37, 3.16, 5, 20, 100]) {
        const exact = exactDirtied(pages, pages * writesPerPage, exponent);
        const error = ladderDirtied(pages, pages * writesPerPage, exponent) / exact - 1;
        expect(error).toBeLessThan(bound);
        expect(error).toBeGreaterThan(-1e-5);
      }
    }
  });

  it("covers its pages without gaps, in steps that double, and keeps the rate", () => {
    const ladder = zipfLadder(1000, 500, 1);
    expect(ladder.map((rung) => rung.pages)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 489]);
    let next = 0;
    for (const rung of ladder) {
      expect(rung.firstPage).toBe(next);
      next += rung.pages;
    }
    expect(ladder.reduce((sum, rung) => sum + rung.writesPerSecond, 0)).toBeCloseTo(500, 9);
    const perPage = ladder.map((rung) => rung.writesPerSecond / rung.pages);
    expect(perPage).toEqual([...perPage].sort((left, right) => right - left));
  });

  it("sums long rungs as exactly as short ones", () => {
    // H(2^20) = ln(2^20) + 0.5772156649 + 2^-21; the first page's share of the writes is its inverse.
    const [first] = zipfLadder(2 ** 20, 1, 1);
    expect(first.writesPerSecond * (20 * Math.LN2 + 0.5772156649015329 + 2 ** -21)).toBeCloseTo(1, 6);
  });

  it("of exponent 0 is uniform", () => {
    const ladder = zipfLadder(100_000, 7, 0);
    for (const rung of ladder) expect(rung.writesPerSecond / rung.pages).toBeCloseTo(7e-5, 12);
  });

  it("is small for the largest guest", () => {
    expect(zipfLadder(2 ** 38, 1e6, 1)).toHaveLength(39);
  });
});
