/** What a cancellation and the end of the run do to a migration in each of its stages; who waits for whom. */
import { describe, expect, it } from "vitest";
import type { Scenario, TimelineEntry } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { GIB, MIB, migrate, type SmallWorld, smallWorld, writes } from "../support/small-world.ts";

function runOf(scenario: Scenario) {
  const events: TraceEvent[] = [];
  const result = simulate(scenario, { onEvent: (event) => events.push(event) });
  return { ...result, events, types: events.map(({ type }) => type) };
}

/** Asked for at 1 s; 3 s of setup, then some 10 s of pre-copy, 1 s to stop and 1 s for the device state. */
function oneGuest(changes: Partial<SmallWorld> = {}, timeline: TimelineEntry[] = []): Scenario {
  return smallWorld({
    vms: [{ name: "vm", memoryBytes: 256 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 4_000, 500)] }],
    timeline: [migrate("vm", 1, "qemu-7.2", { maxBandwidthBytesPerSecond: 26 * MIB }), ...timeline],
    environment: {
      preset: "qemu-tcg-2-core",
      overrides: { setupSeconds: 3, stopSeconds: 1, deviceStateCollectionSeconds: 1, resumeSeconds: 1 },
    },
    ...changes,
  });
}

/** When each stage of the undisturbed migration is under way. */
const STAGES = { setup: 2.5, "the full copy": 8 };

const cancelAt = (atSeconds: number): TimelineEntry => ({ kind: "cancel", atSeconds, vm: "vm" });

describe("a migration left alone", () => {
  it("has the stages that these tests disturb", () => {
    const { migrations, warnings } = runOf(oneGuest());
    const [migration] = migrations;
    expect(migration.outcome).toBe("completed");
    expect(migration.setupSeconds).toBeCloseTo(3, 2);
    expect(migration.rounds[0].durationSeconds).toBeGreaterThan(8);
    expect(migration.downtimeSeconds).toBeGreaterThan(3);
    expect(warnings).toEqual([]);
  });
});

describe("cancelling", () => {
  it.each(Object.entries(STAGES))("during %s leaves the guest running where it is", (_, atSeconds) => {
    const { migrations, warnings, types } = runOf(oneGuest({}, [cancelAt(atSeconds)]));
    const [migration] = migrations;
    expect(migration).toMatchObject({ outcome: "cancelled", downtimeSeconds: null, endedBy: null, blackout: [] });
    expect(migration.totalSeconds).toBeCloseTo(atSeconds - 1, 9);
    expect(migration.reason).toContain(`${atSeconds} s`);
    expect(types).not.toContain("vm.stopped");
    expect(types.at(-1)).toBe("migration.ended");
    expect(warnings).toEqual([]);
    // 26 MiB/s from 4 s on, in windows of 100 ms that are booked as they begin.
    const mib = Math.max(0, atSeconds - 4) * 26;
    expect(migration.transferredBytes / MIB).toBeGreaterThanOrEqual(mib - 0.1);
    expect(migration.transferredBytes / MIB).toBeLessThanOrEqual(mib === 0 ? 0 : mib + 3);
    expect(migration.rounds.map(({ bytesSent }) => bytesSent)).toEqual(mib === 0 ? [] : [migration.transferredBytes]);
  });

  it("in the blackout comes too late", () => {
    const undisturbed = runOf(oneGuest());
    const stopped = undisturbed.events.find(({ type }) => type === "vm.stopped")?.t ?? Number.NaN;
    for (const later of [0.5, 1.2, 2.5]) {
      const { migrations, warnings } = runOf(oneGuest({}, [cancelAt(stopped + later)]));
      expect(migrations).toEqual(undisturbed.migrations);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain("could not be cancelled");
    }
  });

  it.each([0.5, 100])("at %s s, before or after the migration, changes nothing and warns", (atSeconds) => {
    const { migrations, warnings } = runOf(oneGuest({}, [cancelAt(atSeconds)]));
    expect(migrations).toEqual(runOf(oneGuest()).migrations);
    expect(warnings).toEqual([`There was no migration of vm to cancel at ${atSeconds} s.`]);
  });

  it("lets the guest be moved again", () => {
    const { migrations } = runOf(oneGuest({}, [cancelAt(8), migrate("vm", 8, "qemu-7.2")]));
    expect(migrations.map(({ outcome }) => outcome)).toEqual(["cancelled", "completed"]);
    expect(migrations[1].startSeconds).toBe(8);
  });
});

describe("the end of the run", () => {
  it.each([
    [0.5, "before this migration was asked for"],
    [2.5, "pre-copy had not"],
    [8, "pre-copy had not"],
  ])("at %s s leaves the migration not converged: %s", (horizonSeconds, reason) => {
    const { migrations, events } = runOf(oneGuest({ horizonSeconds }));
    expect(migrations[0]).toMatchObject({ outcome: "not-converged", downtimeSeconds: null, endedBy: null });
    expect(migrations[0].reason).toContain(reason);
    expect(events.at(-1)).toMatchObject({ type: "migration.ended", outcome: "not-converged" });
  });

  it("in the blackout says so", () => {
    const stopped = runOf(oneGuest()).events.find(({ type }) => type === "vm.stopped")?.t ?? Number.NaN;
    const { migrations } = runOf(oneGuest({ horizonSeconds: stopped + 1.5 }));
    expect(migrations[0]).toMatchObject({ outcome: "not-converged", downtimeSeconds: null });
    expect(migrations[0].reason).toContain("in the blackout");
    expect(migrations[0].endedBy).toBe("remaining-below-threshold");
  });

  it("comes for a guest that never converges after no more steps than rounds need", () => {
    // 40,000 pages a second are written, 1,600 are sent.
    const scenario = (horizonSeconds: number) =>
      oneGuest({
        horizonSeconds,
        vms: [{ name: "vm", memoryBytes: GIB, usedBytes: GIB, classes: [writes(0, 200_000, 40_000)] }],
      });
    const { migrations, events } = runOf(scenario(86_400));
    expect(migrations[0].outcome).toBe("not-converged");
    const { rounds } = migrations[0];
    expect(rounds.length).toBeGreaterThan(300);
    // Two events a round, and no round that takes no time.
    expect(events.length).toBeLessThan(2 * rounds.length + 20);
    expect(Math.min(...rounds.map(({ durationSeconds }) => durationSeconds))).toBeGreaterThan(0.1);
  });
});

it("is not awaited for a year: so many rounds say that it would go on like this", () => {
  const { migrations } = simulate(
    oneGuest({
      horizonSeconds: 365 * 86_400,
      vms: [{ name: "vm", memoryBytes: 64 * MIB, usedBytes: 64 * MIB, classes: [writes(0, 12_000, 400_000)] }],
      timeline: [migrate("vm", 1, "qemu-7.2", { downtimeLimitSeconds: 0.001 })],
    }),
  );
  expect(migrations[0]).toMatchObject({ outcome: "not-converged", endedBy: null, downtimeSeconds: null });
  expect(migrations[0].reason).toMatch(/After \d+ rounds/);
  expect(migrations[0].rounds.length).toBe(100_000);
  // It is over there and then: whoever waits for the node need not wait on.
  expect(migrations[0].totalSeconds).toBeLessThan(365 * 86_400 - 1);
});

/** Three guests of the same node that Hyper-V 2008 R2 is to move at once. */
function threeGuests(horizonSeconds: number, timeline: TimelineEntry[] = []): Scenario {
  const names = ["one", "two", "three"];
  return smallWorld({
    vms: names.map((name) => ({
      name,
      memoryBytes: 512 * MIB,
      usedBytes: 512 * MIB,
      classes: [writes(0, 2_000, 200)],
    })),
    timeline: [...names.map((name) => migrate(name, 1, "hyper-v-2008r2")), ...timeline],
    environment: { preset: "hyper-v-2008r2-hosts" },
    networkBytesPerSecond: 125e6,
    horizonSeconds,
  });
}

describe("Hyper-V 2008 R2", () => {
  it("moves one guest of a node at a time, in the order asked for", () => {
    const { migrations, events } = runOf(threeGuests(600));
    expect(migrations.map(({ outcome }) => outcome)).toEqual(["completed", "completed", "completed"]);
    const ended = events.flatMap((event) => (event.type === "migration.ended" ? [event] : []));
    expect(ended.map(({ migration }) => migration)).toEqual([0, 1, 2]);
    expect(migrations.map(({ startSeconds }) => startSeconds)).toEqual([1, ended[0].t, ended[1].t]);
    expect(events.filter(({ type }) => type === "migration.queued")).toHaveLength(2);
  });

  it("moves the next one when one that waits or moves is cancelled", () => {
    const { migrations } = runOf(
      threeGuests(600, [
        { kind: "cancel", atSeconds: 3, vm: "two" },
        { kind: "cancel", atSeconds: 4, vm: "one" },
      ]),
    );
    expect(migrations.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled", "completed"]);
    expect(migrations.map(({ startSeconds }) => startSeconds)).toEqual([1, null, 4]);
    expect(migrations[1]).toMatchObject({ totalSeconds: null, transferredBytes: 0, rounds: [] });
  });

  it("starts none of those that wait when the run ends", () => {
    const { migrations, events } = runOf(threeGuests(4));
    expect(migrations.map(({ startSeconds }) => startSeconds)).toEqual([1, null, null]);
    expect(migrations.map(({ outcome }) => outcome)).toEqual(["not-converged", "not-converged", "not-converged"]);
    expect(migrations[1].reason).toBe("The run ended at 4 s while this migration waited its turn.");
    expect(migrations[2].reason).toBe(migrations[1].reason);
    expect(events.filter(({ type }) => type === "migration.started")).toHaveLength(1);
  });
});

describe("QEMU", () => {
  it("moves guests at once, which share the link: both take twice as long where it is what limits them", () => {
    const guests = (names: string[]) =>
      smallWorld({
        vms: names.map((name) => ({ name, memoryBytes: 512 * MIB, usedBytes: 512 * MIB })),
        timeline: names.map((name) => migrate(name, 1, "qemu-7.2")),
        networkBytesPerSecond: 12.5e6,
      });
    const [alone] = runOf(guests(["one"])).migrations;
    const together = runOf(guests(["one", "two"])).migrations;
    for (const { totalSeconds } of together) {
      expect((totalSeconds as number) / (alone.totalSeconds as number)).toBeCloseTo(2, 1);
    }
  });
});

describe("a target without room", () => {
  it("fails the migration before anything moves", () => {
    const { migrations, types } = runOf(
      smallWorld({
        vms: [
          { name: "big", node: "HV02", memoryBytes: 3 * GIB, usedBytes: MIB },
          { name: "vm", memoryBytes: 2 * GIB, usedBytes: MIB },
        ],
        timeline: [migrate("vm", 1, "qemu-7.2")],
        nodeMemoryBytes: 4 * GIB,
      }),
    );
    expect(migrations[0]).toMatchObject({ outcome: "failed", startSeconds: null, transferredBytes: 0, rounds: [] });
    expect(migrations[0].reason).toContain("HV02");
    expect(types).toEqual(["migration.requested", "migration.ended"]);
  });

  it("fails one that waited, where another took the room meanwhile", () => {
    const guest = { memoryBytes: 512 * MIB, usedBytes: 512 * MIB };
    const { migrations } = runOf(
      smallWorld({
        nodes: 3,
        vms: [
          { ...guest, name: "one" },
          { ...guest, name: "two" },
          { ...guest, name: "three", node: "HV03" },
        ],
        timeline: [
          migrate("one", 1, "hyper-v-2008r2"),
          migrate("two", 1, "hyper-v-2008r2"),
          migrate("three", 2, "qemu-7.2"),
        ],
        environment: { preset: "hyper-v-2008r2-hosts" },
        nodeMemoryBytes: GIB,
      }),
    );
    expect(migrations.map(({ outcome }) => outcome)).toEqual(["completed", "failed", "completed"]);
    expect(migrations[1]).toMatchObject({ startSeconds: null, rounds: [] });
    expect(migrations[1].reason).toContain("HV02");
  });
});
