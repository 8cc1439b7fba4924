/**
 * What holds whatever breaks when: random clusters whose machines are moved by all mechanisms and drained, while nodes fail
 * and come back, networks are cut, paths and owners are lost, guests hang, disks come and go, and volumes run full.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { openWorld } from "../support/open-world.ts";

const PROFILES = [
  { profile: "qemu-7.2" },
  { profile: "qemu-7.2", maxBandwidth: 0 },
  { profile: "qemu-10" },
  { profile: "qemu-7.2", mode: "post-copy", postcopyAfterRounds: 1, maxBandwidth: 0 },
  { profile: "hyper-v-2008r2" },
  { profile: "hyper-v-2012r2" },
  { profile: "hyper-v-2008", mode: "quick" },
  { profile: "hyper-v-2008r2", mode: "quick" },
  { profile: "vsphere-4" },
  { profile: "vsphere-5" },
  { profile: "xen" },
  { profile: "xenserver-5" },
  { profile: "simgrid-3.32" },
] as const;

const HORIZON_SECONDS = 120;

/** Tenths of a second, so that things often happen at the same time. */
const moment = fc.integer({ min: 0, max: 600 }).map((tenths) => tenths / 10);
const pick = fc.nat({ max: 1000 });

const entry = fc.record({
  at: moment,
  what: fc.constantFrom(
    ...["migrate", "migrate", "migrate", "migrate", "migrate", "drain", "cancel", "startPostcopy", "recoverPostcopy"],
    ...["fail", "fail", "recover", "hang", "cutLink", "cutLink", "restoreLink", "losePath", "restorePath", "moveOwner"],
    ...["resume", "attachDisk", "attachDisk", "detachDisk"],
  ),
  one: pick,
  two: pick,
  three: pick,
});

const cluster = fc.record({
  seed: fc.nat({ max: 1e6 }),
  nodes: fc.integer({ min: 2, max: 4 }),
  environment: fc.constantFrom("qemu-kvm-hosts", "hyper-v-2008r2-hosts", "vsphere-5-hosts", "xen-hosts"),
  connectionTimeout: fc.constantFrom(1, 5, 20),
  failover: fc.constantFrom(
    null,
    "failover-clustering-2008r2",
    "failover-clustering-2012r2",
    "vmware-ha",
    "xenserver-ha",
  ),
  shared: fc.boolean(),
  frameLoss: fc.constantFrom("0 %", "50 %", "100 %"),
  free: fc.constantFrom("100 TB", "250 MB"),
  vms: fc.array(
    fc.record({
      node: pick,
      memoryMib: fc.constantFrom(16, 64, 128),
      rate: fc.constantFrom(0, 500, 20_000),
      disk: fc.constantFrom("none", "csv", "lun", "shared lun"),
      grows: fc.boolean(),
      tcp: fc.constantFrom(null, "upload", "download", "push", "request"),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  timeline: fc.array(entry, { minLength: 1, maxLength: 10 }),
});

type Cluster = typeof cluster extends fc.Arbitrary<infer Value> ? Value : never;

/** The scenario as a file would have it; null where its checks refuse it. */
function scenarioOf(given: Cluster): Scenario | null {
  const nodeOf = (n: number) => `n${(n % given.nodes) + 1}`;
  const vmOf = (n: number) => `vm${n % given.vms.length}`;
  const networks = given.shared ? ["lan"] : ["lan", "migration"];
  const carries = given.shared ? ["migration", "cluster", "client"] : ["cluster", "client"];
  const { frameLoss, free } = given;
  const lan = { name: "lan", bandwidth: "1 Gbit/s", latency: "0.2 ms", frameLoss, carries };
  const own = { name: "migration", bandwidth: "1 Gbit/s", latency: "0.1 ms", carries: ["migration"] };
  const luns = given.vms.flatMap(({ disk, node }, n) =>
    disk === "lun" ? [{ name: `lun${n}`, kind: "lun", owner: nodeOf(node) }] : [],
  );
  const sharers = given.vms.filter(({ disk }) => disk === "shared lun");
  const sharedNode = nodeOf(sharers[0]?.node ?? 0);
  const volumeNames = ["csv", ...luns.map(({ name }) => name), ...(sharers.length === 0 ? [] : ["shared"])];
  const timeline = given.timeline.map(({ at, what, one, two, three }) => {
    const node = nodeOf(one);
    const vm = vmOf(one);
    const network = networks[two % networks.length];
    const port = three % 3 === 0 ? {} : { node };
    switch (what) {
      case "migrate":
        return { at, migrate: { vm, to: nodeOf(two), ...PROFILES[three % PROFILES.length] } };
      case "drain":
        return { at, drain: { node, ...PROFILES[(three % 2) * 4] } };
      case "fail":
      case "recover":
      case "resume":
        return { at, [what]: { node } };
      case "cutLink":
        return { at, cutLink: { network, ...port, ...(two % 3 === 0 ? {} : { for: (two % 50) / 5 + 0.1 }) } };
      case "restoreLink":
        return { at, restoreLink: { network, ...port } };
      case "losePath":
      case "restorePath":
        return { at, [what]: { node, path: two % 2 === 0 ? "san" : "network", volume: "csv" } };
      case "moveOwner":
        return { at, moveOwner: { volume: "csv", to: node } };
      case "attachDisk":
      case "detachDisk":
        return { at, [what]: { vm, volume: volumeNames[two % volumeNames.length] } };
      default:
        return { at, [what]: { vm } };
    }
  });
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "random faults",
    seed: given.seed,
    horizon: HORIZON_SECONDS,
    environment: { preset: given.environment, connectionTimeout: given.connectionTimeout },
    ...(given.failover === null ? {} : { failover: { preset: given.failover, boot: 20 } }),
    nodes: Array.from({ length: given.nodes }, (_, n) => ({ name: nodeOf(n), memory: "512 MiB" })),
    networks: given.shared ? [lan] : [lan, own],
    volumes: [
      { name: "csv", kind: "csv", coordinator: "n1", free },
      ...luns,
      ...(sharers.length === 0 ? [] : [{ name: "shared", kind: "lun", owner: sharedNode }]),
    ],
    vms: given.vms.map(({ node, memoryMib, rate, disk, grows, tcp }, n) => ({
      name: vmOf(n),
      node: disk === "shared lun" ? sharedNode : nodeOf(node),
      memory: memoryMib * 2 ** 20,
      used: "80 %",
      workload: { classes: [{ name: "hot", pages: memoryMib * 100, rate }] },
      ...(disk === "none"
        ? {}
        : {
            disks: [{ volume: { csv: "csv", lun: `lun${n}`, "shared lun": "shared" }[disk], kind: "dynamic" }],
            io: grows ? { write: "5 MB/s", grow: "1 MB/s" } : { read: "5 MB/s" },
          }),
      clients: [{ name: "ping", interval: 0.1 }, ...(tcp === null ? [] : [{ name: "tcp", kind: "tcp", role: tcp }])],
    })),
    timeline,
  });
  if (parsed.ok) return parsed.value;
  // What is contradictory beforehand is refused, and told why; the rest of it may be as it likes.
  const bad = new Set(parsed.problems.flatMap(({ path }) => (path[0] === "timeline" ? [path[1] as number] : [])));
  if (bad.size === 0) return null;
  return scenarioOf({ ...given, timeline: given.timeline.filter((_, index) => !bad.has(index)) });
}

function checkLaws(scenario: Scenario): void {
  const open = openWorld(scenario);
  const { migrations, failover, warnings } = open.run();
  const { world, events } = open;

  expect(events.findIndex(({ t }, index) => index > 0 && t < (events[index - 1] as { t: number }).t)).toBe(-1);
  for (const { outcome, reason, blackout, downtimeSeconds } of migrations) {
    expect(["completed", "failed", "cancelled", "not-converged", "lost"]).toContain(outcome);
    expect(reason).not.toBe("");
    const parts = blackout.reduce((sum, { seconds }) => sum + seconds, 0);
    if (downtimeSeconds !== null) expect(parts).toBeCloseTo(downtimeSeconds, 6);
  }
  const ended = events.filter(({ type }) => type === "migration.ended");
  expect(ended.length).toBe(migrations.length);

  const underWay = [...world.runs.open].filter((run) => run.phase !== "over");
  expect(underWay).toEqual([]);
  for (const node of world.cluster.nodes) {
    let held = 0;
    for (const machine of node.machines) {
      expect(machine.node).toBe(node);
      held += machine.memoryBytes;
    }
    // What was on its way at the horizon holds memory at both ends; nothing else does.
    const moving = [...world.cluster.vms].filter((machine) => world.cluster.isMoving(machine)).length;
    if (moving === 0) expect(node.memoryBytes - node.freeBytes, node.name).toBe(held);
    if (!node.isUp) for (const machine of node.machines) expect(machine.working, machine.name).toBe(false);
  }
  for (const machine of world.cluster.vms) {
    const places = [...world.cluster.nodes].filter(({ machines }) => machines.has(machine));
    expect(places, machine.name).toEqual([machine.node]);
    if (machine.working || world.cluster.isMoving(machine)) continue;
    // Off, hung or paused: something says why.
    const isDown = failover?.machines.some(({ vm, reason }) => vm === machine.name && reason !== "") ?? false;
    const isFull = warnings.some((warning) => warning.includes("had no room left"));
    const isUnfinished = migrations.some(({ outcome }) => outcome === "not-converged");
    expect(isDown || isFull || isUnfinished, `${machine.name} stands still`).toBe(true);
  }
  for (const { name, kind } of scenario.volumes) {
    const { coordinator } = world.volume(name);
    expect(
      scenario.nodes.some((node) => node.name === coordinator),
      name,
    ).toBe(true);
    if (kind !== "lun") continue;
    for (const machine of world.cluster.vms) {
      if (!machine.working || world.cluster.isMoving(machine)) continue;
      if (machine.disks.includes(world.volume(name))) expect(machine.node.name, name).toBe(coordinator);
    }
  }
}

describe("whatever breaks when", () => {
  it("leaves every machine on one node or says why it is off, memory and owners as they should be, and ends every migration", () => {
    let accepted = 0;
    fc.assert(
      fc.property(cluster, (given) => {
        const scenario = scenarioOf(given);
        if (scenario === null) return;
        accepted += 1;
        checkLaws(scenario);
      }),
      { seed: 4, numRuns: 1400 },
    );
    expect(accepted).toBeGreaterThan(1000);
  });

  it("is the same to the last byte run twice", () => {
    fc.assert(
      fc.property(cluster, (given) => {
        const scenario = scenarioOf(given);
        if (scenario === null) return;
        const bytes = () => {
          const open = openWorld(scenario);
          const outcome = open.run();
          return JSON.stringify([open.events, outcome]);
        };
        expect(bytes()).toBe(bytes());
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
