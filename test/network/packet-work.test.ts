/** What processors get through of a connection: closed forms, and what it does to migrations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import { connectionWorkBytesPerSecond, OFFLOADS, type Offload } from "../../sim/network/packet-work.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { spoil } from "../support/scenario-text.ts";
import { MIB, migrate, smallWorld } from "../support/small-world.ts";
import "../support/fixed-seed.ts";

const WORK = { packetsPerSecond: 250_000, checksumRateBytesPerSecond: 4e9, offloadSegmentBytes: 65_536 };
const ALL: readonly Offload[] = OFFLOADS;

describe("a connection's share of its processors", () => {
  it("is packets of one MTU, each with its sum, where adapters take nothing over", () => {
    expect(connectionWorkBytesPerSecond(WORK, 1500, [], [])).toBeCloseTo(1448 / (1 / 250_000 + 1448 / 4e9), 3);
    expect(connectionWorkBytesPerSecond(WORK, 9000, ["checksum"], undefined)).toBeCloseTo(8948 * 250_000, 3);
  });

  it("is pieces of up to 64 KiB, whole packets, where they cut and join them", () => {
    // 45 packets of 1448 bytes, 7 of 8948.
    expect(connectionWorkBytesPerSecond(WORK, 1500, ALL, ALL)).toBeCloseTo(45 * 1448 * 250_000, 0);
    expect(connectionWorkBytesPerSecond(WORK, 9000, ALL, ALL)).toBeCloseTo(7 * 8948 * 250_000, 0);
    expect(connectionWorkBytesPerSecond(WORK, 65_535, ALL, ALL)).toBeCloseTo(65_483 * 250_000, 0);
  });

  it("is that of the slower end, and without limit where nothing is said", () => {
    const plain = connectionWorkBytesPerSecond(WORK, 1500, [], undefined);
    expect(connectionWorkBytesPerSecond(WORK, 1500, ALL, [])).toBe(plain);
    expect(connectionWorkBytesPerSecond(WORK, 1500, ["checksum", "large-send"], ALL)).toBeGreaterThan(plain);
    expect(connectionWorkBytesPerSecond(WORK, 1500, undefined, undefined)).toBe(Number.POSITIVE_INFINITY);
  });

  it("never falls for more offload or for larger packets of which as many fit into a piece", () => {
    const offloads = fc.subarray([...OFFLOADS]);
    const mtus = fc.integer({ min: 576, max: 9000 });
    fc.assert(
      fc.property(mtus, offloads, offloads, (mtu, one, more) => {
        const both = [...new Set([...one, ...more])];
        const rate = connectionWorkBytesPerSecond(WORK, mtu, one, one);
        expect(connectionWorkBytesPerSecond(WORK, mtu, both, both)).toBeGreaterThanOrEqual(rate * (1 - 1e-12));
        if (one.every((each) => each === "checksum")) {
          expect(connectionWorkBytesPerSecond(WORK, mtu + 100, one, one)).toBeGreaterThan(rate);
        }
      }),
    );
  });
});

/** The full copy's rate on 10 Gbit/s. */
function firstPassRate(profile: string, offload: Offload[] | null, overrides: Overrides = {}, preset?: string): number {
  const world = smallWorld({
    vms: [{ name: "vm", memoryBytes: 512 * MIB, usedBytes: 512 * MIB }],
    timeline: [migrate("vm", 1, profile, overrides)],
    environment: { preset: preset ?? "qemu-kvm-hosts" },
  });
  if (offload !== null) for (const node of world.nodes) node.nic = { offload };
  const round = simulate(world).migrations[0]?.rounds[0];
  return (round?.bytesSent ?? 0) / (round?.durationSeconds ?? 1);
}

describe("migrations between nodes that say what their adapters do", () => {
  const plain = connectionWorkBytesPerSecond(WORK, 1500, [], []);
  const wire = goodputBytesPerSecond(1.25e9, 1500);
  const fast = { maxBandwidthBytesPerSecond: 0 };

  it("are as fast as the processors where these are slower than the wire, for every kind of sender", () => {
    expect(firstPassRate("qemu-7.2", [], fast)).toBeLessThanOrEqual(plain * 1.02);
    expect(firstPassRate("qemu-7.2", [], fast)).toBeGreaterThan(plain * 0.95);
    for (const [profile, preset] of [
      ["hyper-v-2008r2", "hyper-v-2008r2-hosts"],
      ["xen", "xen-hosts"],
      ["vsphere-4", "vsphere-4-hosts"],
    ] as const) {
      const rate = firstPassRate(profile, [], {}, preset);
      expect(rate, profile).toBeLessThanOrEqual(plain * 1.0001);
      expect(rate, profile).toBeGreaterThan(plain * 0.99);
    }
  });

  it("are as fast as the wire with every offload, as where nothing is said", () => {
    expect(firstPassRate("qemu-7.2", [...OFFLOADS], fast)).toBe(firstPassRate("qemu-7.2", null, fast));
    expect(firstPassRate("qemu-7.2", null, fast)).toBeGreaterThan(0.97 * wire);
  });

  it("gain by channels, each with a processor of its own", () => {
    const channels = { ...fast, multifd: true, multifdChannels: 3 };
    expect(firstPassRate("qemu-7.2", [], channels)).toBeGreaterThan(2.7 * plain);
  });

  it("lose nothing where adapters move pages by themselves", () => {
    const smb = { smbDirect: true };
    expect(firstPassRate("hyper-v-2016", [], smb, "hyper-v-2016-hosts")).toBe(
      firstPassRate("hyper-v-2016", null, smb, "hyper-v-2016-hosts"),
    );
  });
});

describe("a node's nic", () => {
  const problemsOf = (offload: string) => {
    const text = spoil("{name: HV01, memory: 8 GiB}", `{name: HV01, memory: 8 GiB, nic: {offload: ${offload}}}`);
    const parsed = parseScenario(parse(text));
    return parsed.ok ? [] : parsed.problems;
  };

  it("cannot cut or join packets whose sums it leaves to processors", () => {
    expect(problemsOf("[checksum, large-send]")).toEqual([]);
    const [problem, ...others] = problemsOf("[large-send]");
    expect(problem?.path).toEqual(["nodes", 0, "nic", "offload"]);
    expect(problem?.remedy).toBe("add checksum, or leave large-send out");
    expect(others).toEqual([]);
  });
});
