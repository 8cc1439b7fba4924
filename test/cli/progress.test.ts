import { expect, it } from "vitest";
import { formatProgress } from "../../src/progress.ts";

it("gives count, time so far and an estimate of the rest", () => {
  expect(formatProgress({ done: 40, total: 160, of: "runs" }, 10.2)).toBe(
    "40 of 160 runs, 10 s so far, about 31 s to go; Ctrl-C stops",
  );
});

it("gives no estimate before there is something to estimate from", () => {
  expect(formatProgress(null, 2.9)).toBe("simulating, 2 s so far; Ctrl-C stops");
  expect(formatProgress({ done: 0, total: 160, of: "runs" }, 2.9)).toBe("simulating, 2 s so far; Ctrl-C stops");
});
