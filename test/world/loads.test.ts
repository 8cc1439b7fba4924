/** The load of hosts: balancing by each method, consolidation and its energy, and scenarios that make no sense. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { type LanCluster, readLanCluster, runRead } from "../support/lan-cluster.ts";

const NODES = [1, 2, 3].map((index) => ({ name: `n${index}`, memory: "32 GiB", logicalProcessors: 8 }));

function read({ nodes = NODES, vms = [], timeline = [], horizon = "4 h" }: Partial<LanCluster>) {
  return readLanCluster({ nodes, vms, timeline, horizon });
}

function run(cluster: Partial<LanCluster>) {
  const result = runRead(read(cluster));
  const of = <Type extends TraceEvent["type"]>(type: Type) =>
    result.events.filter((event): event is Extract<TraceEvent, { type: Type }> => event.type === type);
  return { ...result, balance: result.balances?.[0], consolidation: result.consolidations?.[0], of };
}

const vm = (index: number, node: string, rest: object = {}) => ({ name: `vm${index}`, node, memory: "2 GiB", ...rest });
/** From the second hour on, busy. */
const busyLater = (processors: number) => [
  { from: 0, processors: 0.5 },
  { from: "1 h", processors },
];
const busyHost = [1, 2, 3, 4].map((index) => vm(index, "n1", { cpuDemand: busyLater(2) }));
const balance = (rest: object = {}) => ({ at: 60, balance: { profile: "hyper-v-2012r2", ...rest } });

describe("dynamic optimisation", () => {
  it("does nothing while all hosts are in balance: they are not even looked at", () => {
    const quiet = [1, 2, 3, 4].map((index) => vm(index, "n1", { cpuDemand: 1 }));
    const { balance: result, events } = run({ vms: quiet, timeline: [balance()] });
    expect(result).toMatchObject({ looks: 0, moved: 0, untilSeconds: null });
    expect(events).toEqual([]);
  });

  it("looks at its period after a machine's demand has changed, and moves as few as it takes", () => {
    const { balance: result, of, migrations } = run({ vms: busyHost, timeline: [balance()] });
    // Its turns are at 60 s and every 600 s from there.
    expect(of("balance.looked").map(({ t }) => t)).toEqual([3660]);
    expect(migrations.map(({ from, outcome }) => [from, outcome])).toEqual([
      ["n1", "completed"],
      ["n1", "completed"],
    ]);
    // 8 of 8 processors is over 70 %; two machines elsewhere leave 4 of 8.
    expect(result?.deviationAtEnd).toBeLessThan(of("balance.looked")[0]?.deviation ?? 0);
  });

  it("makes machines miss less than if none had moved: by what closed forms say", () => {
    const vms = [1, 2, 3, 4].map((index) => vm(index, "n1", { cpuDemand: busyLater(3) }));
    const { balance: result, of } = run({ vms, timeline: [balance({ until: "3 h" })] });
    // 12 asked for of 8, from 1 h to 3 h.
    expect(result?.unmetUnmovedProcessorSeconds).toBe(4 * 7200);
    const arrivals = of("vm.started").map(({ t }) => t - 3600);
    expect(arrivals.length).toBeGreaterThanOrEqual(2);
    const [first = 0, second = 0] = arrivals;
    expect(result?.unmetProcessorSeconds).toBeCloseTo(4 * first + (second - first), 6);
  });

  it("stops at until", () => {
    expect(run({ vms: busyHost, timeline: [balance({ until: "50 min" })] }).balance?.looks).toBe(0);
  });

  it("looks once where it can do nothing, and again only when something has changed", () => {
    const full = NODES.slice(0, 2).flatMap(({ name }, node) =>
      [0, 1].map((index) => vm(10 * node + index, name, { cpuDemand: 4 })),
    );
    const { balance: result } = run({ nodes: NODES.slice(0, 2), vms: full, timeline: [balance()], horizon: "90 d" });
    expect(result).toMatchObject({ looks: 1, moved: 0, failed: 0 });
  });

  it("leaves hosts in maintenance out until they are back", () => {
    const timeline = [
      { at: 1, drain: { node: "n2", profile: "hyper-v-2012r2", duration: "2 h" } },
      { at: 1, drain: { node: "n3", profile: "hyper-v-2012r2", duration: "2 h" } },
      balance(),
    ];
    const { of, migrations } = run({ vms: busyHost, timeline });
    expect(of("balance.looked").map(({ t, moves }) => [t, moves])).toEqual([
      [3660, 0],
      [7260, 2],
    ]);
    expect(migrations).toHaveLength(2);
  });

  it("keeps to affinity, anti-affinity and possible owners", () => {
    const rules = [
      { affinity: "pair" },
      { affinity: "pair" },
      { antiAffinity: "apart" },
      { possibleOwners: ["n1", "n3"] },
    ];
    const vms = [
      ...rules.map((rule, index) => vm(index, "n1", { cpuDemand: busyLater(2), ...rule })),
      vm(8, "n2", { antiAffinity: "apart" }),
    ];
    const { migrations } = run({
      vms,
      timeline: [balance({ method: { name: "dynamic-optimisation", processorLimit: "60 %" } })],
    });
    expect(migrations.map((each) => [each.vm, each.to])).toEqual([
      ["vm2", "n3"],
      ["vm3", "n3"],
    ]);
  });

  it("relieves a host that is too full of memory", () => {
    const vms = [vm(1, "n1", { memory: "20 GiB" }), vm(2, "n1", { memory: "10 GiB" })];
    const { migrations } = run({ vms, timeline: [balance()] });
    // 30 of 32 GiB is over 90 %. Either move leaves 20 GiB on the fuller host; that of the smaller one fills the target less.
    expect(migrations.map((each) => each.vm)).toEqual(["vm2"]);
  });
});

describe("other methods", () => {
  it("PRO tips wait until a host has been too busy for long enough, and name one machine", () => {
    const { of, balance: result } = run({ vms: busyHost, timeline: [balance({ method: "pro-tips" })] });
    expect(of("balance.tipRaised")[0]).toMatchObject({
      t: 3900,
      node: "n1",
      processorShare: 1,
      carriedOutSeconds: 3900,
    });
    expect(of("balance.looked").every(({ moves }) => moves <= 1)).toBe(true);
    expect(result?.tips).toBe(of("balance.tipRaised").length);
  });

  it("a tip is carried out when it is answered, and a busy time that passes raises none", () => {
    const method = { name: "pro-tips", answer: "10 min" };
    const { of } = run({ vms: busyHost, timeline: [balance({ method })] });
    expect(of("balance.looked")[0]?.t).toBe(4500);
    const short = [0, "1 h", "64 min"].map((from, index) => ({ from, processors: index === 1 ? 2 : 0.5 }));
    const vms = [1, 2, 3, 4].map((index) => vm(index, "n1", { cpuDemand: short }));
    expect(run({ vms, timeline: [balance({ method: "pro-tips" })] }).balance).toMatchObject({ tips: 0, looks: 0 });
  });

  it("DRS evens hosts out that are all below their limits", () => {
    const vms = [1, 2, 3, 4].map((index) => vm(index, "n1", { cpuDemand: 1 }));
    const { balance: result, migrations } = run({ vms, timeline: [balance({ method: "drs", profile: "vsphere-5" })] });
    expect(result?.deviationAtStart).toBeGreaterThan(0.1);
    expect(result?.deviationAtEnd).toBeLessThanOrEqual(0.1);
    expect(migrations.map(({ to }) => to).sort()).toEqual(["n2", "n3"]);
  });
});

const consolidate = (rest: object = {}) => ({
  at: "1 h",
  consolidate: { profile: "hyper-v-2012r2", until: "3 h", ...rest },
});
const oneEach = NODES.map(({ name }, index) => vm(index, name, { cpuDemand: 1, clients: [{ name: "user" }] }));

describe("consolidation", () => {
  it("leaves one host on, and brings all machines back", () => {
    const { consolidation, of, migrations } = run({ vms: oneEach, timeline: [consolidate()] });
    expect(consolidation?.nodes.map(({ outcome }) => outcome)).toEqual(["powered-off", "powered-off"]);
    expect(of("node.poweredOn").map(({ t }) => t)).toEqual([10_500, 10_500]);
    expect(of("node.booted").map(({ t }) => t)).toEqual([10_800, 10_800]);
    expect(migrations.map((each) => [each.vm, each.from, each.to])).toEqual([
      ["vm0", "n1", "n2"],
      ["vm2", "n3", "n2"],
      ["vm0", "n2", "n1"],
      ["vm2", "n2", "n3"],
    ]);
    expect(consolidation).toMatchObject({ moved: 4, failed: 0, worstClientOutageSeconds: expect.any(Number) });
  });

  it("saves what idle hosts draw, less what they draw off, shutting down and booting: the closed form", () => {
    const power = { idleWatts: 200, fullWatts: 300, offWatts: 10, parked: "20 %", joulesPerMigration: 7 };
    const { consolidation, of, migrations } = run({ vms: oneEach, timeline: [consolidate({ power })] });
    let saved = 0;
    for (const [index, { t }] of of("node.poweredOff").entries()) {
      const off = (of("node.poweredOn")[index]?.t ?? 0) - t;
      // Busy time only moves from one host to another, at the same watts.
      saved += off * (160 - 10) + (60 + 300) * (160 - 300);
    }
    const bytes = migrations.reduce((sum, { transferredBytes }) => sum + transferredBytes, 0);
    const spent = 4 * 7 + 512 * (bytes / 1e9);
    expect(consolidation?.migrationsJoules).toBeCloseTo(spent, 6);
    expect(consolidation?.savedJoules).toBeCloseTo(saved - spent, 3);
    const seconds = (consolidation?.endSeconds ?? 0) - 3600;
    expect(consolidation?.baselineJoules).toBeCloseTo(3 * (160 + (300 - 160) / 8) * seconds, 3);
  });

  it("fills no host beyond the processors that are asked for until morning", () => {
    const vms = NODES.map(({ name }, index) => vm(index, name, { cpuDemand: [{ from: "2 h", processors: 4 }] }));
    const { consolidation } = run({ vms, timeline: [consolidate()] });
    expect(consolidation?.nodes).toEqual([]);
    expect(consolidation?.savedJoules).toBe(0);
    expect(run({ vms, timeline: [consolidate({ until: "110 min" })] }).consolidation?.nodes).toHaveLength(2);
  });

  it("keeps groups together and apart", () => {
    const apart = NODES.map(({ name }, index) => vm(index, name, { antiAffinity: "apart" }));
    expect(run({ vms: apart, timeline: [consolidate()] }).consolidation?.nodes).toEqual([]);
    const pair = [
      vm(1, "n1", { affinity: "pair", memory: "10 GiB" }),
      vm(2, "n1", { affinity: "pair", memory: "10 GiB" }),
    ];
    const rest = [vm(3, "n2", { memory: "22 GiB" }), vm(4, "n3", { memory: "22 GiB" })];
    expect(run({ vms: [...pair, ...rest], timeline: [consolidate()] }).consolidation?.nodes).toEqual([]);
  });

  it("does not power a host off that would have to come back at once", () => {
    const { consolidation, of } = run({ vms: oneEach, timeline: [consolidate({ until: "65 min" })] });
    expect(consolidation?.nodes.map(({ outcome }) => outcome)).toEqual(["too-late", "too-late"]);
    expect(of("node.poweredOff")).toEqual([]);
    expect(of("node.maintenanceStarted")).toEqual([]);
    expect(consolidation?.moved).toBe(4);
  });

  it("leaves every machine on one node with room, whatever the cluster", () => {
    const machine = fc.record({
      node: fc.integer({ min: 1, max: 4 }),
      memory: fc.integer({ min: 1, max: 6 }),
      cpu: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(machine, { minLength: 1, maxLength: 10 }), fc.boolean(), (machines, moveBack) => {
        const nodes = [1, 2, 3, 4].map((index) => ({ name: `n${index}`, memory: "64 GiB", logicalProcessors: 8 }));
        const vms = machines.map(({ node, memory, cpu }, index) =>
          vm(index, `n${node}`, { memory: `${memory} GiB`, cpuDemand: cpu }),
        );
        const { migrations, consolidation, of } = run({ nodes, vms, timeline: [consolidate({ moveBack })] });
        const at = new Map(machines.map(({ node }, index) => [`vm${index}`, `n${node}`]));
        for (const migration of migrations) {
          expect(migration.outcome).toBe("completed");
          expect(at.get(migration.vm)).toBe(migration.from);
          at.set(migration.vm, migration.to);
        }
        if (moveBack) expect([...at.values()]).toEqual(machines.map(({ node }) => `n${node}`));
        expect(of("node.booted").length).toBe(of("node.poweredOff").length);
        expect(of("node.poweredOff").length).toBe(consolidation?.nodes.length);
        expect(consolidation?.nodes.length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe("what makes no sense is refused", () => {
  const first = vm(1, "n1", { cpuDemand: 1 });
  const twoTimes = [balance({ until: "2 h" }), { ...balance(), at: "1 h" }];
  it.each([
    ["a method that is not there", { timeline: [balance({ method: "drrs" })] }, ["timeline", 0, "balance", "method"]],
    [
      "a parameter that the method has not",
      { timeline: [balance({ method: { name: "drs", evry: 1 } })] },
      ["timeline", 0, "balance", "method", "evry"],
    ],
    ["an end before the start", { timeline: [balance({ until: 30 })] }, ["timeline", 0, "balance", "until"]],
    [
      "an end after the horizon",
      { timeline: [consolidate({ until: "5 h" })] },
      ["timeline", 0, "consolidate", "until"],
    ],
    ["two balancings at once", { timeline: twoTimes }, ["timeline", 1, "balance"]],
    [
      "as many hosts to keep as there are",
      { timeline: [consolidate({ keep: 3 })] },
      ["timeline", 0, "consolidate", "keep"],
    ],
    [
      "power that is no parameter",
      { timeline: [consolidate({ power: { idleWats: 1 } })] },
      ["timeline", 0, "consolidate", "power", "idleWats"],
    ],
    ["one node", { nodes: NODES.slice(0, 1), timeline: [balance()] }, ["timeline", 0, "balance"]],
    ["demand where processors are not said", { nodes: [{ name: "n1", memory: "8 GiB" }], timeline: [] }, ["nodes", 0]],
    [
      "more than its virtual processors",
      { vms: [{ ...first, vcpus: 1, cpuDemand: 2 }], timeline: [] },
      ["vms", 0, "cpuDemand"],
    ],
    [
      "phases out of order",
      { vms: [{ ...first, cpuDemand: [...busyLater(1)].reverse() }], timeline: [] },
      ["vms", 0, "cpuDemand", 1, "from"],
    ],
    [
      "a profile that is not there",
      { timeline: [balance({ profile: "hyperv" })] },
      ["timeline", 0, "balance", "profile"],
    ],
  ])("%s", (_what, cluster, path) => {
    const parsed = read({ vms: [first], ...cluster });
    expect(parsed.ok).toBe(false);
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map((problem) => problem.path)).toContainEqual(path);
    for (const { remedy } of problems) expect(remedy).not.toBe("");
  });

  it("reads what it writes", () => {
    const power = { idleWatts: 150, boot: "2 min" };
    const method = { name: "drs", every: "1 min" };
    const timeline = [
      balance({ method, until: "2 h", slots: { cluster: 2 } }),
      consolidate({ power, wave: 3, keep: 2 }),
    ];
    const scenario = read({ vms: busyHost, timeline });
    if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems));
    expect(parseScenario(toScenarioFile(scenario.value))).toEqual(scenario);
  });
});
