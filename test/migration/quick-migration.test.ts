import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MigrationResult, TraceEvent } from "../../sim/index.ts";
import { transportBytesPerSecond } from "../../sim/storage/transports.ts";
import { storageProblems, storageRun } from "../support/storage-scenario.ts";

const GIB = 2 ** 30;
const SHARE = 0.6;
const FC4 = transportBytesPerSecond("fc-4gbit");
/** Stop, offline, the LUN's move, online, start: what does not depend on memory. */
const FIXED_SECONDS = 0.02 + 1 + 3 + 1 + 0.25;

const lun = (name: string, owner = "HV01") => ({ name, kind: "lun", owner, transport: "fc-4gbit" });
const vm = (name: string, disks: string[], memory = "4 GiB") => ({ name, node: "HV01", memory, disks });
const quick = (name: string, to = "HV02", at = "5 s") => ({
  at,
  migrate: { vm: name, to, mode: "quick", profile: "hyper-v-2008" },
});

describe("quick migration", () => {
  it.each([
    ["fc-2gbit", "2 GiB", 2],
    ["iscsi-1gbe", "8 GiB", 8],
    ["fcoe-10gbe", "1 GiB", 1],
  ] as const)("stands still for save, hand-over and restore, over %s with %s", (transport, memory, gibibytes) => {
    const { result } = storageRun({
      volumes: [{ name: "LUN1", kind: "lun", owner: "HV01", transport }],
      vms: [vm("a", ["LUN1"], memory)],
      timeline: [quick("a")],
    });
    const [migration] = result.migrations as [MigrationResult];
    const eachWay = (gibibytes * GIB) / (SHARE * transportBytesPerSecond(transport));
    expect(migration.outcome).toBe("completed");
    expect(migration.downtimeSeconds).toBeCloseTo(2 * eachWay + FIXED_SECONDS, 6);
    expect(migration.totalSeconds).toBe(migration.downtimeSeconds);
    expect(migration.savedState).toEqual({ bytes: gibibytes * GIB, machines: 1 });
    expect(migration.movedAlong).toBeUndefined();
    expect(migration.blackout.map(({ part }) => part)).toEqual([
      "stop",
      "save-state",
      "offline",
      "storage-handover",
      "online",
      "restore-state",
      "resume",
      "announce",
    ]);
    expect(migration.blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(
      migration.downtimeSeconds as number,
      6,
    );
  });

  it("goes no faster than the disks behind the transport", () => {
    const { result } = storageRun({
      volumes: [{ ...lun("LUN1"), throughput: "100 MB/s" }],
      vms: [vm("a", ["LUN1"])],
      timeline: [quick("a")],
    });
    expect(result.migrations[0]?.downtimeSeconds).toBeCloseTo((2 * 4 * GIB) / (SHARE * 100e6) + FIXED_SECONDS, 6);
  });

  it("moves all machines of a LUN, which share what it gives; the smaller runs first", () => {
    const { result, events } = storageRun({
      volumes: [lun("LUN1")],
      vms: [vm("big", ["LUN1"], "4 GiB"), vm("small", ["LUN1"], "1 GiB")],
      timeline: [quick("big")],
    });
    const [migration] = result.migrations as [MigrationResult];
    // Both at half the LUN's rate until the small one is through, the big one at its own most after that.
    const small = (1 * GIB) / (FC4 / 2);
    const big = small + (3 * GIB) / (SHARE * FC4);
    expect(migration.downtimeSeconds).toBeCloseTo(2 * big + FIXED_SECONDS, 6);
    expect(migration.movedAlong).toMatchObject([{ vm: "small" }]);
    expect(migration.movedAlong?.[0]?.downtimeSeconds).toBeCloseTo(big + small + FIXED_SECONDS, 6);
    expect(migration.savedState).toEqual({ bytes: 5 * GIB, machines: 2 });
    const started = events.filter((event) => event.type === "vm.started");
    expect(started.map(({ vm, node }) => `${vm}@${node}`)).toEqual(["small@HV02", "big@HV02"]);
  });

  it("moves a machine on a cluster shared volume alone", () => {
    const { result, events } = storageRun({
      volumes: [{ name: "V", coordinator: "HV01", transport: "fc-4gbit" }],
      vms: [vm("a", ["V"]), vm("b", ["V"])],
      timeline: [quick("a")],
    });
    expect(result.migrations[0]?.movedAlong).toBeUndefined();
    expect(events.filter((event) => event.type === "vm.stopped").map(({ vm }) => vm)).toEqual(["a"]);
    expect(result.migrations[0]?.blackout.find(({ part }) => part === "storage-handover")?.seconds).toBeLessThan(0.01);
  });

  it("is much longer a standstill than a live migration with a LUN, and that than one on a CSV", () => {
    const { result } = storageRun({
      volumes: [lun("LUN1"), lun("LUN2"), { name: "V", coordinator: "HV01", transport: "fc-4gbit" }],
      vms: [vm("a", ["LUN1"], "2 GiB"), vm("b", ["LUN2"], "2 GiB"), vm("c", ["V"], "2 GiB")],
      timeline: [
        quick("a"),
        { at: "60 s", migrate: { vm: "b", to: "HV02", profile: "hyper-v-2008r2" } },
        { at: "120 s", migrate: { vm: "c", to: "HV02", profile: "hyper-v-2008r2" } },
      ],
    });
    const [withQuick, withLun, withCsv] = result.migrations.map(({ downtimeSeconds }) => downtimeSeconds as number);
    expect(withQuick).toBeGreaterThan(4 * (withLun as number));
    expect(withLun).toBeGreaterThan(4 * (withCsv as number));
  });
});

describe("what quick migration is not for", () => {
  it("refuses to move one of a LUN's machines live, and says what would do", () => {
    const problems = storageProblems({
      volumes: [lun("LUN1")],
      vms: [vm("a", ["LUN1"]), vm("b", ["LUN1"])],
      timeline: [{ at: 0, migrate: { vm: "a", to: "HV02", profile: "hyper-v-2008r2" } }],
    });
    expect(problems).toMatchObject([{ path: ["timeline", 0, "migrate", "vm"] }]);
    expect(problems[0]?.problem).toMatch(/"a" cannot move alone by live migration.*"b" has a disk there too/);
    expect(problems[0]?.remedy).toMatch(/mode: quick/);
  });

  it("refuses machines on a LUN that another node owns", () => {
    const problems = storageProblems({
      volumes: [lun("LUN1", "HV02")],
      vms: [vm("a", ["LUN1"])],
      timeline: [],
    });
    expect(problems).toMatchObject([{ path: ["vms", 0, "disks", 0], remedy: expect.stringContaining("HV02") }]);
  });

  it("refuses a machine without a disk, a profile that cannot, and a target without room for the group", () => {
    const without = storageProblems({ volumes: [], vms: [vm("a", [])], timeline: [quick("a")] });
    expect(without).toMatchObject([{ path: ["timeline", 0, "migrate", "mode"] }]);
    const live = storageProblems({
      volumes: [lun("LUN1")],
      vms: [vm("a", ["LUN1"])],
      timeline: [{ at: 0, migrate: { vm: "a", to: "HV02", profile: "hyper-v-2008" } }],
    });
    expect(live).toMatchObject([{ path: ["timeline", 0, "migrate", "mode"], remedy: "modes of hyper-v-2008: quick" }]);
    const tooMany = storageProblems({
      volumes: [lun("LUN1")],
      vms: [vm("a", ["LUN1"], "30 GiB"), vm("b", ["LUN1"], "30 GiB")],
      nodes: [
        { name: "HV01", memory: "64 GiB" },
        { name: "HV02", memory: "48 GiB" },
      ],
      timeline: [quick("a")],
    });
    expect(tooMany[0]?.problem).toMatch(/no room for "a" and the 1 on its LUNs.*60.0 GiB/);
  });
});

describe("laws of groups", () => {
  it("keeps one owner a LUN, and every running machine where its LUNs are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 2 }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 400 })),
          {
            maxLength: 6,
          },
        ),
        (disks, moves) => {
          const document = {
            volumes: [0, 1, 2, 3].map((index) => lun(`L${index}`)),
            vms: disks.map((of, index) =>
              vm(
                `vm${index}`,
                [...new Set(of)].map((one) => `L${one}`),
                "1 GiB",
              ),
            ),
            timeline: moves.map(([index, node, at]) => quick(`vm${index % disks.length}`, `HV0${node}`, `${at} s`)),
          };
          // A move to where the machine is already is refused; such a case tells nothing.
          if (storageProblems(document).length > 0) return;
          const { result, events } = storageRun(document);
          checkOwnership(document.vms, events);
          for (const { outcome } of result.migrations) expect(["completed", "failed"]).toContain(outcome);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });
});

function checkOwnership(vms: readonly { name: string; disks: string[] }[], events: readonly TraceEvent[]): void {
  const owners = new Map<string, string>();
  const running = new Map(vms.map(({ name }) => [name, "HV01" as string | null]));
  for (const event of events) {
    if (event.type === "vm.stopped") running.set(event.vm, null);
    if (event.type === "lun.ownerChanged") {
      expect(owners.get(event.volume) ?? "HV01").toBe(event.from);
      owners.set(event.volume, event.to);
      for (const { name, disks } of vms) if (disks.includes(event.volume)) expect(running.get(name)).toBeNull();
    }
    if (event.type === "vm.started") {
      running.set(event.vm, event.node);
      for (const disk of vms.find(({ name }) => name === event.vm)?.disks ?? [])
        expect(owners.get(disk) ?? "HV01").toBe(event.node);
    }
  }
  expect([...running.values()]).not.toContain(null);
}
