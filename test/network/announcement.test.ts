import { describe, expect, it } from "vitest";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { Simulation } from "../../sim/kernel/simulation.ts";
import {
  Announcement,
  HYPER_V_ANNOUNCEMENT_PARAMETERS,
  QEMU_ANNOUNCEMENT_PARAMETERS,
} from "../../sim/network/announcement.ts";
import { Switch } from "../../sim/network/switch.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";
const qemu = resolveParameters(QEMU_ANNOUNCEMENT_PARAMETERS, {});
const hyperV = resolveParameters(HYPER_V_ANNOUNCEMENT_PARAMETERS, {});

function build(frameLossShare: number, schedule = qemu, frame: "rarp" | "gratuitous-arp" = "rarp", seed = "1") {
  const simulation = new Simulation(seed);
  const recorder = new KeepingRecorder();
  const lan = new Switch({ network: "lan", macAgeingSeconds: 300, simulation, recorder });
  lan.connect(mac, "web01", "HV01");
  const announcement = new Announcement({
    simulation,
    recorder,
    switch: lan,
    frameLossShare,
    schedule,
    frame,
    vm: "web01",
    mac,
    ip: "192.0.2.7",
    node: "HV02",
  });
  return { simulation, recorder, lan, announcement };
}

describe("announcing a resumed guest", () => {
  it("sends QEMU's RARP requests at 0, 50, 200, 450 and 800 ms, then nothing", () => {
    const { simulation, recorder, announcement, lan } = build(0);
    at(simulation, 2, () => announcement.start());
    simulation.run(60);
    const sent = recorder.of("arp.sent");
    const expected = [2, 2.05, 2.2, 2.45, 2.8];
    expect(sent.length).toBe(5);
    for (const [index, seconds] of expected.entries()) expect(sent[index].t).toBeCloseTo(seconds, 12);
    expect(sent.map((event) => event.attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(sent[0]).toEqual({
      t: 2,
      type: "arp.sent",
      frame: "rarp",
      network: "lan",
      node: "HV02",
      vm: "web01",
      mac,
      ip: null,
      attempt: 1,
      lost: false,
    });
    expect(recorder.of("switch.macMoved").map((event) => event.t)).toEqual([2]);
    expect(lan.portOf(mac)).toBe("HV02");
    expect(simulation.pendingEvents).toBe(0);
  });

  it("sends one unsolicited ARP with the guest's address for Hyper-V", () => {
    const { simulation, recorder, announcement } = build(0, hyperV, "gratuitous-arp");
    announcement.start();
    simulation.run(60);
    expect(recorder.of("arp.sent").map((event) => [event.t, event.frame, event.ip])).toEqual([
      [0, "gratuitous-arp", "192.0.2.7"],
    ]);
  });

  it("keeps every gap at or below the longest", () => {
    const { simulation, recorder, announcement } = build(0, { ...qemu, announceRounds: 10 });
    announcement.start();
    simulation.run(60);
    const times = recorder.of("arp.sent").map((event) => event.t);
    const gaps = times.slice(1).map((time, index) => Math.round((time - times[index]) * 1000));
    expect(gaps).toEqual([50, 150, 250, 350, 450, 550, 550, 550, 550]);
  });

  it("sends nothing with no rounds, nor once stopped", () => {
    const none = build(0, { ...qemu, announceRounds: 0 });
    none.announcement.start();
    none.simulation.run(60);
    expect(none.recorder.events).toEqual([]);
    const stopped = build(0);
    stopped.announcement.start();
    at(stopped.simulation, 0.1, () => stopped.announcement.stop());
    stopped.simulation.run(60);
    expect(stopped.recorder.of("arp.sent").length).toBe(2);
  });

  it("moves the switch with the first frame that is not lost", () => {
    const all = build(1);
    all.announcement.start();
    all.simulation.run(60);
    expect(all.recorder.of("arp.sent").every((event) => event.lost)).toBe(true);
    expect(all.lan.portOf(mac)).toBe("HV01");
    for (let seed = 0; seed < 30; seed += 1) {
      const { simulation, recorder, announcement } = build(0.5, qemu, "rarp", `${seed}`);
      announcement.start();
      simulation.run(60);
      const arrived = recorder.of("arp.sent").filter((event) => !event.lost);
      expect(recorder.of("switch.macMoved").map((event) => event.t)).toEqual(
        arrived.slice(0, 1).map((event) => event.t),
      );
    }
  });

  it("loses the stated share of frames", () => {
    // 2000 frames at 0.3: mean 600, standard deviation 20.5; the bounds are 4 of those away.
    const { simulation, recorder, announcement } = build(0.3, { ...qemu, announceRounds: 2000 });
    announcement.start();
    simulation.run(2000);
    const lost = recorder.of("arp.sent").filter((event) => event.lost).length;
    expect(lost).toBeGreaterThan(518);
    expect(lost).toBeLessThan(682);
  });
});
