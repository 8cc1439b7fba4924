import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PageLink, readPageLink, writePageLink } from "../../viz/model/page-link.ts";
import { SPEEDS } from "../../viz/model/playback.ts";
import "../support/fixed-seed.ts";

const positive = (max: number) => fc.double({ min: 0, max, noNaN: true });
const own = {
  memoryBytes: fc.integer({ min: 4096, max: 2 ** 45 }),
  usedShare: positive(1),
  writeRateFactor: positive(1000),
  linkBytesPerSecond: fc.integer({ min: 1, max: 1e12 }),
  downtimeLimitSeconds: fc.option(positive(2000)),
  profile: fc.string(),
  seed: fc.string({ minLength: 1 }),
};
const optional = {
  workload: fc.string({ minLength: 1 }),
  mode: fc.constantFrom("live", "quick", "post-copy" as const),
  mtuBytes: fc.integer({ min: 576, max: 65_535 }),
  packetLossShare: positive(1),
};
const whatIf = fc.record({ ...own, ...optional }, { requiredKeys: Object.keys(own) as (keyof typeof own)[] });
const link: fc.Arbitrary<PageLink> = fc.record(
  {
    t: positive(1e6),
    speedIndex: fc.nat(SPEEDS.length - 1),
    slowMotion: fc.boolean(),
    theme: fc.constantFrom("automatic", "light", "dark"),
    pageScale: fc.constantFrom("sqrt", "linear", "log"),
    migration: fc.nat(1000),
    whatIf,
    scenario: fc.constantFrom("qemu-postcopy", "x1"),
    lesson: fc.constantFrom("1-pause-and-move", "a"),
    step: fc.nat(100),
    hide: fc.uniqueArray(fc.constantFrom("rounds", "dirty-pages", "events"), { minLength: 1 }),
    embed: fc.constant(true),
    eventLog: fc.boolean(),
    kept: fc.record(
      {
        scenario: fc.constantFrom("qemu-postcopy", "x1"),
        vm: fc.string(),
        seed: fc.string(),
        numbers: fc.constant(null),
      },
      { requiredKeys: ["vm", "seed", "numbers"] },
    ),
    comparison: fc.constantFrom("overlaid", "side-by-side"),
    seeds: fc.integer({ min: 1, max: 5000 }),
    objectiveSeconds: positive(1e6),
  },
  { requiredKeys: [] },
);

describe("a link to the page", () => {
  it("brings back what was written, bit for bit", () => {
    fc.assert(
      fc.property(link, (state) => {
        expect(readPageLink(writePageLink(state))).toEqual({
          link: JSON.parse(JSON.stringify(state)),
          problem: null,
        });
      }),
    );
  });

  it("brings back the numbers of the kept run beside those of the present one", () => {
    fc.assert(
      fc.property(whatIf, whatIf, (numbers, others) => {
        const kept = { vm: "web01", seed: others.seed, numbers: others };
        const state = JSON.parse(JSON.stringify({ whatIf: numbers, kept }));
        expect(readPageLink(writePageLink({ whatIf: numbers, kept }))).toEqual({ link: state, problem: null });
      }),
    );
  });

  it("leaves out what is damaged, and never throws", () => {
    const { link, problem } = readPageLink("#v=1&t=abc&speed=3&theme=pink&scale=log&migration=1.5&memory=1&kept=no");
    expect(link).toEqual({ pageScale: "log" });
    expect(problem).toBe("Of the address, t, speed, theme, migration, memory, kept cannot be used and are left out.");
    expect(readPageLink("#v=2&t=1")).toEqual({ link: {}, problem: expect.stringContaining("version 2") });
    expect(readPageLink("#player")).toEqual({ link: {}, problem: null });
    fc.assert(
      fc.property(fc.string(), (hash) => {
        readPageLink(hash);
        readPageLink(`#v=1&${hash}`);
        readPageLink(`#v=1&kept=changed&memory=${hash}&zoom=${hash}&seeds=${hash}&kept-memory=1`);
      }),
    );
  });
});
