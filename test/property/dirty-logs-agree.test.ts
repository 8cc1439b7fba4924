/**
 * The dirty log by counts against its judge, the bitmap: the same migrations, 600 seeds each, must come out alike in
 * law. What this can find is shown by faults planted in the log by counts.
 */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Scenario, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { zipfLadder } from "../../sim/scenario/zipf.ts";
import { PreparedScenario } from "../../sim/simulate.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import { type Comparison, compare, describeComparison, differs, type Samples, samplesOf } from "./agreement.ts";
import {
  armedAtSync,
  type Fault,
  type LogArguments,
  oneDensity,
  pointerForgotten,
  remainderDropped,
} from "./planted-faults.ts";

const SEEDS = 600;

/** What stands in for parts of the simulator while a test wants it. */
const planted = vi.hoisted(() => ({
  log: null as unknown,
  /** Factor on the probability of every binomial draw that the log by counts makes. */
  bias: 1,
  /** Pages of a tracking chunk, in both logs: the product's 1 GiB is more than a guest here has. */
  chunkPages: 0,
}));

function withChunk([memory, activity, rearm, random]: LogArguments): LogArguments {
  if (rearm.kind === "at-sync" || planted.chunkPages === 0) return [memory, activity, rearm, random];
  return [memory, activity, { kind: "by-chunk", chunkPages: planted.chunkPages }, random];
}

vi.mock("../../sim/memory/statistical-dirty-log.ts", async (original) => {
  const { StatisticalDirtyLog: Log } = await original<typeof import("../../sim/memory/statistical-dirty-log.ts")>();
  // One class for each fault, made once: a class for each run would make runs many times slower.
  const faulty = new Map<Fault, typeof Log>();
  return {
    StatisticalDirtyLog: function make(...args: LogArguments) {
      const fault = planted.log as Fault | null;
      if (fault === null) return new Log(...withChunk(args));
      if (!faulty.has(fault)) faulty.set(fault, fault(Log));
      return new (faulty.get(fault) as typeof Log)(...withChunk(args));
    },
  };
});

vi.mock("../../sim/memory/bitmap-dirty-log.ts", async (original) => {
  const { BitmapDirtyLog: Log } = await original<typeof import("../../sim/memory/bitmap-dirty-log.ts")>();
  return {
    BitmapDirtyLog: function make(...args: LogArguments) {
      return new Log(...withChunk(args));
    },
  };
});

vi.mock("../../sim/kernel/distributions.ts", async (original) => {
  const actual = await original<typeof import("../../sim/kernel/distributions.ts")>();
  return {
    ...actual,
    binomial: (random: Parameters<typeof actual.binomial>[0], trials: number, probability: number) =>
      actual.binomial(random, trials, planted.bias === 1 ? probability : Math.min(1, probability * planted.bias)),
  };
});

interface Case {
  scenario: Scenario;
  chunkPages: number;
  /** See `differs`. */
  limit?: number;
}

/** QEMU moves a guest of 256 MiB with so much in use; fewer pages may wait at the stop than `limit` x bandwidth. */
function qemu(usedMib: number, classes: ScenarioPageClass[], mibPerSecond: number, limitSeconds: number): Scenario {
  return smallWorld({
    vms: [{ name: "vm", memoryBytes: 256 * MIB, usedBytes: usedMib * MIB, classes }],
    timeline: [
      migrate("vm", 1, "qemu-7.2", {
        maxBandwidthBytesPerSecond: mibPerSecond * MIB,
        downtimeLimitSeconds: limitSeconds,
      }),
    ],
    environment: { preset: "qemu-tcg-2-core" },
    horizonSeconds: 60,
  });
}

function byChunk(scenario: Scenario): Scenario {
  scenario.environment.overrides.tracksByChunk = true;
  return scenario;
}

const zipf = zipfLadder(32_768, 9_000, 0.9).map((rung) => writes(rung.firstPage, rung.pages, rung.writesPerSecond));

const CASES: Record<string, Case> = {
  uniform: { scenario: qemu(128, [writes(0, 16_384, 8_000)], 64, 0.1), chunkPages: 0 },
  "hot and cold": {
    scenario: qemu(200, [writes(0, 1_024, 8_000), writes(1_024, 25_600, 3_000)], 48, 0.1),
    chunkPages: 0,
  },
  "a sweep and an overlapping writer": {
    scenario: qemu(128, [writes(0, 16_384, 5_000, { pattern: "sweep" }), writes(8_000, 8_000, 3_000)], 64, 0.1),
    chunkPages: 0,
  },
  phases: {
    scenario: qemu(
      128,
      [writes(0, 16_384, 8_000, { startSeconds: 2, endSeconds: 4 }), writes(500, 26_000, 1_000)],
      64,
      0.1,
    ),
    chunkPages: 0,
  },
  "a Zipf ladder": { scenario: qemu(160, zipf, 64, 0.1), chunkPages: 0 },
  "chunks armed as the scan enters them": {
    scenario: byChunk(qemu(128, [writes(0, 16_384, 9_000), writes(10_000, 20_000, 2_000)], 64, 0.1)),
    chunkPages: 4_096,
  },
  "more chunks than are told apart": {
    scenario: byChunk(qemu(128, [writes(0, 16_384, 9_000), writes(10_000, 20_000, 2_000)], 64, 0.1)),
    chunkPages: 512,
    // Within 1 % in each round, not exact: chunks in which a segment begins are taken as armed with it.
    limit: 2,
  },
  "a sweep armed by chunks": {
    scenario: byChunk(
      qemu(128, [writes(0, 24_000, 6_000, { pattern: "sweep" }), writes(8_000, 8_000, 3_000)], 64, 0.1),
    ),
    chunkPages: 4_096,
  },
  "Hyper-V drains": {
    scenario: smallWorld({
      vms: [
        {
          name: "vm",
          memoryBytes: 128 * MIB,
          usedBytes: 96 * MIB,
          classes: [writes(0, 8_192, 5_000), writes(8_192, 16_000, 1_500)],
        },
      ],
      timeline: [migrate("vm", 1, "hyper-v-2008r2", { switchoverPages: 1500 })],
      environment: { preset: "hyper-v-2008r2-hosts", overrides: { alwaysDirtyPages: 3 } },
      networkBytesPerSecond: 50e6,
    }),
    chunkPages: 0,
  },
};
const NAMES = Object.keys(CASES);

const judges = new Map<string, Samples>();

function runs(name: string, dirtyLog: "statistical" | "bitmap"): Samples {
  const { scenario, chunkPages } = CASES[name];
  planted.chunkPages = chunkPages;
  const prepared = new PreparedScenario(scenario);
  const migrations = Array.from({ length: SEEDS }, (_, seed) => {
    return prepared.run({ seed: `${dirtyLog} ${seed}`, dirtyLog }).migrations[0];
  });
  return samplesOf(migrations);
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
  planted.log = null;
  planted.bias = 1;
});

describe("runs with either log", () => {
  it.each(NAMES)("are alike: %s", (name) => {
    const comparisons = comparisonsWithJudge(name);
    // Rounds, bytes, total time, downtime, and at least the full copy and one round after it.
    expect(comparisons.length).toBeGreaterThanOrEqual(6);
    const limit = CASES[name]?.limit ?? 1;
    expect(comparisons.filter((comparison) => differs(comparison, limit)).map(describeComparison)).toEqual([]);
  });
});

/** What the faults are, and where they must show. */
const FAULTS: { fault: string; plant: () => void; shows: string[] }[] = [
  {
    fault: "the carried remainder is dropped",
    plant: () => {
      planted.log = remainderDropped;
    },
    shows: ["uniform", "hot and cold", "phases", "a Zipf ladder"],
  },
  {
    fault: "one density stands for all memory",
    plant: () => {
      planted.log = oneDensity;
    },
    shows: ["hot and cold", "a sweep and an overlapping writer", "a Zipf ladder"],
  },
  {
    fault: "the scan pointer's place is forgotten",
    plant: () => {
      planted.log = pointerForgotten;
    },
    shows: ["hot and cold", "a sweep and an overlapping writer", "a sweep armed by chunks"],
  },
  {
    fault: "the sampler's probability is 2 % too high",
    plant: () => {
      planted.bias = 1.02;
    },
    shows: ["uniform", "phases", "chunks armed as the scan enters them", "Hyper-V drains"],
  },
  {
    fault: "chunks are armed at the read",
    plant: () => {
      planted.log = armedAtSync;
    },
    shows: ["chunks armed as the scan enters them", "more chunks than are told apart", "a sweep armed by chunks"],
  },
];

describe("the same comparison finds that", () => {
  for (const { fault, plant, shows } of FAULTS) {
    describe(fault, () => {
      it.each(shows)("in: %s", (name) => {
        plant();
        const found = comparisonsWithJudge(name).filter((comparison) => differs(comparison));
        expect(found.map(({ number }) => number)).not.toEqual([]);
        // No hair's breadth: a number is off by twice what would do.
        const farthest = Math.max(...found.map((one) => Math.max(one.differenceInMargins, one.distanceInBounds)));
        expect(farthest).toBeGreaterThan(2);
      });
    });
  }
});
