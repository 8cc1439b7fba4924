import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEGMENT_PAYLOAD_BYTES, SendSocket, slowStartLagSeconds } from "../../sim/network/tcp.ts";

describe("slow start", () => {
  it("costs nothing where the first window fills the link", () => {
    expect(slowStartLagSeconds(117.7e6, 0)).toBe(0);
    expect(slowStartLagSeconds(1e6, 10 * SEGMENT_PAYLOAD_BYTES * 1e-6)).toBe(0);
    expect(slowStartLagSeconds(1e6, 20 * SEGMENT_PAYLOAD_BYTES * 1e-6)).toBeGreaterThan(0);
  });
});

/**
 * A writer that blocks, byte by byte in time: it writes until the socket is full, sleeps until a third is free, fills it
 * again. The link drains from `drainsFrom` on.
 */
function steppedWrite(bytes: number, level: number, capacity: number, rate: number, drainsFrom: number): number {
  const step = capacity / rate / 20_000;
  let left = bytes - Math.min(bytes, capacity - level);
  let full = level + bytes - left;
  if (left === 0) return 0;
  let now = 0;
  while (left > 0) {
    now += step;
    if (now > drainsFrom) full -= rate * step;
    if (full <= capacity - capacity / 3 + 1e-9) {
      const written = Math.min(left, capacity - full);
      left -= written;
      full += written;
    }
  }
  return now;
}

describe("a sender's socket", () => {
  const given = fc.record({
    capacity: fc.constantFrom(60_000, 4.2e6),
    fill: fc.double({ min: 0, max: 1, noNaN: true }),
    writes: fc.double({ min: 0.01, max: 6, noNaN: true }),
    rate: fc.constantFrom(1e6, 117.7e6),
  });

  it("takes as long to accept a write as a writer that sleeps until a third is free", () => {
    fc.assert(
      fc.property(given, fc.constantFrom(0, 0.5), ({ capacity, fill, writes, rate }, opening) => {
        const socket = new SendSocket(capacity);
        const drainsFrom = opening * (capacity / rate);
        socket.blockUntil(drainsFrom);
        socket.accept(fill * capacity, 0, rate);
        const bytes = Math.floor(writes * capacity);
        const third = capacity / 3;
        // Where the write fills the socket to within rounding of a wake, one more or less is a matter of rounding.
        const over = fill * capacity + bytes - capacity;
        fc.pre(over < 0 || Math.abs(over / third - Math.round(over / third)) > 1e-3);
        const seconds = socket.writeSeconds(bytes, 0, rate);
        const stepped = steppedWrite(bytes, fill * capacity, capacity, rate, drainsFrom);
        expect(Math.abs(seconds - stepped)).toBeLessThanOrEqual(0.01 * third * (1 / rate) + 0.002 * stepped);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("drains at the link's rate, down to nothing, once it drains at all", () => {
    const socket = new SendSocket(1e6);
    socket.blockUntil(1);
    socket.accept(600_000, 0.5, 1e5);
    expect(socket.level(1, 1e5)).toBe(600_000);
    expect(socket.level(3, 1e5)).toBeCloseTo(400_000, 6);
    expect(socket.level(4, 2e5)).toBeCloseTo(200_000, 6);
    expect(socket.level(50, 2e5)).toBe(0);
  });

  it("accepts within a time what takes no longer to write", () => {
    fc.assert(
      fc.property(given, fc.double({ min: 0, max: 3, noNaN: true }), ({ capacity, fill, rate }, fills) => {
        const seconds = (fills * capacity) / rate;
        const socket = new SendSocket(capacity);
        socket.accept(fill * capacity, 0, rate);
        const accepted = socket.bytesAcceptedAfter(seconds, 0, rate);
        const grain = capacity * 1e-9 + 1e-6;
        expect(socket.writeSeconds(Math.max(0, accepted - grain), 0, rate)).toBeLessThanOrEqual(seconds + 1e-9);
        expect(socket.writeSeconds(accepted + grain, 0, rate)).toBeGreaterThan(seconds - 1e-9);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("holds what it held where time is skipped with as much written as drained", () => {
    const socket = new SendSocket(1e6);
    socket.accept(700_000, 0, 1e5);
    socket.skipTo(100);
    expect(socket.level(100, 1e5)).toBe(700_000);
    expect(socket.level(101, 1e5)).toBe(600_000);
  });
});
