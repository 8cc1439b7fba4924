import { describe, expect, test } from "vitest";
import { type PlotPoint, scatterPlot } from "../../src/formats/scatter-plot.ts";

const TEXT = { title: "Total time", quantity: "seconds" };

function plot(points: readonly PlotPoint[]): string {
  return scatterPlot(points, [...new Set(points.map(({ kind }) => kind))].sort(), TEXT);
}

/** The marks that stand for points, which say what they are; the legend's do not. */
function marks(svg: string): { x: number; y: number; label: string }[] {
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*><title>([^<]*)<\/title>/g)].map(
    ([, x, y, label]) => ({
      x: Number(x),
      y: Number(y),
      label: label as string,
    }),
  );
}

const point = (measured: number, predicted: number, label = "run"): PlotPoint => ({
  measured,
  predicted,
  kind: "idle",
  label,
});

describe("a scatter plot of predicted against measured", () => {
  test("a point predicted as measured lies on the diagonal, one predicted too long above it", () => {
    const svg = plot([point(1, 1, "right"), point(10, 10, "also"), point(2, 4, "long"), point(4, 2, "short")]);
    const [, x1, y1, x2, y2] = /M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)/.exec(svg) ?? [];
    const slope = (Number(y2) - Number(y1)) / (Number(x2) - Number(x1));
    const above = ({ x, y }: { x: number; y: number }) => Number(y1) + slope * (x - Number(x1)) - y;
    const [right, also, long, short] = marks(svg).map(above);
    expect(right).toBeCloseTo(0, 0);
    expect(also).toBeCloseTo(0, 0);
    expect(long).toBeGreaterThan(20);
    expect(short).toBeLessThan(-20);
  });

  test("decades are equally far apart", () => {
    const [one, ten, hundred] = marks(plot([point(1, 1), point(10, 10), point(100, 100)]));
    expect((ten?.x ?? 0) - (one?.x ?? 0)).toBeCloseTo((hundred?.x ?? 0) - (ten?.x ?? 0), 0);
  });

  test("what has no logarithm is left out, and a plot of nothing is still a plot", () => {
    expect(marks(plot([point(0, 1), point(1, 0), point(3, 3)]))).toHaveLength(1);
    expect(plot([])).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
    expect(plot([])).not.toContain("NaN");
  });

  test("markup in names is text", () => {
    const svg = plot([{ measured: 1, predicted: 1, kind: "<b>", label: '"><script>' }]);
    expect(svg).not.toContain("<script>");
    expect(svg).not.toContain("<b>");
    expect(svg).toContain("&lt;script&gt;");
  });
});
