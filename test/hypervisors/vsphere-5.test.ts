/** Laws of vMotion from vSphere 5 on, in closed form where they have one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { Overrides, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import type { RunResult } from "../../sim/trace/result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const GIGABIT = 125e6;
const TEN_GIGABIT = 1.25e9;
const PAGE_ON_WIRE = 4096 + 16;
const goodput = (bytesPerSecond: number) => goodputBytesPerSecond(bytesPerSecond, 1500);
/** Pages in use that 1 Gbit/s carries in a second: about 28,600. */
const LINK_PAGES_PER_SECOND = goodput(GIGABIT) / PAGE_ON_WIRE;

interface Case {
  overrides?: Overrides;
  host?: Overrides;
  usedMib?: number;
  memoryMib?: number;
  classes?: ScenarioPageClass[];
  networkBytesPerSecond?: number;
  latencySeconds?: number;
  machines?: number;
}

function runAll({ overrides = {}, host = {}, ...given }: Case): RunResult {
  const { usedMib = 256, memoryMib = usedMib, classes = [], machines = 1 } = given;
  const names = Array.from({ length: machines }, (_, index) => `vm${index}`);
  return simulate(
    smallWorld({
      vms: names.map((name) => ({ name, memoryBytes: memoryMib * MIB, usedBytes: usedMib * MIB, classes })),
      timeline: names.map((name) => migrate(name, 0, "vsphere-5", overrides)),
      environment: { preset: "vsphere-5-hosts", overrides: { alwaysDirtyPages: 0, ...host } },
      networkBytesPerSecond: given.networkBytesPerSecond ?? GIGABIT,
      latencySeconds: given.latencySeconds ?? 0,
      horizonSeconds: 900,
    }),
  );
}

const run = (given: Case) => runAll(given).migrations[0] as MigrationResult;
const firstRound = (migration: MigrationResult) => migration.rounds[0] as RoundResult;
/** What was denied in each round but the last copy. */
const throttles = ({ rounds }: MigrationResult) => rounds.slice(0, -1).map(({ throttle }) => throttle);

describe("stun during page send", () => {
  // Pages that are all written in any pass: dirtying equals what goes out, pass after pass.
  const faster = [writes(0, 40_000, 100_000, { pattern: "sweep" })];

  it("brings a migration to its end that would go on for ever", () => {
    const held = run({ classes: faster });
    const free = run({ classes: faster, overrides: { stunDuringPageSend: false } });
    expect(held.outcome).toBe("completed");
    expect(held.endedBy).toBe("left-within-switchover-time");
    expect(free).toMatchObject({ outcome: "not-converged", totalSeconds: 900, brownoutSeconds: 0 });
    // Up to where the first is held back they are one and the same.
    expect(free.rounds.slice(0, 2)).toEqual(held.rounds.slice(0, 2));
  });

  it("holds the guest back by what its dirtying is over its share of the rate", () => {
    const held = run({ classes: faster });
    const [first, second, third, fourth] = held.rounds as [RoundResult, RoundResult, RoundResult, RoundResult];
    expect(first.dirtyPagesAtEnd).toBe(40_000);
    expect([first.throttle, second.throttle]).toEqual([0, 0]);
    // All 40,000 pages went out in the second pass and are dirty again: 70 % of that is allowed.
    expect(third.throttle).toBeCloseTo(0.3, 12);
    // In the third the sweep still gets around, at 70,000 pages a second: 0.7 of 0.7.
    expect(fourth.throttle).toBeCloseTo(0.51, 12);
    expect(held.brownoutSeconds).toBeCloseTo(
      held.rounds.slice(2, -1).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      9,
    );
  });

  it("comes to rest with the guest dirtying its share of what goes out", () => {
    // A sweep over far more than it gets around: what it dirties is its rate. Nothing ends the passes before they are that
    // short.
    const wide = [writes(0, 60_000, 1.5 * LINK_PAGES_PER_SECOND, { pattern: "sweep" })];
    const overrides = { dirtyingShare: 0.5, switchoverSeconds: 0.05 };
    const held = run({ classes: wide, overrides });
    const late = held.rounds.slice(-4, -1);
    // Each pass is half as long as the one before: 1.5 x 1/3 of the rate.
    for (const { throttle } of late) expect(throttle).toBeCloseTo(1 - 0.5 / 1.5, 2);
    for (const [index, { pagesSent }] of late.slice(1).entries())
      expect(pagesSent / (late[index] as RoundResult).pagesSent).toBeCloseTo(0.5, 1);
  });

  it("never holds back a guest that dirties less than the link carries", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.95, noNaN: true }),
        fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
        fc.integer({ min: 2_000, max: 60_000 }),
        (share, pattern, pages) => {
          const migration = run({ classes: [writes(0, pages, share * LINK_PAGES_PER_SECOND, { pattern })] });
          expect(migration.outcome).toBe("completed");
          expect(migration.brownoutSeconds).toBe(0);
          expect(throttles(migration).every((share) => share === 0)).toBe(true);
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  it("denies no more than its limit", () => {
    const migration = run({ classes: faster, overrides: { greatestDeniedShare: 0.4 } });
    expect(Math.max(...throttles(migration))).toBe(0.4);
    // 60 % of 100,000 pages a second is still more than the link carries.
    expect(migration.outcome).toBe("not-converged");
  });

  it("does nothing to guests whose writes do not follow their processor time", () => {
    const migration = run({ classes: [writes(0, 40_000, 100_000, { pattern: "sweep", cpuBoundShare: 0 })] });
    expect(migration.outcome).toBe("not-converged");
    expect(Math.max(...throttles(migration))).toBe(0.95);
  });
});

describe("switchover", () => {
  it("comes once what is left can be sent in half a second, and takes no longer than that for the pages", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 60_000 }),
        fc.integer({ min: 100, max: 200_000 }),
        fc.constantFrom(0.1, 0.5, 2),
        (pages, writesPerSecond, switchoverSeconds) => {
          const { outcome, rounds, downtimeSeconds } = run({
            classes: [writes(0, pages, writesPerSecond)],
            overrides: { switchoverSeconds },
          });
          expect(outcome).toBe("completed");
          const last = rounds.at(-1) as RoundResult;
          // What the guest writes while it is being stopped is not dirty any more.
          expect(last.durationSeconds).toBeLessThanOrEqual(switchoverSeconds * (1 + 1e-9));
          expect(downtimeSeconds).toBeGreaterThan((last.pagesSent * PAGE_ON_WIRE) / goodput(GIGABIT));
          // Not before: after any pass but the last more was left.
          for (const { dirtyPagesAtEnd } of rounds.slice(0, -2))
            expect((dirtyPagesAtEnd * PAGE_ON_WIRE) / goodput(GIGABIT)).toBeGreaterThan(switchoverSeconds * (1 - 1e-6));
        },
      ),
      { seed: 2, numRuns: 40 },
    );
  });

  it("follows one pass where nothing is written", () => {
    const { rounds, transferredBytes } = run({ memoryMib: 512 });
    expect(rounds).toHaveLength(2);
    expect(firstRound({ rounds } as MigrationResult)).toMatchObject({ pagesSent: 65_536, zeroPagesSent: 65_536 });
    expect(transferredBytes).toBe(65_536 * (PAGE_ON_WIRE + 16) + 4_194_304);
  });
});

describe("traces", () => {
  it("cost setting up, in proportion to memory", () => {
    const overrides = { tracePageSeconds: 1e-6 };
    const setUp = (memoryMib: number) => run({ memoryMib, overrides }).setupSeconds as number;
    expect(setUp(1024) - setUp(512)).toBeCloseTo(512 * 256 * 1e-6, 9);
  });
});

describe("adapters", () => {
  const fast = { usedMib: 2048, networkBytesPerSecond: 4 * TEN_GIGABIT };

  it("each add what one stream pushes, up to the link", () => {
    const seconds = (nics: number) => firstRound(run({ ...fast, overrides: { nics } })).durationSeconds;
    const bytes = 2048 * 256 * PAGE_ON_WIRE;
    expect(seconds(1)).toBeCloseTo(bytes / 1.25e9, 9);
    expect(seconds(2)).toBeCloseTo(bytes / 2.5e9, 9);
    expect(seconds(4)).toBeCloseTo(bytes / goodput(4 * TEN_GIGABIT), 9);
    expect(seconds(8)).toBe(seconds(4));
  });

  it.each([
    [GIGABIT, 1, 4],
    [TEN_GIGABIT, 1, 8],
    [4 * TEN_GIGABIT, 4, 8],
    [4 * GIGABIT, 4, 4],
    [1.249e9, 1, 4],
  ])("of %d bytes a second together, %d of them, take %d migrations at a time", (networkBytesPerSecond, nics, most) => {
    const { migrations } = runAll({ machines: 9, usedMib: 16, networkBytesPerSecond, overrides: { nics } });
    expect(migrations.filter(({ startSeconds }) => startSeconds === 0)).toHaveLength(most);
    expect(migrations.every(({ outcome }) => outcome === "completed")).toBe(true);
  });
});

describe("a long way", () => {
  it("is warned of, and gone all the same", () => {
    const { migrations, warnings } = runAll({ usedMib: 16, latencySeconds: 0.02, machines: 2 });
    expect(warnings).toEqual([
      "A round trip over network lan takes 40.0 ms; VMware vSphere 5 and later supports up to 10.0 ms (roundTripLimit).",
    ]);
    expect(migrations.every(({ outcome }) => outcome === "completed")).toBe(true);
    expect(runAll({ usedMib: 16, latencySeconds: 0.02, overrides: { roundTripLimitSeconds: 0.15 } }).warnings).toEqual(
      [],
    );
    expect(runAll({ usedMib: 16, latencySeconds: 0.005 }).warnings).toEqual([]);
  });
});
