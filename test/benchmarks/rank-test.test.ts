import { describe, expect, it } from "vitest";
import { leastProbability, rankTest } from "../../benchmarks/rank-test.ts";

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

describe("the rank test", () => {
  it("counts orders: two of the 252 in which five values stand below five others, or above", () => {
    expect(rankTest(upTo(5), upTo(5, 10))).toBeCloseTo(2 / 252, 12);
    expect(leastProbability(5, 5)).toBeCloseTo(2 / 252, 12);
  });

  it("gives the probabilities of published tables", () => {
    // Mann and Whitney 1947, table I: n = 4, m = 4, U = 1: 0.029 one-sided (2 of 70).
    expect(rankTest([1, 2, 3, 5], [4, 6, 7, 8])).toBeCloseTo(4 / 70, 12);
    // n = 3, m = 4, U = 2: 0.114 (4 of 35).
    expect(rankTest([1, 2, 5], [3, 4, 6, 7])).toBeCloseTo(8 / 35, 12);
  });

  it("does not care which list is first", () => {
    const [one, other] = [
      [3, 1, 4, 1.5, 9],
      [2.6, 5, 3.5, 8.9, 7.9, 3.2],
    ] as const;
    expect(rankTest(one, other)).toBe(rankTest(other, one));
  });

  it("tells nothing of lists that are alike, or empty", () => {
    expect(rankTest([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(rankTest([], [1, 2, 3])).toBe(1);
  });
});
