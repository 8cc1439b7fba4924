/** Memory that follows demand: what is assigned, what moves, and what nodes have left. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { wantedBytes } from "../../sim/cluster/dynamic-memory.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Overrides, Scenario, ScenarioDynamicMemory } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { KeepingRecorder } from "../support/kept-events.ts";
import { spoil } from "../support/scenario-text.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";
import "../support/fixed-seed.ts";

const steps = (minimumMib: number, ...demand: [number, number][]): ScenarioDynamicMemory => ({
  minimumBytes: minimumMib * MIB,
  bufferShare: 0.2,
  demand: demand.map(([fromSeconds, mib]) => ({ fromSeconds, bytes: mib * MIB })),
});

function run(scenario: Scenario) {
  const kept = new KeepingRecorder();
  const result = simulate(scenario, { onEvent: (event) => kept.record(event) });
  return { result, events: kept, first: result.migrations[0] as MigrationResult };
}

interface World {
  profile?: string;
  preset?: string;
  dynamic?: ScenarioDynamicMemory;
  nodeMib?: number;
  overrides?: Overrides;
}

/** One machine of 512 MiB that writes to its first 40, moved at 10 s. */
function world({ profile = "hyper-v-2008r2", preset = "hyper-v-2008r2-hosts", dynamic, nodeMib = 1024 }: World) {
  const scenario = smallWorld({
    vms: [{ name: "vm", memoryBytes: 512 * MIB, usedBytes: 512 * MIB, classes: [writes(0, 10_240, 100)] }],
    timeline: [migrate("vm", 10, profile)],
    environment: { preset },
    nodeMemoryBytes: nodeMib * MIB,
  });
  if (dynamic !== undefined && scenario.vms[0] !== undefined) scenario.vms[0].dynamicMemory = dynamic;
  return scenario;
}

describe("what a machine should have", () => {
  it("is what it needs and a buffer, in whole pages, between its least and its most", () => {
    const dynamic = { leastBytes: 64 * MIB, bufferShare: 0.2, demand: steps(0, [0, 100], [5, 500], [9, 1]).demand };
    expect(wantedBytes(dynamic, 512 * MIB, 0)).toBe(120 * MIB);
    expect(wantedBytes(dynamic, 512 * MIB, 4.999)).toBe(120 * MIB);
    expect(wantedBytes(dynamic, 512 * MIB, 5)).toBe(512 * MIB);
    expect(wantedBytes(dynamic, 512 * MIB, 100)).toBe(64 * MIB);
    expect(wantedBytes({ ...dynamic, bufferShare: 0.25001 }, 512 * MIB, 0) % 4096).toBe(0);
  });
});

describe("a migration of dynamic memory", () => {
  it("sends what is assigned as it begins, and says how much that is", () => {
    const [small, large, fixed] = [steps(64, [0, 100]), steps(64, [0, 100], [8, 300]), undefined].map((dynamic) =>
      run(world(dynamic === undefined ? {} : { dynamic })),
    );
    expect(small?.first.assignedBytes).toBe(120 * MIB);
    expect(small?.first.rounds[0]?.pagesSent).toBe((120 * MIB) / 4096);
    expect(large?.first.assignedBytes).toBe(360 * MIB);
    expect(large?.first.rounds[0]?.pagesSent).toBe((360 * MIB) / 4096);
    expect(fixed?.first.assignedBytes).toBeUndefined();
    expect(fixed?.first.rounds[0]?.pagesSent).toBe((512 * MIB) / 4096);
  });

  it("keeps it until it is over, and follows demand at the target", () => {
    const { events, first } = run(world({ dynamic: steps(64, [0, 100], [11, 300]) }));
    expect(first.assignedBytes).toBe(120 * MIB);
    const [, grown] = events.of("vm.memoryAssigned");
    expect(grown).toMatchObject({ node: "HV02", bytes: 360 * MIB });
    expect(grown?.t).toBe(events.of("migration.ended")[0]?.t);
  });

  it("is refused by a target without room for what is assigned then, and only for that", () => {
    const tight = (mib: number) => {
      const scenario = world({ dynamic: steps(64, [0, mib]) });
      const [, target] = scenario.nodes;
      if (target !== undefined) target.memoryBytes = 200 * MIB;
      return run(scenario).first;
    };
    expect(tight(150).outcome).toBe("completed");
    expect(tight(200)).toMatchObject({
      outcome: "failed",
      reason: "vm needs 240 MiB and HV02 has 200 MiB free of 200 MiB.",
    });
  });

  it("saves no more by quick migration either", () => {
    const scenario = world({ dynamic: steps(64, [0, 100]) });
    const [entry] = scenario.timeline;
    if (entry?.kind === "migrate") entry.mode = "quick";
    if (scenario.vms[0] !== undefined) scenario.vms[0].disks = ["Volume1"];
    expect(run(scenario).first.savedState?.bytes).toBe(120 * MIB);
  });
});

describe("Xen's squeeze", () => {
  const xen = { profile: "xen", preset: "xen-hosts" };

  it("takes the guest to its minimum first, which takes time, and gives it back at the target", () => {
    const { first, events } = run(world({ ...xen, dynamic: steps(64, [0, 300]) }));
    expect(first.assignedBytes).toBe(64 * MIB);
    const unsqueezed = run(world(xen)).first;
    expect((first.setupSeconds ?? 0) - (unsqueezed.setupSeconds ?? 0)).toBeCloseTo((296 * MIB) / 1e9, 9);
    expect(first.transferredBytes).toBeLessThan(unsqueezed.transferredBytes / 6);
    expect(events.of("vm.memoryAssigned").map(({ node, bytes }) => [node, bytes / MIB])).toEqual([
      ["HV01", 360],
      ["HV01", 64],
      ["HV02", 360],
    ]);
  });

  it("goes no further than what the guest writes to, and makes a move possible that had no room", () => {
    const scenario = world({ ...xen, dynamic: steps(16, [0, 300]) });
    const [, target] = scenario.nodes;
    if (target !== undefined) target.memoryBytes = 50 * MIB;
    expect(run(scenario).first).toMatchObject({ outcome: "completed", assignedBytes: 40 * MIB });
  });
});

describe("machines that are short of memory", () => {
  it("share what a node has, and get more as it comes free", () => {
    const scenario = smallWorld({
      vms: ["one", "two"].map((name) => ({ name, memoryBytes: 512 * MIB, usedBytes: 512 * MIB })),
      timeline: [migrate("one", 10, "hyper-v-2008r2")],
      environment: { preset: "hyper-v-2008r2-hosts" },
      nodeMemoryBytes: 500 * MIB,
    });
    for (const vm of scenario.vms) vm.dynamicMemory = steps(100, [0, 300]);
    const { events } = run(scenario);
    const told = events.of("vm.memoryAssigned").map(({ vm, bytes }) => [vm, bytes / MIB]);
    expect(told).toEqual([
      ["one", 360],
      ["two", 140],
      ["two", 360],
    ]);
  });

  it("never have more than their nodes, whatever they need and wherever they go", () => {
    const phases = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 600 })), {
      maxLength: 5,
    });
    const machine = fc.record({
      minimum: fc.integer({ min: 1, max: 128 }),
      start: fc.integer({ min: 0, max: 600 }),
      phases,
    });
    const moves = fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat(3), fc.constantFrom("HV01", "HV02")), {
      maxLength: 8,
    });
    const profile = fc.constantFrom("hyper-v-2008r2", "xen");
    fc.assert(
      fc.property(fc.array(machine, { minLength: 4, maxLength: 4 }), moves, profile, (machines, asked, name) => {
        const scenario = smallWorld({
          vms: machines.map((_, index) => ({ name: `vm${index}`, memoryBytes: 512 * MIB, usedBytes: 512 * MIB })),
          timeline: asked.map(([at, vm, to]) => migrate(`vm${vm}`, at, name, {}, to)),
          environment: { preset: "hyper-v-2008r2-hosts" },
          nodeMemoryBytes: 700 * MIB,
          horizonSeconds: 200,
        });
        for (const [index, { minimum, start, phases: later }] of machines.entries()) {
          const rising = new Map(later.sort(([one], [other]) => one - other));
          const vm = scenario.vms[index];
          if (vm !== undefined) vm.dynamicMemory = steps(minimum, [0, start], ...rising);
        }
        const has = new Map(machines.map(({ minimum }, index) => [`vm${index}`, { node: "HV01", mib: minimum }]));
        const { result, events } = run(scenario);
        for (const [index, event] of events.events.entries()) {
          if (event.type === "vm.memoryAssigned") has.set(event.vm, { node: event.node, mib: event.bytes / MIB });
          if (event.type === "vm.started") has.set(event.vm, { node: event.node, mib: has.get(event.vm)?.mib ?? 0 });
          // Within a moment memory changes hands.
          if (events.events[index + 1]?.t === event.t) continue;
          for (const node of ["HV01", "HV02"]) {
            const here = [...has.values()].filter((each) => each.node === node);
            expect(here.reduce((sum, { mib }) => sum + mib, 0)).toBeLessThanOrEqual(700 + 1e-9);
          }
        }
        for (const { outcome, assignedBytes, rounds } of result.migrations) {
          if (outcome !== "completed") continue;
          expect((rounds[0]?.pagesSent ?? 0) + (rounds[0]?.zeroPagesSent ?? 0)).toBe((assignedBytes ?? 0) / 4096);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("dynamicMemory in a file", () => {
  const problemsOf = (dynamicMemory: string) => {
    const parsed = parseScenario(parse(spoil("memory: 1 GiB", `memory: 1 GiB\n    dynamicMemory: ${dynamicMemory}`)));
    return parsed.ok ? [] : parsed.problems.map(({ path, problem }) => `${path.join(".")}: ${problem}`);
  };

  it("is refused with its place where it makes no sense", () => {
    expect(problemsOf("{minimum: 64 MiB, demand: 100 MiB}")).toEqual([]);
    expect(problemsOf("{minimum: 2 GiB, demand: 100 MiB}")).toEqual([
      'vms.0.dynamicMemory.minimum: "vm1" is to have 2.00 GiB at least, more than its memory of 1.00 GiB',
    ]);
    expect(problemsOf("{minimum: 64 MiB, demand: [{from: 1 s, memory: 1 MiB}, {from: 1 s, memory: 2 MiB}]}")).toEqual([
      "vms.0.dynamicMemory.demand.0.from: what it needs at the start is not said",
      "vms.0.dynamicMemory.demand.1.from: it is no later than the one before",
    ]);
  });

  it("has page classes lie in what is sure to be there", () => {
    // 10k pages are 39 MiB.
    expect(
      problemsOf("{minimum: 16 MiB, buffer: 0 %, demand: [{memory: 100 MiB}, {from: 5 s, memory: 20 MiB}]}"),
    ).toEqual([
      "vms.0.workload.classes.0.pages: page class hot covers pages 0 to 9,999, and the machine uses only 5,120 pages",
    ]);
  });
});
