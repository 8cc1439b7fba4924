import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chancesOf, histogramOf, isEnoughFor, quantileOf } from "../../viz/model/chances.ts";
import { between, cliffs, curveValues } from "../../viz/model/cliff.ts";
import { WHAT_IF_FIELDS } from "../../viz/model/what-if-fields.ts";
import "../support/fixed-seed.ts";

const downtimes = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 300 });

describe("many seeds", () => {
  it("put every completed run into one bin", () => {
    fc.assert(
      fc.property(downtimes, (values) => {
        const bins = histogramOf(values);
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
        expect(bins.every((bin) => bin.to > bin.from)).toBe(true);
      }),
    );
  });

  it("give quantiles that as many runs as they say stay within", () => {
    fc.assert(
      fc.property(downtimes, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, quantile) => {
        const sorted = [...values].sort((a, b) => a - b);
        const at = quantileOf(sorted, quantile) as number;
        expect(sorted.filter((each) => each <= at).length / sorted.length).toBeGreaterThanOrEqual(quantile);
        expect(sorted.filter((each) => each < at).length / sorted.length).toBeLessThan(quantile);
      }),
    );
  });

  it("count a run that did not complete against the objective", () => {
    const chances = chancesOf([0.1, 0.2, null, 0.4], 0.2);
    expect(chances).toMatchObject({ runs: 4, completed: 3, median: 0.2, worst: 0.4, withinShare: 0.5 });
    expect(chancesOf([null, null], 1)).toMatchObject({ median: null, withinShare: 0 });
  });

  it("say of a quantile beyond them that they are too few", () => {
    expect(isEnoughFor(0.99, 50)).toBe(false);
    expect(isEnoughFor(0.99, 300)).toBe(true);
    expect(isEnoughFor(0.95, 60)).toBe(true);
  });
});

describe("the curve over a number", () => {
  it.each(WHAT_IF_FIELDS)("$id: covers its slider, ends first, each value once", (field) => {
    const values = curveValues(field);
    expect(new Set(values).size).toBe(values.length);
    expect(Math.min(...values.slice(0, 3))).toBe(Math.min(...values));
    expect(Math.max(...values.slice(0, 3))).toBe(Math.max(...values));
  });

  it("finds the cliff and closes in on it", () => {
    const edge = 3.7;
    const field = WHAT_IF_FIELDS.find((each) => each.id === "writes") as (typeof WHAT_IF_FIELDS)[number];
    const point = (value: number) => ({ value, outcome: "", downtimeSeconds: value < edge ? 0.1 : null });
    const points = curveValues(field).map(point);
    for (let k = 0; k < 6; k += 1) {
      expect(cliffs(points)).toHaveLength(1);
      points.push(...cliffs(points).map((cliff) => point(between(cliff, field))));
    }
    const [cliff] = cliffs(points);
    expect(cliff?.completes).toBeLessThan(edge);
    expect(cliff?.fails).toBeGreaterThanOrEqual(edge);
    expect((cliff?.fails ?? 9) / (cliff?.completes ?? 1)).toBeLessThan(1.05);
    expect(cliffs([point(1), point(2)])).toEqual([]);
  });
});
