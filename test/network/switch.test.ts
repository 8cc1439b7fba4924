import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { Switch } from "../../sim/network/switch.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";

function build() {
  const simulation = new Simulation("1");
  const recorder = new KeepingRecorder();
  const lan = new Switch({ network: "lan", macAgeingSeconds: 300, simulation, recorder });
  lan.connect(mac, "web01", "HV01");
  return { simulation, recorder, lan };
}

describe("a switch", () => {
  it("delivers to the port on which an address was heard, and follows it", () => {
    const { simulation, recorder, lan } = build();
    let told = 0;
    lan.observe(mac, { onMacMoved: () => (told += 1) });
    expect([lan.delivers(mac, "HV01"), lan.delivers(mac, "HV02")]).toEqual([true, false]);
    at(simulation, 7, () => lan.learn(mac, "HV02"));
    at(simulation, 8, () => lan.learn(mac, "HV02"));
    simulation.run(10);
    expect([lan.delivers(mac, "HV01"), lan.delivers(mac, "HV02")]).toEqual([false, true]);
    expect(told).toBe(1);
    expect(recorder.events).toEqual([
      { t: 7, type: "switch.macMoved", network: "lan", vm: "web01", mac, fromPort: "HV01", toPort: "HV02" },
    ]);
  });

  it("forgets a silent address after the ageing time, floods, and learns it anew without a move", () => {
    const { simulation, recorder, lan } = build();
    const seen: (string | null)[] = [];
    at(simulation, 1000, () => lan.fallSilent(mac));
    for (const seconds of [1000, 1299.999, 1300]) at(simulation, seconds, () => seen.push(lan.portOf(mac)));
    at(simulation, 1300, () => seen.push(String(lan.delivers(mac, "HV02"))));
    at(simulation, 1301, () => lan.learn(mac, "HV02"));
    at(simulation, 9000, () => seen.push(lan.portOf(mac)));
    simulation.run(10_000);
    expect(seen).toEqual(["HV01", "HV01", null, "true", "HV02"]);
    expect(recorder.events).toEqual([]);
  });

  it("keeps ageing from the first moment of silence", () => {
    const { simulation, lan } = build();
    at(simulation, 10, () => lan.fallSilent(mac));
    at(simulation, 200, () => lan.fallSilent(mac));
    simulation.run(1000);
    expect(lan.staleAtSeconds(mac)).toBe(310);
  });

  it("ticks for nothing", () => {
    const { simulation, lan } = build();
    lan.fallSilent(mac);
    expect(simulation.pendingEvents).toBe(0);
  });

  it("knows each address once, and only those connected", () => {
    const { lan } = build();
    expect(() => lan.connect(mac, "db01", "HV01")).toThrow("web01");
    expect(() => lan.learn("52:54:00:00:00:02", "HV01")).toThrow("not connected");
  });
});
