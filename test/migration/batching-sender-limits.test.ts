/** Xen sends as fast as it can: a limit set from outside is refused, not silently kept. */
import { expect, test } from "vitest";
import { simulate } from "../../sim/index.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";

function moved(profile: string, overrides = {}, limits: object | null = { maxBandwidthBytesPerSecond: 1e6 }) {
  return simulate(
    smallWorld({
      environment: { preset: "xen-hosts" },
      horizonSeconds: 600,
      vms: [{ name: "vm1", memoryBytes: GIB, usedBytes: GIB, classes: [writes(0, 20_000, 10_000)] }],
      timeline: [
        migrate("vm1", 0, profile, overrides),
        ...(limits === null ? [] : [{ kind: "set" as const, atSeconds: 2, vm: "vm1", ...limits }]),
      ],
    }),
  );
}

test.each(["xen", "xenserver-5"])("%s has no rate limit to set, and the run says so", (profile) => {
  const free = moved(profile, {}, null);
  expect(free.warnings).toEqual([]);
  for (const limits of [
    { maxBandwidthBytesPerSecond: 1e6 },
    { maxBandwidthBytesPerSecond: 1e6, downtimeLimitSeconds: 2 },
  ]) {
    const limited = moved(profile, {}, limits);
    expect(limited.warnings).toEqual([
      "The migration of vm1 could not be given new limits at 2 s: its profile has no such limits.",
    ]);
    expect(limited.migrations).toEqual(free.migrations);
  }
});

test("an adaptive build of XenServer has one", () => {
  const adaptive = { adaptiveRate: true };
  expect(moved("xenserver-5", adaptive).warnings).toEqual([]);
  const [slowed, free] = [moved("xenserver-5", adaptive), moved("xenserver-5", adaptive, null)];
  expect(slowed.migrations[0]?.totalSeconds).toBeGreaterThan(free.migrations[0]?.totalSeconds as number);
});
