/** How QEMU holds a guest to a quota of dirtied bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DIRTY_LIMIT_PARAMETERS,
  DirtyLimitControl,
  type DirtyLimitSettings,
} from "../../sim/hypervisors/qemu/dirty-limit.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { secondsToDirty } from "../../sim/memory/dirtying.ts";
import { PAGE_BYTES, type PageClass } from "../../sim/memory/page-class.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import "../support/fixed-seed.ts";

function settings(changes: Partial<DirtyLimitSettings> = {}): DirtyLimitSettings {
  return { throttleTriggerShare: 0.5, ...resolveParameters(DIRTY_LIMIT_PARAMETERS, {}), ...changes };
}

const control = (changes: Partial<DirtyLimitSettings> = {}) => new DirtyLimitControl(settings(changes));

describe("the sleep of a processor whose ring is full", () => {
  // A ring of 16 MiB at 200 MiB/s is full after 80 ms.
  it("reaches the quota in one step from afar: running for 80 ms, then sleeping 80 ms x (rate / quota - 1)", () => {
    expect(control({ vcpuDirtyLimitBytesPerSecond: 50 * MIB }).adjust(200)).toBe(240_000);
    expect(control({ vcpuDirtyLimitBytesPerSecond: 80 * MIB }).adjust(200)).toBe(120_000);
  });

  it("changes by a tenth of the time to fill where quota and rate are near", () => {
    const near = control({ vcpuDirtyLimitBytesPerSecond: 150 * MIB });
    expect([near.adjust(200), near.adjust(190), near.adjust(170), near.adjust(100)]).toEqual([
      8_000, 16_000, 16_000, 8_000,
    ]);
  });

  it("stays within 25 MiB/s of the quota, ends with the writing, and is never under 0 or over 99 times the fill", () => {
    const one = control();
    expect(one.adjust(26)).toBe(0);
    expect(one.adjust(27)).toBeGreaterThan(0);
    const fast = control();
    expect([fast.adjust(1000), fast.adjust(1000)]).toEqual([99 * 16_000, 99 * 16_000]);
    const some = control({ vcpuDirtyLimitBytesPerSecond: 100 * MIB });
    expect(some.adjust(400)).toBeGreaterThan(0);
    expect(some.adjust(0)).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 30 }), (rates) => {
        const any = control({ vcpuDirtyLimitBytesPerSecond: 60 * MIB });
        let highest = 0;
        for (const rate of rates) {
          const before = any.adjust(60);
          const sleep = any.adjust(rate);
          if (Math.abs(rate - 60) > 25) highest = Math.max(highest, rate);
          if (Math.abs(rate - 60) <= 25) expect(sleep).toBe(before);
          expect(sleep).toBeGreaterThanOrEqual(0);
          if (highest > 0) expect(sleep).toBeLessThanOrEqual((99 * 16e6) / 27);
        }
      }),
    );
  });
});

const pageClass = (pages: number, writesPerSecond: number, pattern: PageClass["pattern"]): PageClass => ({
  name: "class",
  firstPage: 0,
  pages,
  writesPerSecond,
  pattern,
  startSeconds: Number.NEGATIVE_INFINITY,
  endSeconds: Number.POSITIVE_INFINITY,
  cpuBoundShare: 1,
  wordsPerWrite: 1,
});

describe("the time to dirty so many pages", () => {
  it("is that of a sweep, and of random writes by the coupon collector's law", () => {
    expect(secondsToDirty(new WriteActivity([pageClass(10_000, 500, "sweep")]), 4000, 0)).toBeCloseTo(8, 9);
    const uniform = new WriteActivity([pageClass(10_000, 500, "uniform")]);
    expect(secondsToDirty(uniform, 4000, 0)).toBeCloseTo((10_000 / 500) * Math.log(10_000 / 6000), 9);
    expect(secondsToDirty(uniform, 10_000, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a guest that dirties more than is sent, in QEMU 10", () => {
  const run = (overrides: Overrides, pages = 120_000, rate = 60_000) =>
    simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 1024 * MIB, usedBytes: 512 * MIB, classes: [writes(0, pages, rate)] }],
        timeline: [migrate("vm", 1, "qemu-10", overrides)],
        horizonSeconds: 60,
      }),
    ).migrations[0];

  it("dirties within 25 MiB/s of its quota once the control has seen it, and then moves", () => {
    expect(run({})?.outcome).toBe("not-converged");
    const limited = run({ dirtyLimit: true, vcpuDirtyLimitBytesPerSecond: 40 * MIB });
    expect(limited?.outcome).toBe("completed");
    const held = (limited?.rounds ?? []).filter(({ throttle, final }) => throttle > 0 && !final).slice(1);
    expect(held.length).toBeGreaterThan(1);
    for (const { newlyDirtyPages, durationSeconds } of held) {
      if (durationSeconds < 0.3) continue;
      const mibPerSecond = (newlyDirtyPages * PAGE_BYTES) / MIB / durationSeconds;
      expect(Math.abs(mibPerSecond - 40)).toBeLessThan(26);
    }
  });

  it("has as many quotas as virtual processors", () => {
    const quota = { dirtyLimit: true, vcpuDirtyLimitBytesPerSecond: 10 * MIB };
    const highest = (vcpus: number) =>
      Math.max(...(run({ ...quota, vcpus })?.rounds ?? []).map(({ throttle }) => throttle));
    const full = (60_000 * PAGE_BYTES) / MIB;
    // Rates and percentages are whole ones, and writes to a page that is in the ring already need no place in it.
    expect(Math.abs(highest(1) - (1 - 10 / full))).toBeLessThan(0.03);
    expect(Math.abs(highest(4) - (1 - 40 / full))).toBeLessThan(0.03);
  });

  it("is never slowed where it writes to fewer pages than its ring holds", () => {
    const hot = run({ dirtyLimit: true, maxBandwidthBytesPerSecond: 4 * MIB, downtimeLimitSeconds: 0.01 }, 3000);
    expect(hot?.outcome).toBe("not-converged");
    expect(hot?.rounds.every(({ throttle }) => throttle === 0)).toBe(true);
  });
});
