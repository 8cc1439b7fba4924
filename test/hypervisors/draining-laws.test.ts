/** What holds in every profile that sends a pass to its end, whatever the guest and the link. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const HOSTS_OF = {
  "hyper-v-2008r2": "hyper-v-2008r2-hosts",
  "hyper-v-2012r2": "hyper-v-2012r2-hosts",
  "hyper-v-2016": "hyper-v-2016-hosts",
  "vsphere-4": "vsphere-4-hosts",
  "vsphere-5": "vsphere-5-hosts",
} as const;
type ProfileName = keyof typeof HOSTS_OF;
const PROFILES = Object.keys(HOSTS_OF) as ProfileName[];
const RATES = [12.5e6, 125e6, 5e8, 1.25e9, 5e9];
/** Of a page in use, as 0.4 of it is what it compresses to. */
const leastPageBytes = (profile: ProfileName) =>
  profile === "hyper-v-2012r2" || profile === "hyper-v-2016" ? 1638 : 4096;

function run(
  profile: ProfileName,
  usedMib: number,
  networkBytesPerSecond: number,
  classes: ScenarioPageClass[] = [],
): MigrationResult {
  const [migration] = simulate(
    smallWorld({
      vms: [{ name: "vm", memoryBytes: 2 * usedMib * MIB, usedBytes: usedMib * MIB, classes }],
      timeline: [migrate("vm", 0, profile)],
      environment: { preset: HOSTS_OF[profile], overrides: { alwaysDirtyPages: 0 } },
      networkBytesPerSecond,
      horizonSeconds: 1000,
    }),
  ).migrations;
  return migration as MigrationResult;
}

const profile = fc.constantFrom(...PROFILES);
const usedMib = fc.integer({ min: 4, max: 128 });
const rate = fc.constantFrom(...RATES);
const classes = fc.record({
  share: fc.double({ min: 0.05, max: 1, noNaN: true }),
  writesPerSecond: fc.constantFrom(50, 3_000, 40_000),
  pattern: fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
});
type Writing = { share: number; writesPerSecond: number; pattern: "uniform" | "sweep" };

const classesFor = (mib: number, { share, writesPerSecond, pattern }: Writing) => [
  writes(0, Math.max(1, Math.floor(mib * 256 * share)), writesPerSecond, { pattern }),
];

describe("a guest that writes nothing", () => {
  it("takes one pass and an empty last copy, and more bandwidth never makes it slower", () => {
    fc.assert(
      fc.property(profile, usedMib, (name, mib) => {
        const migrations = RATES.map((bytesPerSecond) => run(name, mib, bytesPerSecond));
        for (const { outcome, rounds } of migrations) {
          expect(outcome).toBe("completed");
          expect(rounds).toHaveLength(2);
          expect((rounds[1] as RoundResult).pagesSent).toBe(0);
        }
        const totals = migrations.map(({ totalSeconds }) => totalSeconds as number);
        for (const [index, total] of totals.slice(1).entries())
          expect(total).toBeLessThanOrEqual((totals[index] as number) + 1e-9);
        // Zero pages are compressed as fast as the processors can, whatever the link.
        if (leastPageBytes(name) < 4096) return;
        // Ten times the bandwidth is a tenth of the time, where the link is what limits.
        const [slow, fast] = migrations.map(({ rounds }) => (rounds[0] as RoundResult).durationSeconds);
        expect((slow as number) / (fast as number)).toBeCloseTo(10, 1);
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});

describe("any guest", () => {
  it("has at least its memory in use sent, and stands still at least as long as the last copy needs", () => {
    fc.assert(
      fc.property(profile, usedMib, rate, classes, (name, mib, bytesPerSecond, writing) => {
        const { outcome, transferredBytes, rounds, downtimeSeconds, blackout } = run(
          name,
          mib,
          bytesPerSecond,
          classesFor(mib, writing),
        );
        expect(outcome).toBe("completed");
        expect(transferredBytes).toBeGreaterThanOrEqual(mib * 256 * leastPageBytes(name));
        const last = rounds.at(-1) as RoundResult;
        if (last.final)
          expect(downtimeSeconds).toBeGreaterThanOrEqual(last.bytesSent / goodputBytesPerSecond(bytesPerSecond, 1500));
        expect(blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(downtimeSeconds as number, 9);
        // A pass sends what was dirty as it began, no more and no less.
        rounds.slice(1, -1).forEach(({ pagesSent, zeroPagesSent }, index) => {
          expect(zeroPagesSent).toBe(0);
          expect(pagesSent).toBe((rounds[index] as RoundResult).dirtyPagesAtEnd);
        });
      }),
      { seed: 2, numRuns: 120 },
    );
  });
});
