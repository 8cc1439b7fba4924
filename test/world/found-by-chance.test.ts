/** Runs that random faults have found wrong, each reduced to what mattered. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { openWorld } from "../support/open-world.ts";

function run(given: { vms: object[]; timeline: object[]; nodes?: number; volumes?: object[] }) {
  const { nodes = 3, volumes = [], ...rest } = given;
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "found by chance",
    seed: 1,
    horizon: "2 min",
    environment: "qemu-kvm-hosts",
    failover: { preset: "failover-clustering-2008r2", boot: 20 },
    nodes: Array.from({ length: nodes }, (_, n) => ({ name: `n${n + 1}`, memory: "512 MiB" })),
    networks: [{ name: "lan", bandwidth: "1 Gbit/s", latency: "0.2 ms", carries: ["migration", "cluster", "client"] }],
    volumes,
    ...rest,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const open = openWorld(parsed.value);
  return { ...open, outcome: open.run() };
}

describe("a drain whose machine has no place to go, its nearest target being dead", () => {
  it("asks once, and is incomplete", () => {
    const drain = (at: number, node: string) => ({ at, drain: { node, profile: "qemu-7.2" } });
    const { outcome } = run({
      vms: [{ name: "vm", node: "n2", memory: "64 MiB" }],
      timeline: [drain(10, "n3"), { at: 20, fail: { node: "n1" } }, drain(30, "n2")],
    });
    expect(outcome.migrations).toMatchObject([{ outcome: "failed" }]);
    expect(outcome.drains).toMatchObject([{ outcome: "completed" }, { outcome: "incomplete" }]);
  });
});

describe("a guest that sends, cut off until just before it is moved", () => {
  it("retransmits once more, not for ever", () => {
    const { events } = run({
      nodes: 2,
      vms: [
        {
          name: "vm",
          node: "n1",
          memory: "16 MiB",
          clients: [{ name: "tcp", kind: "tcp", role: "push" }],
        },
      ],
      timeline: [
        // Restored between two retransmissions of the guest, 6.4 and 12.8 s after the cut; it is moved before the second.
        { at: 5, cutLink: { network: "lan", node: "n1", for: 7 } },
        { at: 17.5, migrate: { vm: "vm", to: "n2", profile: "qemu-7.2" } },
      ],
    });
    const sent = events.filter(({ type }) => type === "tcp.retransmitted");
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(10);
  });
});

describe("SimGrid's model and a machine on a LUN", () => {
  it("takes the LUN along", () => {
    const { world, events } = run({
      volumes: [{ name: "lun", kind: "lun", owner: "n1" }],
      vms: [{ name: "vm", node: "n1", memory: "64 MiB", disks: ["lun"] }],
      timeline: [{ at: 5, migrate: { vm: "vm", to: "n2", profile: "simgrid-3.32" } }],
    });
    expect(world.volume("lun").coordinator).toBe("n2");
    expect(events.some(({ type }) => type === "lun.ownerChanged")).toBe(true);
  });
});
