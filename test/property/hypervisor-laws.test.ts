/**
 * What holds for every hypervisor and every manager that is listed, whatever their rules: random guests, links, hosts and
 * switches of each profile. One that is added is held to these laws without a line here.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { managements, takesManagers } from "../../sim/hypervisors/managers/registry.ts";
import { environments, type Profile, profiles } from "../../sim/hypervisors/registry.ts";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { MigrateEntry, Overrides, Scenario } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationMode } from "../../sim/trace/migration-events.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import { migrate, smallWorld, writes } from "../support/small-world.ts";

const MEMORY_PAGES = 8192;
const LATENCY_SECONDS = 0.0002;
/** Least share of its size to which pages compress in these guests: what their hosts assume. */
const COMPRESSED_SHARE = 0.4;

interface Given {
  usedShare: number;
  hotShare: number;
  writesPerSecond: number;
  pattern: "uniform" | "sweep";
  alwaysDirtyPages: number;
  link: number;
  preset: string;
  mode: MigrationMode;
  manager: string | null;
  /** Which of the profile's switches are turned round. */
  turned: boolean[];
  seed: string;
}

function arbitraryFor(profile: Profile): fc.Arbitrary<Given> {
  const switches = Object.values(profile.parameters).filter(({ kind }) => kind === "flag").length;
  const managers = takesManagers(profile.parameters) ? managements.map(({ name }) => name) : [];
  return fc.record({
    usedShare: fc.constantFrom(0.1, 0.6, 1),
    hotShare: fc.constantFrom(0.02, 0.5, 1),
    writesPerSecond: fc.constantFrom(0, 300, 8_000, 100_000),
    pattern: fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
    alwaysDirtyPages: fc.constantFrom(0, 40),
    link: fc.constantFrom(12.5e6, 125e6, 1.25e9),
    preset: fc.constantFrom(...environments.map(({ name }) => name)),
    mode: fc.constantFrom(...profile.modes.filter((mode) => mode !== "quick")),
    manager: fc.constantFrom(null, ...managers),
    turned: fc.array(
      fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      {
        minLength: switches,
        maxLength: switches,
      },
    ),
    seed: fc.integer({ min: 0, max: 1e6 }).map(String),
  });
}

function overridesOf({ parameters, conflict }: Profile, turned: readonly boolean[]): Overrides {
  const overrides: Overrides = {};
  const switches = Object.entries(parameters).filter(([, { kind }]) => kind === "flag");
  switches.forEach(([name, { value }], index) => {
    if (turned[index]) overrides[name] = value !== true;
  });
  return conflict?.(overrides) ? {} : overrides;
}

function scenarioOf(profile: Profile, given: Given): Scenario {
  const usedPages = Math.floor(MEMORY_PAGES * given.usedShare);
  const hotPages = Math.max(1, Math.floor(usedPages * given.hotShare));
  const entry: MigrateEntry = migrate("vm", 1, profile.name, overridesOf(profile, given.turned));
  entry.mode = given.mode;
  if (given.manager !== null) entry.manager = { name: given.manager, overrides: {} };
  return smallWorld({
    vms: [
      {
        name: "vm",
        memoryBytes: MEMORY_PAGES * 4096,
        usedBytes: usedPages * 4096,
        classes: [writes(0, hotPages, given.writesPerSecond, { pattern: given.pattern })],
        pingIntervalSeconds: 1,
      },
    ],
    timeline: [entry],
    environment: {
      preset: given.preset,
      overrides: {
        alwaysDirtyPages: given.alwaysDirtyPages,
        compressesToShare: COMPRESSED_SHARE,
        extraPages: 0,
        extraUsedPages: 0,
      },
    },
    networkBytesPerSecond: given.link,
    latencySeconds: LATENCY_SECONDS,
    horizonSeconds: 120,
    seed: given.seed,
  });
}

function run(profile: Profile, given: Given): MigrationResult {
  return simulate(scenarioOf(profile, given)).migrations[0] as MigrationResult;
}

const pagesOf = ({ pagesSent, zeroPagesSent }: RoundResult) => pagesSent + zeroPagesSent;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Rounds that the profile allows while the guest runs, where it has a limit. */
function roundLimitOf({ parameters }: Profile): number {
  const limit = parameters.passLimit ?? parameters.roundLimit;
  return typeof limit?.value === "number" ? limit.value : Number.POSITIVE_INFINITY;
}

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))("$name", ({ profile }) => {
  const forAll = (seed: number, numRuns: number, law: (given: Given) => void) => {
    fc.assert(fc.property(arbitraryFor(profile), law), { seed, numRuns });
  };

  it("sends all of memory, within its rounds and its link, and its times fit together", () => {
    let completed = 0;
    forAll(21, 100, (given) => {
      const migration = run(profile, given);
      const { rounds, transferredBytes, downtimeSeconds, reportedDowntimeSeconds, totalSeconds, postcopy } = migration;
      const goodput = goodputBytesPerSecond(given.link, 1500);
      const live = rounds.filter(({ final }) => !final);
      expect(live.length).toBeLessThanOrEqual(roundLimitOf(profile));
      rounds.forEach((round, index) => {
        expect(round.round).toBe(index + 1);
        expect(round.durationSeconds).toBeGreaterThanOrEqual(0);
      });
      expect(transferredBytes).toBeGreaterThanOrEqual(sum(rounds.map(({ bytesSent }) => bytesSent)) - 1e-6);
      if (migration.outcome !== "completed" || downtimeSeconds === null || totalSeconds === null) {
        expect(["not-converged", "cancelled"]).toContain(migration.outcome);
        return;
      }
      completed += 1;
      // Every page, zero or not, and of those in use what they come to at least on the wire.
      const sent = sum(rounds.map(pagesOf)) + (postcopy?.pages ?? 0);
      expect(sent).toBeGreaterThanOrEqual(MEMORY_PAGES);
      const usedBytes = Math.floor(MEMORY_PAGES * given.usedShare) * 4096;
      expect(transferredBytes).toBeGreaterThanOrEqual(usedBytes * COMPRESSED_SHARE);
      if (profile.readsPageData === undefined) expect(transferredBytes).toBeGreaterThanOrEqual(usedBytes);
      // The guest stands still for as long as its last bytes take, and no shorter than its parts.
      const final = rounds.filter((round) => round.final);
      if (postcopy === undefined) {
        expect(final).toHaveLength(1);
        expect(downtimeSeconds).toBeGreaterThanOrEqual((final[0]?.bytesSent ?? 0) / goodput - 1e-9);
      }
      expect(downtimeSeconds).toBeGreaterThan(0);
      const reported = reportedDowntimeSeconds ?? Number.NaN;
      expect(reported).toBeLessThanOrEqual(downtimeSeconds + 2 * LATENCY_SECONDS + 1e-9);
      expect(totalSeconds).toBeGreaterThanOrEqual(reported - 1e-9);
      // Its clients notice at least that.
      expect(migration.clientOutageSeconds).toBeGreaterThanOrEqual(0);
      // The link carries all of it by the time the guest runs, or by the end where it runs before.
      if (postcopy === undefined) {
        const runSeconds = totalSeconds - reported + downtimeSeconds;
        expect(runSeconds * goodput * (1 + 1e-9)).toBeGreaterThanOrEqual(transferredBytes);
      }
    });
    expect(completed).toBeGreaterThan(40);
  });

  it("sends everything once, and no more, where nothing is written", () => {
    forAll(22, 40, (given) => {
      const migration = run(profile, { ...given, writesPerSecond: 0, alwaysDirtyPages: 0 });
      if (migration.outcome !== "completed") return;
      const sent = sum(migration.rounds.map(pagesOf)) + (migration.postcopy?.pages ?? 0);
      expect(sent).toBe(MEMORY_PAGES);
      const first = migration.rounds[0];
      if (migration.postcopy === undefined) expect(first === undefined ? 0 : pagesOf(first)).toBeGreaterThan(0);
    });
  });

  it("does the same again with the same seed", () => {
    forAll(23, 10, (given) => {
      expect(JSON.stringify(run(profile, given))).toBe(JSON.stringify(run(profile, given)));
    });
  });

  it("takes no longer over a faster link where dirtying is linear", () => {
    // QEMU's windows, by which it estimates and limits its rate, come and go: up to three of them.
    const windowSeconds = profile.parameters.windowSeconds?.value;
    const slackSeconds = typeof windowSeconds === "number" ? 3 * windowSeconds : 0;
    const pairs: [number, number][] = [
      [12.5e6, 20e6],
      [25e6, 125e6],
      [125e6, 1.25e9],
    ];
    let compared = 0;
    for (const [slow, fast] of pairs) {
      forAll(24, 12, (given) => {
        const linear: Given = {
          ...given,
          pattern: "sweep",
          alwaysDirtyPages: 0,
          manager: null,
          mode: "live",
          turned: [],
        };
        const [slower, faster] = [slow, fast].map((link) => run(profile, { ...linear, link }));
        if (slower?.outcome !== "completed") return;
        compared += 1;
        expect(faster?.outcome).toBe("completed");
        // Up to the pages that rounding shifts from one round to the next.
        const most = (slower.totalSeconds ?? Number.NaN) * 1.001 + slackSeconds;
        expect(faster?.totalSeconds ?? Number.NaN).toBeLessThanOrEqual(most);
      });
    }
    expect(compared).toBeGreaterThan(5);
  });
});
