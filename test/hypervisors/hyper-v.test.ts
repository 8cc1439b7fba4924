/** Laws of Hyper-V's releases, in closed form where they have one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { Overrides, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const GIGABIT = 125e6;
const TEN_GIGABIT = 1.25e9;
const PAGE_ON_WIRE = 4096 + 16;

interface Case {
  profile?: string;
  overrides?: Overrides;
  host?: Overrides;
  usedMib?: number;
  memoryMib?: number;
  classes?: ScenarioPageClass[];
  networkBytesPerSecond?: number;
  latencySeconds?: number;
}

function run({ profile = "hyper-v-2012r2", overrides = {}, host = {}, ...given }: Case): MigrationResult {
  const {
    usedMib = 64,
    memoryMib = usedMib,
    classes = [],
    networkBytesPerSecond = GIGABIT,
    latencySeconds = 0,
  } = given;
  const preset = profile === "hyper-v-2016" ? "hyper-v-2016-hosts" : "hyper-v-2012r2-hosts";
  const [migration] = simulate(
    smallWorld({
      vms: [{ name: "vm", memoryBytes: memoryMib * MIB, usedBytes: usedMib * MIB, classes }],
      timeline: [migrate("vm", 0, profile, overrides)],
      environment: { preset, overrides: { alwaysDirtyPages: 0, compressesToShare: 0.5, ...host } },
      networkBytesPerSecond,
      latencySeconds,
    }),
  ).migrations;
  return migration as MigrationResult;
}

const firstRound = (migration: MigrationResult) => migration.rounds[0] as RoundResult;
const goodput = (bytesPerSecond: number) => goodputBytesPerSecond(bytesPerSecond, 1500);

describe("compression", () => {
  it("halves the bytes of pages that compress to half, headers apart, and with them the time", () => {
    const plain = run({ overrides: { compression: false } });
    const compressed = run({});
    const pages = 64 * 256;
    expect(firstRound(plain).bytesSent).toBe(pages * PAGE_ON_WIRE);
    expect(firstRound(compressed).bytesSent).toBe(pages * (2048 + 16));
    expect(firstRound(compressed).durationSeconds).toBeCloseTo((pages * (2048 + 16)) / goodput(GIGABIT), 9);
    expect(firstRound(plain).durationSeconds).toBeCloseTo((pages * PAGE_ON_WIRE) / goodput(GIGABIT), 9);
  });

  it("goes no faster than the processors compress, zero pages too", () => {
    // 150 MB/s of memory is more than plain TCP's 118 MB/s, and less than the 236 MB/s that the link would take.
    const slow = { compressionRateBytesPerSecond: 150e6 };
    expect(firstRound(run({ overrides: slow })).durationSeconds).toBeCloseTo((64 * MIB) / 150e6, 9);
    const halfZero = run({ overrides: slow, memoryMib: 128 });
    expect(firstRound(halfZero).durationSeconds).toBeCloseTo((128 * MIB) / 150e6, 9);
    expect(firstRound(halfZero).bytesSent).toBe(64 * 256 * (2048 + 16) + 64 * 256 * (48 + 16));
  });

  it("gives way to plain TCP where the processors are too slow for it to be faster", () => {
    const plain = run({ overrides: { compression: false } });
    const tooSlow = run({ overrides: { compressionRateBytesPerSecond: 100e6 } });
    expect(tooSlow.rounds).toEqual(plain.rounds);
    expect(run({ host: { compressesToShare: 1 }, overrides: { compressionRateBytesPerSecond: 1e7 } }).rounds).toEqual(
      plain.rounds,
    );
  });

  it("never lengthens a migration, whatever the link and the processors", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1e7, GIGABIT, 5e8, TEN_GIGABIT, 1e10),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 1e7, max: 5e9, noNaN: true }),
        fc.constantFrom(8, 40),
        (networkBytesPerSecond, compressesToShare, compressionRateBytesPerSecond, usedMib) => {
          const given = { networkBytesPerSecond, usedMib, host: { compressesToShare } };
          const compressed = run({ ...given, overrides: { compressionRateBytesPerSecond } });
          const plain = run({ ...given, overrides: { compression: false } });
          expect(compressed.totalSeconds).toBeLessThanOrEqual((plain.totalSeconds as number) * (1 + 1e-9));
          expect(compressed.transferredBytes).toBeLessThanOrEqual(plain.transferredBytes);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("is faster for a guest that is written to, too: passes are shorter and dirty less", () => {
    const classes = [writes(0, 10_000, 12_000)];
    const compressed = run({ classes });
    const plain = run({ classes, overrides: { compression: false } });
    expect(compressed.downtimeSeconds).toBeLessThan(plain.downtimeSeconds as number);
    expect(compressed.transferredBytes).toBeLessThan(0.5 * plain.transferredBytes);
  });
});

describe("passes", () => {
  const writesAllOver = [writes(0, 8_000, 1e6)];

  it.each(["hyper-v-2012r2", "hyper-v-2016"])(
    "of %s are five, then the guest is stopped whatever is left",
    (profile) => {
      const migration = run({ profile, classes: writesAllOver });
      expect(migration.endedBy).toBe("pass-limit");
      expect(migration.rounds).toHaveLength(6);
      // The last copy takes as long as the pages need that were still dirty.
      const last = migration.rounds.at(-1) as RoundResult;
      expect(last.pagesSent).toBeGreaterThan(7_900);
      expect(last.durationSeconds).toBeCloseTo((last.pagesSent * (2048 + 16)) / goodput(GIGABIT), 6);
      expect(migration.downtimeSeconds).toBeGreaterThan(last.durationSeconds);
    },
  );

  it("are never more than the limit, and each page in use goes over at least once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0, 1_000, 30_000, 1e6),
        fc.constantFrom("hyper-v-2012r2", "hyper-v-2016"),
        fc.boolean(),
        (passLimit, writesPerSecond, profile, smbDirect) => {
          const classes = writesPerSecond === 0 ? [] : [writes(0, 6_000, writesPerSecond)];
          const { rounds } = run({ profile, classes, overrides: { passLimit, smbDirect } });
          expect(rounds.length).toBeLessThanOrEqual(passLimit + 1);
          expect(firstRound({ rounds } as MigrationResult).pagesSent).toBe(64 * 256);
          if (writesPerSecond === 0) expect(rounds).toHaveLength(2);
        },
      ),
      { seed: 2, numRuns: 40 },
    );
  });
});

describe("SMB Direct", () => {
  const fast = { profile: "hyper-v-2016", usedMib: 512, networkBytesPerSecond: 4 * TEN_GIGABIT };
  const seconds = (migration: MigrationResult) => firstRound(migration).durationSeconds;
  const bytes = 512 * 256 * PAGE_ON_WIRE;

  it("fills a link that one TCP connection does not, with nothing compressed", () => {
    const direct = run({ ...fast, overrides: { smbDirect: true } });
    expect(firstRound(direct).bytesSent).toBe(bytes);
    expect(seconds(direct)).toBeCloseTo(bytes / goodput(4 * TEN_GIGABIT), 9);
    expect(seconds(run({ ...fast, overrides: { compression: false } }))).toBeCloseTo(bytes / 1.15e9, 9);
  });

  it("begins at full rate, where TCP falls behind in slow start", () => {
    const far = { ...fast, latencySeconds: 0.01 };
    const direct = run({ ...far, overrides: { smbDirect: true } });
    expect(seconds(direct)).toBeCloseTo(bytes / goodput(4 * TEN_GIGABIT), 9);
    expect(seconds(run({ ...far, overrides: { compression: false } }))).toBeGreaterThan(bytes / 1.15e9 + 0.05);
  });

  it("takes no more of the link than its limit, the last copy included", () => {
    const limit = { smbDirect: true, smbBandwidthLimitShare: 0.25 };
    const rate = goodput(4 * TEN_GIGABIT) / 4;
    expect(seconds(run({ ...fast, overrides: limit }))).toBeCloseTo(bytes / rate, 9);
    const busy = run({ ...fast, overrides: limit, classes: [writes(0, 20_000, 1e7)] });
    const last = busy.rounds.at(-1) as RoundResult;
    expect(last.pagesSent).toBeGreaterThan(19_900);
    expect(last.durationSeconds).toBeCloseTo((last.pagesSent * PAGE_ON_WIRE) / rate, 6);
    // Off by default, and of no consequence for TCP.
    const plain = run({ ...fast, overrides: { compression: false } });
    expect(run({ ...fast, overrides: { compression: false, smbBandwidthLimitShare: 0.01 } }).rounds).toEqual(
      plain.rounds,
    );
  });
});

describe("migrations at a time", () => {
  it("are two for each host of 2012 R2: the third waits, the two share the link", () => {
    const names = ["a", "b", "c"];
    const { migrations } = simulate(
      smallWorld({
        vms: names.map((name) => ({ name, memoryBytes: 64 * MIB, usedBytes: 64 * MIB })),
        timeline: names.map((name) => migrate(name, 0, "hyper-v-2012r2", { compression: false })),
        environment: { preset: "hyper-v-2012r2-hosts", overrides: { alwaysDirtyPages: 0 } },
        networkBytesPerSecond: GIGABIT,
        latencySeconds: 0,
      }),
    );
    const [a, b, c] = migrations as [MigrationResult, MigrationResult, MigrationResult];
    expect([a.startSeconds, b.startSeconds]).toEqual([0, 0]);
    expect(c.startSeconds).toBeCloseTo(a.totalSeconds as number, 9);
    expect(firstRound(a).durationSeconds).toBeCloseTo((2 * 64 * 256 * PAGE_ON_WIRE) / goodput(GIGABIT), 6);
  });
});

describe("assumptions", () => {
  const assumed = (overrides: Overrides) =>
    simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 8 * MIB, usedBytes: 8 * MIB }],
        timeline: [migrate("vm", 0, "hyper-v-2016", overrides)],
        environment: { preset: "hyper-v-2016-hosts" },
      }),
    )
      .assumptions.map(({ name }) => name.replace(/^.*\./, ""))
      .filter((key) => /compress|smbDirect/.test(key));

  it("are those of the way in which memory goes over, and no others", () => {
    expect(assumed({})).toEqual(["compressesTo", "compressionRate", "compressedZeroPage"]);
    expect(assumed({ compression: false })).toEqual([]);
    expect(assumed({ smbDirect: true })).toEqual(["smbDirectRate"]);
  });
});
