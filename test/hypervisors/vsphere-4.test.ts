/** Laws of VMotion in vSphere 4: quick resume, one adapter. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { Overrides, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import type { RunResult } from "../../sim/trace/result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const GIGABIT = 125e6;
const PAGE_ON_WIRE = 4096 + 16;
const goodput = (bytesPerSecond: number) => goodputBytesPerSecond(bytesPerSecond, 1500);

interface Case {
  overrides?: Overrides;
  classes?: ScenarioPageClass[];
  usedMib?: number;
  networkBytesPerSecond?: number;
  profile?: string;
  latencySeconds?: number;
}

function runAll({ overrides = {}, profile = "vsphere-4", ...given }: Case): RunResult {
  const { classes = [], usedMib = 256, networkBytesPerSecond = GIGABIT, latencySeconds = 0 } = given;
  return simulate(
    smallWorld({
      vms: [{ name: "vm", memoryBytes: usedMib * MIB, usedBytes: usedMib * MIB, classes }],
      timeline: [migrate("vm", 0, profile, overrides)],
      environment: { preset: "vsphere-4-hosts", overrides: { alwaysDirtyPages: 0 } },
      networkBytesPerSecond,
      latencySeconds,
      horizonSeconds: 300,
    }),
  );
}

const run = (given: Case) => runAll(given).migrations[0] as MigrationResult;

/** All written in any pass: what a pass leaves is what it sent. */
const writtenAllOver = [writes(0, 40_000, 100_000, { pattern: "sweep" })];

describe("quick resume", () => {
  it("ends passes that make no progress, without a copy of pages in the downtime", () => {
    const { outcome, endedBy, rounds, blackout, postcopy } = run({ classes: writtenAllOver });
    expect({ outcome, endedBy }).toEqual({ outcome: "completed", endedBy: "quick-resume" });
    expect(rounds.map(({ pagesSent }) => pagesSent).slice(0, 2)).toEqual([65_536, 40_000]);
    expect(blackout.map(({ part }) => part)).not.toContain("final-copy");
    expect(postcopy?.pages).toBe(40_000);
  });

  it("takes the guest's downtime away from what is left: it is the same for twice the pages", () => {
    const downtime = (pages: number) =>
      run({ classes: [writes(0, pages, 200_000, { pattern: "sweep" })] }).downtimeSeconds as number;
    expect(downtime(60_000)).toBeCloseTo(downtime(30_000), 9);
    // Sent within the downtime, 60,000 pages would take 2.1 s.
    expect(downtime(60_000)).toBeLessThan(0.3);
  });

  it("sends each page that was left once", () => {
    const { transferredBytes, postcopy } = run({ classes: writtenAllOver });
    const pages = 65_536 + 40_000 + 40_000;
    expect(transferredBytes).toBe(pages * PAGE_ON_WIRE + 4_194_304);
    expect(postcopy?.seconds).toBeLessThanOrEqual((40_000 * PAGE_ON_WIRE) / goodput(GIGABIT) + 0.01);
  });

  it("lets the guest wait for what it misses, the longer the farther away the source is", () => {
    const waited = (latencySeconds: number) =>
      run({ classes: writtenAllOver, latencySeconds }).brownoutSeconds as number;
    expect(waited(0)).toBeGreaterThan(0);
    expect(waited(0.004)).toBeGreaterThan(waited(0));
    // No longer than it runs ahead of its memory.
    const far = run({ classes: writtenAllOver, latencySeconds: 0.004 });
    expect(far.brownoutSeconds).toBeLessThanOrEqual(far.postcopy?.seconds as number);
  });

  it("gives the migration up where it is switched off", () => {
    const { outcome, endedBy, downtimeSeconds } = run({ classes: writtenAllOver, overrides: { quickResume: false } });
    expect({ outcome, endedBy, downtimeSeconds }).toEqual({
      outcome: "cancelled",
      endedBy: "no-progress",
      downtimeSeconds: null,
    });
  });

  it("comes only where pages are dirtied about as fast as they go out", () => {
    const linkPagesPerSecond = goodput(GIGABIT) / PAGE_ON_WIRE;
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 2, noNaN: true }), (share) => {
        // More than a sweep gets around in any pass but the first: a pass leaves `share` of what it sent.
        const classes = [writes(0, 65_536, share * linkPagesPerSecond, { pattern: "sweep" })];
        const { endedBy } = run({ classes });
        if (share < 0.88) expect(endedBy).toBe("left-within-switchover-time");
        if (share > 0.92) expect(endedBy).toBe("quick-resume");
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe("adapters", () => {
  it("are used one at a time, where vSphere 5 uses all", () => {
    const seconds = (profile: string, nics: number) => {
      const { rounds } = run({ profile, networkBytesPerSecond: 4 * GIGABIT, overrides: { nics } });
      return (rounds[0] as RoundResult).durationSeconds;
    };
    const bytes = 65_536 * PAGE_ON_WIRE;
    expect(seconds("vsphere-4", 1)).toBeCloseTo(bytes / goodput(4 * GIGABIT), 9);
    expect(seconds("vsphere-4", 4)).toBeCloseTo(bytes / goodput(GIGABIT), 9);
    expect(seconds("vsphere-5", 4)).toBeCloseTo(bytes / goodput(4 * GIGABIT), 9);
  });
});

describe("assumptions", () => {
  const of = (overrides: Overrides) => runAll({ overrides }).assumptions.map(({ name }) => name);

  it("tell of waiting for pages only where a guest may have to", () => {
    expect(of({})).toContain("vsphere-4.pageRequest");
    expect(of({ quickResume: false })).not.toContain("vsphere-4.pageRequest");
  });
});
