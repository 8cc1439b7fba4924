/** When each hypervisor stops the guest, and what it tells its sender. */
import { describe, expect, it } from "vitest";
import { environments, profiles } from "../../sim/hypervisors/registry.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import type { PrecopySetup, PrecopyView } from "../../sim/migration/policy.ts";
import { Link } from "../../sim/network/link.ts";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { CountingLog } from "../migration/counting-log.ts";
import { precopyView } from "../support/precopy-view.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

function setUp(profileName: string, preset: string, values: Overrides = {}, host: Overrides = {}) {
  const profile = profiles.find(({ name }) => name === profileName);
  const environment = environments.find(({ name }) => name === preset);
  if (profile === undefined || environment === undefined) throw new Error("there is no such model");
  return profile.setUp(values, resolveParameters(environment.parameters, host), "live");
}

function capOf(setup: PrecopySetup): number {
  const link = new Link({ name: "migration", capacityBytesPerSecond: 1e10, latencySeconds: 0 });
  const memory = { totalPages: 1000, zeroPages: 0, compressedShare: 1, classes: [] };
  return setup.makeSender(new CountingLog([{ pages: 1000, zero: false }]), link, memory).capBytesPerSecond;
}

describe("Hyper-V 2008 R2", () => {
  const decide = (changes: Partial<PrecopyView>, values: Overrides = {}) =>
    setUp("hyper-v-2008r2", "hyper-v-2008r2-hosts", values).makePolicy()(precopyView(changes));

  it("stops the guest after ten passes, whatever is left", () => {
    for (let round = 1; round <= 9; round += 1) {
      expect(decide({ round, pendingPages: 1e6 })).toEqual({ kind: "another-round" });
    }
    expect(decide({ round: 10, pendingPages: 1e6 })).toMatchObject({ kind: "stop-guest", rule: "pass-limit" });
    expect(decide({ round: 3, pendingPages: 1e6 }, { passLimit: 3 })).toMatchObject({ rule: "pass-limit" });
  });

  it("stops it before where few pages are left", () => {
    expect(decide({ round: 2, pendingPages: 257 })).toEqual({ kind: "another-round" });
    expect(decide({ round: 2, pendingPages: 256 })).toMatchObject({ kind: "stop-guest", rule: "few-pages-left" });
    expect(decide({ round: 2, pendingPages: 1 }, { switchoverPages: 0 })).toEqual({ kind: "another-round" });
  });

  it("makes ten passes of a guest that is written all over, and copies the rest with it stopped", () => {
    const [migration] = simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 64 * MIB, usedBytes: 64 * MIB, classes: [writes(0, 8_000, 1e6)] }],
        timeline: [migrate("vm", 1, "hyper-v-2008r2")],
        environment: { preset: "hyper-v-2008r2-hosts" },
        networkBytesPerSecond: 125e6,
      }),
    ).migrations;
    expect(migration.endedBy).toBe("pass-limit");
    expect(migration.rounds.map(({ pagesSent, zeroPagesSent }) => pagesSent + zeroPagesSent)[0]).toBe(16_384);
    expect(migration.rounds).toHaveLength(11);
    // The written 8000 pages and a few that any guest writes.
    for (const { pagesSent } of migration.rounds.slice(1)) expect(Math.abs(pagesSent - 8_000)).toBeLessThan(100);
  });
});

describe("QEMU 7.2", () => {
  const decide = (changes: Partial<PrecopyView>) =>
    setUp("qemu-7.2", "qemu-kvm-hosts").makePolicy()(precopyView(changes));

  it("stops the guest where less is left than the threshold, and never otherwise", () => {
    const pendingBytes = 1000 * 4096;
    const below = { kind: "stop-guest", rule: "remaining-below-threshold" };
    expect(decide({ thresholdBytes: pendingBytes + 1 })).toMatchObject(below);
    expect(decide({ thresholdBytes: pendingBytes })).toEqual({ kind: "another-round" });
    expect(decide({ thresholdBytes: 0, round: 100_000 })).toEqual({ kind: "another-round" });
    const done = { kind: "stop-guest", rule: "nothing-left" };
    expect(decide({ thresholdBytes: 0, pendingPages: 0 })).toMatchObject(done);
    // In the first window everything was sent: what was written meanwhile goes with the final copy.
    expect(decide({ thresholdBytes: 0, unsentPages: 0 })).toMatchObject(done);
    expect(decide({ thresholdBytes: 1, unsentPages: 0 })).toEqual({ kind: "another-round" });
  });

  it("lifts its rate limit for the final copy", () => {
    const limited = setUp("qemu-7.2", "qemu-kvm-hosts", { maxBandwidthBytesPerSecond: 10 * MIB });
    expect(capOf(limited)).toBe(10 * MIB);
    expect(limited.finalCapBytesPerSecond).toBe(3.6e9);
    // 0 is no limit: the sender's own speed is what remains.
    const free = setUp("qemu-7.2", "qemu-kvm-hosts", { maxBandwidthBytesPerSecond: 0 });
    expect(capOf(free)).toBe(1.3e9);
  });

  it("arms tracking 1 GiB at a time with KVM, at once without", () => {
    expect(setUp("qemu-7.2", "qemu-kvm-hosts").rearm).toEqual({ kind: "by-chunk", chunkPages: 262_144 });
    expect(setUp("qemu-7.2", "qemu-tcg-2-core").rearm).toEqual({ kind: "at-sync" });
  });

  it("stops the guest within its downtime limit, give or take what is written and the last window", () => {
    const [migration] = simulate(
      smallWorld({
        vms: [{ name: "vm", memoryBytes: 256 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 20_000, 9_000)] }],
        timeline: [migrate("vm", 1, "qemu-7.2", { maxBandwidthBytesPerSecond: 0, downtimeLimitSeconds: 0.2 })],
        networkBytesPerSecond: 50e6,
      }),
    ).migrations;
    expect(migration.endedBy).toBe("remaining-below-threshold");
    const last = migration.rounds.at(-1);
    // The link limits both: what waits at the stop takes at most 0.2 s of it, as the last window estimates its rate.
    const goodput = (50e6 * 1448) / 1538;
    const waitingSeconds = ((last?.pagesSent ?? Number.NaN) * 4096) / goodput;
    expect(waitingSeconds).toBeLessThan(0.2 * 1.1);
    expect(waitingSeconds).toBeGreaterThan(0.02);
  });
});
