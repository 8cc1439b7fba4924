/**
 * Peeking at the dirty log: counts against their judge, the bitmap, over migrations of old Xen, which passes over what is
 * dirty again. 500 seeds on either side: logs of one law fail one comparison in 3000, logs whose means differ by a third of a
 * deviation pass one in 20 (agreement.ts says how).
 */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Overrides, Scenario, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { PreparedScenario } from "../../sim/simulate.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import { type Comparison, compare, describeComparison, differs, type Samples, samplesOf } from "./agreement.ts";

const SEEDS = 500;
/** Where nothing but the few pages that any guest writes is left to chance. */
const SEEDS_OF_SWEEPS = 50;

const planted = vi.hoisted(() => ({ fault: "" }));

vi.mock("../../sim/memory/peeked-segment.ts", async (original) => {
  const actual = await original<typeof import("../../sim/memory/peeked-segment.ts")>();
  const note: typeof actual.notePassed = (peeked, sent, skipped, clean, hazard) => {
    const forgotten = planted.fault === "what was passed over is forgotten";
    const blurred = planted.fault === "sent pages are tracked since the read";
    actual.notePassed(peeked, sent, forgotten ? 0 : skipped, blurred ? 1 : clean, hazard);
  };
  const clean: typeof actual.cleanProbability = (hazard, step, batches) => {
    if (planted.fault === "all batches of a stride are peeked at with its first")
      return actual.cleanProbability(hazard, 0, 1);
    if (planted.fault === "nothing is ever dirty at a peek") return 1;
    return actual.cleanProbability(hazard, step, batches);
  };
  return { ...actual, notePassed: note, cleanProbability: clean };
});

/** XenServer moves a guest of 128 MiB, 96 of them in use. With 64 pages to a batch, there are more batches than are told apart. */
function xenServer(classes: ScenarioPageClass[], overrides: Overrides = {}): Scenario {
  return smallWorld({
    vms: [{ name: "vm", memoryBytes: 128 * MIB, usedBytes: 96 * MIB, classes }],
    timeline: [migrate("vm", 1, "xenserver-5", { roundLimit: 5, ...overrides })],
    environment: { preset: "xen-hosts", overrides: { alwaysDirtyPages: 3 } },
    networkBytesPerSecond: 50e6,
  });
}

const SMALL = { batchPages: 64 };
const hotAndCold = [writes(0, 2_048, 8_000), writes(2_048, 16_000, 3_000)];
const sweep = [writes(2_000, 16_384, 8_000, { pattern: "sweep" })];

const CASES: Record<string, Scenario> = {
  uniform: xenServer([writes(0, 16_384, 8_000)]),
  "uniform, small batches": xenServer([writes(0, 16_384, 8_000)], { ...SMALL, roundLimit: 2 }),
  "hot and cold": xenServer(hotAndCold),
  "hot and cold, small batches": xenServer(hotAndCold, { ...SMALL, roundLimit: 2 }),
  "a sweep": xenServer(sweep),
  "a sweep, small batches": xenServer(sweep, { ...SMALL, roundLimit: 2 }),
  "a sweep as fast as the link": xenServer([writes(2_000, 8_000, 12_000, { pattern: "sweep" })]),
  "a sweep and an overlapping writer": xenServer([
    writes(0, 16_384, 5_000, { pattern: "sweep" }),
    writes(8_000, 8_000, 3_000),
  ]),
  overlapping: xenServer([writes(0, 16_384, 5_000), writes(8_000, 8_000, 3_000), writes(100, 500, 2_000)]),
  phases: xenServer([writes(0, 16_384, 12_000, { startSeconds: 2, endSeconds: 4.2 }), writes(500, 20_000, 1_000)]),
  "twelve rounds": xenServer([writes(0, 3_000, 9_000), writes(3_000, 3_000, 3_000)], {
    roundLimit: 12,
    memoryFactor: 100,
  }),
};

const judges = new Map<string, Samples>();

function runs(name: string, dirtyLog: "statistical" | "bitmap"): Samples {
  const prepared = new PreparedScenario(CASES[name]);
  const isLeftToChance = CASES[name].vms[0].classes.some(({ pattern }) => pattern === "uniform");
  const seeds = isLeftToChance ? SEEDS : SEEDS_OF_SWEEPS;
  const migrations = Array.from({ length: seeds }, (_, seed) => {
    return prepared.run({ seed: `${dirtyLog} ${seed}`, dirtyLog }).migrations[0];
  });
  const samples = samplesOf(migrations);
  const skipped = migrations.map(({ rounds }) =>
    rounds.reduce((sum, { pagesSkipped }) => sum + (pagesSkipped ?? 0), 0),
  );
  samples.set("skipped", skipped);
  return samples;
}

function comparisonsWithJudge(name: string): Comparison[] {
  let judge = judges.get(name);
  if (judge === undefined) {
    judge = runs(name, "bitmap");
    judges.set(name, judge);
  }
  return compare(judge, runs(name, "statistical"));
}

beforeEach(() => {
  planted.fault = "";
});

describe("runs with either log", () => {
  it.each(Object.keys(CASES))("are alike: %s", (name) => {
    const comparisons = comparisonsWithJudge(name);
    expect(
      judges
        .get(name)
        ?.get("skipped")
        ?.every((pages) => pages > 100),
    ).toBe(true);
    expect(comparisons.filter((comparison) => differs(comparison)).map(describeComparison)).toEqual([]);
  });
});

const FAULTS: Record<string, string[]> = {
  "what was passed over is forgotten": ["uniform", "hot and cold"],
  "sent pages are tracked since the read": ["uniform", "hot and cold"],
  "all batches of a stride are peeked at with its first": ["uniform, small batches"],
  "nothing is ever dirty at a peek": ["hot and cold", "a sweep and an overlapping writer"],
};

describe("the same comparison finds that", () => {
  for (const [fault, shows] of Object.entries(FAULTS)) {
    it.each(shows)(`${fault}: %s`, (name) => {
      planted.fault = fault;
      const found = comparisonsWithJudge(name).map((one) => Math.max(one.differenceInMargins, one.distanceInBounds));
      // No hair's breadth: a number is off by twice what would do.
      expect(Math.max(...found)).toBeGreaterThan(2);
    });
  }
});
