import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRound, type RoundNumbers, roundCount, roundsOf } from "../../sim/migration/round-table.ts";
import type { RoundResult } from "../../sim/trace/migration-result.ts";
import "../support/fixed-seed.ts";

const pages = fc.nat({ max: 2 ** 31 - 1 });
const seconds = fc.double({ min: 0, max: 1e9, noNaN: true });
const row = fc.record({
  startSeconds: seconds,
  durationSeconds: seconds,
  pagesSent: pages,
  zeroPagesSent: pages,
  bytesSent: fc.maxSafeNat(),
  newlyDirtyPages: pages,
  dirtyPagesAtEnd: pages,
  throttle: fc.double({ min: 0, max: 1, noNaN: true }),
  final: fc.boolean(),
  pagesSkipped: fc.option(pages),
});

describe("the rounds of a migration as numbers", () => {
  it("come out as they went in", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const numbers: RoundNumbers = [];
        const expected: RoundResult[] = [];
        for (const [index, { pagesSkipped, ...given }] of rows.entries()) {
          // Nothing holds back a guest that stands still.
          const throttle = given.final ? 0 : given.throttle;
          addRound(
            numbers,
            given.startSeconds,
            given.durationSeconds,
            given.pagesSent,
            given.zeroPagesSent,
            given.bytesSent,
            given.newlyDirtyPages,
            given.dirtyPagesAtEnd,
            given.final ? null : throttle,
            pagesSkipped ?? Number.NaN,
          );
          const skipped = pagesSkipped === null ? {} : { pagesSkipped };
          expected.push({ round: index + 1, ...given, throttle, ...skipped });
        }
        expect(roundCount(numbers)).toBe(rows.length);
        expect(roundsOf(numbers)).toEqual(expected);
      }),
    );
  });
});
