import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PageClass } from "../../sim/memory/page-class.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";

function pageClass(changes: Partial<PageClass> = {}): PageClass {
  return {
    name: "class",
    firstPage: 0,
    pages: 1000,
    writesPerSecond: 500,
    pattern: "uniform",
    startSeconds: Number.NEGATIVE_INFINITY,
    endSeconds: Number.POSITIVE_INFINITY,
    cpuBoundShare: 1,
    wordsPerWrite: 1,
    ...changes,
  };
}

describe("writes of a class", () => {
  it("are rate times time while it is active, and none outside its phase", () => {
    const activity = new WriteActivity([pageClass({ startSeconds: 2, endSeconds: 5 })]);
    expect(activity.writesBetween(0, 0, 2)).toBe(0);
    expect(activity.writesBetween(0, 0, 3)).toBe(500);
    expect(activity.writesBetween(0, 3, 4.5)).toBe(750);
    expect(activity.writesBetween(0, 4.5, 100)).toBe(250);
    expect(activity.writesBetween(0, 5, 100)).toBe(0);
    expect(activity.writesBetween(0, 0, 100)).toBe(1500);
    expect(activity.hazardBetween(0, 0, 100)).toBe(1.5);
  });

  it("slow with the processor share as far as the class depends on it", () => {
    const activity = new WriteActivity([
      pageClass({ cpuBoundShare: 1 }),
      pageClass({ cpuBoundShare: 0.4 }),
      pageClass({ cpuBoundShare: 0 }),
    ]);
    activity.setProcessorShare(10, 0.2);
    expect(activity.writesBetween(0, 0, 10)).toBeCloseTo(5000, 9);
    expect(activity.writesBetween(0, 10, 20)).toBeCloseTo(5000 * 0.2, 9);
    expect(activity.writesBetween(1, 10, 20)).toBeCloseTo(5000 * (1 - 0.4 * 0.8), 9);
    expect(activity.writesBetween(2, 10, 20)).toBeCloseTo(5000, 9);
    activity.setProcessorShare(20, 1);
    expect(activity.writesBetween(0, 15, 25)).toBeCloseTo(500 * (5 * 0.2 + 5), 9);
  });

  it("put a sweep's head where it has come to since it started", () => {
    const activity = new WriteActivity([
      pageClass({ pattern: "sweep", startSeconds: 1, endSeconds: 4, writesPerSecond: 3 }),
    ]);
    expect([0, 1, 1.3, 1.34, 2.01, 4, 9].map((at) => activity.sweptPages(0, at))).toEqual([0, 0, 0, 1, 3, 9, 9]);
  });

  it("are the integral of a rate that follows phases and processor shares", () => {
    const times = fc.integer({ min: 0, max: 40 }).map((quarter) => quarter / 4);
    fc.assert(
      fc.property(
        fc.record({ start: times, length: times, bound: fc.constantFrom(0, 0.3, 1) }),
        fc.array(fc.record({ at: times, share: fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10) }), {
          maxLength: 5,
        }),
        times,
        times,
        ({ start, length, bound }, changes, a, b) => {
          const given = pageClass({ startSeconds: start, endSeconds: start + length, cpuBoundShare: bound });
          const activity = new WriteActivity([given]);
          const inOrder = [...changes].sort((one, other) => one.at - other.at);
          for (const { at, share } of inOrder) activity.setProcessorShare(at, share);
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          // Everything happens at multiples of a quarter second, so that the midpoint rule is exact.
          let writes = 0;
          for (let middle = from + 0.125; middle < to; middle += 0.25) {
            const share = inOrder.findLast(({ at }) => at <= middle)?.share ?? 1;
            const isActive = middle >= start && middle < start + length;
            if (isActive) writes += 0.25 * 500 * (1 - bound * (1 - share));
          }
          expect(activity.writesBetween(0, from, to)).toBeCloseTo(writes, 6);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});
