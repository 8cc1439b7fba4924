/** What a path lets its connections carry and hold: closed forms. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossLimitBytesPerSecond, sendBufferBytes, slowStartLagSeconds } from "../../sim/network/tcp.ts";
import "../support/fixed-seed.ts";

const GIGABIT = 117.7e6;
const path = (changes = {}) => ({
  bytesPerSecond: GIGABIT,
  roundTripSeconds: 0.01,
  queueBytes: Number.POSITIVE_INFINITY,
  lossShare: 0,
  ...changes,
});

describe("slow start", () => {
  it("loses what each round trip's window leaves of the link: 10, 20, 40, ... segments", () => {
    // 80 segments fill the link: the round trips with 10, 20 and 40 lose 7/8, 3/4 and 1/2 of it.
    const roundTripSeconds = 0.02;
    const bytesPerSecond = (80 * 1448) / roundTripSeconds;
    expect(slowStartLagSeconds(bytesPerSecond, roundTripSeconds)).toBeCloseTo(
      roundTripSeconds * (0.875 + 0.75 + 0.5),
      12,
    );
  });

  it("loses nothing where the first window fills the link, and all of a round trip more for each doubling of it", () => {
    expect(slowStartLagSeconds((10 * 1448) / 0.01, 0.01)).toBe(0);
    const lag = (segments: number) => slowStartLagSeconds((segments * 1448) / 0.01, 0.01);
    expect(lag(2 ** 14 * 10) - lag(2 ** 13 * 10)).toBeCloseTo(0.01, 5);
  });

  it("comes within the measured lags of 1 Gbit/s: 2, 27, 75 and 138 ms", () => {
    for (const [roundTripMs, measuredMs] of [
      [1, 2],
      [5, 27],
      [10, 75],
      [20, 138],
    ] as const) {
      const lagMs = 1000 * slowStartLagSeconds(GIGABIT, roundTripMs / 1000);
      expect(lagMs).toBeLessThanOrEqual(measuredMs + 1);
      expect(lagMs).toBeGreaterThan(0.7 * measuredMs);
    }
  });
});

describe("random loss", () => {
  it("limits a connection to payload / round trip x sqrt(1.5 / loss)", () => {
    expect(lossLimitBytesPerSecond(0.02, 1e-6)).toBeCloseTo((1448 / 0.02) * Math.sqrt(1.5 / 1e-6), 0);
    expect(lossLimitBytesPerSecond(0.02, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(lossLimitBytesPerSecond(0, 0.01)).toBe(Number.POSITIVE_INFINITY);
  });

  it("halves with twice the round trip, and with four times the loss", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 1, noNaN: true }),
        fc.double({ min: 1e-8, max: 0.2, noNaN: true }),
        (rtt, loss) => {
          const limit = lossLimitBytesPerSecond(rtt, loss);
          expect(lossLimitBytesPerSecond(2 * rtt, loss) / limit).toBeCloseTo(0.5, 9);
          expect(lossLimitBytesPerSecond(rtt, 4 * loss) / limit).toBeCloseTo(0.5, 9);
        },
      ),
    );
  });
});

describe("the send buffer", () => {
  it("is the system's largest where the queue is not known", () => {
    expect(sendBufferBytes(path(), 1, 4.2e6)).toBe(4.2e6);
  });

  it("is twice the window that path and queue hold, 2304 bytes of memory a segment", () => {
    const small = path({ bytesPerSecond: 23.5e6, roundTripSeconds: 0.002, queueBytes: 300_000 });
    const segments = (23.5e6 * 0.002) / 1448 + 300_000 / 1514;
    expect(sendBufferBytes(small, 1, 4.2e6)).toBeCloseTo(2 * 2304 * segments, 6);
    // Measured on such a link: 0.98 MB in the socket as the last byte was written.
    expect(sendBufferBytes(small, 1, 4.2e6)).toBeGreaterThan(0.98e6);
    expect(sendBufferBytes(small, 1, 4.2e6)).toBeLessThan(1.2e6);
  });

  it("is shared out among connections, and never below the first window", () => {
    const known = path({ queueBytes: 1e6 });
    expect(4 * sendBufferBytes(known, 4, 1e9)).toBeCloseTo(sendBufferBytes(known, 1, 1e9), 3);
    expect(sendBufferBytes(path({ queueBytes: 1514, roundTripSeconds: 0 }), 1, 4.2e6)).toBe(2 * 2304 * 10);
  });

  it("does not grow with the number of connections where the queue is not known", () => {
    // One fills its buffer; many share what path and such a queue hold, until the first window of each is more than that.
    const together = (streams: number) => streams * sendBufferBytes(path(), streams, 4.2e6);
    const pathBytes = 2 * 2304 * ((GIGABIT * 0.01) / 1448);
    for (const streams of [2, 4, 16, 64, 128]) expect(together(streams)).toBeCloseTo(pathBytes + 4.2e6, 3);
    expect(together(255)).toBe(255 * 2 * 2304 * 10);
  });

  it("lets many connections fill a long path, each with the system's largest at the most", () => {
    const long = path({ bytesPerSecond: 10 * GIGABIT, roundTripSeconds: 0.1 });
    expect(sendBufferBytes(long, 8, 4.2e6)).toBe(4.2e6);
    expect(255 * sendBufferBytes(long, 255, 4.2e6)).toBeGreaterThan(10 * GIGABIT * 0.1);
  });

  it("is small where loss keeps the window small", () => {
    expect(sendBufferBytes(path({ lossShare: 1e-2 }), 1, 4.2e6)).toBeCloseTo(2 * 2304 * Math.sqrt(1.5 / 1e-2), 6);
  });
});
