/** Xen's two streams: their rules one by one, their laws over random guests, and closed forms where the answer is known. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environments, profiles } from "../../sim/hypervisors/registry.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import type { PrecopyView } from "../../sim/migration/policy.ts";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { Overrides, ScenarioPageClass } from "../../sim/scenario/scenario.ts";
import { PreparedScenario, simulate } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const LINK = 125e6;
const GOODPUT = goodputBytesPerSecond(LINK, 1500);

function policyOf(name: string, values: Overrides = {}) {
  const profile = profiles.find((one) => one.name === name);
  const environment = environments.find((one) => one.name === "xen-hosts");
  if (profile === undefined || environment === undefined) throw new Error("there is no such model");
  const policy = profile.setUp(values, resolveParameters(environment.parameters, {}), "live").makePolicy();
  return (changes: Partial<PrecopyView>) => policy({ ...STILL, ...changes });
}

/** A round of 10,000 pages sent in 1 s of a guest of 1 GiB. */
const STILL: PrecopyView = {
  round: 2,
  roundSeconds: 1,
  roundBytes: 4.1e7,
  roundPages: 10_000,
  roundSkippedPages: 0,
  unsentPages: 0,
  newlyDirtyPages: 0,
  pendingPages: 0,
  pendingBytes: 0,
  thresholdBytes: null,
  deniedShare: 0,
  elapsedSeconds: 10,
  transferredBytes: 1e9,
  memoryBytes: 1024 * MIB,
};

interface Guest {
  usedMib?: number;
  overrides?: Overrides;
  alwaysDirtyPages?: number;
  link?: number;
  seed?: string;
}

function scenarioOf(profile: string, classes: ScenarioPageClass[], guest: Guest = {}) {
  return smallWorld({
    vms: [{ name: "vm", memoryBytes: 64 * MIB, usedBytes: (guest.usedMib ?? 48) * MIB, classes }],
    timeline: [migrate("vm", 1, profile, guest.overrides ?? {})],
    environment: { preset: "xen-hosts", overrides: { alwaysDirtyPages: guest.alwaysDirtyPages ?? 0 } },
    networkBytesPerSecond: guest.link ?? LINK,
    horizonSeconds: 3600,
    seed: guest.seed ?? "1",
  });
}

function move(profile: string, classes: ScenarioPageClass[], guest: Guest = {}): MigrationResult {
  return simulate(scenarioOf(profile, classes, guest)).migrations[0] as MigrationResult;
}

const sentIn = ({ pagesSent, zeroPagesSent }: { pagesSent: number; zeroPagesSent: number }) =>
  pagesSent + zeroPagesSent;

describe("Xen", () => {
  it("stops after five rounds, or after a round of fewer than fifty pages", () => {
    const decide = policyOf("xen");
    for (let round = 1; round <= 4; round += 1) expect(decide({ round })).toEqual({ kind: "another-round" });
    expect(decide({ round: 5 })).toMatchObject({ kind: "stop-guest", rule: "round-limit" });
    expect(decide({ round: 3, roundPages: 50 })).toEqual({ kind: "another-round" });
    expect(decide({ round: 3, roundPages: 49 })).toMatchObject({ kind: "stop-guest", rule: "few-pages-left" });
    // What the simulator knows and Xen does not read, it does not use.
    expect(decide({ round: 3, pendingPages: 3, newlyDirtyPages: 3 })).toEqual({ kind: "another-round" });
  });

  it("sends a last few pages while the guest still runs, and stops it without another read", () => {
    const migration = move("xen", [writes(0, 20, 1e7)]);
    expect(migration.endedBy).toBe("few-pages-left");
    expect(migration.rounds.map(sentIn)).toEqual([16_384, 20, 20]);
    // At the beginning, after round 1, and with the guest suspended.
    expect(migration.bitmapSyncs).toBe(3);
  });

  it("makes five rounds of a guest that is written all over, and reads the bitmap four times between them", () => {
    const migration = move("xen", [writes(0, 8_000, 1e7)]);
    expect(migration.endedBy).toBe("round-limit");
    expect(migration.rounds.map(sentIn)).toEqual([16_384, 8_000, 8_000, 8_000, 8_000, 8_000]);
    expect(migration.bitmapSyncs).toBe(6);
  });

  it("sends everything once, then a round of nothing, where nothing is written: bytes and seconds in closed form", () => {
    const { rounds, blackout, totalSeconds, transferredBytes, endedBy, downtimeSeconds } = move("xen", [], {
      usedMib: 16,
    });
    const bytes = 16_384 * (4096 + 8) + 16 * 16;
    expect(rounds.map(sentIn)).toEqual([16_384, 0, 0]);
    expect(rounds[0]).toMatchObject({ zeroPagesSent: 12_288, bytesSent: bytes });
    expect(endedBy).toBe("few-pages-left");
    expect(transferredBytes).toBe(bytes + 262_144);
    // Suspend, a latency for the last copy, device state, building the domain; before that setup and a round trip.
    const downtime = 0.03 + 1e-4 + 0.02 + 262_144 / GOODPUT + 0.1;
    expect(downtimeSeconds).toBeCloseTo(downtime, 9);
    expect(blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(downtime, 9);
    const lag = (rounds[0]?.durationSeconds ?? 0) - bytes / GOODPUT;
    // TCP's slow start, a few round trips of 0.2 ms.
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThan(0.003);
    expect(totalSeconds).toBeCloseTo(1.5 + 2e-4 + lag + bytes / GOODPUT + downtime, 9);
  });

  it("sends in each round what a sweep wrote in the one before: a geometric series", () => {
    const rate = 6_000;
    const { rounds } = move("xen", [writes(0, 12_000, rate, { pattern: "sweep" })]);
    const pagesPerSecond = GOODPUT / (4104 + 16 / 1024);
    let expected = rate * (rounds[0]?.durationSeconds ?? 0);
    for (const round of rounds.slice(1, 5)) {
      expect(Math.abs(round.pagesSent - expected)).toBeLessThanOrEqual(3);
      expected *= rate / pagesPerSecond;
    }
  });
});

describe("XenServer 5", () => {
  it("stops after 29 rounds, after three times the memory, or after a round of fewer than fifty pages", () => {
    const decide = policyOf("xenserver-5");
    for (let round = 1; round <= 28; round += 1) expect(decide({ round })).toEqual({ kind: "another-round" });
    expect(decide({ round: 29 })).toMatchObject({ rule: "round-limit" });
    expect(policyOf("xenserver-5")({ roundPages: 20, roundSkippedPages: 29 })).toMatchObject({
      rule: "few-pages-left",
    });
    expect(policyOf("xenserver-5")({ roundPages: 20, roundSkippedPages: 30 })).toEqual({ kind: "another-round" });
    const thrice = policyOf("xenserver-5");
    expect(thrice({ roundPages: 786_432 })).toEqual({ kind: "another-round" });
    expect(thrice({ roundPages: 50 })).toMatchObject({ rule: "sent-too-much" });
  });

  it("adapts its rate to what is dirtied where it is built to, and stops where more of it does not help", () => {
    const mebit = 125_000;
    const decide = policyOf("xenserver-5", { adaptiveRate: true });
    const dirtied = (mbits: number) => ({ newlyDirtyPages: (mbits * mebit) / 4096 });
    expect(decide({ round: 1, roundPages: 9_000, ...dirtied(99) })).toEqual({ kind: "another-round" });
    expect(decide({ roundPages: 8_000, ...dirtied(120) })).toEqual({
      kind: "another-round",
      limits: { maxBandwidthBytesPerSecond: 170 * mebit },
    });
    // More pages than in the round before, but the rate can still grow.
    expect(decide({ roundPages: 8_500, ...dirtied(700) })).toEqual({
      kind: "another-round",
      limits: { maxBandwidthBytesPerSecond: 500 * mebit },
    });
    expect(decide({ roundPages: 8_400, ...dirtied(400) })).toEqual({ kind: "another-round" });
    expect(decide({ roundPages: 8_401 })).toMatchObject({ kind: "stop-guest", rule: "no-progress" });
  });

  it("sends its first round at 100 Mbit/s in adaptive builds, later ones faster, the last copy at full speed", () => {
    const { rounds } = move("xenserver-5", [writes(0, 10_000, 2e4)], { overrides: { adaptiveRate: true } });
    const rates = rounds.map(({ bytesSent, durationSeconds }) => bytesSent / durationSeconds);
    expect(rates[0]).toBeCloseTo(12.5e6, 3);
    expect(rates[1]).toBeGreaterThan(12.5e6);
    expect(rates[1]).toBeLessThanOrEqual(62.5e6);
    expect(rates.at(-1)).toBeGreaterThan(100e6);
  });

  it("passes over what is dirty again, and by how much: a uniform guest's first round in closed form", () => {
    // Batch j is looked at when j batches have gone out: its pages are clean with probability exp(-h j).
    const [pages, rate, batchPages] = [12_288, 10_000, 64];
    const batchSeconds = (batchPages * 4104 + 4) / GOODPUT;
    const prepared = new PreparedScenario(
      scenarioOf("xenserver-5", [writes(0, pages, rate)], { overrides: { batchPages } }),
    );
    let [passed, sent] = [0, 0];
    for (let batch = 0; passed < pages; batch += 1) {
      const clean = Math.exp((-rate / pages) * batch * batchSeconds);
      const taken = Math.min(batchPages / clean, pages - passed);
      passed += taken;
      sent += taken * clean;
    }
    const runs = Array.from(
      { length: 40 },
      (_, seed) => prepared.run({ seed: `${seed}` }).migrations[0] as MigrationResult,
    );
    const skipped = runs.map(({ rounds }) => rounds[0]?.pagesSkipped ?? 0);
    const mean = skipped.reduce((sum, count) => sum + count, 0) / skipped.length;
    expect(runs.every(({ rounds }) => (rounds[0]?.pagesSent ?? 0) + (rounds[0]?.pagesSkipped ?? 0) === pages)).toBe(
      true,
    );
    // A deviation is about 50 pages: the mean of 40 lies within 8.
    expect(Math.abs(mean - (pages - sent))).toBeLessThan(30);
  });

  it("never sends more, on average, for passing over dirty pages", () => {
    const guests = [
      [writes(0, 8_000, 6_000)],
      [writes(0, 1_000, 9_000), writes(1_000, 9_000, 2_000)],
      [writes(0, 9_000, 7_000, { pattern: "sweep" as const })],
    ];
    for (const classes of guests) {
      const mean = (skipsDirtyPages: boolean) => {
        const prepared = new PreparedScenario(scenarioOf("xenserver-5", classes, { overrides: { skipsDirtyPages } }));
        let bytes = 0;
        for (let seed = 0; seed < 20; seed += 1)
          bytes += prepared.run({ seed: `${seed}` }).migrations[0]?.transferredBytes ?? 0;
        return bytes / 20;
      };
      expect(mean(true)).toBeLessThan(mean(false));
    }
  });
});

describe.each(["xen", "xenserver-5"])("laws of %s, for any guest", (profile) => {
  const guestArbitrary = fc.record({
    usedMib: fc.constantFrom(4, 32, 64),
    rate: fc.constantFrom(0, 200, 8_000, 60_000),
    share: fc.constantFrom(0.01, 0.5, 1),
    pattern: fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
    alwaysDirtyPages: fc.constantFrom(0, 30, 100),
    link: fc.constantFrom(12.5e6, 125e6, 1.25e9),
    seed: fc.integer({ min: 0, max: 1e6 }).map(String),
    overrides:
      profile === "xen" ? fc.constant({}) : fc.constantFrom({}, { adaptiveRate: true }, { skipsDirtyPages: false }),
  });

  it("rounds and pages within limits, all of memory sent, the standstill no shorter than its bytes", () => {
    const seen = new Set<string | null>();
    fc.assert(
      fc.property(guestArbitrary, ({ rate, share, pattern, ...guest }) => {
        const pages = Math.max(1, Math.floor(guest.usedMib * 256 * share));
        const migration = move(profile, [writes(0, pages, rate, { pattern })], guest);
        const { rounds, transferredBytes, downtimeSeconds, totalSeconds, outcome, endedBy } = migration;
        seen.add(endedBy);
        expect(outcome).toBe("completed");
        const live = rounds.filter(({ final }) => !final);
        expect(live.length).toBeLessThanOrEqual(profile === "xen" ? 5 : 29);
        const sent = rounds.reduce((sum, round) => sum + sentIn(round), 0);
        // Every page goes over at least once, zero ones as well.
        expect(sent).toBeGreaterThanOrEqual(16_384);
        expect(transferredBytes).toBeGreaterThanOrEqual(16_384 * 4104);
        const lastLive = live.at(-1);
        const liveSent = live.reduce((sum, round) => sum + sentIn(round), 0);
        if (profile !== "xen") expect(liveSent - sentIn(lastLive ?? rounds[0])).toBeLessThanOrEqual(3 * 16_384);
        // What was passed over, and what was not, is all that waited.
        live.forEach((round, index) => {
          const waited = index === 0 ? 16_384 : live[index - 1].dirtyPagesAtEnd;
          expect(sentIn(round) + (round.pagesSkipped ?? 0)).toBe(waited);
          if (index > 0) expect(round.dirtyPagesAtEnd).toBeGreaterThanOrEqual(round.pagesSkipped ?? 0);
        });
        expect(sentIn(rounds.at(-1) ?? rounds[0])).toBe(lastLive?.dirtyPagesAtEnd);
        const goodput = goodputBytesPerSecond(guest.link, 1500);
        const finalBytes = rounds.at(-1)?.bytesSent ?? 0;
        expect(downtimeSeconds).toBeGreaterThanOrEqual((finalBytes + 262_144) / goodput - 1e-9);
        expect(totalSeconds).toBeGreaterThan(downtimeSeconds ?? 0);
      }),
      { seed: 7, numRuns: 200 },
    );
    expect([...seen].sort()).toEqual(
      profile === "xen"
        ? ["few-pages-left", "round-limit"]
        : ["few-pages-left", "no-progress", "round-limit", "sent-too-much"],
    );
  });

  it("more bandwidth never lengthens it where dirtying is linear", () => {
    for (const rate of [500, 6_000, 20_000]) {
      const seconds = [10e6, 25e6, 60e6, 125e6, 300e6, 900e6].map((link) => {
        const migration = move(profile, [writes(0, 12_000, rate, { pattern: "sweep" })], { link });
        return migration.totalSeconds ?? Number.NaN;
      });
      seconds.slice(1).forEach((total, index) => {
        // Up to the pages that rounding shifts from one round to the next.
        expect(total).toBeLessThanOrEqual((seconds[index] ?? 0) * 1.001);
      });
    }
  });

  it("takes longer by what another guest takes of the link", () => {
    const company = (twoGuests: boolean) => {
      const scenario = scenarioOf(profile, [writes(0, 4_000, 3_000)]);
      if (twoGuests) {
        const other = structuredClone(scenario.vms[0]);
        scenario.vms.push({
          ...other,
          name: "other",
          usedBytes: 8 * MIB,
          memoryBytes: 8 * MIB,
          classes: [],
          mac: "00:15:5d:00:00:99",
          ip: "10.0.0.99",
        });
        scenario.timeline.push(migrate("other", 1.1, profile));
      }
      return simulate(scenario).migrations[0] as MigrationResult;
    };
    const [alone, shared] = [company(false), company(true)];
    // The other guest's 8 MiB and device state take their time of the link, and half of it while it is suspended and saved.
    const lost = (2_048 * 4104 + 262_144) / GOODPUT + 0.05 / 2;
    expect((shared.rounds[0]?.durationSeconds ?? 0) - (alone.rounds[0]?.durationSeconds ?? 0)).toBeGreaterThan(
      lost * 0.98,
    );
    expect((shared.rounds[0]?.durationSeconds ?? 0) - (alone.rounds[0]?.durationSeconds ?? 0)).toBeLessThan(
      lost * 1.02,
    );
  });
});

describe("slow start on Xen", () => {
  it("is over once the sender's own rate is reached, however fast the link is", () => {
    const firstRound = (link: number) => {
      const world = scenarioOf("xen", [], { link });
      const [network] = world.networks;
      if (network !== undefined) network.latencySeconds = 0.02;
      world.environment.overrides.copyRateBytesPerSecond = 10e6;
      return simulate(world).migrations[0]?.rounds[0]?.durationSeconds ?? Number.NaN;
    };
    expect(firstRound(100 * LINK)).toBeCloseTo(firstRound(LINK), 9);
  });
});
