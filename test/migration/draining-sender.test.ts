import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DrainingSender, type DrainingSenderSettings } from "../../sim/migration/draining-sender.ts";
import { CountingLog } from "./counting-log.ts";

const WIRE = { pageBytes: 4112, zeroPageBytes: 4112, sectionBytes: 0 };

function draining(log: CountingLog, changes: Partial<DrainingSenderSettings>): DrainingSender {
  const still = { wire: WIRE, capBytesPerSecond: Number.POSITIVE_INFINITY, latencySeconds: 0, slowStartLagSeconds: 0 };
  return new DrainingSender(log, { ...still, ...changes });
}

describe("a draining sender", () => {
  it("sends all that waits, and the round ends with its last byte", () => {
    const log = new CountingLog([{ pages: 1000, zero: false }]);
    const sender = draining(log, { latencySeconds: 0.001, slowStartLagSeconds: 0.25 });
    sender.setRate(1e6);
    sender.begin(10);
    const end = sender.advance(10);
    expect(end).toBeCloseTo(10.25 + 4.112, 12);
    sender.settle(end);
    expect(sender.roundIsOver()).toBe(true);
    expect(sender.totals).toEqual({ pages: 1000, zeroPages: 0, bytes: 4_112_000 });
    // Slow start is over: the next round loses nothing to it.
    log.add({ pages: 500, zero: false });
    expect(sender.advance(end)).toBeCloseTo(end + 2.056, 12);
    expect(log.sends).toBe(1);
  });

  it("needs latency on top of the rate for the final copy to arrive", () => {
    const log = new CountingLog([{ pages: 1000, zero: false }]);
    const sender = draining(log, { latencySeconds: 0.002 });
    sender.setRate(1e6);
    sender.begin(0);
    const copy = sender.finalCopy(3);
    expect(copy).toEqual({ writtenSeconds: 4.112, arrivedSeconds: 4.112 + 0.002, bytes: 4_112_000 });
    expect(sender.totals.pages).toBe(1000);
    expect(log.pendingPages).toBe(0);
  });

  it("loses and doubles nothing under any changes of rate: its bytes are the integral of its rate", () => {
    const changes = fc.array(
      fc.record({
        afterSeconds: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 0.5, noNaN: true })),
        rate: fc.double({ min: 1e4, max: 1e7, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ pages: fc.integer({ min: 1, max: 2000 }), zero: fc.boolean() }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.constantFrom(4112, 9),
        fc.constantFrom(0, 0.3),
        changes,
        (stretches, zeroPageBytes, lagSeconds, given) => {
          const log = new CountingLog(stretches);
          const [pages, zeroPages] = [log.pendingPages - log.pendingZeroPages, log.pendingZeroPages];
          const sender = draining(log, { wire: { ...WIRE, zeroPageBytes }, slowStartLagSeconds: lagSeconds });
          const wholeBytes = pages * 4112 + zeroPages * zeroPageBytes;
          let rate = 1e6;
          let now = 0;
          let integral = 0;
          sender.setRate(rate);
          sender.begin(0);
          let end = sender.advance(0);
          for (const change of given) {
            const next = now + change.afterSeconds;
            if (next >= end) break;
            integral += Math.max(0, next - Math.max(now, lagSeconds)) * rate;
            now = next;
            sender.settle(now);
            expect(sender.totals.pages).toBe(log.sentPages);
            expect(sender.totals.zeroPages).toBe(log.sentZeroPages);
            // All but the page on its way.
            expect(sender.totals.bytes).toBeLessThanOrEqual(integral + 1e-3);
            expect(sender.totals.bytes).toBeGreaterThan(integral - 4112 - 1e-3);
            rate = change.rate;
            sender.setRate(rate);
            end = sender.advance(now);
          }
          integral += Math.max(0, end - Math.max(now, lagSeconds)) * rate;
          expect(integral / wholeBytes).toBeCloseTo(1, 9);
          sender.settle(end);
          expect(sender.roundIsOver()).toBe(true);
          expect(sender.totals).toEqual({ pages, zeroPages, bytes: wholeBytes });
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
