import { expect, it } from "vitest";
import { fitLine, formatProgress } from "../../src/progress.ts";

it("gives count, time so far and an estimate of the rest", () => {
  expect(formatProgress({ done: 40, total: 160, of: "runs" }, 10.2)).toBe(
    "40 of 160 runs, 10 s so far, about 31 s to go; Ctrl-C stops",
  );
});

it("gives no estimate before there is something to estimate from", () => {
  expect(formatProgress(null, 2.9)).toBe("simulating, 2 s so far; Ctrl-C stops");
  expect(formatProgress({ done: 0, total: 160, of: "runs" }, 2.9)).toBe("simulating, 2 s so far; Ctrl-C stops");
});

it("gives shares in per cent", () => {
  const line = "34 %, 1 s so far, about 3 s to go; Ctrl-C stops";
  expect(formatProgress({ done: 344, total: 1000, of: null }, 1.1)).toBe(line);
});

it("stays in one line of a narrow terminal, whose last column it leaves empty", () => {
  const line = "1234 of 20000 tasks, 17 s so far, about 260 s to go; Ctrl-C stops";
  expect(fitLine(line, 80)).toBe(line);
  expect(fitLine(line, line.length + 1)).toBe(line);
  expect(fitLine(line, line.length)).toBe("1234 of 20000 tasks, 17 s so far, about 260 s to go");
  expect(fitLine(line, 20)).toBe("1234 of 20000 tasks");
  expect([undefined, 0].map((columns) => fitLine(line.repeat(2), columns).length)).toEqual([79, 79]);
});
