/** When QEMU throttles a guest, and how far. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AUTO_CONVERGE_PARAMETERS, autoConverge, nextPercent } from "../../sim/hypervisors/qemu/auto-converge.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { PAGE_BYTES } from "../../sim/memory/page-class.ts";
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../sim/migration/policy.ts";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { precopyView } from "../support/precopy-view.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import "../support/fixed-seed.ts";

const MEBIBYTE_PAGES = MIB / PAGE_BYTES;

/** Passes one after the other, each so many seconds and MiB; returns the throttle, in percent, after each. */
function throttles(
  passes: readonly { seconds: number; dirtiedMib: number; sentMib: number }[],
  values: Overrides = {},
  inner: PrecopyPolicy = () => ANOTHER_ROUND,
): number[] {
  const decide = autoConverge(resolveParameters(AUTO_CONVERGE_PARAMETERS, values), inner);
  let [elapsedSeconds, transferredBytes, deniedShare] = [0.001, 0, 0];
  return passes.map(({ seconds, dirtiedMib, sentMib }, index) => {
    elapsedSeconds += seconds;
    transferredBytes += sentMib * MIB;
    const newlyDirtyPages = dirtiedMib * MEBIBYTE_PAGES;
    const decision = decide(
      precopyView({
        round: index + 1,
        roundSeconds: seconds,
        newlyDirtyPages,
        elapsedSeconds,
        transferredBytes,
        deniedShare,
      }),
    );
    if (decision.kind === "another-round") deniedShare = decision.deniedShare ?? deniedShare;
    return Math.round(deniedShare * 100);
  });
}

const bad = { seconds: 2, dirtiedMib: 100, sentMib: 100 };
const good = { seconds: 2, dirtiedMib: 50, sentMib: 100 };

describe("the throttle", () => {
  it("is raised at every second look that finds too much dirtied: 20, 30, ... 90, 99 %", () => {
    const expected = Array.from({ length: 24 }, (_, index) => {
      const raises = Math.floor((index + 1) / 2);
      return raises === 0 ? 0 : Math.min(20 + 10 * (raises - 1), 99);
    });
    expect(throttles(Array(24).fill(bad))).toEqual(expected);
    expect(expected.at(-1)).toBe(99);
  });

  it("follows its parameters", () => {
    const values = { cpuThrottleInitialShare: 0.35, cpuThrottleIncrementShare: 0.25, maxCpuThrottleShare: 0.7 };
    expect(throttles(Array(8).fill(bad), values)).toEqual([0, 35, 35, 60, 60, 70, 70, 70]);
    expect(throttles(Array(4).fill(good), { throttleTriggerShare: 0.49 })).toEqual([0, 20, 20, 30]);
  });

  it("is never touched where no more is dirtied than the trigger's share of what is sent", () => {
    const pass = fc.record({
      seconds: fc.integer({ min: 1, max: 4000 }).map((ms) => ms / 1000),
      sentMib: fc.integer({ min: 0, max: 1000 }),
      part: fc.double({ min: 0, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(pass, { maxLength: 40 }), (passes) => {
        const written = passes.map(({ seconds, sentMib, part }) => ({
          seconds,
          sentMib,
          dirtiedMib: Math.floor(sentMib * part),
        }));
        expect(throttles(written).every((percent) => percent === 0)).toBe(true);
      }),
    );
  });

  it("counts bad looks past good ones", () => {
    expect(throttles([bad, good, good, bad, good, bad, bad])).toEqual([0, 0, 0, 20, 20, 20, 30]);
  });

  it("looks only at reads more than a second after the last look, and at all that was dirtied and sent since", () => {
    const pass = (ms: number) => ({ seconds: ms / 1000, dirtiedMib: 60, sentMib: 100 });
    // Looks at 1.001 s and 2.002 s, not at 1000 ms sharp.
    expect(throttles([pass(1000), pass(1), pass(1000), pass(1)])).toEqual([0, 0, 0, 20]);
    // Half of the passes dirty too much, together they do not.
    const mixed = [60, 30, 60, 30, 60, 30].map((dirtiedMib) => ({ seconds: 0.6, dirtiedMib, sentMib: 100 }));
    expect(throttles(mixed)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(throttles(mixed.map((each) => ({ ...each, seconds: 1.1 })))).toEqual([0, 0, 20, 20, 20, 20]);
  });

  it("stays as it is where pre-copy ends", () => {
    const stop: PrecopyPolicy = () => ({ kind: "stop-guest", rule: "enough", reason: "enough" });
    const decide = autoConverge(resolveParameters(AUTO_CONVERGE_PARAMETERS, {}), stop);
    for (const elapsedSeconds of [2, 4, 6]) {
      expect(decide(precopyView({ elapsedSeconds, newlyDirtyPages: 1e6 }))).toEqual(stop(precopyView()));
    }
  });

  it("rises slowly at the tail: no further than to where what is dirtied would be allowed", () => {
    const steps = { initialPercent: 20, incrementPercent: 10, greatestPercent: 99, tailslow: true };
    // Running 80 %, it dirties a tenth too much: 72 % would do.
    expect(nextPercent(20, { dirtiedBytes: 1000, allowedBytes: 900 }, steps)).toBe(28);
    expect(nextPercent(20, { dirtiedBytes: 1000, allowedBytes: 100 }, steps)).toBe(30);
    expect(nextPercent(0, { dirtiedBytes: 1000, allowedBytes: 999 }, steps)).toBe(20);
    expect(nextPercent(20, { dirtiedBytes: 1000, allowedBytes: 900 }, { ...steps, tailslow: false })).toBe(30);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (now, dirtiedBytes, part) => {
          const next = nextPercent(now, { dirtiedBytes, allowedBytes: dirtiedBytes * part }, steps);
          expect(next).toBeGreaterThanOrEqual(now);
          expect(next).toBeLessThanOrEqual(Math.min(99, now + 10));
          // What runs then is no less than what would be allowed, by less than a percent.
          if (next < Math.min(99, now + 10)) expect(Math.abs(100 - next - (100 - now) * part)).toBeLessThan(1 + 1e-9);
        },
      ),
    );
  });
});

describe("a guest that dirties more than is sent", () => {
  const run = (profile: string, overrides: Overrides, catchUpSeconds = 0) => {
    const scenario = smallWorld({
      vms: [{ name: "vm", memoryBytes: 512 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 32_768, 60_000)] }],
      timeline: [migrate("vm", 1, profile, overrides)],
      horizonSeconds: 60,
    });
    for (const vm of scenario.vms) vm.catchUpSeconds = catchUpSeconds;
    return simulate(scenario).migrations[0];
  };

  it("converges only where it is throttled", () => {
    const free = run("qemu-7.2", {});
    expect(free?.outcome).toBe("not-converged");
    expect(free?.brownoutSeconds).toBe(0);
    const throttled = run("qemu-7.2", { autoConverge: true });
    expect(throttled?.outcome).toBe("completed");
    const rounds = throttled?.rounds ?? [];
    const held = rounds.filter(({ throttle, final }) => throttle > 0 && !final);
    const steps = [...new Set(held.map(({ throttle }) => Math.round(throttle * 100)))];
    expect(steps).toEqual([20, 30, 40, 50, 60, 70, 80, 90, 99].slice(0, steps.length));
    // Brownout is from the first throttle to the stop of the guest, the last copy not in it.
    const stopSeconds = held.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    expect(throttled?.brownoutSeconds).toBeCloseTo(stopSeconds, 9);
  });

  it("takes a higher throttle the more of each sleep it makes up", () => {
    const highest = [0, 0.0015, 0.02].map((catchUpSeconds) =>
      Math.max(...(run("qemu-7.2", { autoConverge: true }, catchUpSeconds)?.rounds ?? []).map((r) => r.throttle)),
    );
    expect(highest[1]).toBeGreaterThanOrEqual(highest[0] as number);
    expect(highest[2]).toBeGreaterThan(highest[1] as number);
  });
});
