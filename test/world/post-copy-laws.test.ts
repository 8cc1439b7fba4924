/** What holds of post-copy, and of what the timeline does to migrations under way. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandEntry, MigrateEntry, Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const PAGE_ON_WIRE_BYTES = 4104;

interface Given {
  overrides?: Overrides;
  mode?: MigrateEntry["mode"];
  writesPerSecond?: number;
  hotPages?: number;
  memoryMib?: number;
  environment?: Overrides;
  commands?: CommandEntry[];
  seed?: string;
  dirtyLog?: "statistical" | "bitmap";
  profile?: string;
}

function run(given: Given) {
  const { memoryMib = 256 } = given;
  const usedPages = memoryMib * 256;
  const scenario = smallWorld({
    seed: given.seed ?? "1",
    environment: { preset: "qemu-kvm-hosts", overrides: { alwaysDirtyPages: 0, ...given.environment } },
    vms: [
      {
        name: "vm0",
        memoryBytes: memoryMib * MIB,
        usedBytes: memoryMib * MIB,
        classes: [writes(0, given.hotPages ?? usedPages / 2, given.writesPerSecond ?? 100_000)],
      },
    ],
    timeline: [
      { ...migrate("vm0", 0, given.profile ?? "qemu-7.2", given.overrides ?? {}), mode: given.mode ?? "post-copy" },
      ...(given.commands ?? []),
    ],
    horizonSeconds: 100,
  });
  const events: TraceEvent[] = [];
  const result = simulate(scenario, {
    onEvent: (event) => events.push(event),
    ...(given.dirtyLog === undefined ? {} : { dirtyLog: given.dirtyLog }),
  });
  return { migration: result.migrations[0], warnings: result.warnings, events };
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;
const SEEDS = ["1", "2", "3", "4", "5", "6", "7"];

describe("post-copy of QEMU", () => {
  it("sends each page that waited once, and keeps the guest still for no longer than the phase", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 1e6 }).map(String),
          writesPerSecond: fc.constantFrom(0, 100, 10_000, 1e6),
          hotPages: fc.constantFrom(100, 20_000, 65_536),
          dirtyLog: fc.constantFrom<"statistical" | "bitmap">("statistical", "bitmap"),
          overrides: fc.record({
            postcopyAfterRounds: fc.constantFrom(0, 1, 2),
            maxPostcopyBandwidthBytesPerSecond: fc.constantFrom(0, 50 * MIB),
            postcopyPreempt: fc.boolean(),
            hostPageBytes: fc.constantFrom(4096, 2 * MIB),
            postcopyPollSeconds: fc.constantFrom(0, 0.05),
          }),
        }),
        (given) => {
          const { migration } = run(given);
          expect(migration.outcome).toBe("completed");
          const { postcopy } = migration;
          if (postcopy === undefined) return;
          const precopyPages = migration.rounds.reduce((sum, { pagesSent }) => sum + pagesSent, 0);
          // Sections add 18 bytes each.
          expect(postcopy.bytes).toBeGreaterThanOrEqual(postcopy.pages * PAGE_ON_WIRE_BYTES);
          expect(postcopy.bytes).toBeLessThan(postcopy.pages * PAGE_ON_WIRE_BYTES + 18 * 3000);
          expect(migration.transferredBytes).toBeGreaterThan((precopyPages + postcopy.pages) * PAGE_ON_WIRE_BYTES);
          expect(postcopy.pages).toBeLessThanOrEqual(256 * 256);
          const waiting = migration.rounds.at(-1)?.dirtyPagesAtEnd ?? 0;
          if (given.overrides.hostPageBytes === 4096) expect(postcopy.pages).toBe(waiting);
          else expect(postcopy.pages).toBeGreaterThanOrEqual(waiting);
          expect(postcopy.pagesLeft).toBeLessThanOrEqual(postcopy.pages);
          expect(postcopy.waitSeconds).toBeGreaterThanOrEqual(0);
          expect(postcopy.waitSeconds).toBeLessThanOrEqual(postcopy.seconds);
          expect(migration.brownoutSeconds).toBe(postcopy.waitSeconds);
          const parts = migration.blackout.reduce((sum, { seconds }) => sum + seconds, 0);
          expect(migration.downtimeSeconds).toBeCloseTo(parts, 9);
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it("has a downtime that does not depend on what the guest writes, but for what must be thrown away", () => {
    const downtimes = [30_000, 100_000, 10_000_000].map((writesPerSecond) => {
      const overrides = { downtimeLimitSeconds: 0.05 };
      const { migration } = run({ writesPerSecond, overrides, environment: { discardPageSeconds: 0 } });
      expect(migration.postcopy).toBeDefined();
      return migration.downtimeSeconds as number;
    });
    for (const downtime of downtimes) expect(downtime).toBeCloseTo(downtimes[0], 3);
    // The same guest without post-copy, stopped because enough time is allowed for the rest.
    const stopped = run({ mode: "live", writesPerSecond: 100_000, overrides: { downtimeLimitSeconds: 10 } });
    expect(stopped.migration.downtimeSeconds as number).toBeGreaterThan(2 * (downtimes[1] as number));
  });

  it("lasts as long as its bytes take at its rate limit, and at the link's rate without one", () => {
    const limited = run({ overrides: { maxPostcopyBandwidthBytesPerSecond: 20 * MIB, downtimeLimitSeconds: 0.001 } });
    const { bytes = 0, startSeconds = 0, seconds = 0 } = limited.migration.postcopy ?? {};
    const sending = (bytes / (20 * MIB)) * (0.10007 / 0.1);
    // It begins while the guest is on its way, and a window is granted as a whole.
    const stopped = limited.events.find(({ type }) => type === "vm.stopped")?.t as number;
    expect(Math.abs(startSeconds + seconds - stopped - sending)).toBeLessThan(0.15);
    const free = run({ environment: { placingRateBytesPerSecond: 1e11 } }).migration.postcopy;
    const linkSeconds = ((free?.pagesLeft ?? 0) * PAGE_ON_WIRE_BYTES) / 1.17e9;
    expect(free?.seconds).toBeGreaterThan(0.9 * linkSeconds);
    expect(free?.seconds).toBeLessThan(1.1 * linkSeconds + 0.005);
    const slowTarget = run({ environment: { placingRateBytesPerSecond: 1e8 } }).migration.postcopy;
    expect(slowTarget?.seconds).toBeGreaterThan(10 * (free?.seconds as number));
  });

  it("keeps the guest waiting longer the longer a page takes, and hardly where pages have a connection of their own", () => {
    const waits = (overrides: Overrides, pageRequestSeconds: number) =>
      middle(
        SEEDS.map((seed) => {
          const { migration } = run({ seed, writesPerSecond: 5000, overrides, environment: { pageRequestSeconds } });
          return migration.brownoutSeconds as number;
        }),
      );
    const latencies = [0, 1e-4, 1e-3, 1e-2];
    for (const overrides of [{ postcopyPreempt: true }, { postcopyPreempt: false }]) {
      const found = latencies.map((seconds) => waits(overrides, seconds));
      for (let index = 1; index < found.length; index++) {
        expect(found[index]).toBeGreaterThanOrEqual((found[index - 1] as number) * 0.98);
      }
      expect(found.at(-1)).toBeGreaterThan(found[0] as number);
    }
    expect(waits({ postcopyPreempt: true }, 1e-4)).toBeLessThan(0.7 * waits({ postcopyPreempt: false }, 1e-4));
  });

  it("waits for no page where the guest writes none, and is the same in every run with one seed", () => {
    const { migration } = run({ writesPerSecond: 0, overrides: { postcopyAfterRounds: 0 } });
    expect(migration.postcopy).toMatchObject({ faults: 0, waitSeconds: 0, pages: 256 * 256 });
    expect(run({ seed: "7" })).toEqual(run({ seed: "7" }));
    expect(run({ seed: "7" }).migration.postcopy).not.toEqual(run({ seed: "8" }).migration.postcopy);
  });

  it("completes without post-copy where the rest fits into the downtime limit first", () => {
    const { migration } = run({ writesPerSecond: 10, overrides: { postcopyAfterRounds: 5 } });
    expect(migration.outcome).toBe("completed");
    expect(migration.postcopy).toBeUndefined();
  });

  it("costs no more for a guest of a hundred times the memory", () => {
    const events = (memoryMib: number) =>
      run({ memoryMib, hotPages: 1000, overrides: { maxBandwidthBytesPerSecond: 0 } }).events.length;
    expect(events(16_384)).toBeLessThan(events(256) + 40);
  });
});

describe("what the timeline does to a migration under way", () => {
  const NEVER = { postcopyAfterRounds: 1e6 };

  it("starts post-copy, and refuses to cancel it then", () => {
    const { migration, warnings, events } = run({
      overrides: { ...NEVER, maxPostcopyBandwidthBytesPerSecond: 10 * MIB },
      commands: [
        { kind: "startPostcopy", atSeconds: 4, vm: "vm0" },
        { kind: "startPostcopy", atSeconds: 5, vm: "vm0" },
        { kind: "cancel", atSeconds: 5, vm: "vm0" },
        { kind: "set", atSeconds: 5, vm: "vm0", downtimeLimitSeconds: 2 },
      ],
    });
    expect(migration.endedBy).toBe("post-copy-command");
    expect(migration.outcome).toBe("completed");
    const stopped = events.find(({ type }) => type === "vm.stopped")?.t as number;
    expect(stopped).toBeGreaterThanOrEqual(4);
    expect(stopped).toBeLessThan(4.11);
    expect(warnings).toHaveLength(3);
    for (const warning of warnings) expect(warning).toContain("its memory was in two places");
  });

  it("changes limits, so that a migration that would not converge does", () => {
    const without = run({ mode: "live", overrides: { downtimeLimitSeconds: 0.05 } });
    const given = { mode: "live" as const, overrides: { downtimeLimitSeconds: 0.05 } };
    const { migration, events } = run({
      ...given,
      commands: [{ kind: "set", atSeconds: 5, vm: "vm0", downtimeLimitSeconds: 5 }],
    });
    expect(without.migration.outcome).toBe("not-converged");
    expect(migration.outcome).toBe("completed");
    expect(events.find(({ type }) => type === "vm.stopped")?.t).toBeLessThan(5.2);
    expect(events.find(({ type }) => type === "migration.limitsChanged")).toMatchObject({
      t: 5,
      downtimeLimitSeconds: 5,
      maxBandwidthBytesPerSecond: null,
      by: "timeline",
    });
    const faster = run({
      ...given,
      commands: [{ kind: "set", atSeconds: 5, vm: "vm0", maxBandwidthBytesPerSecond: 0 }],
    });
    expect(faster.migration.outcome).toBe("completed");
  });

  it("continues a switchover that waits, or cancels it, the guest running on", () => {
    const waiting = {
      mode: "live" as const,
      writesPerSecond: 100,
      overrides: { pauseBeforeSwitchover: true, pauseBeforeSwitchoverWaitSeconds: 1e6 },
    };
    const stopped = run(waiting).events.find(({ type }) => type === "vm.stopped")?.t as number;
    const atSeconds = stopped + 3;
    const { migration } = run({ ...waiting, commands: [{ kind: "continue", atSeconds, vm: "vm0" }] });
    expect(migration.outcome).toBe("completed");
    const immediately = run({ ...waiting, overrides: { pauseBeforeSwitchover: true } }).migration;
    expect((migration.downtimeSeconds as number) - (immediately.downtimeSeconds as number)).toBeCloseTo(3 - 5e-5, 6);
    const cancelled = run({ ...waiting, commands: [{ kind: "cancel", atSeconds, vm: "vm0" }] });
    expect(cancelled.migration.outcome).toBe("cancelled");
    expect(cancelled.migration.downtimeSeconds).toBeCloseTo(3, 9);
    expect(cancelled.events.filter(({ type }) => type === "vm.started")).toMatchObject([{ node: "HV01" }]);
  });

  it("warns where there is nothing to change", () => {
    const { warnings } = run({
      mode: "live",
      writesPerSecond: 0,
      commands: [
        { kind: "set", atSeconds: 0.0001, vm: "vm0", downtimeLimitSeconds: 1 },
        { kind: "startPostcopy", atSeconds: 1, vm: "vm0" },
        { kind: "continue", atSeconds: 1, vm: "vm0" },
        { kind: "set", atSeconds: 90, vm: "vm0", downtimeLimitSeconds: 1 },
      ],
    });
    expect(warnings).toEqual([
      "The migration of vm0 could not be given new limits at 0.0001 s: it was being set up.",
      "The migration of vm0 could not be taken to post-copy at 1 s: its mode is not post-copy, or post-copy had been asked for.",
      "The migration of vm0 could not be continued at 1 s: the guest had not been stopped.",
      "There was no migration of vm0 to set limits of at 90 s.",
    ]);
    const given = { mode: "live" as const, profile: "hyper-v-2008r2" };
    const atSeconds = (run(given).migration.rounds[0]?.startSeconds ?? 0) + 0.01;
    const hyperV = run({ ...given, commands: [{ kind: "set", atSeconds, vm: "vm0", downtimeLimitSeconds: 1 }] });
    expect(hyperV.warnings[0]).toContain("could not be given new limits");
  });
});
