/** The likelihood of calc-dirty-rate's answers, against its own total and against sampling played through. */
import { describe, expect, test } from "vitest";
import { PAGE_BYTES, RandomStreams } from "../../../sim/index.ts";
import { likelihoodOf } from "../../../src/planning/planner/reading-likelihood.ts";
import { askDirtyRate } from "../../../src/planning/planner/synthetic-guest.ts";
import type { DirtyRateReading } from "../../../src/sources/measured-run.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const QUESTIONS = [
  { mode: "page-sampling", calcTimeSeconds: 1, samplePagesPerGiB: 512 },
  { mode: "page-sampling", calcTimeSeconds: 3, samplePagesPerGiB: 512 },
  { mode: "page-sampling", calcTimeSeconds: 3, samplePagesPerGiB: 8192 },
  { mode: "page-sampling", calcTimeSeconds: 7, samplePagesPerGiB: 1000 },
  { mode: "dirty-bitmap", calcTimeSeconds: 3 },
] as const;

/** Of each answer from 0 to all memory over the interval, where so many pages are dirtied. */
function probabilities(
  question: Omit<DirtyRateReading, "dirtyRateMiBPerSecond">,
  memoryBytes: number,
  dirtied: number,
) {
  const most = memoryBytes / MIB / question.calcTimeSeconds;
  const found: number[] = [];
  for (let answer = 0; answer <= most; answer++) {
    const likelihood = likelihoodOf({ ...question, dirtyRateMiBPerSecond: answer }, memoryBytes);
    found.push(Math.exp(likelihood.logLikelihood(dirtied)));
  }
  return found;
}

describe.each(QUESTIONS)("$mode over $calcTimeSeconds s", (question) => {
  test.each([0.75 * GIB, GIB])("the probabilities of all answers add up to 1 (%d bytes)", (memoryBytes) => {
    for (const dirtied of [3, 900, 40_000, 150_000]) {
      const total = probabilities(question, memoryBytes, dirtied).reduce((sum, share) => sum + share, 0);
      expect(total).toBeCloseTo(1, 2);
    }
  });

  test("the likeliest answer is what is dirtied over the interval, rounded down", () => {
    const dirtied = 90_000;
    const shares = probabilities(question, GIB, dirtied);
    const likeliest = shares.indexOf(Math.max(...shares));
    const rate = (dirtied * PAGE_BYTES) / MIB / question.calcTimeSeconds;
    // With few samples most answers cannot be given at all: the grid is up to 2 MiB/s wide at 512 over 1 s.
    expect(Math.abs(likeliest - rate)).toBeLessThanOrEqual(2);
  });
});

/**
 * 4000 answers against their probabilities, in cells that expect 5 or more. At the 99.9 % point of chi-square a sound
 * likelihood fails once in a thousand seeds; rounding to the nearest instead of down, or 512 samples taken for 460, gives
 * hundreds over it.
 */
test.each([
  [QUESTIONS[0], 3000],
  [QUESTIONS[1], 20_000],
  [QUESTIONS[3], 8000],
] as const)("answers of sampling played through fall as the likelihood says: %o", (question, pages) => {
  const guest = { family: "", classes: [{ pattern: "sweep" as const, pages, writesPerSecond: 1e6 }] };
  const random = new RandomStreams("likelihood").stream("answers");
  const answers = 4000;
  const seen = new Map<number, number>();
  for (let trial = 0; trial < answers; trial++) {
    const { dirtyRateMiBPerSecond } = askDirtyRate(guest, question, GIB, random);
    seen.set(dirtyRateMiBPerSecond, (seen.get(dirtyRateMiBPerSecond) ?? 0) + 1);
  }
  const spoilt = 0.01;
  let chiSquare = 0;
  let cells = 0;
  for (const [answer, share] of probabilities(question, GIB, pages + 3).entries()) {
    const sayable = GIB / MIB / question.calcTimeSeconds + 1;
    const expected = (answers * (share - spoilt / sayable)) / (1 - spoilt);
    if (expected < 5) continue;
    chiSquare += ((seen.get(answer) ?? 0) - expected) ** 2 / expected;
    cells++;
  }
  expect(cells).toBeGreaterThan(5);
  expect(chiSquare).toBeLessThan(cells + 3.1 * Math.sqrt(2 * cells) + 6);
});

test("a reading that contradicts the others is spoilt, not proof", () => {
  const nothing = likelihoodOf({ mode: "dirty-bitmap", calcTimeSeconds: 1, dirtyRateMiBPerSecond: 0 }, GIB);
  expect(nothing.logLikelihood(100_000)).toBeGreaterThan(Math.log(1e-6));
  expect(nothing.logLikelihood(100_000)).toBeLessThan(nothing.logLikelihood(10));
});

test("QEMU's default number of samples is taken where none is said", () => {
  const reading = { mode: "page-sampling", calcTimeSeconds: 1, dirtyRateMiBPerSecond: 40 } as const;
  const asked = likelihoodOf({ ...reading, samplePagesPerGiB: 512 }, GIB);
  expect(likelihoodOf(reading, GIB).logLikelihood(9000)).toBe(asked.logLikelihood(9000));
});
