/** nova, oVirt and KubeVirt over QEMU: each against its published rule. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kubevirtNextDowntime } from "../../sim/hypervisors/managers/kubevirt.ts";
import { StallDetector } from "../../sim/hypervisors/managers/kubevirt-stall-detector.ts";
import { novaDowntimeSteps } from "../../sim/hypervisors/managers/nova.ts";
import { ovirtDowntimeSteps } from "../../sim/hypervisors/managers/ovirt-legacy.ts";
import { managements, takesManagers } from "../../sim/hypervisors/managers/registry.ts";
import { profiles } from "../../sim/hypervisors/registry.ts";
import type { MigrateEntry, Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import "../support/fixed-seed.ts";

const GIGABIT = 1.25e8;

/** A guest of 2 GiB that dirties 1.5 GiB of it faster than the link can carry, or nothing at all. */
function guest(busy: boolean) {
  return { name: "vm", memoryBytes: 2 * GIB, usedBytes: 1.8 * GIB, classes: busy ? [writes(0, 393_216, 200_000)] : [] };
}

function managed(name: string, overrides: Overrides = {}, settings: Overrides = {}): MigrateEntry {
  const table = managements.find((candidate) => candidate.name === name)?.parameters ?? {};
  for (const key of Object.keys(overrides)) if (!(key in table)) throw new Error(`there is no parameter ${key}`);
  return { ...migrate("vm", 0, "qemu-7.2", settings), manager: { name, overrides } };
}

function run(entry: MigrateEntry, busy = true, horizonSeconds = 3000) {
  const events: TraceEvent[] = [];
  const scenario = smallWorld({
    vms: [guest(busy)],
    timeline: [entry],
    networkBytesPerSecond: GIGABIT,
    environment: { preset: "qemu-kvm-hosts" },
    horizonSeconds,
  });
  const result = simulate(scenario, { onEvent: (event) => events.push(event) });
  const migration = result.migrations[0] as (typeof result.migrations)[0];
  const limits = events.filter((event) => event.type === "migration.limitsChanged");
  return { result, migration, events, limits };
}

describe("nova", () => {
  test("the steps are those of its own documentation", () => {
    // downtime_steps: "with 10 steps, 30 second step delay, 3 GB of RAM and 400ms target maximum downtime".
    expect(novaDowntimeSteps(0.4, 10, 30, 3)).toEqual(
      [40, 76, 112, 148, 184, 220, 256, 292, 328, 364, 400].map((ms, step) => ({
        afterSeconds: 90 * step,
        downtimeSeconds: ms / 1000,
      })),
    );
  });

  test("the steps rise evenly from most / steps to most", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 5000 }),
        fc.integer({ min: 3, max: 50 }),
        fc.integer({ min: 3, max: 500 }),
        fc.double({ min: 2, max: 512, noNaN: true }),
        (mostMs, steps, delay, gib) => {
          const all = novaDowntimeSteps(mostMs / 1000, steps, delay, gib);
          expect(all).toHaveLength(steps + 1);
          // As seconds hold it: the milliseconds that are cut off may be one more by a rounding.
          const heldMs = (mostMs / 1000) * 1000;
          expect(all[0]).toEqual({ afterSeconds: 0, downtimeSeconds: Math.trunc(heldMs / steps) / 1000 });
          const last = all[steps] as (typeof all)[0];
          expect(last.afterSeconds).toBe(steps * Math.trunc(delay * gib));
          expect(Math.abs(last.downtimeSeconds * 1000 - mostMs)).toBeLessThan(1 + 1e-6);
          for (const [index, { downtimeSeconds }] of all.entries()) {
            const exactMs = mostMs / steps + (index * (mostMs - mostMs / steps)) / steps;
            expect(Math.abs(downtimeSeconds * 1000 - exactMs)).toBeLessThan(1 + 1e-6);
          }
        },
      ),
    );
  });

  test("every step comes at the first poll after its time, and the time-out at the first after 800 s a GiB", () => {
    const { migration, limits } = run(managed("nova"));
    const steps = limits.slice(1).map(({ t, downtimeLimitSeconds }) => [t, downtimeLimitSeconds]);
    expect(limits[0]).toMatchObject({ by: "nova", downtimeLimitSeconds: 0.05, maxBandwidthBytesPerSecond: 0 });
    expect(steps).toEqual(
      [95, 140, 185, 230, 275, 320, 365, 410, 455, 500].map((ms, i) => [150.5 + 150 * i, ms / 1000]),
    );
    expect(migration).toMatchObject({
      outcome: "cancelled",
      endedBy: "nova-completion-timeout",
      manager: "nova",
      totalSeconds: 1600.5,
      downtimeSeconds: null,
    });
  });

  test("a larger guest gets more time, and 0 is for ever", () => {
    const timeoutAt = (completionTimeoutSeconds: number) =>
      run(managed("nova", { completionTimeoutSeconds }), true, 700).migration.totalSeconds;
    expect(timeoutAt(100)).toBe(200.5);
    expect(timeoutAt(250)).toBe(500.5);
    expect(run(managed("nova", { completionTimeoutSeconds: 0 }), true, 700).migration.outcome).toBe("not-converged");
  });

  test("force_complete pauses the guest, or goes on in post-copy where that is permitted", () => {
    const forced = { completionTimeoutSeconds: 100, forceComplete: true };
    const paused = run(managed("nova", forced)).migration;
    expect(paused).toMatchObject({ outcome: "completed", endedBy: "nova-completion-timeout" });
    expect(paused.postcopy ?? null).toBeNull();
    expect(paused.downtimeSeconds).toBeGreaterThan(1);
    const followed = run(managed("nova", { ...forced, permitPostCopy: true })).migration;
    expect(followed).toMatchObject({ outcome: "completed", endedBy: "nova-completion-timeout" });
    expect(followed.postcopy ?? null).not.toBeNull();
    expect(followed.downtimeSeconds).toBeLessThan(1);
  });
});

describe("oVirt", () => {
  test("the legacy policy's curve", () => {
    // exponential_downtime(500, 5): int(100 + 400^(i/4)).
    expect(ovirtDowntimeSteps(0.5, 5)).toEqual([0.101, 0.104, 0.12, 0.189, 0.5]);
    expect(ovirtDowntimeSteps(0.5, 1)).toEqual([0.5]);
  });

  test("the list is gone through in its order, a step a look at most, and ends with an abort", () => {
    const { migration, limits } = run(managed("ovirt"));
    expect(limits.map(({ downtimeLimitSeconds }) => downtimeLimitSeconds)).toEqual([0.1, 0.15, 0.2, 0.3, 0.4, 0.5]);
    for (const { t } of limits.slice(1)) expect(t % 10).toBe(0);
    expect(new Set(limits.map(({ t }) => t)).size).toBe(6);
    expect(migration).toMatchObject({ outcome: "cancelled", endedBy: "ovirt-convergence-schedule" });
    // The actions wait for the 2nd, 3rd, 4th, 5th, 7th and 8th iteration seen.
    expect(migration.reason).toContain("after 8 iterations");
    expect((migration.totalSeconds as number) % 10).toBe(0);
  });

  test("its other policies end otherwise", () => {
    const longer = run(managed("ovirt-suspend-workload", { compression: false }));
    expect(longer.limits.map(({ downtimeLimitSeconds }) => downtimeLimitSeconds).slice(-2)).toEqual([0.5, 5]);
    const followed = run(managed("ovirt-post-copy")).migration;
    expect(followed).toMatchObject({ outcome: "completed", endedBy: "ovirt-convergence-schedule" });
    expect(followed.postcopy ?? null).not.toBeNull();
  });

  test("legacy: 64 s a GiB, or no progress", () => {
    // 128 s for 2 GiB; the first look after that.
    expect(run(managed("ovirt-legacy")).migration).toMatchObject({ endedBy: "ovirt-max-time", totalSeconds: 130 });
    const stuck = run(managed("ovirt-legacy", { maxTimePerGibSeconds: 0, progressTimeoutSeconds: 40 }));
    expect(stuck.migration).toMatchObject({ outcome: "cancelled", endedBy: "ovirt-progress-timeout" });
    expect(stuck.limits.map(({ downtimeLimitSeconds }) => downtimeLimitSeconds).slice(0, 2)).toEqual([0.101, 0.104]);
  });

  test("legacy: the steps after the first new iteration are 100 s a GiB / 5 apart", () => {
    const { limits } = run(
      managed("ovirt-legacy", { maxTimePerGibSeconds: 0, progressTimeoutSeconds: 1000 }),
      true,
      900,
    );
    const times = limits.slice(1).map(({ t }) => t);
    expect(times).toHaveLength(4);
    for (const [index, t] of times.slice(1).entries()) expect(t - (times[index] as number)).toBeCloseTo(40, 9);
  });
});

describe("KubeVirt", () => {
  test("the ramp goes by whole milliseconds to its ceiling and stops there", () => {
    const ramp = { initialDowntimeSeconds: 0.15, maxDowntimeSeconds: 1.05, downtimeSteps: 7 };
    const limits = [0.15];
    for (let step = 0; step < 9; step++) limits.push(kubevirtNextDowntime(limits[step] as number, ramp));
    expect(limits).toEqual([0.15, 0.278, 0.406, 0.534, 0.662, 0.79, 0.918, 1.046, 1.05, 1.05]);
  });

  test("it rises from the third iteration on, at polls, 10 s apart", () => {
    const { limits, events } = run(managed("kubevirt", { downtimeTuning: true, maxDowntimeSeconds: 1.05 }));
    const third = events.find((event) => event.type === "migration.roundStarted" && event.round === 3)?.t as number;
    const times = limits.slice(1).map(({ t }) => t);
    expect(limits.map(({ downtimeLimitSeconds }) => downtimeLimitSeconds).slice(1)).toEqual([
      0.278, 0.406, 0.534, 0.662, 0.79, 0.918, 1.046, 1.05,
    ]);
    expect((times[0] as number) - third).toBeGreaterThanOrEqual(0);
    expect((times[0] as number) - third).toBeLessThan(0.4);
    for (const [index, t] of times.slice(1).entries()) expect(t - (times[index] as number)).toBeCloseTo(10, 9);
  });

  test("the completion time-out is 150 s for each 10^9 bytes, rounded up, past in the second after it", () => {
    // 2 GiB are 2.15 x 10^9 bytes: 450 s; polls every 0.4 s: the first at 451 s or later.
    const { migration } = run(managed("kubevirt"));
    expect(migration).toMatchObject({ outcome: "cancelled", endedBy: "kubevirt-completion-timeout" });
    expect(migration.totalSeconds).toBeCloseTo(451.2, 9);
  });

  test("post-copy where it is allowed, a pause where the workload may be disrupted", () => {
    const short = { completionTimeoutSeconds: 50 };
    const followed = run(managed("kubevirt", { ...short, allowPostCopy: true })).migration;
    expect(followed).toMatchObject({ outcome: "completed", endedBy: "kubevirt-completion-timeout" });
    expect(followed.postcopy ?? null).not.toBeNull();
    const paused = run(managed("kubevirt", { ...short, allowWorkloadDisruption: true })).migration;
    expect(paused).toMatchObject({ outcome: "completed", endedBy: "kubevirt-completion-timeout" });
    expect(paused.postcopy ?? null).toBeNull();
    const neither = { ...short, allowPostCopy: true, allowWorkloadDisruption: false };
    expect(run(managed("kubevirt", neither)).migration.outcome).toBe("cancelled");
  });

  test("a pause that lasts as long again ends in an abort, the guest running on at the source", () => {
    // 3 x 3 s, and as much again: more than 18 s in whole seconds, at a poll.
    const { migration } = run(managed("kubevirt", { completionTimeoutSeconds: 3, allowWorkloadDisruption: true }));
    expect(migration).toMatchObject({ outcome: "cancelled", endedBy: "kubevirt-completion-timeout" });
    expect(migration.totalSeconds).toBeCloseTo(19.2, 9);
    // Stopped at the poll after 9 s, in the same way.
    expect(migration.downtimeSeconds).toBeCloseTo(19.2 - 10, 9);
  });

  test("stall detection ends what stalls: by post-copy, by force, or not at all", () => {
    const stall = { stallDetection: true };
    const aborted = run(managed("kubevirt", stall)).migration;
    expect(aborted).toMatchObject({ outcome: "cancelled", endedBy: "kubevirt-stall" });
    expect(aborted.totalSeconds).toBeLessThan(451);
    const followed = run(managed("kubevirt", { ...stall, allowPostCopy: true })).migration;
    expect(followed).toMatchObject({ outcome: "completed", endedBy: "kubevirt-stall" });
    const forced = run(managed("kubevirt", { ...stall, allowWorkloadDisruption: true }));
    expect(forced.migration.outcome).toBe("completed");
    expect(forced.limits.map(({ downtimeLimitSeconds }) => downtimeLimitSeconds)).toEqual([0.3, 2000]);
  });

  test("the detector waits for a stall, and then for a value near the least", () => {
    const detector = () =>
      new StallDetector({ windowSeconds: 40, marginShare: 0.04, patienceDecayShare: 0.5, smoothingShare: 0.4 });
    const falling = detector();
    falling.sawBandwidth(1e8, 1);
    for (let t = 0; t < 200; t += 5) expect(falling.isMomentToSwitch(t, 1e9 * 0.9 ** t)).toBe(false);
    const stalled = detector();
    stalled.sawBandwidth(1e8, 1);
    for (let t = 0; t < 40; t += 10) expect(stalled.isMomentToSwitch(t, 5e8)).toBe(false);
    // The least before the window is 5e8; 6e8 is a stall and too far from it, 5.1e8 is near enough.
    expect(stalled.isMomentToSwitch(40, 6e8)).toBe(false);
    expect(stalled.isMomentToSwitch(50, 5.1e8)).toBe(true);
    // Nothing comes near any more: after 40 s the least since the stall will do.
    expect(stalled.isMomentToSwitch(60, 7e8)).toBe(false);
    expect(stalled.isMomentToSwitch(81, 7e8)).toBe(false);
    expect(stalled.isMomentToSwitch(102, 6.5e8)).toBe(true);
  });

  test("the mean of the bandwidth forgets by the look", () => {
    const detector = new StallDetector({
      windowSeconds: 40,
      marginShare: 0.04,
      patienceDecayShare: 0.5,
      smoothingShare: 0.4,
    });
    detector.sawBandwidth(100, 1);
    detector.sawBandwidth(200, 2);
    expect(detector.bandwidthBytesPerSecond).toBeCloseTo(200 - 0.6 * 0.6 * 100, 9);
  });
});

describe("every manager", () => {
  test.each(managements.map(({ name }) => name))("%s changes nothing where it never has to act", (name) => {
    const management = managements.find((candidate) => candidate.name === name) as (typeof managements)[0];
    const table = profiles.find((profile) => profile.name === "qemu-7.2")?.parameters ?? {};
    const settings = Object.fromEntries(
      Object.entries(management.profileSettings({})).filter(([key]) => key in table && key !== "postcopyAfterRounds"),
    );
    const withManager = run(managed(name), false);
    const without = run(migrate("vm", 0, "qemu-7.2", settings), false);
    const { manager, ...rest } = withManager.migration;
    expect(manager).toBe(name);
    expect(rest).toEqual(without.migration);
  });

  test("what the entry gives itself holds over what the manager sets first", () => {
    const { limits } = run(managed("nova", {}, { downtimeLimitSeconds: 0.3, maxBandwidthBytesPerSecond: 6.4e7 }));
    expect(limits[0]).toMatchObject({ downtimeLimitSeconds: null, maxBandwidthBytesPerSecond: null });
    expect(limits[1]).toMatchObject({ t: 150.5, downtimeLimitSeconds: 0.095 });
  });

  test("drives profiles of QEMU alone", () => {
    expect(profiles.filter(({ parameters }) => takesManagers(parameters)).map(({ name }) => name)).toEqual(
      profiles.map(({ name }) => name).filter((name) => name.startsWith("qemu-")),
    );
  });
});
