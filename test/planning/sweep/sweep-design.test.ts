import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SweepAxis } from "../../../src/planning/sweep/sweep-axis.ts";
import { pointCount, SweepPoints } from "../../../src/planning/sweep/sweep-design.ts";

const list = (path: string, count: number): SweepAxis => ({
  kind: "list",
  path,
  values: Array.from({ length: count }, (_, value) => ({ setting: value, value })),
});

const unit = (path: string): SweepAxis => ({
  kind: "range",
  path,
  dimension: "plain",
  low: 0,
  high: 1,
  spacing: "lin",
});

const valuesAt = (points: SweepPoints, point: number) => points.at(point).map(({ value }) => value as number);

describe("a grid", () => {
  it("has each combination once, the last parameter changing fastest", () => {
    const axes = [list("a", 2), list("b", 3)];
    const points = new SweepPoints(axes, { kind: "grid" }, "1");
    const all = Array.from({ length: points.count }, (_, point) => valuesAt(points, point));
    expect(all).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it("of no parameters is one point", () => {
    expect(pointCount([], { kind: "grid" })).toBe(1);
    expect(new SweepPoints([], { kind: "grid" }, "1").at(0)).toEqual([]);
  });
});

describe("a Latin hypercube", () => {
  it("has one point in each stratum of each parameter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.string(), (samples, seed) => {
        const points = new SweepPoints([unit("a"), unit("b")], { kind: "latin-hypercube", samples }, seed);
        for (const axis of [0, 1]) {
          // Rounding to twelve digits may put a value on the edge of its stratum.
          const strata = Array.from({ length: samples }, (_, point) =>
            Math.floor((valuesAt(points, point)[axis] as number) * samples + 1e-9),
          );
          expect(new Set(strata).size).toBe(samples);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("drawn points", () => {
  it.each(["random", "latin-hypercube"] as const)("of %s follow from their number alone", (kind) => {
    const make = (seed: string) => new SweepPoints([unit("a"), unit("b")], { kind, samples: 5000 }, seed);
    const forward = make("7");
    const inTurn = Array.from({ length: 5000 }, (_, point) => valuesAt(forward, point));
    const other = make("7");
    for (const point of [4999, 0, 1024, 1023, 2500]) expect(valuesAt(other, point)).toEqual(inTurn[point]);
    expect(valuesAt(make("8"), 0)).not.toEqual(inTurn[0]);
    expect(inTurn[0]?.[0]).not.toBe(inTurn[0]?.[1]);
  });

  it("at random are uniform: a chi-squared of 100 cells stays below its 99.99 % point, 160", () => {
    const samples = 50_000;
    const points = new SweepPoints([unit("a"), unit("b")], { kind: "random", samples }, "1");
    const cells = new Array<number>(100).fill(0);
    for (let point = 0; point < samples; point++) {
      const [a, b] = valuesAt(points, point) as [number, number];
      const cell = Math.min(9, Math.floor(a * 10)) * 10 + Math.min(9, Math.floor(b * 10));
      cells[cell] = (cells[cell] as number) + 1;
    }
    const expected = samples / 100;
    expect(cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(160);
  });
});
