/** Disks that come and go while machines run, wait to be moved, and move. */
import { describe, expect, it } from "vitest";
import { eventLogOf, parseScenario, toScenarioFile } from "../../sim/index.ts";
import { storageProblems, storageRun, storageScenario } from "../support/storage-scenario.ts";

const profile = "hyper-v-2008r2";
const volumes = [
  { name: "Shared", coordinator: "HV01" },
  { name: "L1", kind: "lun", owner: "HV01" },
  { name: "L2", kind: "lun", owner: "HV02" },
  { name: "L3", kind: "lun", owner: "HV01", reachedBy: ["HV01", "HV03"] },
];
const machine = (name: string, disks: unknown[], more: object = {}) => ({
  name,
  node: "HV01",
  memory: "4 GiB",
  disks,
  ...more,
});
const vms = [machine("first", ["Shared"]), machine("vm", ["Shared"]), machine("holder", ["L1"])];
const migrate = (at: number, vm: string, to = "HV02", more: object = {}) => ({
  at,
  migrate: { vm, to, profile, ...more },
});
const attach = (at: number, vm: string, volume: string, kind?: string) => ({
  at,
  attachDisk: { vm, volume, ...(kind === undefined ? {} : { kind }) },
});
const detach = (at: number, vm: string, volume: string) => ({ at, detachDisk: { vm, volume } });

function run(timeline: object[], document: { vms?: object[]; volumes?: object[] } = {}) {
  const { result, events } = storageRun({ volumes, vms, horizon: "10 min", timeline, ...document });
  const ended = result.migrations.map(({ vm, outcome, reason }) => ({ vm, outcome, reason }));
  const changes = events.filter(({ type }) => type === "disk.attached" || type === "disk.detached");
  return { result, events, ended, changes, warnings: result.warnings };
}

describe("a machine whose migration waits", () => {
  const waits = [migrate(1, "first"), migrate(2, "vm")];

  it("gets a disk, and its move is judged anew when its turn comes", () => {
    expect(run(waits).ended.map(({ outcome }) => outcome)).toEqual(["completed", "completed"]);
    const { ended, changes, warnings } = run([...waits, attach(3, "vm", "L1")]);
    expect(ended).toMatchObject([
      { vm: "first", outcome: "completed" },
      { vm: "vm", outcome: "failed", reason: "L1 would leave HV01 with vm, and holder has a disk on it too." },
    ]);
    expect(changes).toEqual([
      {
        t: 3,
        type: "disk.attached",
        vm: "vm",
        volume: "L1",
        node: "HV01",
        kind: "fixed",
        hosts: "hyper-v-2008r2-hosts",
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it("does not go where its new LUN has no path", () => {
    const { ended } = run([...waits, attach(3, "vm", "L3")]);
    expect(ended[1]).toMatchObject({
      outcome: "failed",
      reason: "HV02 has no path to L3, which would move there with vm.",
    });
    expect(run([migrate(1, "first", "HV03"), migrate(2, "vm", "HV03"), attach(3, "vm", "L3")]).ended[1]).toMatchObject({
      outcome: "completed",
    });
  });

  it("takes a new LUN of its own along, which lengthens its blackout by the LUN's move", () => {
    const own = vms.slice(0, 2);
    const [, without] = run(waits, { vms: own }).result.migrations;
    const { result, events } = run([...waits, attach(3, "vm", "L1", "pass-through")], { vms: own });
    const [, withLun] = result.migrations;
    const downtime = (migration: typeof withLun) => migration?.downtimeSeconds ?? Number.NaN;
    expect(downtime(withLun) - downtime(without)).toBeCloseTo(3, 6);
    expect(events.filter(({ type }) => type === "lun.ownerChanged")).toMatchObject([{ volume: "L1", to: "HV02" }]);
  });
});

describe("a machine that migrates", () => {
  it("keeps its disks until that is over", () => {
    const two = [machine("vm", ["Shared", "L3"])];
    const timeline = [
      migrate(1, "vm", "HV03"),
      attach(3, "vm", "Shared"),
      detach(4, "vm", "L3"),
      detach(500, "vm", "L3"),
    ];
    const { ended, warnings, changes } = run(timeline, { vms: two });
    expect(ended).toMatchObject([{ outcome: "completed" }]);
    expect(warnings).toEqual([
      "The disk of vm on Shared was not attached at 3.00 s: vm is migrating, and keeps its disks until that is over.",
      "The disk of vm on L3 was not detached at 4.00 s: vm is migrating, and keeps its disks until that is over.",
    ]);
    expect(changes).toMatchObject([{ t: 500, type: "disk.detached", node: "HV03" }]);
  });

  it("keeps them too where a quick migration of another takes it along", () => {
    const group = [machine("one", ["L1"]), machine("other", ["L1"])];
    const { warnings } = run([migrate(1, "one", "HV02", { mode: "quick" }), attach(3, "other", "Shared")], {
      vms: group,
    });
    expect(warnings).toEqual([
      "The disk of other on Shared was not attached at 3.00 s: other is migrating, and keeps its disks until that is over.",
    ]);
  });
});

describe("a machine that runs", () => {
  const beside = [machine("vm", ["Shared", "L1"]), machine("holder", ["L1"])];

  it("can move once the disk is gone that stood in the way", () => {
    expect(storageProblems({ volumes, vms: beside, timeline: [migrate(5, "vm")] }).map(({ path }) => path)).toEqual([
      ["timeline", 0, "migrate", "vm"],
    ]);
    expect(run([detach(1, "vm", "L1"), migrate(5, "vm")], { vms: beside }).ended).toMatchObject([
      { outcome: "completed" },
    ]);
  });

  it("is in the group of a LUN on which it gets a disk, and moves along", () => {
    const quick = migrate(5, "holder", "HV02", { mode: "quick" });
    const along = (timeline: object[]) => run(timeline).result.migrations[0]?.movedAlong?.map(({ vm }) => vm) ?? [];
    expect(along([quick])).toEqual([]);
    expect(along([attach(1, "vm", "L1"), quick])).toEqual(["vm"]);
    expect(along([attach(1, "vm", "L1"), detach(2, "vm", "L1"), quick])).toEqual([]);
  });

  it("gets none that its node cannot use when the time comes", () => {
    const moved = migrate(1, "holder", "HV02");
    const { warnings, changes } = run([
      moved,
      attach(300, "vm", "L1"),
      attach(301, "holder", "L3"),
      detach(302, "vm", "L2"),
    ]);
    expect(warnings).toEqual([
      "The disk of vm on L1 was not attached at 5 min: it is mounted on HV02, not on HV01.",
      "The disk of holder on L3 was not attached at 5 min 1 s: HV02 has no path to it.",
      "The disk of vm on L2 was not detached at 5 min 2 s: vm has no disk there.",
    ]);
    expect(changes).toEqual([]);
    const later = { at: 1, losePath: { node: "HV02", path: "network" } };
    const remote = [machine("vm", ["L2"], { node: "HV02" })];
    expect(run([later, attach(2, "vm", "Shared"), detach(3, "vm", "L2")], { vms: remote }).warnings).toEqual([
      "The disk of vm on Shared was not attached at 2.00 s: HV02 cannot open files on it now.",
      "The disk of vm on L2 was not detached at 3.00 s: vm starts from it.",
    ]);
    const shared = { at: 1, losePath: { node: "HV03" } };
    expect(run([shared, attach(2, "vm", "L1", "pass-through")]).warnings).toEqual([
      "The disk of vm on L1 was not attached at 2.00 s: a pass-through disk is a whole LUN, and holder has a disk on it.",
    ]);
  });

  it("gets none on a LUN that is leaving with another machine", () => {
    const { warnings, ended } = run([migrate(1, "holder"), attach(5, "vm", "L1")]);
    expect(warnings).toEqual([
      "The disk of vm on L1 was not attached at 5.00 s: holder, which has a disk on it, is off or on its way.",
    ]);
    expect(ended).toMatchObject([{ outcome: "completed" }]);
  });

  it("gets none once it has been paused for want of room", () => {
    const full = [{ name: "Full", coordinator: "HV01", free: "250 MB" }, ...volumes];
    const grows = [machine("vm", [{ volume: "Full", kind: "dynamic" }], { io: { write: "10 MB/s", grow: "10 MB/s" } })];
    const { warnings } = run([attach(100, "vm", "L1")], { vms: grows, volumes: full });
    expect(warnings[1]).toBe("The disk of vm on L1 was not attached at 1 min 40 s: vm does not run.");
  });

  it("is paused with a volume on which it got a disk, and not with one that it no longer uses", () => {
    const full = [{ name: "Full", coordinator: "HV01", free: "250 MB" }, ...volumes];
    const grows = machine("grows", [{ volume: "Full", kind: "dynamic" }], { io: { write: "1 MB/s", grow: "1 MB/s" } });
    const stopped = (disks: unknown[], change: object) =>
      run([change], { vms: [grows, machine("vm", disks)], volumes: full }).events.flatMap((event) =>
        event.type === "vm.stopped" ? [event.vm] : [],
      );
    expect(stopped(["Shared"], attach(1, "vm", "Full"))).toEqual(["grows", "vm"]);
    expect(stopped(["Shared", "Full"], detach(1, "vm", "Full"))).toEqual(["grows"]);
  });
});

describe("disk I/O", () => {
  const io = { read: "20 MB/s", write: "10 MB/s" };
  const reads = [machine("vm", ["Shared"], { io })];
  const of = (timeline: object[]) =>
    run(timeline, { vms: reads }).result.storage?.io.map(({ volume, askedBytes, readBytes, writtenBytes }) => ({
      volume,
      askedBytes: Math.round(askedBytes / 1e6),
      readBytes: Math.round(readBytes / 1e6),
      writtenBytes: Math.round(writtenBytes / 1e6),
    }));

  it("is spread over the disks that there are at each time", () => {
    // 600 s in all; from 100 s to 400 s half of it on L1.
    expect(of([attach(100, "vm", "L1"), detach(400, "vm", "L1")])).toEqual([
      { volume: "Shared", askedBytes: 13500, readBytes: 9000, writtenBytes: 4500 },
      { volume: "L1", askedBytes: 4500, readBytes: 3000, writtenBytes: 1500 },
    ]);
    expect(of([])).toEqual([{ volume: "Shared", askedBytes: 18000, readBytes: 12000, writtenBytes: 6000 }]);
  });

  it("ends on a volume with the last disk there, and the trace says so", () => {
    const { events } = run([attach(100, "vm", "L1"), detach(400, "vm", "L1")], { vms: reads });
    const onL1 = events.filter((event) => event.type === "vm.ioChanged" && event.volume === "L1");
    expect(onL1).toMatchObject([
      { t: 100, readBytesPerSecond: 10e6, writeBytesPerSecond: 5e6 },
      { t: 400, readBytesPerSecond: 0, writeBytesPerSecond: 0 },
    ]);
  });

  it("grows no more a disk that is gone", () => {
    const free = [{ name: "Room", coordinator: "HV01", free: "100 GB" }, ...volumes];
    const grows = [machine("vm", ["Shared", { volume: "Room", kind: "dynamic" }], { io: { ...io, grow: "1 MB/s" } })];
    const { result } = run([detach(100, "vm", "Room")], { vms: grows, volumes: free });
    expect(result.storage?.volumes[0]?.freeBytes).toBeCloseTo(100e9 - 100e6, 0);
  });
});

describe("a scenario file", () => {
  const settled = [machine("vm", ["Shared"]), machine("passes", [{ volume: "L1", kind: "pass-through" }])];
  it.each([
    ["an unknown machine", attach(1, "vn", "L3"), ["attachDisk", "vm"], 'there is no vm "vn"'],
    ["an unknown volume", detach(1, "vm", "L9"), ["detachDisk", "volume"], 'there is no volume "L9"'],
    [
      "a pass-through disk on a csv",
      attach(1, "vm", "Shared", "pass-through"),
      ["attachDisk", "kind"],
      "holds files only",
    ],
    ["a LUN owned elsewhere", attach(1, "vm", "L2"), ["attachDisk", "volume"], 'is owned by "HV02"'],
    ["a LUN of a pass-through disk", attach(1, "vm", "L1"), ["attachDisk", "volume"], 'has a disk of "passes" on it'],
    ["a disk that is not there", detach(1, "vm", "L3"), ["detachDisk", "volume"], 'has no disk on "L3"'],
    ["the disk it starts from", detach(1, "vm", "Shared"), ["detachDisk", "volume"], "from which it starts"],
  ])("is refused with %s", (_, entry, path, what) => {
    const problems = storageProblems({ volumes, vms: settled, timeline: [entry] });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toEqual(["timeline", 0, ...path]);
    expect(problems[0]?.problem).toContain(what);
    expect(problems[0]?.remedy).not.toBe("");
  });

  it("is refused with a LUN to which the machine's node has no path", () => {
    const apart = [machine("vm", ["Shared"], { node: "HV02" })];
    const [problem] = storageProblems({ volumes, vms: apart, timeline: [attach(1, "vm", "L3")] });
    expect(problem).toMatchObject({ path: ["timeline", 0, "attachDisk", "volume"] });
    expect(problem?.problem).toContain('no path to LUN "L3"');
  });

  it("may take away what it has added, and no more", () => {
    const twice = [attach(1, "vm", "L3"), detach(2, "vm", "L3")];
    expect(storageProblems({ volumes, vms: settled, timeline: twice })).toEqual([]);
    const thrice = storageProblems({ volumes, vms: settled, timeline: [...twice, detach(3, "vm", "L3")] });
    expect(thrice.map(({ path }) => path)).toEqual([["timeline", 2, "detachDisk", "volume"]]);
  });

  it("is not judged by moves that other disks may have let fail", () => {
    const moves = [migrate(5, "vm"), migrate(300, "vm")];
    const where = (timeline: object[]) => storageProblems({ volumes, vms, timeline }).map(({ path }) => path);
    expect(where(moves)).toEqual([["timeline", 1, "migrate", "to"]]);
    expect(where([attach(1, "vm", "L1"), ...moves])).toEqual([]);
    expect(where([attach(1, "vm", "L1"), migrate(5, "vm", "HV01")])).toEqual([["timeline", 1, "migrate", "to"]]);
    const quick = [1, 2].map((at) => migrate(at, "holder", "HV02", { mode: "quick" }));
    expect(where(quick)).toEqual([["timeline", 1, "migrate", "to"]]);
    expect(where([...quick, detach(3, "vm", "L1")])).toEqual([]);
  });

  it("is the same once written and read again", () => {
    const timeline = [attach(1, "vm", "L3", "dynamic"), detach(2, "vm", "L3")];
    const scenario = storageScenario({ volumes, vms: settled, timeline });
    const read = parseScenario(toScenarioFile(scenario));
    expect(read.ok && read.value.timeline).toEqual(scenario.timeline);
  });
});

it("is in Hyper-V's log, without an id, and in no other", () => {
  const { changes } = run([attach(1, "vm", "L3"), detach(2, "vm", "L3")]);
  expect(eventLogOf(changes)).toMatchObject([
    { t: 1, node: "HV01", vm: "vm", id: null, text: "'vm': a disk on 'L3' was added while it ran." },
    { t: 2, node: "HV01", vm: "vm", id: null, text: "'vm': a disk on 'L3' was removed while it ran." },
  ]);
  expect(eventLogOf(changes.map((change) => ({ ...change, hosts: "qemu-kvm-hosts" })))).toEqual([]);
});
