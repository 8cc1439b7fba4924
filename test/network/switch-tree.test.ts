import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { SwitchTree } from "../../sim/network/switch-tree.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";

/** core - rack1 (A), core - rack2 (B), rack2 - shelf (C). */
const SWITCHES = [
  { name: "core", uplink: null, nodes: [] },
  { name: "rack1", uplink: "core", nodes: ["A"] },
  { name: "rack2", uplink: "core", nodes: ["B"] },
  { name: "shelf", uplink: "rack2", nodes: ["C"] },
];

function build() {
  const simulation = new Simulation("1");
  const recorder = new KeepingRecorder();
  const tree = new SwitchTree({ network: "lan", switches: SWITCHES, macAgeingSeconds: 300, simulation, recorder });
  tree.connect(mac, "web01", "A");
  return { simulation, recorder, tree };
}

describe("several switches", () => {
  it("all learn from a broadcast, and send frames the new way from each of them", () => {
    const { recorder, tree } = build();
    for (const { name } of SWITCHES) expect(tree.from(name).delivers(mac, "A")).toBe(true);
    tree.from("core").learn(mac, "C");
    for (const { name } of SWITCHES) {
      expect(tree.from(name).delivers(mac, "C")).toBe(true);
      expect(tree.from(name).delivers(mac, "A")).toBe(false);
    }
    expect(tree.from("rack1").portOf(mac)).toBe("C");
    const moved = recorder.of("switch.macMoved").map(({ switch: name, fromPort, toPort }) => [name, fromPort, toPort]);
    expect(moved).toEqual([
      ["core", "rack1", "rack2"],
      ["rack1", "A", "core"],
      ["rack2", "core", "shelf"],
      ["shelf", "rack2", "C"],
    ]);
  });

  it("learn from another frame only between its ends: a client elsewhere still sends to the old place", () => {
    const { tree } = build();
    tree.from("core").learnOnWay(mac, "C");
    for (const name of ["core", "rack2", "shelf"]) expect(tree.from(name).delivers(mac, "C")).toBe(true);
    expect(tree.from("rack1").delivers(mac, "C")).toBe(false);
    expect(tree.from("rack1").portOf(mac)).toBe(null);
    tree.from("rack1").learnOnWay(mac, "C");
    expect(tree.from("rack1").delivers(mac, "C")).toBe(true);
  });

  it("lose a frame that one would send back where it came from", () => {
    const { simulation, tree } = build();
    // Only shelf and rack2 know: rack1's clients go through core, which still points at rack1.
    tree.from("rack2").learnOnWay(mac, "C");
    expect(tree.from("rack1").delivers(mac, "C")).toBe(false);
    expect(tree.from("core").delivers(mac, "C")).toBe(false);
    expect(tree.from("rack2").delivers(mac, "C")).toBe(true);
    expect(simulation.pendingEvents).toBe(0);
  });

  it("forget a port when it ages, each for itself, and flood from then on", () => {
    const { simulation, tree } = build();
    at(simulation, 10, () => tree.from("core").fallSilent(mac));
    at(simulation, 20, () => {
      tree.from("core").learnOnWay(mac, "B");
      expect(tree.from("core").staleAtSeconds(mac)).toBe(310);
      expect(tree.from("rack1").delivers(mac, "B")).toBe(false);
    });
    at(simulation, 310, () => expect(tree.from("rack1").delivers(mac, "B")).toBe(true));
    simulation.run(400);
  });

  it("tell an observer once for a broadcast, after all of them have learned", () => {
    const { tree } = build();
    const seen: boolean[] = [];
    tree.from("shelf").observe(mac, { onMacMoved: () => seen.push(tree.from("shelf").delivers(mac, "B")) });
    tree.from("core").learn(mac, "B");
    expect(seen).toEqual([true]);
  });

  it("deliver to whoever was heard last from everywhere, whatever was heard before", () => {
    const nodes = fc.constantFrom("A", "B", "C", "D");
    const steps = fc.array(fc.tuple(nodes, fc.constantFrom(...SWITCHES.map(({ name }) => name))), { maxLength: 10 });
    fc.assert(
      fc.property(steps, nodes, (before, last) => {
        const { tree } = build();
        for (const [node, from] of before) {
          tree.from(from).learnOnWay(mac, node);
          // On its way at least it is known.
          expect(tree.from(from).delivers(mac, node)).toBe(true);
        }
        tree.from("core").learn(mac, last);
        for (const { name } of SWITCHES) expect(tree.from(name).delivers(mac, last)).toBe(true);
        expect(tree.from("core").portOf(mac)).toBe(last);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
