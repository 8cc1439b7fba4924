import { describe, expect, it } from "vitest";
import {
  attemptSeconds,
  firstAttemptAfter,
  retransmissionTimers,
  timeoutSeconds,
} from "../../sim/network/retransmission.ts";

const linux = retransmissionTimers("linux");
const windows = retransmissionTimers("windows");
const attempts = [1, 2, 3, 4, 5];

describe("retransmissions", () => {
  it("leave 210, 420, 840 and 1680 ms after the segment where a Linux sender's guest answers in 10 ms, as measured", () => {
    const times = attempts.slice(0, 4).map((attempt) => attemptSeconds(linux, 0.01, attempt));
    for (const [index, seconds] of [0.21, 0.42, 0.84, 1.68].entries()) expect(times[index]).toBeCloseTo(seconds, 12);
    const measured = [0.21, 0.42, 0.85, 1.68];
    for (const [index, seconds] of measured.entries()) {
      expect(Math.abs((times[index] as number) / seconds - 1)).toBeLessThan(0.1);
    }
  });

  it("leave 0.3, 0.9, 2.1, 4.5 and 9.3 s after it where Windows sends", () => {
    const times = attempts.map((attempt) => attemptSeconds(windows, 0.001, attempt));
    for (const [index, seconds] of [0.3, 0.9, 2.1, 4.5, 9.3].entries()) expect(times[index]).toBeCloseTo(seconds, 12);
  });

  it("are never further apart than the greatest time-out", () => {
    for (const timers of [linux, windows]) {
      const gap = attemptSeconds(timers, 0.01, 30) - attemptSeconds(timers, 0.01, 29);
      expect(gap).toBeCloseTo(120, 9);
    }
  });

  it("are found by time as by number", () => {
    for (const timers of [linux, windows]) {
      for (const attempt of attempts) {
        const seconds = attemptSeconds(timers, 0.02, attempt);
        expect(firstAttemptAfter(timers, 0.02, seconds)).toEqual({ attempt, afterSeconds: seconds });
        expect(firstAttemptAfter(timers, 0.02, seconds + 1e-9).attempt).toBe(attempt + 1);
      }
      expect(firstAttemptAfter(timers, 0.02, -1).attempt).toBe(1);
    }
  });

  it("wait a round trip more than the least in Linux, the greater of both elsewhere", () => {
    expect(timeoutSeconds(linux, 0.5)).toBeCloseTo(0.7, 12);
    expect(timeoutSeconds(windows, 0.5)).toBe(0.5);
    expect(timeoutSeconds(windows, 0.1)).toBe(0.3);
  });
});
