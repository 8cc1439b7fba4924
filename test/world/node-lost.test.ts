/** A node dies while a machine is moved from it or to it: where the guest is then, and what is left of it. */
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { openWorld } from "../support/open-world.ts";
import { GIB, MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const NODE_BYTES = 8 * GIB;

function scenario(profile: string, mode: "live" | "post-copy" | "quick" = "live"): Scenario {
  const disks = mode === "quick" ? ["LUN1"] : ["Volume1"];
  const vm = { name: "web", memoryBytes: 512 * MIB, usedBytes: 400 * MIB, classes: [writes(0, 8000, 2000)], disks };
  const entry = { ...migrate("web", 1, profile), mode };
  const small = smallWorld({ vms: [vm], timeline: [entry], nodeMemoryBytes: NODE_BYTES, networkBytesPerSecond: 125e6 });
  return { ...small, volumes: [...small.volumes, { name: "LUN1", kind: "lun", coordinator: "HV01" }] };
}

/** The middle of what begins and ends so in an undisturbed run. */
function middle(of: Scenario, begins: (event: TraceEvent) => boolean, ends: (event: TraceEvent) => boolean): number {
  const calm = openWorld(of);
  calm.run();
  const from = calm.events.find(begins)?.t as number;
  const to = calm.events.find((event) => event.t >= from && ends(event))?.t as number;
  expect(to).toBeGreaterThan(from);
  return (from + to) / 2;
}

const part = (type: "blackout.partStarted" | "blackout.partEnded", name: string) => (event: TraceEvent) =>
  event.type === type && event.part === name;
const within = (of: Scenario, name: string) =>
  middle(of, part("blackout.partStarted", name), part("blackout.partEnded", name));
const inPrecopy = (of: Scenario) =>
  middle(
    of,
    (event) => event.type === "migration.roundStarted",
    (event) => event.type === "migration.roundEnded",
  );

/** The run in which this node dies then, and what memory each node has left at the end. */
function dies(of: Scenario, node: string, atSeconds: number) {
  const open = openWorld(of);
  const stranded: string[] = [];
  open.at(atSeconds, () => {
    for (const run of open.runs) {
      for (const { guest, hasSavedState } of run.nodeLost(node, `${node} died.`)) {
        stranded.push(`${guest.machine.name}${hasSavedState ? " saved" : ""}`);
      }
    }
  });
  open.run();
  const { machine } = open.world.guest("web");
  for (const each of open.world.cluster.nodes) {
    const held = [...each.machines].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    expect(each.memoryBytes - each.freeBytes, each.name).toBe(held);
  }
  const { outcome, blackout, downtimeSeconds } = open.runs[0].result(of.horizonSeconds);
  return { outcome, at: machine.node.name, runs: machine.running, stranded, blackout, downtimeSeconds };
}

describe("pre-copy", () => {
  const qemu = scenario("qemu-7.2");

  it("leaves the guest at the source where the target dies", () => {
    const is = dies(qemu, "HV02", inPrecopy(qemu));
    expect(is).toMatchObject({ outcome: "failed", at: "HV01", runs: true, stranded: [], blackout: [] });
  });

  it("is lost with the source", () => {
    const is = dies(qemu, "HV01", inPrecopy(qemu));
    expect(is).toMatchObject({ outcome: "lost", at: "HV01", runs: false, stranded: ["web"] });
  });
});

describe("the blackout", () => {
  it.each([
    ["qemu-7.2", "final-copy", "HV01", true],
    ["qemu-7.2", "device-state", "HV01", true],
    ["qemu-7.2", "storage-handover", "HV02", false],
    ["qemu-7.2", "resume", "HV02", false],
  ])("of %s in %s: the guest stands or falls with %s as the target dies", (profile, name, at, runs) => {
    const of = scenario(profile);
    const is = dies(of, "HV02", within(of, name));
    expect(is).toMatchObject({ outcome: runs ? "failed" : "lost", at, runs, stranded: runs ? [] : ["web"] });
    if (runs)
      expect(is.blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(is.downtimeSeconds as number, 12);
  });

  it("goes on without the source once that has given the guest away", () => {
    const of = scenario("qemu-7.2");
    const is = dies(of, "HV01", within(of, "resume"));
    expect(is).toMatchObject({ outcome: "completed", at: "HV02", runs: true, stranded: [] });
  });
});

describe("post-copy", () => {
  const of = scenario("qemu-7.2", "post-copy");
  const inPostCopy = middle(
    of,
    (event) => event.type === "migration.postcopyStarted",
    (event) => event.type === "migration.postcopyEnded",
  );

  it.each(["HV01", "HV02"])("loses the guest with %s", (node) => {
    const is = dies(of, node, inPostCopy);
    expect(is).toMatchObject({ outcome: "lost", at: "HV02", runs: false, stranded: ["web"] });
  });
});

describe("quick migration", () => {
  const of = scenario("hyper-v-2008", "quick");

  it.each([
    ["HV01", "save-state", "lost", "HV01", false, ["web"]],
    ["HV02", "save-state", "failed", "HV01", true, []],
    ["HV01", "storage-handover", "completed", "HV02", true, []],
    ["HV02", "storage-handover", "failed", "HV01", false, ["web saved"]],
    ["HV02", "restore-state", "failed", "HV01", false, ["web saved"]],
  ] as const)("as %s dies in %s: %s", (node, name, outcome, at, runs, stranded) => {
    const is = dies(of, node, within(of, name));
    expect(is).toMatchObject({ outcome, at, runs, stranded });
  });

  it("gives the LUN back where the target dies after it was handed over", () => {
    const open = openWorld(of);
    open.at(within(of, "restore-state"), () => void open.runs[0].nodeLost("HV02", "HV02 died."));
    open.run();
    expect(open.world.volume("LUN1").coordinator).toBe("HV01");
  });
});

describe("SimGrid's model", () => {
  it("runs on at the source where the target dies in the last transfer", () => {
    const of = scenario("simgrid-3.32");
    const is = dies(of, "HV02", within(of, "final-copy"));
    expect(is).toMatchObject({ outcome: "failed", at: "HV01", runs: true });
    expect(is.downtimeSeconds).toBeGreaterThan(0);
  });
});
