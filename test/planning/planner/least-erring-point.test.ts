/** The point that errs least as a share of what turns out true. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { leastErringPoint } from "../../../src/planning/planner/least-erring-point.ts";
import { quantile } from "../../../src/planning/quantile.ts";
import "../../support/fixed-seed.ts";

const positive = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });

test("alike values are their own point; of none there is none", () => {
  expect(leastErringPoint([7.3, 7.3, 7.3])).toBeCloseTo(7.3, 12);
  expect(leastErringPoint([4])).toBe(4);
  expect(leastErringPoint([])).toBeNaN();
});

test("by hand: 1, 2, 4 and 4 weigh 4, 2, 1 and 1 eighths, the middle half is two eighths of 1 and two of 2", () => {
  expect(leastErringPoint([4, 1, 4, 2])).toBeCloseTo(1.5, 12);
});

test("it lies between the least and the greatest, grows with their unit, and their order does not matter", () => {
  fc.assert(
    fc.property(positive, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, factor) => {
      const point = leastErringPoint(values);
      expect(point).toBeGreaterThanOrEqual(Math.min(...values) * (1 - 1e-9));
      expect(point).toBeLessThanOrEqual(Math.max(...values) * (1 + 1e-9));
      expect(leastErringPoint(values.map((value) => value * factor)) / (point * factor)).toBeCloseTo(1, 9);
      expect(leastErringPoint([...values].reverse())).toBe(point);
    }),
  );
});

test("where values differ widely it errs less than the median, and hardly more than the best point there is", () => {
  // Even steps of the logarithm: from 1 to 30.
  const values = Array.from({ length: 301 }, (_, index) => 30 ** (index / 300));
  const error = (point: number) => values.reduce((sum, value) => sum + Math.abs(point / value - 1), 0) / values.length;
  const best = Math.min(...values.map(error));
  const chosen = error(leastErringPoint(values));
  expect(chosen).toBeLessThan(0.7 * error(quantile(values, 0.5)));
  expect(chosen).toBeLessThan(1.05 * best);
});
