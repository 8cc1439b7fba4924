/** A guest that moves, its switch, its announcements and its client together. */
import { describe, expect, it } from "vitest";
import { Cluster } from "../../sim/cluster/cluster.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { Announcement, QEMU_ANNOUNCEMENT_PARAMETERS } from "../../sim/network/announcement.ts";
import { GuestTraffic } from "../../sim/network/guest-traffic.ts";
import { PingClient } from "../../sim/network/ping-client.ts";
import { Switch } from "../../sim/network/switch.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";

/** Moves web01 at 5 s with a standstill of 0.316 s. */
function move(options: { frameLossShare?: number; guestFirstFrameSeconds?: number; resumes?: boolean; seed?: string }) {
  const { frameLossShare = 0, guestFirstFrameSeconds = 1, resumes = true, seed = "1" } = options;
  const simulation = new Simulation(seed);
  const recorder = new KeepingRecorder();
  const lan = new Switch({ network: "lan", macAgeingSeconds: 300, simulation, recorder });
  const cluster = new Cluster();
  for (const name of ["HV01", "HV02"]) {
    cluster.addNode({ name, memoryBytes: 2 ** 34, cpuVendor: "intel", systemDrive: "C:" });
  }
  const vm = cluster.addVm({ simulation, recorder, name: "web01", memoryBytes: 2 ** 32, disks: [] }, "HV01");
  lan.connect(mac, "web01", "HV01");
  const client = new PingClient({
    simulation,
    recorder,
    switch: lan,
    name: "c1",
    vm: "web01",
    mac,
    node: "HV01",
    intervalSeconds: 0.01,
    latencySeconds: 0.0001,
  });
  vm.observe(new GuestTraffic({ simulation, switch: lan, vm: "web01", mac, guestFirstFrameSeconds }));
  vm.observe(client);
  const underWay = cluster.beginMove("web01", "HV02");
  at(simulation, 5, () => vm.stop());
  at(simulation, 5.316, () => {
    if (!resumes) return;
    // QEMU announces just before the guest runs.
    new Announcement({
      simulation,
      recorder,
      switch: lan,
      frameLossShare,
      schedule: resolveParameters(QEMU_ANNOUNCEMENT_PARAMETERS, {}),
      frame: "rarp",
      vm: "web01",
      mac,
      ip: "192.0.2.7",
      node: "HV02",
    }).start();
    underWay.arrive();
    vm.start();
  });
  simulation.run(600);
  return { result: client.resultOf(5, 6, 600), recorder };
}

describe("a client's outage", () => {
  it("is the standstill and up to two intervals, as measured (stop to run 316 ms, gap 334 ms, 32 lost)", () => {
    const { result, recorder } = move({});
    expect(result.outageSeconds).toBeGreaterThanOrEqual(0.316);
    expect(result.outageSeconds).toBeLessThanOrEqual(0.336);
    expect([31, 32]).toContain(result.lost);
    const times = recorder.events.map((event) => event.t);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(recorder.events.map((event) => event.type)).toEqual([
      "vm.stopped",
      "client.unreachable",
      "arp.sent",
      "switch.macMoved",
      "vm.started",
      "client.reachable",
      "arp.sent",
      "arp.sent",
      "arp.sent",
      "arp.sent",
    ]);
  });

  it("lasts until the first announcement that arrives, or the guest's own first frame", () => {
    let later = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const { result, recorder } = move({ frameLossShare: 0.6, guestFirstFrameSeconds: 0.5, seed: `${seed}` });
      const moved = recorder.of("switch.macMoved")[0].t;
      expect(result.outageSeconds).toBeGreaterThanOrEqual(moved - 5);
      expect(result.outageSeconds).toBeLessThanOrEqual(moved - 5 + 0.0201);
      if (moved > 5.316) later += 1;
    }
    // 24 expected, standard deviation 3.1.
    expect(later).toBeGreaterThan(11);
    expect(later).toBeLessThan(37);
  });

  it("ends without any announcement by the guest's own first frame", () => {
    const { result, recorder } = move({ frameLossShare: 1 });
    const moved = recorder.of("switch.macMoved");
    expect(recorder.of("arp.sent").every((event) => event.lost)).toBe(true);
    expect(moved.length).toBe(1);
    expect(result.outageSeconds).toBeCloseTo(moved[0].t - 5, 1);
    expect(result.outageSeconds).toBeLessThan(30);
  });

  it("ends when the switch forgets the old port, should the guest say nothing", () => {
    const { result } = move({ frameLossShare: 1, guestFirstFrameSeconds: 1e6 });
    expect(result.outageSeconds).toBeCloseTo(300, 1);
  });

  it("lasts to the end where the guest never runs again", () => {
    const { result, recorder } = move({ resumes: false });
    expect(result.outageSeconds).toBeCloseTo(595, 1);
    expect(Math.abs(result.lost - 59_500)).toBeLessThanOrEqual(1);
    expect(recorder.of("client.reachable")).toEqual([]);
  });
});
