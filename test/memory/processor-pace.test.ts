import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProcessorPace } from "../../sim/memory/processor-pace.ts";
import "../support/fixed-seed.ts";

const RUN_SECONDS = 0.01;

/** Share of its writes that a guest loses in the long run. */
function lostShare(deniedShare: number, catchUpSeconds: number, runSeconds = RUN_SECONDS): number {
  const pace = new ProcessorPace(0, 0, { deniedShare, runSeconds, catchUpSeconds });
  const cycleSeconds = Math.max(runSeconds, 0.01) / (1 - deniedShare);
  return 1 - pace.writtenSeconds(1000 * cycleSeconds) / (1000 * cycleSeconds);
}

describe("a guest that is held back", () => {
  it("loses the denied share where it makes nothing up, 99 % of it at 99 %", () => {
    for (const share of [0, 0.2, 0.5, 0.99]) {
      expect(lostShare(share, 0)).toBeCloseTo(share, 9);
      expect(lostShare(share, 0, 0)).toBeCloseTo(share, 9);
    }
  });

  it("loses what it does not make up of each sleep", () => {
    // 20 % is 2.5 ms of sleep after 10 ms: 1.5 ms made up leave 1 ms of 12.5.
    expect(lostShare(0.2, 0.0015)).toBeCloseTo(0.08, 9);
    expect(lostShare(0.2, 0.0025)).toBeCloseTo(0, 9);
    expect(lostShare(0.6, 0.0015)).toBeCloseTo(13.5 / 25, 9);
    expect(lostShare(0.99, 0.5)).toBeCloseTo(0.49, 9);
  });

  it("sleeps first, then has what it makes up at once, then runs", () => {
    const pace = new ProcessorPace(3, 100, { deniedShare: 0.5, runSeconds: 0.01, catchUpSeconds: 0.004 });
    expect(pace.writtenSeconds(3)).toBe(100);
    expect(pace.writtenSeconds(3.0099)).toBe(100);
    expect(pace.writtenSeconds(3.0101)).toBeCloseTo(100.0041, 9);
    expect(pace.writtenSeconds(3.0199)).toBeCloseTo(100.0139, 9);
    expect(pace.writtenSeconds(3.0299)).toBeCloseTo(100.014, 9);
  });

  it("writes ever more, never faster than time but for what it makes up", () => {
    fc.assert(
      fc.property(
        fc.record({
          deniedShare: fc.integer({ min: 0, max: 99 }).map((percent) => percent / 100),
          runSeconds: fc.constantFrom(0, 0.01, 0.3),
          catchUpSeconds: fc.integer({ min: 0, max: 500 }).map((ms) => ms / 1000),
        }),
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 2, maxLength: 10 }),
        (heldBack, milliseconds) => {
          const pace = new ProcessorPace(0, 0, heldBack);
          const times = milliseconds.map((ms) => ms / 1000).sort((a, b) => a - b);
          let written = 0;
          for (const at of times) {
            const now = pace.writtenSeconds(at);
            expect(now).toBeGreaterThanOrEqual(written - 1e-12);
            expect(now).toBeLessThanOrEqual(at + 1e-12);
            // Where it makes nothing up, it is never more than one sleep away from its share of the time.
            const sleepSeconds = (heldBack.runSeconds * heldBack.deniedShare) / (1 - heldBack.deniedShare);
            expect(now).toBeGreaterThanOrEqual(at * (1 - heldBack.deniedShare) - sleepSeconds - 1e-9);
            written = now;
          }
        },
      ),
    );
  });
});
