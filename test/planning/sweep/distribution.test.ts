import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileWarnings } from "../../../src/formats/sweep/sweep-table.ts";
import { quantile } from "../../../src/planning/quantile.ts";
import { Distribution } from "../../../src/planning/sweep/distribution.ts";
import { SweepSummariser } from "../../../src/planning/sweep/sweep-summary.ts";
import "../../support/fixed-seed.ts";

const SHARES = [0, 0.5, 0.95, 0.99, 1];

function distributionOf(values: Iterable<number>): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

describe("quantiles", () => {
  it("are exact", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const found = distributionOf(values).quantiles(SHARES);
          for (const [index, share] of SHARES.entries()) expect(found[index]).toBeCloseTo(quantile(values, share), 6);
        },
      ),
    );
    const many = Array.from({ length: 10_001 }, (_, index) => (index * 7919) % 10_001);
    expect(distributionOf(many).quantiles(SHARES)).toEqual([0, 5000, 9500, 9900, 10_000]);
  });

  it("are within 0.02 % beyond a million values, zeros among them", () => {
    const count = 1_200_000;
    const value = (index: number) => (index < 100_000 ? 0 : 0.05 + index / 1000);
    function* shuffled() {
      // 7919 has no factor in common with the count.
      for (let index = 0; index < count; index++) yield value((index * 7919) % count);
    }
    const distribution = distributionOf(shuffled());
    expect(distribution.count).toBe(count);
    expect(distribution.greatest).toBe(value(count - 1));
    const shares = [0.01, 0.25, 0.5, 0.95, 0.99];
    for (const [index, found] of distribution.quantiles(shares).entries()) {
      const exact = value(Math.floor((shares[index] as number) * (count - 1)));
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 2e-4);
    }
  });

  it("of nothing are none", () => {
    expect(new Distribution().quantiles([0.5])).toEqual([Number.NaN]);
  });
});

describe("a summary", () => {
  const tally = (point: number, totals: number[]) => ({
    point,
    migrations: totals.length + 1,
    completed: totals.length,
    invalid: 0,
    failed: 0,
    totals,
    downtimes: totals,
  });
  const ofPoints = (points: number, perPoint: number) => {
    const summariser = new SweepSummariser(points);
    const totals = Array.from({ length: perPoint }, (_, index) => index + 1);
    for (let point = 0; point < points; point++) summariser.add(tally(point, totals));
    return summariser.summary();
  };

  it("tells points one by one where there are few", () => {
    const summary = ofPoints(3, 101);
    expect(summary.migrations).toBe(306);
    expect(summary.points?.map(({ point, totalSeconds }) => [point, totalSeconds.p50])).toEqual([
      [0, 51],
      [1, 51],
      [2, 51],
    ]);
    expect(ofPoints(41, 2).points).toBeNull();
    expect(ofPoints(1, 2).points).toBeNull();
  });

  it.each([
    [1, 50, ["p99 (needs 100)"]],
    [1, 19, ["p95 (needs 20), p99 (needs 100)"]],
    [1, 100, []],
    [3, 50, ["at the point with the fewest"]],
    // Together they would be enough, but no point is.
    [3, 99, ["p99"]],
  ])("of %i points with %i values warns of %j", (points, perPoint, parts) => {
    const warnings = quantileWarnings(ofPoints(points, perPoint));
    expect(warnings).toHaveLength(parts.length > 0 ? 1 : 0);
    for (const part of parts) expect(warnings[0]).toContain(part);
  });
});
