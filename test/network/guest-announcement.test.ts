/** Guests that announce themselves, and announcements that are in another VLAN than theirs. */
import { describe, expect, it } from "vitest";
import type { Scenario, ScenarioVm } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { KeepingRecorder } from "../support/kept-events.ts";
import { MIB, migrate, smallWorld } from "../support/small-world.ts";

/** Nobody hears of the guest by its first frame; it answers 15.5 ms after it runs. */
function world(changes: Partial<ScenarioVm>, announceRounds = 5): Scenario {
  const scenario = smallWorld({
    vms: [{ name: "vm", memoryBytes: 128 * MIB, usedBytes: 64 * MIB, pingIntervalSeconds: 0.01 }],
    timeline: [migrate("vm", 1, "qemu-7.2", { announceRounds })],
    environment: { preset: "qemu-tcg-2-core", overrides: { guestFirstFrameSeconds: 100_000 } },
    horizonSeconds: 400,
  });
  Object.assign(scenario.vms[0] as ScenarioVm, changes);
  return scenario;
}

function run(scenario: Scenario) {
  const events = new KeepingRecorder();
  const result = simulate(scenario, { onEvent: (event) => events.record(event) });
  const first = result.migrations[0] as MigrationResult;
  const runs = events.of("vm.started")[0]?.t as number;
  const gapOver = (first.connectivityGapSeconds ?? first.downtimeSeconds ?? 0) - (first.downtimeSeconds ?? 0);
  return { first, runs, gapOver, sent: events.of("arp.sent") };
}

describe("a guest that announces itself", () => {
  it("sends on QEMU's schedule with virtio-net, from its first answer on", () => {
    const { runs, sent } = run(world({ announces: "virtio-net" }, 0));
    const after = sent.map(({ t }) => t - runs);
    for (const [index, seconds] of [0, 0.05, 0.2, 0.45, 0.8].entries()) {
      expect(after[index]).toBeCloseTo(0.0155 + seconds, 9);
    }
    expect(sent).toHaveLength(5);
    expect(sent.every(({ by, frame, node }) => by === "guest" && frame === "gratuitous-arp" && node === "HV02")).toBe(
      true,
    );
  });

  it("ends the outage where its host says nothing", () => {
    expect(run(world({ announces: "netvsc" }, 0)).gapOver).toBeCloseTo(0.0155, 9);
    expect(run(world({ announces: "netvsc-before-2017", deafSeconds: 2 }, 0)).gapOver).toBeCloseTo(2.0155, 9);
    expect(run(world({}, 0)).gapOver).toBeGreaterThan(3);
  });

  it("sends nothing where it stays: a migration that is given up starts it where it was", () => {
    const scenario = world({ announces: "virtio-net" });
    scenario.timeline.push({ kind: "cancel", atSeconds: 1.0005, vm: "vm" });
    expect(run(scenario).sent).toEqual([]);
  });
});

describe("a guest that tags its frames itself", () => {
  it("is not found by its host's announcements, as if there were none", () => {
    const [tagged, silent] = [run(world({ guestVlan: 20 })), run(world({}, 0))];
    expect(tagged.sent).toHaveLength(5);
    expect(tagged.sent.every(({ inOtherVlan, lost }) => inOtherVlan === true && !lost)).toBe(true);
    expect(tagged.first.connectivityGapSeconds).toBe(silent.first.connectivityGapSeconds);
    expect(run(world({})).gapOver).toBeCloseTo(0, 9);
  });

  it("is found by its own, which carry its tag", () => {
    const { gapOver, sent } = run(world({ guestVlan: 20, announces: "virtio-net" }));
    expect(gapOver).toBeCloseTo(0.0155, 9);
    expect(sent.filter(({ by }) => by === "guest").every(({ vlan }) => vlan === 20)).toBe(true);
  });
});
