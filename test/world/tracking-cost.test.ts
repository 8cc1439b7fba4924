/** What tracking costs a guest: a fault for each first write, with SLAT or without. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

function moved(slat?: boolean, vcpus?: number): MigrationResult {
  const scenario = smallWorld({
    vms: [{ name: "vm", memoryBytes: 256 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 20_000, 30_000)] }],
    timeline: [migrate("vm", 1, "qemu-7.2", { maxBandwidthBytesPerSecond: 100e6 })],
  });
  if (slat !== undefined) for (const node of scenario.nodes) node.slat = slat;
  if (vcpus !== undefined) for (const vm of scenario.vms) vm.vcpus = vcpus;
  return simulate(scenario).migrations[0] as MigrationResult;
}

describe("tracking a guest's writes", () => {
  const [unsaid, slat, shadow] = [moved(), moved(true), moved(false)];

  it("costs a fault for each page that a read finds newly dirty", () => {
    const newlyDirty = slat.rounds.reduce((sum, round) => sum + round.newlyDirtyPages, 0);
    expect(newlyDirty).toBeGreaterThan(10_000);
    expect(slat.dirtyTracking?.faults).toBe(newlyDirty);
    expect(slat.dirtyTracking?.seconds).toBeCloseTo(newlyDirty * 2e-6, 9);
    expect(shadow.dirtyTracking?.seconds).toBeCloseTo(newlyDirty * 10e-6, 9);
  });

  it("is told as a share of what the guest's processors had while it ran", () => {
    const running = slat.rounds.filter(({ final }) => !final).reduce((sum, round) => sum + round.durationSeconds, 0);
    const { seconds = 0, share } = slat.dirtyTracking ?? {};
    expect(share).toBeCloseTo(seconds / running, 9);
    expect(moved(true, 4).dirtyTracking?.share).toBeCloseTo((share ?? 0) / 4, 9);
  });

  it("is told only where the source says what it has, and changes nothing else", () => {
    expect(unsaid.dirtyTracking).toBeUndefined();
    const { dirtyTracking: _, ...rest } = slat;
    expect(rest).toEqual(unsaid);
  });
});
