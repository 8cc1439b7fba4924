/** What is QEMU 10's own. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PAGE_BYTES } from "../../sim/memory/page-class.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { spoil } from "../support/scenario-text.ts";
import { GIB, MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

/** Passes of tens of seconds: 2 GiB, all of it dirtied, at 50 MiB/s. */
function slow(profile: string, overrides: Overrides = {}) {
  return simulate(
    smallWorld({
      vms: [{ name: "vm", memoryBytes: 2 * GIB, usedBytes: 2 * GIB, classes: [writes(0, 500_000, 100_000)] }],
      timeline: [migrate("vm", 1, profile, { autoConverge: true, maxBandwidthBytesPerSecond: 50 * MIB, ...overrides })],
      horizonSeconds: 600,
    }),
  ).migrations[0];
}

describe("QEMU 10 with auto-converge", () => {
  it("reads the bitmap every five seconds from the second pass on, the first pass left alone", () => {
    const [first, second, ...rest] = slow("qemu-10")?.rounds ?? [];
    expect(first?.durationSeconds).toBeGreaterThan(30);
    // The look that falls into the first pass's end finds a new read; the next one finds none.
    expect(second?.durationSeconds).toBeGreaterThan(5);
    expect(second?.durationSeconds).toBeLessThan(10.1);
    expect(rest[0]?.durationSeconds).toBeCloseTo(5, 6);
    for (const { durationSeconds } of rest) expect(durationSeconds).toBeLessThan(10.1);
  });

  it("so throttles sooner than QEMU 7.2, and is done sooner", () => {
    const [older, newer] = [slow("qemu-7.2"), slow("qemu-10")];
    const firstThrottle = (rounds: readonly { startSeconds: number; throttle: number }[] = []) =>
      rounds.find(({ throttle }) => throttle > 0)?.startSeconds ?? Number.POSITIVE_INFINITY;
    expect(firstThrottle(newer?.rounds)).toBeLessThan(firstThrottle(older?.rounds));
    expect(newer?.totalSeconds).toBeLessThan(older?.totalSeconds ?? 0);
  });

  it("reads no more often where auto-converge is off", () => {
    const off = { autoConverge: false };
    expect(slow("qemu-10", off)?.rounds).toEqual(slow("qemu-7.2", off)?.rounds);
  });
});

describe("QEMU 10's clock", () => {
  const run = (overrides: Overrides) =>
    simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 256 * MIB, usedBytes: 128 * MIB, classes: [writes(0, 4000, 2000)] }],
        timeline: [migrate("vm", 1, "qemu-10", overrides)],
        environment: { preset: "qemu-kvm-hosts" },
        latencySeconds: 0.003,
      }),
    ).migrations[0];

  it("stops as the last byte is written, or once the target has said that the guest runs", () => {
    const [silent, told] = [run({}), run({ returnPath: true })];
    expect(silent?.downtimeSeconds).toBe(told?.downtimeSeconds);
    expect(silent?.reportedDowntimeSeconds).toBeLessThan(silent?.downtimeSeconds ?? 0);
    expect(told?.reportedDowntimeSeconds).toBeCloseTo((told?.downtimeSeconds ?? 0) + 0.003, 9);
  });
});

describe("QEMU 10's threshold", () => {
  const run = (overrides: Overrides) =>
    simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 512 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 32_768, 10_000)] }],
        timeline: [migrate("vm", 1, "qemu-10", { maxBandwidthBytesPerSecond: 64 * MIB, ...overrides })],
        horizonSeconds: 60,
      }),
    ).migrations[0];
  const lastPages = (overrides: Overrides) => run(overrides)?.rounds.at(-1)?.pagesSent ?? Number.NaN;

  it("is the bandwidth last seen, or the one that is said to be there, times the downtime limit", () => {
    expect(run({ availSwitchoverBandwidthBytesPerSecond: 0 })).toEqual(run({}));
    const wide = lastPages({ availSwitchoverBandwidthBytesPerSecond: 256 * MIB });
    expect(wide).toBeGreaterThan(2 * lastPages({}));
    // 0.3 s of 256 MiB/s.
    expect(wide).toBeLessThanOrEqual((0.3 * 256 * MIB) / PAGE_BYTES);
  });
});

describe("autoConverge together with dirtyLimit", () => {
  const problemsOf = (...flags: string[]) => {
    const document = parse(spoil("profile: qemu-7.2", ["profile: qemu-10", ...flags].join(", ")));
    const parsed = parseScenario(document);
    return parsed.ok ? [] : parsed.problems;
  };

  it("is refused where it stands, as QEMU refuses it; each alone is not", () => {
    expect(problemsOf("autoConverge: true")).toEqual([]);
    expect(problemsOf("dirtyLimit: true")).toEqual([]);
    const [problem, ...others] = problemsOf("autoConverge: true", "dirtyLimit: true");
    expect(problem?.path).toEqual(["timeline", 0, "migrate", "dirtyLimit"]);
    expect(others).toEqual([]);
  });
});
