import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DISK_EVENTS } from "../../sim/event-log/disks.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "../../sim/event-log/entry.ts";
import { eventLogOf } from "../../sim/event-log/event-log.ts";
import { CLUSTERING_EVENTS } from "../../sim/event-log/failover-clustering.ts";
import { HYPER_V_EVENTS } from "../../sim/event-log/hyper-v.ts";
import { eventLogJsonLine, eventLogTextLine } from "../../sim/event-log/lines.ts";
import { QEMU_EVENTS } from "../../sim/event-log/qemu.ts";
import { VSPHERE_EVENTS } from "../../sim/event-log/vsphere.ts";
import { XEN_EVENTS } from "../../sim/event-log/xen.ts";
import { formatSeconds } from "../../sim/kernel/format-units.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";

/** An example's log and its first migration; `changes` are set over the file. */
function logOf(example: string, changes: Record<string, string | number | boolean> = {}) {
  const text = readFileSync(new URL(`../../examples/${example}.yaml`, import.meta.url), "utf8");
  const parsed = parseScenario(parse(text), { overrides: changes });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: TraceEvent[] = [];
  const { migrations } = simulate(parsed.value, { onEvent: (event) => events.push(event) });
  const [migration] = migrations;
  if (migration === undefined) throw new Error("nothing was simulated");
  return { log: eventLogOf(events), migration };
}

const ids = (log: readonly EventLogEntry[]) => log.map(({ id }) => id);

describe("Hyper-V", () => {
  const { log, migration } = logOf("hyper-v-2008r2-web-server");

  it("logs the move, the brownout, the blackout, a summary, and that it succeeded", () => {
    expect(ids(log)).toEqual([1641, 22508, 22509, 22507, 20415, 20418]);
    expect(log.every(({ vm }) => vm === migration.vm)).toBe(true);
  });

  it("tells of the result's downtime", () => {
    const blackout = formatSeconds(migration.downtimeSeconds as number);
    for (const id of [22509, 20415]) expect(log.find((entry) => entry.id === id)?.text).toContain(blackout);
  });

  it("calls a long blackout critical", () => {
    const { log } = logOf("hyper-v-2008r2-web-server", { "environment.resume": "6 s" });
    expect(ids(log)).toEqual([1641, 22508, 22509, 22507, 20417, 20418]);
    expect(log.find(({ id }) => id === 20417)?.level).toBe("critical");
  });

  it("saves and restores in a quick migration", () => {
    const { log } = logOf("hyper-v-2008r2-web-server", { "timeline.0.migrate.mode": "quick" });
    expect(ids(log)).toEqual([1641, 18510, 18596]);
  });

  it("logs nothing of an end that only the run's horizon makes", () => {
    const { log, migration } = logOf("hyper-v-2008r2-web-server", { horizon: "8 s" });
    expect(migration.outcome).toBe("not-converged");
    expect(ids(log)).toEqual([1641]);
  });
});

describe("QEMU", () => {
  it("of version 10 goes through device, and completes once the target has told it", () => {
    const { log } = logOf("qemu-300ms-limit", { "timeline.0.migrate.profile": "qemu-10" });
    const states = log.filter(({ id }) => id === "MIGRATION").map(({ node, text }) => `${node} ${text}`);
    expect(states).toEqual([
      "kvm1 status: setup",
      "kvm2 status: active",
      "kvm1 status: active",
      "kvm1 status: device",
      "kvm2 status: completed",
      "kvm1 status: completed",
    ]);
  });

  it("is cancelled on both sides by a manager's time-out", () => {
    const { log, migration } = logOf("nova-completion-timeout");
    expect(migration.outcome).toBe("cancelled");
    const last = log.filter(({ source }) => source === "QMP").slice(-3);
    expect(last.map(({ text }) => text)).toEqual(["status: cancelling", "status: cancelled", "status: failed"]);
    expect(log.some(({ id }) => id === "STOP")).toBe(false);
  });

  it("has libvirt's lifecycle beside it, with details of their own in post-copy", () => {
    const { log } = logOf("qemu-postcopy");
    expect(ids(log.filter(({ source }) => source === "libvirt"))).toEqual([
      "VIR_DOMAIN_EVENT_STARTED_MIGRATED",
      "VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY",
      "VIR_DOMAIN_EVENT_RESUMED_POSTCOPY",
      "VIR_DOMAIN_EVENT_STOPPED_MIGRATED",
    ]);
  });
});

describe("vSphere", () => {
  it("has vCenter's events and task, and the hosts' lines with the stun in microseconds", () => {
    const { log, migration } = logOf("vsphere-5-stun-during-page-send");
    expect(log.map(({ source, id }) => id ?? source)).toEqual([
      "vCenter task",
      "VmBeingHotMigratedEvent",
      "vmkernel.log",
      "vmware.log",
      "VmMigratedEvent",
      "vCenter task",
    ]);
    const microseconds = Math.round((migration.downtimeSeconds as number) * 1e6);
    expect(log.find(({ source }) => source === "vmware.log")?.text).toBe(
      `Checkpoint_Unstun: vm stopped for ${microseconds} us`,
    );
  });
});

describe("Xen", () => {
  it("has a line a round, the last with the domain suspended, within the task", () => {
    const { log, migration } = logOf("xen-database");
    const rounds = migration.rounds.filter(({ final }) => !final).length;
    expect(log.filter(({ text }) => /: iteration \d+:/.test(text))).toHaveLength(rounds);
    expect(log[0]?.text).toContain("pending");
    expect(log.at(-1)?.text).toContain("success");
    const position = (part: string) => log.findIndex(({ text }) => text.includes(part));
    expect(position("suspending")).toBeLessThan(position("last iteration"));
    expect(position("last iteration")).toBeLessThan(position("unpaused"));
  });
});

it("another simulator's model logs nothing", () => {
  expect(logOf("simgrid-latency-floor").log).toEqual([]);
});

it("a shared volume's trouble is the cluster's", () => {
  const log = eventLogOf([
    { t: 1, type: "csv.redirected", volume: "Volume1", node: "HV02", coordinator: "HV01", reason: "path-lost" },
    { t: 2, type: "csv.paused", volume: "Volume1", node: "HV02", reason: "no-coordinator" },
    { t: 3, type: "volume.spaceLow", volume: "Volume1", freeBytes: 1e9 },
  ]);
  expect(log.map(({ id, node }) => [id, node])).toEqual([
    [5121, "HV02"],
    [5120, "HV02"],
    [null, "cluster"],
  ]);
});

describe("the known events", () => {
  const all: [string, KnownEvent][] = [
    HYPER_V_EVENTS,
    QEMU_EVENTS,
    VSPHERE_EVENTS,
    XEN_EVENTS,
    CLUSTERING_EVENTS,
    DISK_EVENTS,
  ].flatMap((table) => Object.entries<KnownEvent>(table));

  it.each(all)("%s says where it is from", (_, { reference, provenance, id }) => {
    expect(reference.length).toBeGreaterThan(20);
    if (/from memory|No id could be found/.test(reference)) expect(provenance).toBe("assumed");
    if (provenance === "documented" && typeof id === "number") expect(reference).not.toMatch(/assumed/);
  });

  it("refuse a field that nothing fills", () => {
    expect(() => entryOf(HYPER_V_EVENTS.blackout, 0, "HV01", "vm", {})).toThrow("{blackout}");
  });
});

it("lines are text for people or JSON for programs", () => {
  const entry = entryOf(HYPER_V_EVENTS.saved, 12.5, "HV01", "web01");
  expect(eventLogTextLine(entry)).toBe(
    "   12.500000 s  HV01  Microsoft-Windows-Hyper-V-Worker-Admin  18510  information  'web01' was saved.",
  );
  expect(JSON.parse(eventLogJsonLine(entry))).toEqual(entry);
});
