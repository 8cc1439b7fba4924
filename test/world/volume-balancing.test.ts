/** Windows Server 2012 R2 keeps its shared volumes spread evenly; on 2008 R2 they stay where they are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StorageResult, TraceEvent } from "../../sim/index.ts";
import { type StorageDocument, storageRun } from "../support/storage-scenario.ts";

const NAMES = ["HV01", "HV02", "HV03", "HV04", "HV05"];
const csv = (name: string, coordinator: string, more: object = {}) => ({ name, coordinator, ...more });
const PAIRS = [1, 2, 3, 4, 5, 6].map((index) => csv(`V${index}`, `HV0${Math.ceil(index / 2)}`));
const drain = (at: number, node: string) => ({ at, drain: { node, profile: "hyper-v-2012r2" } });
const resume = (at: number, node: string) => ({ at, resume: { node } });
const fail = (at: number, node: string) => ({ at, fail: { node, sinceHeartbeat: 0 } });

function run({ volumes = PAIRS, ...document }: Partial<StorageDocument> & { timeline: object[] }) {
  const { result, events } = storageRun({
    failover: { preset: "failover-clustering-2012r2", nodeBoot: 20 },
    vms: [],
    volumes,
    ...document,
  });
  const moves = events.filter((event) => event.type === "csv.ownerChanged");
  return { result, events, moves, owners: ownersOf(result) };
}

function ownersOf({ storage }: { storage?: StorageResult }): Record<string, number> {
  const owners: Record<string, number> = {};
  for (const { coordinator } of storage?.volumes ?? []) owners[coordinator] = (owners[coordinator] ?? 0) + 1;
  return owners;
}

type OwnerChange = Extract<TraceEvent, { type: "csv.ownerChanged" }>;
const told = (moves: readonly OwnerChange[]) =>
  moves.map(({ t, volume, from, to, reason }) => [t, volume, `${from}-${to}`, reason]);

describe("shared volumes of a 2012 R2 cluster", () => {
  it("leave a node that is emptied, and come back as it takes machines again", () => {
    const { moves } = run({ timeline: [drain(10, "HV01"), resume(100, "HV01")] });
    expect(told(moves)).toEqual([
      [12, "V1", "HV01-HV02", "balancing"],
      [12, "V2", "HV01-HV03", "balancing"],
      [102, "V1", "HV02-HV01", "balancing"],
      [102, "V2", "HV03-HV01", "balancing"],
    ]);
  });

  it("of a node that dies go to those with the fewest, and to it again once it is back", () => {
    const { moves, owners } = run({ timeline: [fail(10, "HV01"), { at: 60, recover: { node: "HV01" } }] });
    expect(told(moves)).toEqual([
      [22, "V1", "HV01-HV02", "node-failed"],
      [22, "V2", "HV01-HV03", "node-failed"],
      [82, "V1", "HV02-HV01", "balancing"],
      [82, "V2", "HV03-HV01", "balancing"],
    ]);
    expect(owners).toEqual({ HV01: 2, HV02: 2, HV03: 2 });
  });

  it("stay where they are on 2008 R2, and without a cluster", () => {
    for (const failover of ["failover-clustering-2008r2", undefined]) {
      const { moves } = run({ failover: failover as string, timeline: [drain(10, "HV01"), resume(100, "HV01")] });
      expect(moves).toEqual([]);
    }
    const set = { preset: "failover-clustering-2008r2", balancesVolumes: true };
    expect(run({ failover: set, timeline: [drain(10, "HV01")] }).moves).toHaveLength(2);
  });

  it("stay where an administrator puts them, until there is an occasion", () => {
    const byHand = { at: 10, moveOwner: { volume: "V1", to: "HV02" } };
    expect(run({ timeline: [byHand] }).owners).toEqual({ HV01: 1, HV02: 3, HV03: 2 });
    expect(run({ timeline: [byHand, drain(50, "HV03"), resume(100, "HV03")] }).owners).toEqual({
      HV01: 2,
      HV02: 2,
      HV03: 2,
    });
  });

  it("wait for a coordinator that is being changed, then are balanced", () => {
    const { moves } = run({
      timeline: [{ at: 9, moveOwner: { volume: "V1", to: "HV02" } }, drain(10, "HV01")],
    });
    expect(told(moves)).toEqual([
      [11, "V1", "HV01-HV02", "timeline"],
      [13, "V2", "HV01-HV03", "balancing"],
    ]);
  });

  it("go to no node without a path, and stay if there is no other", () => {
    const volumes = [csv("A", "HV01", { reachedBy: ["HV01", "HV03"] }), csv("B", "HV01", { reachedBy: ["HV01"] })];
    expect(told(run({ volumes, timeline: [drain(10, "HV01")] }).moves)).toEqual([[12, "A", "HV01-HV03", "balancing"]]);
    const lost = { at: 5, losePath: { node: "HV03", path: "network" } };
    expect(run({ volumes, timeline: [lost, drain(10, "HV01")] }).moves).toEqual([]);
  });

  it("that lost their path to the storage go to the node with the fewest, then all are balanced", () => {
    const volumes = [csv("A", "HV01"), csv("B", "HV01"), csv("C", "HV02"), csv("D", "HV02"), csv("E", "HV02")];
    const { moves } = run({ volumes, timeline: [{ at: 10, losePath: { node: "HV01", volume: "A" } }] });
    expect(told(moves)).toEqual([
      [12, "A", "HV01-HV03", "path-lost"],
      [14, "C", "HV02-HV01", "balancing"],
    ]);
  });

  it("do not move for a node that is dead and not yet known to be, nor without a majority", () => {
    const early = run({ timeline: [fail(10, "HV01"), drain(12, "HV02")], horizon: "19 s" });
    expect(told(early.moves)).toEqual([
      [14, "V3", "HV02-HV03", "balancing"],
      [14, "V4", "HV02-HV03", "balancing"],
    ]);
    const left = (failed: number) =>
      run({
        nodes: NAMES.map((name) => ({ name, memory: "64 GiB" })),
        volumes: [csv("A", "HV04"), csv("B", "HV04")],
        timeline: [...NAMES.slice(0, failed).map((node) => fail(10, node)), drain(40, "HV04")],
      }).owners;
    expect(left(2)).not.toHaveProperty("HV04");
    expect(left(3)).toEqual({ HV04: 2 });
  });

  it("are even after the last occasion, whatever came before, and the machine that uses them never waits", () => {
    const step = fc.record({
      at: fc.integer({ min: 1, max: 300 }),
      node: fc.constantFrom("HV01", "HV02", "HV03", "HV04"),
      byHand: fc.option(fc.constantFrom(...PAIRS.map(({ name }) => name))),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(fc.constantFrom(...NAMES), LENGTH), (steps, owners) => {
        const { result, events, moves } = run({
          nodes: NAMES.map((name) => ({ name, memory: "64 GiB" })),
          volumes: owners.map((coordinator, index) => csv(`V${index + 1}`, coordinator)),
          vms: [{ name: "vm", node: "HV05", memory: "2 GiB", disks: ["V1"], io: { read: "1 MB/s" } }],
          timeline: [...timelineOf(steps), drain(600, "HV03"), resume(700, "HV03")],
        });
        const held = NAMES.map((name) => ownersOf(result)[name] ?? 0);
        expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
        expect(result.storage?.io).toMatchObject([{ pausedSeconds: 0 }]);
        expect(events.filter((event) => "vm" in event && event.type !== "vm.ioChanged")).toEqual([]);
        const at = new Map(owners.map((owner, index) => [`V${index + 1}`, owner]));
        for (const { volume, from, to } of moves) {
          expect(from).toBe(at.get(volume));
          at.set(volume, to);
        }
      }),
      { numRuns: 150, seed: 4 },
    );
  });
});

const LENGTH = { minLength: 6, maxLength: 6 };

/** HV01 and HV02 fail and recover, HV03 and HV04 are emptied and resumed, in turn; all are given back before the end. */
function timelineOf(steps: readonly { at: number; node: string; byHand: string | null }[]): object[] {
  const away = new Set<string>();
  const timeline: object[] = [];
  for (const { at, node, byHand } of [...steps].sort((one, other) => one.at - other.at)) {
    if (byHand !== null) timeline.push({ at, moveOwner: { volume: byHand, to: node } });
    else timeline.push(away.has(node) ? giveBack(at, node) : takeAway(at, node));
    if (byHand === null && !away.delete(node)) away.add(node);
  }
  for (const node of away) timeline.push(giveBack(400, node));
  return timeline;
}

const fails = (node: string) => node === "HV01" || node === "HV02";
const takeAway = (at: number, node: string) => (fails(node) ? fail(at, node) : drain(at, node));
const giveBack = (at: number, node: string) => (fails(node) ? { at, recover: { node } } : resume(at, node));
