import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cluster } from "../../sim/cluster/cluster.ts";
import type { Move } from "../../sim/cluster/move.ts";
import type { ClusterNodeOptions } from "../../sim/cluster/node.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { CLUSTER_SHARED_VOLUME_PARAMETERS, ClusterSharedVolume } from "../../sim/storage/cluster-shared-volume.ts";
import { LUN_PARAMETERS, Lun } from "../../sim/storage/lun.ts";
import type { Volume } from "../../sim/storage/volume.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";
import "../support/fixed-seed.ts";

const GIB = 1024 ** 3;

function build() {
  const simulation = new Simulation("1");
  const recorder = new KeepingRecorder();
  const cluster = new Cluster();
  const addNode = (name: string, options: Partial<ClusterNodeOptions> = {}) =>
    cluster.addNode({ name, memoryBytes: 16 * GIB, cpuVendor: "intel", systemDrive: "C:", ...options });
  const addVm = (name: string, node: string, gib = 4, disks: readonly Volume[] = []) =>
    cluster.addVm({ simulation, recorder, name, memoryBytes: gib * GIB, disks }, node);
  return { simulation, recorder, cluster, addNode, addVm };
}

const csv = new ClusterSharedVolume({
  name: "Volume1",
  coordinator: "HV01",
  parameters: resolveParameters(CLUSTER_SHARED_VOLUME_PARAMETERS, {}),
  latencySeconds: 0,
});

describe("a virtual machine", () => {
  it("stops and starts, traced, and tells those who watch in their order", () => {
    const { simulation, recorder, cluster, addNode, addVm } = build();
    addNode("HV01");
    addNode("HV02");
    const vm = addVm("web01", "HV01");
    const told: string[] = [];
    for (const who of ["a", "b"]) {
      vm.observe({
        onVmStopped: () => told.push(`${who} stopped at ${simulation.now}`),
        onVmStarted: (node) => told.push(`${who} started on ${node} at ${simulation.now}`),
      });
    }
    const move = cluster.beginMove("web01", "HV02");
    at(simulation, 3, () => vm.stop());
    at(simulation, 4, () => {
      move.arrive();
      vm.start();
    });
    simulation.run(10);
    expect(recorder.events).toEqual([
      { t: 3, type: "vm.stopped", vm: "web01", node: "HV01" },
      { t: 4, type: "vm.started", vm: "web01", node: "HV02" },
    ]);
    expect(told).toEqual(["a stopped at 3", "b stopped at 3", "a started on HV02 at 4", "b started on HV02 at 4"]);
  });

  it("neither stops twice, nor starts while it runs, nor changes its node then", () => {
    const { cluster, addNode, addVm } = build();
    addNode("HV01");
    addNode("HV02");
    const vm = addVm("web01", "HV01");
    expect(() => vm.start()).toThrow("runs already");
    expect(() => cluster.beginMove("web01", "HV02").arrive()).toThrow("it cannot change its node");
    vm.stop();
    expect(() => vm.stop()).toThrow("does not run");
  });
});

describe("a move", () => {
  it("holds the target's memory from its beginning, and frees the source's at its end", () => {
    const { cluster, addNode, addVm } = build();
    const [one, two] = [addNode("HV01"), addNode("HV02")];
    const vm = addVm("web01", "HV01", 4);
    const move = cluster.beginMove("web01", "HV02");
    expect([one.freeBytes, two.freeBytes]).toEqual([12 * GIB, 12 * GIB]);
    vm.stop();
    move.arrive();
    expect([one.freeBytes, two.freeBytes]).toEqual([16 * GIB, 12 * GIB]);
    expect(vm.node).toBe(two);
    expect(() => move.giveUp()).toThrow("over already");
  });

  it("leaves all as it was when given up", () => {
    const { cluster, addNode, addVm } = build();
    const [one, two] = [addNode("HV01"), addNode("HV02")];
    const vm = addVm("web01", "HV01", 4);
    cluster.beginMove("web01", "HV02").giveUp();
    expect([one.freeBytes, two.freeBytes, vm.node]).toEqual([12 * GIB, 16 * GIB, one]);
    expect(cluster.whyNotMove("web01", "HV02")).toBeNull();
  });

  it("never loses or invents memory, whatever moves begin, end and fail", () => {
    const step = fc.record({
      vm: fc.nat(5),
      to: fc.nat(2),
      end: fc.constantFrom("begin", "arrive", "giveUp"),
    });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 6, maxLength: 6 }),
        fc.array(step),
        (sizes, steps) => {
          const { cluster, addNode, addVm } = build();
          const nodes = ["HV01", "HV02", "HV03"].map((name) => addNode(name, { memoryBytes: 15 * GIB }));
          const vms = sizes.map((gib, index) => addVm(`vm${index}`, nodes[index % 3].name, gib));
          const moves = new Map<string, Move>();
          for (const { vm: index, to, end } of steps) {
            const vm = vms[index];
            const move = moves.get(vm.name);
            if (move === undefined) {
              if (cluster.whyNotMove(vm.name, nodes[to].name) === null) {
                moves.set(vm.name, cluster.beginMove(vm.name, nodes[to].name));
              }
            } else if (end === "begin") {
              expect(cluster.whyNotMove(vm.name, nodes[to].name)).toContain("already");
            } else {
              moves.delete(vm.name);
              if (end === "giveUp") move.giveUp();
              else {
                vm.stop();
                move.arrive();
                vm.start();
              }
            }
            for (const node of nodes) {
              const held = vms
                .filter((one) => one.node === node || moves.get(one.name)?.to === node)
                .reduce((sum, one) => sum + one.memoryBytes, 0);
              expect(node.freeBytes).toBe(15 * GIB - held);
              expect(node.freeBytes).toBeGreaterThanOrEqual(0);
            }
          }
        },
      ),
    );
  });
});

describe("what stands in the way of a move", () => {
  it("is nothing between like nodes with room", () => {
    const { cluster, addNode, addVm } = build();
    addNode("HV01");
    addNode("HV02", { memoryBytes: 4 * GIB });
    addVm("web01", "HV01", 4, [csv]);
    expect(cluster.whyNotMove("web01", "HV02")).toBeNull();
  });

  it.each<[string, string, (world: ReturnType<typeof build>) => void]>([
    ["There is no virtual machine web01.", "an unknown machine", ({ addNode }) => void addNode("HV02")],
    ["There is no node HV02.", "an unknown node", ({ addVm }) => void addVm("web01", "HV01")],
    [
      "web01 is on HV02 already.",
      "being there",
      ({ addNode, addVm }) => {
        addNode("HV02");
        addVm("web01", "HV02");
      },
    ],
    [
      "web01 does not run.",
      "standing still",
      ({ addNode, addVm }) => {
        addNode("HV02");
        addVm("web01", "HV01").stop();
      },
    ],
    [
      "web01 is being moved to HV03 already.",
      "another move",
      ({ addNode, addVm, cluster }) => {
        addNode("HV02");
        addNode("HV03");
        addVm("web01", "HV01");
        cluster.beginMove("web01", "HV03");
      },
    ],
    [
      "web01 runs on Intel processors and HV02 has those of AMD: a running guest cannot change the vendor.",
      "another vendor",
      ({ addNode, addVm }) => {
        addNode("HV02", { cpuVendor: "amd" });
        addVm("web01", "HV01");
      },
    ],
    [
      "HV01 has system drive C: and HV02 has D:: the paths of web01's disks on cluster shared volumes would change.",
      "another system drive",
      ({ addNode, addVm }) => {
        addNode("HV02", { systemDrive: "D:" });
        addVm("web01", "HV01", 4, [csv]);
      },
    ],
    [
      "LUN7 would leave HV01 with web01, and db01 has a disk on it too.",
      "a LUN shared with another machine",
      ({ addNode, addVm }) => {
        addNode("HV02");
        const lun = new Lun({ name: "LUN7", owner: "HV01", parameters: resolveParameters(LUN_PARAMETERS, {}) });
        addVm("web01", "HV01", 4, [lun]);
        addVm("db01", "HV01", 4, [lun]);
      },
    ],
    [
      "web01 needs 4.00 GiB and HV02 has 3.00 GiB free of 16.0 GiB.",
      "no room, some of it promised to another move",
      ({ addNode, addVm, cluster }) => {
        addNode("HV02");
        addVm("web01", "HV01", 4);
        addVm("db01", "HV01", 5);
        addVm("db02", "HV02", 8);
        cluster.beginMove("db01", "HV02");
      },
    ],
  ])("%s (%s)", (sentence, _case, prepare) => {
    const world = build();
    world.addNode("HV01");
    prepare(world);
    expect(world.cluster.whyNotMove("web01", "HV02")).toBe(sentence);
    expect(() => world.cluster.beginMove("web01", "HV02")).toThrow(sentence);
  });

  it("ignores machines that stand still when a LUN leaves", () => {
    const { cluster, addNode, addVm } = build();
    addNode("HV01");
    addNode("HV02");
    const lun = new Lun({ name: "LUN7", owner: "HV01", parameters: resolveParameters(LUN_PARAMETERS, {}) });
    addVm("web01", "HV01", 4, [lun]);
    addVm("db01", "HV01", 4, [lun]).stop();
    expect(cluster.whyNotMove("web01", "HV02")).toBeNull();
  });

  it("ignores system drives of machines without disks on cluster shared volumes", () => {
    const { cluster, addNode, addVm } = build();
    addNode("HV01");
    addNode("HV02", { systemDrive: "D:" });
    addVm("web01", "HV01");
    expect(cluster.whyNotMove("web01", "HV02")).toBeNull();
  });
});

describe("a cluster", () => {
  it("keeps nodes and machines in their order, by unique names, within the memory there is", () => {
    const { cluster, addNode, addVm } = build();
    for (const name of ["HV10", "HV2", "HV1"]) addNode(name);
    addVm("b", "HV2");
    addVm("a", "HV2");
    expect([...cluster.nodes].map((node) => node.name)).toEqual(["HV10", "HV2", "HV1"]);
    expect([...cluster.vms].map((vm) => vm.name)).toEqual(["b", "a"]);
    expect(() => addNode("HV1")).toThrow("already");
    expect(() => addVm("a", "HV1")).toThrow("already");
    expect(() => addVm("c", "HV2", 9)).toThrow("free");
    expect(() => cluster.vm("z")).toThrow("no virtual machine z");
    expect(() => cluster.node("z")).toThrow("no node z");
  });
});
