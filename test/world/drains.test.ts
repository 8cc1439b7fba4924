/** Nodes emptied: slots, orders, waves, placement, what cannot move, maintenance and the way back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { type LanCluster, readLanCluster, runRead } from "../support/lan-cluster.ts";

const NODES = [1, 2, 3].map((index) => ({ name: `n${index}`, memory: "32 GiB" }));
const SIX = Array.from({ length: 6 }, (_, index) => ({
  name: `vm${index + 1}`,
  node: "n1",
  memory: `${index + 1} GiB`,
  workload: { name: "writes", classes: [{ pages: 1000, rate: 600 - 100 * index }] },
}));

function read({ nodes = NODES, vms = SIX, timeline = [], horizon = "2 h" }: Partial<LanCluster>) {
  return readLanCluster({ nodes, vms, timeline, horizon });
}

function run(cluster: Partial<LanCluster>) {
  const result = runRead(read(cluster));
  return { ...result, drains: result.drains ?? [], most: mostAtOnce(result.events) };
}

/** The most migrations under way at a time. */
function mostAtOnce(events: readonly TraceEvent[]): number {
  const started = new Set<number>();
  let most = 0;
  for (const event of events) {
    if (event.type === "migration.started") started.add(event.migration);
    if (event.type === "migration.ended") started.delete(event.migration);
    most = Math.max(most, started.size);
  }
  return most;
}

const drain = (rest: object = {}) => ({ at: 1, drain: { node: "n1", profile: "hyper-v-2012r2", ...rest } });

describe("a drain", () => {
  it("moves every machine, then the node is in maintenance and takes none", () => {
    const { drains, migrations, events } = run({
      timeline: [drain()],
    });
    expect(migrations.map(({ outcome }) => outcome)).toEqual(Array(6).fill("completed"));
    expect(drains).toMatchObject([{ node: "n1", outcome: "completed", machines: 6, moved: 6, failed: 0 }]);
    const last = Math.max(
      ...migrations.map(({ startSeconds, totalSeconds }) => (startSeconds ?? 0) + (totalSeconds ?? 0)),
    );
    expect(drains[0]?.makespanSeconds).toBeCloseTo(last - 1, 9);
    expect(drains[0]?.maintenanceStartSeconds).toBeCloseTo(last, 9);
    expect(events.at(-1)?.type).toBe("node.maintenanceStarted");
    expect(events.filter(({ type }) => type === "migration.queued")).toHaveLength(4);
  });

  it.each([
    ["the profile's two", {}, 2],
    ["the profile's limit as set", { migrationsPerNode: 5 }, 5],
    ["slots of the source", { migrationsPerNode: 6, slots: { source: 3 } }, 3],
    ["slots of the network", { migrationsPerNode: 6, slots: { network: 4 } }, 4],
    ["slots of the cluster", { migrationsPerNode: 6, slots: { cluster: 1 } }, 1],
    ["slots of two targets", { migrationsPerNode: 6, slots: { target: 2 } }, 4],
    ["a wave", { migrationsPerNode: 6, wave: 5 }, 5],
  ])("keeps to %s", (_, settings, most) => {
    const result = run({ timeline: [drain(settings)] });
    expect(result.most).toBe(most);
    expect(result.drains[0]?.moved).toBe(6);
  });

  it("asks for the next wave once all of the former are over", () => {
    const { migrations } = run({ timeline: [drain({ migrationsPerNode: 6, wave: 4 })] });
    const ends = migrations
      .slice(0, 4)
      .map(({ startSeconds, totalSeconds }) => (startSeconds ?? 0) + (totalSeconds ?? 0));
    for (const { requestedSeconds } of migrations.slice(4)) expect(requestedSeconds).toBeCloseTo(Math.max(...ends), 9);
  });

  it.each([
    ["as-listed", [1, 2, 3, 4, 5, 6]],
    ["smallest-first", [1, 2, 3, 4, 5, 6]],
    ["largest-first", [6, 5, 4, 3, 2, 1]],
    ["least-dirty-first", [6, 5, 4, 3, 2, 1]],
    ["priority", [4, 1, 2, 3, 5, 6]],
  ])("moves machines in order %s", (order, expected) => {
    const vms = SIX.map((vm) => (vm.name === "vm4" ? { ...vm, priority: "high" } : vm));
    const { migrations } = run({ vms, timeline: [drain({ order })] });
    expect(migrations.map(({ vm }) => vm)).toEqual(expected.map((index) => `vm${index}`));
  });

  it("says of a machine that no node takes why, and leaves the node open to nobody", () => {
    const vms = [
      { name: "big", node: "n1", memory: "12 GiB" },
      ...["n2", "n3"].map((node) => ({ name: `at-${node}`, node, memory: "22 GiB" })),
    ];
    const { migrations, drains } = run({ vms, timeline: [drain()] });
    expect(migrations[0]).toMatchObject({ vm: "big", outcome: "failed" });
    expect(migrations[0]?.reason).toBe(
      "No node takes big, which needs 12.0 GiB: n2 has 10.0 GiB free; n3 has 10.0 GiB free.",
    );
    expect(drains[0]).toMatchObject({ outcome: "incomplete", moved: 0, failed: 1, maintenanceStartSeconds: null });
  });

  it("keeps to reserves, owners and groups", () => {
    const reserved = NODES.map((node) => (node.name === "n2" ? { ...node, reserve: "31.5 GiB" } : node));
    const towards = (cluster: Partial<LanCluster>) =>
      run({ timeline: [drain()], ...cluster }).migrations.map(({ to }) => to);
    const two = [1, 2].map((index) => ({ name: `vm${index}`, node: "n1", memory: "1 GiB" }));
    expect(towards({ vms: two })).toEqual(["n2", "n3"]);
    expect(towards({ vms: two, nodes: reserved })).toEqual(["n3", "n3"]);
    expect(towards({ vms: two.map((vm) => ({ ...vm, possibleOwners: ["n1", "n3"] })) })).toEqual(["n3", "n3"]);
    expect(towards({ vms: two.map((vm) => ({ ...vm, affinity: "pair" })) })).toEqual(["n2", "n2"]);
    const apart = { antiAffinity: "dc" };
    const elsewhere = { name: "other", node: "n2", memory: "1 GiB", ...apart };
    expect(towards({ vms: [{ ...two[0], ...apart }, elsewhere], timeline: [drain()] })).toEqual(["n3"]);
    expect(towards({ vms: two, timeline: [drain({ placement: "pack" })] })).toEqual(["n2", "n2"]);
    expect(towards({ vms: two, timeline: [drain({ targets: ["n3"] })] })).toEqual(["n3", "n3"]);
  });

  it("ends with its time, and brings machines back where told", () => {
    const { migrations, drains, events } = run({ timeline: [drain({ duration: "10 min", moveBack: true })] });
    const [result] = drains;
    expect((result?.maintenanceEndSeconds ?? 0) - (result?.maintenanceStartSeconds ?? 0)).toBeCloseTo(600, 9);
    expect(result?.movedBack).toEqual([6, 7, 8, 9, 10, 11]);
    expect(migrations.slice(6).every(({ to, outcome }) => to === "n1" && outcome === "completed")).toBe(true);
    expect(events.filter(({ type }) => type === "node.maintenanceEnded")).toHaveLength(1);
  });

  it("takes no machines until it is resumed", () => {
    const move = (at: number) => ({ at, migrate: { vm: "vm1", to: "n1", profile: "hyper-v-2012r2" } });
    const { migrations, warnings } = run({
      timeline: [
        drain(),
        move(1000),
        { at: 1500, resume: { node: "n1" } },
        move(2000),
        { at: 3000, resume: { node: "n1" } },
      ],
    });
    expect(migrations[6]).toMatchObject({ outcome: "failed", reason: "n1 is in maintenance and takes no machines." });
    expect(migrations[7]?.outcome).toBe("completed");
    expect(warnings).toEqual(["n1 was not in maintenance, and could not be resumed at 3000 s."]);
  });

  it("stops when the node is resumed meanwhile", () => {
    const { migrations, drains } = run({ timeline: [drain(), { at: 3, resume: { node: "n1" } }] });
    expect(drains[0]?.outcome).toBe("incomplete");
    expect(new Set(migrations.map(({ outcome }) => outcome))).toEqual(new Set(["cancelled"]));
  });

  it("sends those that wait elsewhere once their target is emptied too, and takes along who arrives", () => {
    const { migrations, drains, events } = run({
      vms: SIX.slice(0, 4),
      timeline: [drain({ slots: { cluster: 1 } }), { at: 4, drain: { node: "n2", profile: "hyper-v-2012r2" } }],
    });
    expect(events.some(({ type }) => type === "migration.retargeted")).toBe(true);
    expect(drains.map(({ outcome }) => outcome)).toEqual(["completed", "completed"]);
    const at = new Map<string, string>();
    for (const { vm, to, outcome } of migrations) if (outcome === "completed") at.set(vm, to);
    expect([...at.values()]).toEqual(Array(4).fill("n3"));
  });
});

describe("rolling maintenance", () => {
  it("goes round all nodes, so many at a time", () => {
    const nodes = Array.from({ length: 6 }, (_, index) => ({ name: `n${index + 1}`, memory: "16 GiB" }));
    const vms = nodes.map(({ name }, index) => ({ name: `vm${index}`, node: name, memory: "4 GiB" }));
    const round = { profile: "hyper-v-2012r2", atOnce: 2, duration: "10 min" };
    const { maintenance, drains, events } = run({ nodes, vms, timeline: [{ at: 0, maintenance: round }] });
    expect(maintenance).toMatchObject([{ nodes: 6, done: 6, incomplete: 0 }]);
    expect(maintenance?.[0]?.makespanSeconds).toBeGreaterThan(1800);
    expect(drains).toHaveLength(6);
    let closed = 0;
    for (const { type } of events) {
      if (type === "drain.started") closed += 1;
      if (type === "node.maintenanceEnded") closed -= 1;
      expect(closed).toBeLessThanOrEqual(2);
    }
  });

  it("leaves every machine on exactly one node, and memory as it was, whatever the cluster", () => {
    const settings = fc.record({
      order: fc.constantFrom("as-listed", "smallest-first", "largest-first"),
      placement: fc.constantFrom("spread", "pack"),
      moveBack: fc.boolean(),
      atOnce: fc.integer({ min: 1, max: 2 }),
      migrationsPerNode: fc.integer({ min: 1, max: 3 }),
      wave: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    });
    const sizes = fc.array(fc.record({ gib: fc.integer({ min: 1, max: 5 }), node: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(settings, sizes, (chosen, machines) => {
        const { wave, ...rest } = chosen;
        const round = {
          profile: "hyper-v-2012r2",
          duration: "1 min",
          ...rest,
          ...(wave === undefined ? {} : { wave }),
        };
        const vms = machines.map(({ gib, node }, index) => ({
          name: `vm${index}`,
          node: `n${node}`,
          memory: `${gib} GiB`,
        }));
        const parsed = read({ vms, timeline: [{ at: 0, maintenance: round }], horizon: "1 d" });
        fc.pre(parsed.ok);
        const { migrations, maintenance, drains } = run({
          vms,
          timeline: [{ at: 0, maintenance: round }],
          horizon: "1 d",
        });
        expect(maintenance?.[0]?.makespanSeconds).not.toBeNull();
        const at = new Map(vms.map(({ name, node }) => [name, node]));
        // One that was asked for while another of its machine waited may find it gone: only those that moved it count.
        const moves = migrations.filter(({ outcome }) => outcome === "completed");
        moves.sort((one, next) => (one.startSeconds ?? 0) - (next.startSeconds ?? 0));
        for (const { vm, from, to } of moves) {
          expect(from).toBe(at.get(vm));
          at.set(vm, to);
        }
        for (const { moved, failed, machines: all } of drains) expect(moved + failed).toBe(all);
      }),
      { numRuns: 150, seed: 4 },
    );
  });
});

describe("what is certain to fail is refused", () => {
  it.each([
    ["an unknown node", [drain({ node: "n9" })], SIX, ["timeline", 0, "drain", "node"]],
    ["an unknown target", [drain({ targets: ["n9"] })], SIX, ["timeline", 0, "drain", "targets", 0]],
    ["no target", [drain({ targets: ["n1"] })], SIX, ["timeline", 0, "drain", "targets"]],
    [
      "too many at once",
      [{ at: 0, maintenance: { profile: "hyper-v-2012r2", duration: 1, atOnce: 3 } }],
      SIX,
      ["timeline", 0, "maintenance", "atOnce"],
    ],
    ["a machine that may go nowhere", [drain()], [{ ...SIX[0], possibleOwners: ["n1"] }], ["timeline", 0, "drain"]],
    ["an owner that is not there", [], [{ ...SIX[0], possibleOwners: ["n1", "n9"] }], ["vms", 0, "possibleOwners", 1]],
    ["a machine on none of its owners", [], [{ ...SIX[0], possibleOwners: ["n2"] }], ["vms", 0, "possibleOwners"]],
    [
      "together and apart",
      [],
      SIX.slice(0, 2).map((vm) => ({ ...vm, affinity: "a", antiAffinity: "b" })),
      ["vms", 1, "antiAffinity"],
    ],
    ["apart on one node", [], SIX.slice(0, 2).map((vm) => ({ ...vm, antiAffinity: "b" })), ["vms", 1, "antiAffinity"]],
    [
      "together on two nodes",
      [],
      [
        { ...SIX[0], affinity: "a" },
        { ...SIX[1], node: "n2", affinity: "a" },
      ],
      ["vms", 1, "affinity"],
    ],
  ])("%s", (_, timeline, vms, path) => {
    const parsed = read({ timeline: timeline as object[], vms: vms as object[] });
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.problems.map((problem) => problem.path)).toContainEqual(path);
    for (const { remedy } of parsed.problems) expect(remedy.length).toBeGreaterThan(5);
  });
});
