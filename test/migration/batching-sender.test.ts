import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchingSender, type BatchingSenderSettings } from "../../sim/migration/batching-sender.ts";
import { CountingLog } from "./counting-log.ts";

function batching(log: CountingLog, changes: Partial<BatchingSenderSettings>): BatchingSender {
  return new BatchingSender(log, {
    batchPages: 10,
    batchBytes: 16,
    pageBytes: 4104,
    peeks: false,
    hasRateLimit: true,
    capBytesPerSecond: Number.POSITIVE_INFINITY,
    copyBytesPerSecond: 5e6,
    latencySeconds: 0,
    slowStartLagSeconds: 0,
    ...changes,
  });
}

describe("a batching sender", () => {
  it("sends all that waits, with a header for each batch begun, and the round ends with its last byte", () => {
    const log = new CountingLog([{ pages: 95, zero: false }]);
    const sender = batching(log, { slowStartLagSeconds: 0.25 });
    sender.setRate(1e6);
    sender.begin(10);
    const bytes = 95 * 4104 + 10 * 16;
    const end = sender.advance(10);
    expect(end).toBeCloseTo(10.25 + bytes / 1e6, 12);
    sender.settle(end);
    expect(sender.roundIsOver()).toBe(true);
    expect(sender.totals).toEqual({ pages: 95, zeroPages: 0, bytes });
    // A round of nothing takes no time.
    expect(sender.advance(end)).toBe(end);
    sender.settle(end);
    expect(sender.roundIsOver()).toBe(true);
    log.add({ pages: 3, zero: false });
    expect(sender.advance(end)).toBeCloseTo(end + (3 * 4104 + 16) / 1e6, 12);
  });

  it("needs latency on top of the rate for the final copy to arrive", () => {
    const log = new CountingLog([
      { pages: 5, zero: false },
      { pages: 7, zero: true },
    ]);
    const sender = batching(log, { latencySeconds: 0.002, peeks: true });
    sender.setRate(1e6);
    sender.begin(0);
    const bytes = 12 * 4104 + 2 * 16;
    const seconds = bytes / 1e6;
    expect(sender.finalCopy(3)).toEqual({ writtenSeconds: seconds, arrivedSeconds: seconds + 0.002, bytes });
    expect(sender.totals).toEqual({ pages: 5, zeroPages: 7, bytes, skippedPages: 0 });
  });

  it("takes new limits up to what its host copies", () => {
    const sender = batching(new CountingLog([]), { capBytesPerSecond: 1e6 });
    expect(sender.changeLimits({ downtimeLimitSeconds: 1 })).toBe(false);
    expect(sender.changeLimits({ maxBandwidthBytesPerSecond: 2e6 })).toBe(true);
    expect(sender.capBytesPerSecond).toBe(2e6);
    sender.changeLimits({ maxBandwidthBytesPerSecond: 9e6 });
    expect(sender.capBytesPerSecond).toBe(5e6);
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
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.boolean(),
        fc.constantFrom(0, 0.3),
        changes,
        (pages, zeroPages, peeks, lagSeconds, given) => {
          const log = new CountingLog([{ pages, zero: false }]);
          if (zeroPages > 0) log.add({ pages: zeroPages, zero: true });
          const sender = batching(log, { peeks, slowStartLagSeconds: lagSeconds });
          const all = pages + zeroPages;
          const wholeBytes = all * 4104 + Math.ceil(all / 10) * 16;
          let [rate, now, integral, next] = [1e6, 0, 0, 0];
          const goOn = (to: number) => {
            integral += Math.max(0, to - Math.max(now, lagSeconds)) * rate;
            now = to;
            sender.settle(now);
            // All but the page on its way, and its batch's header.
            expect(sender.totals.bytes).toBeLessThanOrEqual(integral + 1e-3);
            expect(sender.totals.bytes).toBeGreaterThan(integral - 4104 - 16 - 1e-3);
          };
          sender.setRate(rate);
          sender.begin(0);
          next = sender.advance(0);
          for (const change of given) {
            const at = now + change.afterSeconds;
            while (at >= next && !sender.roundIsOver()) {
              goOn(next);
              next = sender.advance(now);
            }
            if (sender.roundIsOver()) break;
            goOn(at);
            rate = change.rate;
            sender.setRate(rate);
            next = sender.advance(now);
          }
          while (!sender.roundIsOver()) {
            goOn(next);
            next = sender.advance(now);
          }
          expect(integral / wholeBytes).toBeCloseTo(1, 9);
          expect(sender.totals).toMatchObject({ pages, zeroPages, bytes: wholeBytes });
        },
      ),
      { seed: 5, numRuns: 400 },
    );
  });
});
