/** Nodes that fail and come back: when that is noticed, who starts where and when, quorum, and what is left. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";

const NODES = [1, 2, 3].map((index) => ({ name: `n${index}`, memory: "32 GiB" }));

interface Cluster {
  nodes?: object[];
  vms: object[];
  timeline: object[];
  volumes?: object[];
  failover?: object | string;
  seed?: number;
  horizon?: string;
}

/** 1 s x 5, and round numbers for the rest. */
const ROUND = { preset: "failover-clustering-2008r2", reform: 2, start: 3, boot: 40, nodeBoot: 100 };

function run({ nodes = NODES, failover = ROUND, horizon = "1 h", ...rest }: Cluster) {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "failover",
    environment: "hyper-v-2008r2-hosts",
    horizon,
    nodes,
    ...(failover === "" ? {} : { failover }),
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", carries: ["migration", "cluster", "client"] }],
    ...rest,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: TraceEvent[] = [];
  const result = simulate(parsed.value, { onEvent: (event) => events.push(event) });
  return { ...result, machines: result.failover?.machines ?? [], nodes: result.failover?.nodes ?? [], events };
}

const vm = (name: string, rest: object = {}) => ({ name, node: "n1", memory: "4 GiB", ...rest });
const fail = (at: number, node = "n1", sinceHeartbeat = 0.25) => ({ at, fail: { node, sinceHeartbeat } });

describe("a node that loses its power", () => {
  it("is declared down threshold x interval after its last heartbeat, and its machines run after reform, start and boot", () => {
    const { machines, nodes } = run({ vms: [vm("a"), vm("b", { bootTime: "10 s" })], timeline: [fail(100)] });
    expect(nodes).toEqual([{ node: "n1", failedSeconds: 100, declaredDownSeconds: 104.75, recoveredSeconds: null }]);
    expect(machines).toMatchObject([
      { vm: "a", cause: "node-failed", node: "n1", downSeconds: 100, noticedSeconds: 104.75, outcome: "restarted" },
      { vm: "b", outcome: "restarted" },
    ]);
    expect(machines[0]?.runningSeconds).toBeCloseTo(104.75 + 2 + 3 + 40, 9);
    expect(machines[1]?.runningSeconds).toBeCloseTo(104.75 + 2 + 3 + 10, 9);
  });

  it.each([
    ["failover-clustering-2008r2", 4, 5],
    ["failover-clustering-2012r2", 9, 10],
    ["failover-clustering-2016", 9, 10],
    ["vmware-ha", 14, 15],
    ["xenserver-ha", 40, 45],
  ])("is noticed by %s between %d and %d s later, evenly: the phase is drawn", (preset, least, greatest) => {
    const seconds = Array.from({ length: 40 }, (_, seed) => {
      const timeline = [{ at: 10, fail: { node: "n1" } }];
      return (run({ vms: [], timeline, failover: preset, seed }).nodes[0]?.declaredDownSeconds ?? 0) - 10;
    });
    for (const each of seconds) {
      expect(each).toBeGreaterThanOrEqual(least);
      expect(each).toBeLessThanOrEqual(greatest);
    }
    // 40 draws: one standard error of the mean is 0.046 of the interval.
    const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
    expect((mean - least) / (greatest - least)).toBeCloseTo(0.5, 0);
    expect(new Set(seconds).size).toBe(40);
  });

  it("keeps clients waiting until the guest has booted, and breaks their connections", () => {
    const clients = [
      { name: "ping", interval: "100 ms" },
      { name: "app", kind: "tcp", role: "request" },
    ];
    const { machines, events } = run({ vms: [vm("a", { clients })], timeline: [fail(100)] });
    const [{ runningSeconds = 0, clients: noticed = [] } = {}] = machines;
    expect(noticed[0]?.outageSeconds).toBeGreaterThan((runningSeconds ?? 0) - 100);
    expect(noticed[0]?.outageSeconds).toBeLessThan((runningSeconds ?? 0) - 100 + 0.3);
    expect(noticed[1]).toMatchObject({ kind: "tcp", broken: true });
    expect(events.filter(({ type }) => type === "client.gaveUp")).toHaveLength(1);
  });

  it("has its machines stay down where there is no cluster, and says so", () => {
    const { machines, nodes } = run({
      vms: [vm("a")],
      failover: "",
      timeline: [
        { at: 10, fail: { node: "n1" } },
        { at: 20, recover: { node: "n1" } },
      ],
    });
    expect(nodes).toMatchObject([{ declaredDownSeconds: null, recoveredSeconds: 20 + 180 }]);
    expect(machines).toMatchObject([{ outcome: "not-restarted", runningSeconds: null }]);
    expect(machines[0]?.reason).toContain("No cluster restarts");
  });
});

describe("restarts", () => {
  it("go in order of priority where starts are limited; none is not started", () => {
    const { machines, events } = run({
      nodes: NODES.slice(0, 2),
      failover: { ...ROUND, startsPerNode: 1 },
      vms: [
        vm("low", { priority: "low" }),
        vm("off", { priority: "none" }),
        vm("medium"),
        vm("high", { priority: "high" }),
      ],
      timeline: [fail(100)],
    });
    const started = events.flatMap((event) => (event.type === "vm.restartStarted" ? [event.vm] : []));
    expect(started).toEqual(["high", "medium", "low"]);
    const startOf = (name: string) => machines.find((machine) => machine.vm === name)?.restartSeconds;
    expect(startOf("high")).toBeCloseTo(106.75, 9);
    expect(startOf("medium")).toBeCloseTo(109.75, 9);
    expect(startOf("low")).toBeCloseTo(112.75, 9);
    expect(machines.find(({ vm: name }) => name === "off")).toMatchObject({ outcome: "not-restarted", to: null });
  });

  it("need room for what a machine with dynamic memory was assigned, not for the most that it may have", () => {
    const nodes = [
      { name: "n1", memory: "32 GiB" },
      { name: "n2", memory: "4 GiB" },
    ];
    const demand = (memory: string) => ({ dynamicMemory: { minimum: "512 MiB", buffer: "0 %", demand: memory } });
    const outcomes = (...rest: object[]) => {
      const vms = rest.map((each, index) => vm(`v${index}`, { memory: "8 GiB", used: "10 %", ...each }));
      return run({ nodes, vms, timeline: [fail(100)] }).machines.map(({ outcome }) => outcome);
    };
    expect(outcomes(demand("2 GiB"), demand("2 GiB"))).toEqual(["restarted", "restarted"]);
    expect(outcomes(demand("2 GiB"), demand("2 GiB"), demand("1 GiB"))).toEqual([
      "restarted",
      "restarted",
      "not-restarted",
    ]);
    expect(outcomes({})).toEqual(["not-restarted"]);
  });

  it("keep to owners, anti-affinity and reserves; who finds no room stays off and says why, until a node is back", () => {
    const { machines } = run({
      nodes: [NODES[0] as object, { name: "n2", memory: "32 GiB", reserve: "20 GiB" }, { name: "n3", memory: "8 GiB" }],
      vms: [
        vm("one", { antiAffinity: "apart" }),
        vm("two", { node: "n2", antiAffinity: "apart" }),
        vm("bound", { possibleOwners: ["n1", "n2"] }),
        vm("large", { memory: "12 GiB" }),
      ],
      timeline: [fail(100), { at: 500, recover: { node: "n1" } }],
    });
    expect(machines).toMatchObject([
      { vm: "one", to: "n3", outcome: "restarted" },
      { vm: "bound", to: "n2", outcome: "restarted" },
      { vm: "large", to: "n1", outcome: "restarted", restartSeconds: 600 },
    ]);
    const without = run({
      nodes: NODES.slice(0, 2),
      vms: [vm("large", { memory: "20 GiB" }), vm("there", { node: "n2", memory: "20 GiB" })],
      timeline: [fail(100)],
    });
    expect(without.machines).toMatchObject([{ outcome: "not-restarted", to: null, runningSeconds: null }]);
    expect(without.machines[0]?.reason).toBe("No node takes large, which needs 20.0 GiB: n2 has 12.0 GiB free.");
  });

  it("wait for a LUN that changes its owner, all machines on it on one node; for a shared volume's new coordinator", () => {
    const volumes = [
      { name: "L1", kind: "lun", owner: "n1" },
      { name: "V1", coordinator: "n1" },
    ];
    const { machines, events } = run({
      volumes,
      vms: [vm("a", { disks: ["L1"] }), vm("b", { disks: ["L1"] }), vm("c", { disks: ["V1"] })],
      timeline: [fail(100)],
    });
    const [a, b, c] = machines;
    expect(a?.to).toBe(b?.to);
    expect(events.filter(({ type }) => type === "lun.ownerChanged")).toHaveLength(1);
    // 3 s for the LUN; the coordinator's 2 s end together with the reform of 2 s.
    expect(a?.runningSeconds).toBeCloseTo(104.75 + 2 + 3 + 3 + 40, 9);
    expect(b?.runningSeconds).toBeCloseTo(a?.runningSeconds ?? 0, 9);
    expect(c?.runningSeconds).toBeCloseTo(104.75 + 2 + 3 + 40, 9);
    expect(events).toContainEqual(
      expect.objectContaining({ t: 106.75, type: "csv.ownerChanged", reason: "node-failed", seconds: 6.75 }),
    );
  });

  it("begin anew where the node on which a machine boots fails too", () => {
    const { machines } = run({
      nodes: [...NODES, { name: "n4", memory: "32 GiB" }, { name: "n5", memory: "32 GiB" }],
      vms: [vm("a"), vm("b", { node: "n3" }), vm("c", { node: "n4" }), vm("d", { node: "n5" })],
      timeline: [fail(100), fail(120, "n2", 0.5)],
    });
    expect(machines).toMatchObject([{ vm: "a", downSeconds: 100, noticedSeconds: 104.75, outcome: "restarted" }]);
    expect(machines[0]?.to).not.toBe("n2");
    expect(machines[0]?.runningSeconds).toBeCloseTo(124.5 + 2 + 3 + 40, 9);
  });
});

describe("quorum", () => {
  it("is lost with half of the votes: everything stops, and starts where it was once a node is back", () => {
    const { machines, failover, events, warnings } = run({
      failover: { ...ROUND, witness: false },
      nodes: NODES.slice(0, 2),
      vms: [vm("a"), vm("b", { node: "n2" })],
      timeline: [fail(100), { at: 200, recover: { node: "n1" } }],
    });
    expect(machines).toMatchObject([
      { vm: "a", cause: "node-failed", to: "n1", outcome: "restarted" },
      { vm: "b", cause: "quorum-lost", downSeconds: 104.75, to: "n2", outcome: "restarted" },
    ]);
    expect(failover?.withoutQuorumSeconds).toBeCloseTo(300 - 104.75, 9);
    expect(machines[1]?.runningSeconds).toBeCloseTo(300 + 2 + 3 + 40, 9);
    expect(events.map(({ type }) => type)).toContain("cluster.quorumRegained");
    expect(warnings.join()).toContain("1 of 2 votes");
  });

  it("is kept by a witness where nodes are even in number, and needs none of VMware and XenServer", () => {
    const two = { nodes: NODES.slice(0, 2), vms: [vm("a"), vm("b", { node: "n2" })], timeline: [fail(100)] };
    expect(run(two).machines).toMatchObject([{ vm: "a", to: "n2", outcome: "restarted" }]);
    const vmware = run({ ...two, failover: "vmware-ha" });
    expect(vmware.machines).toMatchObject([{ vm: "a", to: "n2", outcome: "restarted" }]);
  });
});
