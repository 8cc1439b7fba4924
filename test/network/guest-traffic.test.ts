import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { GuestTraffic } from "../../sim/network/guest-traffic.ts";
import { Switch } from "../../sim/network/switch.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";

function build(seed: string) {
  const simulation = new Simulation(seed);
  const recorder = new KeepingRecorder();
  const lan = new Switch({ network: "lan", macAgeingSeconds: 300, simulation, recorder });
  lan.connect(mac, "web01", "HV01");
  const traffic = new GuestTraffic({ simulation, switch: lan, vm: "web01", mac, guestFirstFrameSeconds: 2 });
  return { simulation, recorder, lan, traffic };
}

describe("a guest's own frames", () => {
  it("move the switch a while after it resumed, exponentially distributed", () => {
    const waits: number[] = [];
    for (let seed = 0; seed < 400; seed += 1) {
      const { simulation, recorder, traffic } = build(`${seed}`);
      at(simulation, 10, () => traffic.onVmStarted("HV02"));
      simulation.run(1000);
      waits.push(recorder.of("switch.macMoved")[0].t - 10);
    }
    // Mean 2 with a standard error of 0.1; the share above the mean is 1/e with one of 0.024; bounds 4 of those away.
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const above = waits.filter((wait) => wait > 2).length / waits.length;
    expect(Math.abs(mean - 2)).toBeLessThan(0.4);
    expect(Math.abs(above - 0.3679)).toBeLessThan(0.097);
  });

  it("end as the guest stops, from when on its entry ages", () => {
    const { simulation, recorder, lan, traffic } = build("1");
    traffic.onVmStarted("HV02");
    traffic.onVmStopped();
    expect(simulation.pendingEvents).toBe(0);
    simulation.run(1000);
    expect(recorder.events).toEqual([]);
    expect(lan.staleAtSeconds(mac)).toBe(300);
  });

  it("draw nothing and schedule nothing where the switch knows the new place already", () => {
    const { simulation, lan, traffic } = build("1");
    at(simulation, 10, () => traffic.onVmStopped());
    at(simulation, 11, () => lan.learn(mac, "HV02"));
    at(simulation, 12, () => traffic.onVmStarted("HV02"));
    simulation.run(12);
    expect(simulation.pendingEvents).toBe(0);
    expect(lan.portOf(mac)).toBe("HV02");
  });

  it("keep the entry of a guest that resumes where it was", () => {
    const { simulation, lan, traffic } = build("1");
    at(simulation, 10, () => traffic.onVmStopped());
    at(simulation, 12, () => traffic.onVmStarted("HV01"));
    simulation.run(1000);
    expect(lan.staleAtSeconds(mac)).toBe(Number.POSITIVE_INFINITY);
  });
});
