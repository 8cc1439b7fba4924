import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../sim/index.ts";
import { clusterHistoryOf } from "../../viz/model/cluster-at.ts";
import { MACHINE_STATUSES, type MachineStatus, STATUS_CODES } from "../../viz/model/machine-status.ts";
import { loadAt } from "../../viz/model/migration-load.ts";
import { stateAt } from "../../viz/model/state-at.ts";
import type { Timeline } from "../../viz/model/timeline.ts";
import { exampleTimeline, timelineOf } from "../support/example-timeline.ts";
import { makeScenario } from "../support/fixtures.ts";
import "../support/fixed-seed.ts";

const EXAMPLES = [
  "failover-hyper-v-2008r2",
  "failover-while-migrating",
  "failover-vmware-ha",
  "consolidation-night",
  "drain-all-at-once",
  "quick-live-lun-live-csv",
  "qemu-hybrid-after-three-passes",
  "csv-owner-moves",
];

const examples = EXAMPLES.map((name) => ({ name, ...exampleTimeline(name) }));

function statusAt(timeline: Timeline, vm: string, t: number): { node: string; status: MachineStatus } {
  const history = clusterHistoryOf(timeline);
  const machine = history.machineNames.indexOf(vm);
  const { machines } = history.at(t);
  return {
    node: history.nodeNames[machines.nodes[machine] as number] as string,
    status: MACHINE_STATUSES[machines.statuses[machine] as number] as MachineStatus,
  };
}

/** Where the machine's guest last ran or was started, read from the events one by one. */
function readNode(events: readonly TraceEvent[], vm: string, first: string, t: number): string {
  const before = events.filter((event) => event.t <= t);
  const last = before.findLast(
    (event) => (event.type === "vm.started" || event.type === "vm.restartStarted") && event.vm === vm,
  );
  return last !== undefined && "node" in last ? (last.node as string) : first;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
}

describe("the cluster at a moment", () => {
  it("has every machine on one node, and those on their way on one arc", () => {
    for (const { name, scenario, timeline } of examples) {
      const built = timeline();
      const history = clusterHistoryOf(built);
      for (const t of [0, ...built.eventTimes, built.endSeconds]) {
        const { nodes, moves, machines } = history.at(t);
        const onNodes = sum(nodes.map((node) => sum(node.counts)));
        expect(onNodes, `${name} at ${t} s`).toBe(scenario.vms.length);
        expect(new Set(moves.map((move) => move.machine)).size).toBe(moves.length);
        expect(sum(nodes.map((node) => node.counts[STATUS_CODES.moving] as number))).toBe(moves.length);
        expect([...machines.nodes].every((node) => node >= 0)).toBe(true);
      }
    }
  });

  it("agrees with the events read one by one, and with the migrations counted over time", () => {
    const pick = fc.record({
      example: fc.constantFrom(...examples),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(pick, fc.nat(), ({ example, share }, nth) => {
        const built = example.timeline();
        const t = built.endSeconds * share;
        const vm = example.scenario.vms[nth % example.scenario.vms.length];
        expect(statusAt(built, vm?.name ?? "", t).node).toBe(
          readNode(example.events, vm?.name ?? "", vm?.node ?? "", t),
        );
        const { moves, nodes } = clusterHistoryOf(built).at(t);
        expect(moves.length).toBe(loadAt(built.load, t).underWay);
        expect(sum(nodes.map((node) => node.out))).toBe(moves.length);
        expect(sum(nodes.map((node) => node.in))).toBe(moves.length);
      }),
      { numRuns: 150 },
    );
  });

  it("is the same however it is reached", () => {
    const times = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...examples), times, ({ timeline }, shares) => {
        const walked = timeline();
        const seen = shares.map((share) => JSON.stringify(clusterHistoryOf(walked).at(share * walked.endSeconds)));
        const last = shares.at(-1) as number;
        const fresh = timeline();
        expect(JSON.stringify(clusterHistoryOf(fresh).at(last * fresh.endSeconds))).toBe(seen.at(-1));
      }),
      { numRuns: 60 },
    );
  });

  it("moves a machine by the share of its memory that the target has: none as it starts, all as its guest changes over", () => {
    for (const { timeline } of examples) {
      const built = timeline();
      const history = clusterHistoryOf(built);
      for (const migration of built.migrations) {
        if (migration.startSeconds === null || migration.endSeconds === null) continue;
        if (migration.endSeconds <= migration.startSeconds) continue;
        const at = (t: number) => history.at(t).moves.find((move) => move.migration === migration);
        expect(at(migration.startSeconds)?.share).toBe(0);
        const { startSeconds, endSeconds } = migration;
        for (let k = 0; k < 20; k += 1) {
          const move = at(startSeconds + ((endSeconds - startSeconds) * k) / 20);
          expect(move?.share).toBeGreaterThanOrEqual(0);
          expect(move?.share).toBeLessThanOrEqual(1);
        }
        if (migration.outcome === "completed") expect(at(endSeconds - 1e-7)?.share).toBeCloseTo(1, 3);
        expect(at(endSeconds)).toBeUndefined();
      }
    }
  });

  it("has within rounds the dirty pages that the migration's own charts have", () => {
    const moved = examples.filter(({ name }) => name === "drain-all-at-once" || name === "consolidation-night");
    for (const { timeline } of moved) {
      const built = timeline();
      const history = clusterHistoryOf(built);
      for (const { index } of built.migrations.slice(0, 4)) {
        const migration = built.look(index);
        if (migration === null) continue;
        for (const round of migration.rounds) {
          const t = round.startSeconds + (round.endSeconds - round.startSeconds) * 0.6;
          const share = history.at(t).moves.find((move) => move.migration.index === index)?.share;
          expect(share).toBeCloseTo(1 - stateAt(built, migration, t).dirtyPages / migration.memoryPages, 9);
        }
        expect(migration.rounds.length).toBeGreaterThan(1);
      }
    }
  });

  it("ends with the result's counts: what drains moved is gone from their nodes, what was restarted runs where it says", () => {
    for (const { name, timeline, result } of examples) {
      const built = timeline();
      const { nodes } = clusterHistoryOf(built).at(built.endSeconds);
      for (const machine of result.failover?.machines ?? []) {
        const later = result.failover?.machines.some(
          (other) => other.vm === machine.vm && other.downSeconds > machine.downSeconds,
        );
        if (later === true) continue;
        const seen = statusAt(built, machine.vm, built.endSeconds);
        if (machine.outcome === "restarted") expect(seen, name).toEqual({ node: machine.to, status: "runs" });
        else expect(seen.status, `${name}: ${machine.vm}`).toBe("down");
      }
      for (const drain of result.drains ?? []) {
        if (drain.outcome !== "completed" || drain.makespanSeconds === null) continue;
        const emptied = clusterHistoryOf(built).at(drain.startSeconds + drain.makespanSeconds);
        const node = emptied.nodes.find((each) => each.name === drain.node);
        expect(sum(node?.counts ?? []), `${name}: ${drain.node}`).toBe(0);
        expect(node?.usedBytes).toBe(0);
      }
      expect(sum(nodes.map((node) => node.arrivingBytes))).toBe(0);
    }
  });
});

describe("states of nodes and volumes", () => {
  const scenario = makeScenario();
  const seen = (events: object[]) => {
    const history = clusterHistoryOf(timelineOf(scenario, events as TraceEvent[], null));
    return (t: number) => history.at(t);
  };

  it("follow the events of a node: what is worse counts, and it is up again when the last has passed", () => {
    const at = seen([
      { t: 1, type: "drain.started", drain: 0, node: "HV01", machines: 1 },
      { t: 2, type: "link.cut", network: "clients", node: "HV01" },
      { t: 3, type: "link.restored", network: "clients", node: "HV01" },
      { t: 4, type: "drain.ended", drain: 0, node: "HV01", outcome: "completed", moved: 1, failed: 0, seconds: 3 },
      { t: 4, type: "node.maintenanceStarted", node: "HV01" },
      { t: 5, type: "node.maintenanceEnded", node: "HV01" },
      { t: 6, type: "node.failed", node: "HV01", machines: 1 },
      { t: 6, type: "vm.stopped", vm: "web01", node: "HV01" },
      { t: 7, type: "node.recovering", node: "HV01" },
      { t: 8, type: "node.recovered", node: "HV01", downSeconds: 2, by: "" },
      { t: 9, type: "node.poweredOff", node: "HV01" },
      { t: 10, type: "node.poweredOn", node: "HV01", bootSeconds: 1 },
      { t: 11, type: "node.booted", node: "HV01" },
    ]);
    const states = Array.from({ length: 12 }, (_, t) => at(t).nodes[0]?.state);
    expect(states).toEqual([
      "up",
      "draining",
      "cut-off",
      "draining",
      "maintenance",
      "up",
      "failed",
      "starts",
      "up",
      "off",
      "starts",
      "up",
    ]);
    expect(at(2).nodes[0]?.cutFrom).toEqual(["clients"]);
    expect(at(5.9).nodes[0]).toMatchObject({ usedBytes: 2 ** 31 });
    expect(at(6).nodes[0]?.counts[STATUS_CODES.down]).toBe(1);
    expect(at(6).nodes[0]?.usedBytes).toBe(0);
    expect(at(11).nodes[1]?.state).toBe("up");
  });

  it("follow a volume: nobody has it while it changes hands, redirected and waiting nodes are told apart", () => {
    const csv = { volume: "Volume1" };
    const at = seen([
      { t: 1, type: "csv.redirected", ...csv, node: "HV02", coordinator: "HV01", reason: "path-lost" },
      { t: 2, type: "csv.paused", ...csv, node: "HV02", reason: "no-coordinator" },
      { t: 3, type: "csv.ownerChanged", ...csv, from: "HV01", to: "HV02", reason: "node-failed", seconds: 1.5 },
      { t: 3, type: "csv.resumed", ...csv, node: "HV02" },
      { t: 4, type: "csv.directAgain", ...csv, node: "HV02" },
      { t: 5, type: "csv.paused", ...csv, node: "HV01", reason: "node-failed" },
    ]);
    const volume = (t: number) => at(t).volumes[0];
    expect(volume(0)).toEqual({ name: "Volume1", kind: "csv", owner: "HV01", redirected: [], waiting: [] });
    expect(volume(1)?.redirected).toEqual(["HV02"]);
    expect(volume(1.6)?.owner).toBeNull();
    expect(volume(2)).toMatchObject({ redirected: [], waiting: [{ node: "HV02", reason: "no-coordinator" }] });
    expect(volume(3)).toMatchObject({ owner: "HV02", redirected: ["HV02"], waiting: [] });
    expect(volume(5)).toMatchObject({ owner: "HV02", redirected: [], waiting: [] });
    expect(at(0).nodes[0]?.volumes).toEqual(["Volume1"]);
    expect(at(1.6).nodes.map((node) => node.volumes)).toEqual([[], []]);
    expect(at(3).nodes[1]?.volumes).toEqual(["Volume1"]);
  });

  it("follow a machine: it waits, moves, stands still, hangs, starts again; names that nobody has are passed over", () => {
    const migration = { migration: 7, vm: "web01", from: "HV01", to: "HV02", mode: "live", profile: "p" };
    const built = timelineOf(
      scenario,
      [
        { t: 1, type: "migration.requested", ...migration },
        { t: 2, type: "migration.started", migration: 7, network: "n", memoryPages: 100, zeroPages: 0 },
        { t: 3, type: "migration.ended", migration: 7, outcome: "failed", reason: "" },
        { t: 4, type: "vm.stopped", vm: "web01", node: "HV01" },
        { t: 5, type: "vm.started", vm: "web01", node: "HV01" },
        { t: 6, type: "vm.hung", vm: "web01", node: "HV01" },
        { t: 7, type: "vm.restartQueued", vm: "web01", from: "HV01", to: "HV02", priority: 1, reason: "" },
        { t: 8, type: "vm.restartStarted", vm: "web01", node: "HV02", by: "" },
        { t: 9, type: "vm.booted", vm: "web01", node: "HV02", downSeconds: 1 },
        { t: 9, type: "vm.started", vm: "nobody", node: "nowhere" },
        { t: 10, type: "vm.notRestarted", vm: "web01", reason: "", by: "" },
        { t: 11, type: "vm.memoryAssigned", vm: "web01", node: "HV02", bytes: 5, wantedBytes: 5 },
      ] as TraceEvent[],
      null,
    );
    const seenAt = Array.from({ length: 11 }, (_, t) => statusAt(built, "web01", t));
    expect(seenAt.map(({ status }) => status)).toEqual([
      "runs",
      "waits",
      "moving",
      "runs",
      "still",
      "runs",
      "hung",
      "queued",
      "starts",
      "runs",
      "down",
    ]);
    expect(seenAt.map(({ node }) => node).lastIndexOf("HV01")).toBe(7);
    expect(clusterHistoryOf(built).at(2).nodes).toMatchObject([
      { out: 1, in: 0 },
      { in: 1, arrivingBytes: 2 ** 31 },
    ]);
    expect(clusterHistoryOf(built).at(11).machines.bytes[0]).toBe(5);
  });

  it("follow a machine through more changes than lie between two snapshots", () => {
    const turns = [
      { type: "vm.hung", node: "HV01" },
      { type: "vm.booted", node: "HV02" },
      { type: "vm.stopped", node: "HV02" },
      { type: "vm.started", node: "HV01" },
    ];
    const after = ["hung", "runs", "still", "runs"];
    const events = Array.from({ length: 9000 }, (_, k) => ({ t: k + 1, vm: "web01", ...turns[k % turns.length] }));
    const built = timelineOf(scenario, events as TraceEvent[], null);
    const times = fc.integer({ min: 1, max: events.length });
    fc.assert(
      fc.property(times, (t) => {
        const place = (t - 1) % turns.length;
        const node = place === 1 || place === 2 ? "HV02" : "HV01";
        expect(statusAt(built, "web01", t + 0.5)).toEqual({ node, status: after[place] });
      }),
    );
  });
});
