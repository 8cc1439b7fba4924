import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawnRates, type RateStep } from "../../viz/model/link.ts";
import "../support/fixed-seed.ts";

const END = 100;

function bytesUnder(steps: readonly RateStep[]): number {
  return steps.reduce((sum, step, index) => {
    const until = steps[index + 1]?.startSeconds ?? END;
    return sum + step.bytesPerSecond * (until - step.startSeconds);
  }, 0);
}

describe("a link's rate as it is drawn", () => {
  it("keeps the bytes that went over it, however many steps there are", () => {
    const times = fc.uniqueArray(fc.double({ min: 0, max: END - 1e-6, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 60 }), fc.nat(), (starts, columns, salt) => {
        const steps = starts
          .sort((a, b) => a - b)
          .map((startSeconds, index) => ({ startSeconds, bytesPerSecond: ((index + salt) * 7919) % 1000 }));
        const drawn = drawnRates(steps, 0, END, columns);
        expect(drawn.length).toBeLessThanOrEqual(Math.max(2 * columns, 1));
        expect(bytesUnder(drawn)).toBeCloseTo(bytesUnder(steps), 4);
      }),
    );
  });
});
