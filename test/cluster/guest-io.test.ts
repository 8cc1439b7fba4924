import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond, type StorageResult, type TraceEvent } from "../../sim/index.ts";
import { storageProblems, storageRun } from "../support/storage-scenario.ts";

const MB = 1e6;
const ONE_GIGABIT = goodputBytesPerSecond(125e6, 1500);
const csv = (changes = {}) => ({ name: "V", coordinator: "HV01", transport: "fc-4gbit", ...changes });
const vm = (name: string, node: string, io: object, changes = {}) => ({
  name,
  node,
  memory: "2 GiB",
  disks: ["V"],
  io,
  ...changes,
});
const storage = ({ result }: { result: { storage?: StorageResult } }) => result.storage as StorageResult;

describe("disk I/O of guests", () => {
  it("is what they ask for while the volume gives it, and shared fairly beyond that", () => {
    const run = storageRun({
      volumes: [csv({ throughput: "100 MB/s" })],
      vms: [
        vm("a", "HV01", { write: "20 MB/s" }),
        vm("b", "HV02", { write: "60 MB/s" }),
        vm("c", "HV03", { read: "60 MB/s" }),
      ],
      timeline: [],
      horizon: "100 s",
    });
    const { io, volumes } = storage(run);
    expect(io.map(({ readBytes, writtenBytes }) => Math.round((readBytes + writtenBytes) / MB))).toEqual([
      2000, 4000, 4000,
    ]);
    expect(volumes).toMatchObject([{ path: "C:\\ClusterStorage\\Volume1", coordinator: "HV01", askedBytes: 14e9 }]);
  });

  it("does not contend with one LUN a machine", () => {
    const lun = (name: string) => ({ name, kind: "lun", owner: "HV01", throughput: "100 MB/s" });
    const names = ["L1", "L2", "L3"];
    const { io } = storage(
      storageRun({
        volumes: names.map(lun),
        vms: names.map((name) => vm(`on-${name}`, "HV01", { write: "60 MB/s" }, { disks: [name] })),
        timeline: [],
        horizon: "10 s",
      }),
    );
    for (const { askedBytes, writtenBytes } of io) expect(writtenBytes).toBeCloseTo(askedBytes, 0);
  });

  it("goes as fast through each kind of disk as that lets it", () => {
    const through = (kind: string) =>
      storage(
        storageRun({
          volumes: [csv({ throughput: "100 MB/s" })],
          vms: [vm("a", "HV01", { read: "200 MB/s" }, { disks: [{ volume: "V", kind }] })],
          timeline: [],
          horizon: "10 s",
        }),
      ).io[0]?.readBytes;
    expect(through("fixed")).toBeCloseTo(1000 * MB, 0);
    expect(through("dynamic")).toBeCloseTo(900 * MB, 0);
    expect(through("differencing")).toBeCloseTo(750 * MB, 0);
  });

  it("is redirected over the network where a path is lost, and direct again once it is back", () => {
    const run = storageRun({
      volumes: [csv()],
      vms: [vm("a", "HV02", { write: "200 MB/s" }), vm("b", "HV01", { write: "50 MB/s" })],
      timeline: [
        { at: "10 s", losePath: { node: "HV02", volume: "V" } },
        { at: "30 s", restorePath: { node: "HV02", volume: "V" } },
      ],
      horizon: "40 s",
    });
    const [a, b] = storage(run).io;
    expect(a?.writtenBytes).toBeCloseTo(20 * 200 * MB + 20 * ONE_GIGABIT, -2);
    expect(a?.redirectedSeconds).toBe(20);
    expect(b?.writtenBytes).toBeCloseTo(40 * 50 * MB, 0);
    expect(storage(run).volumes[0]?.redirectedBytes).toBeCloseTo(20 * ONE_GIGABIT, -2);
    const types = run.events.filter(({ type }) => type.startsWith("csv.")).map(({ t, type }) => `${t} ${type}`);
    expect(types).toEqual(["10 csv.redirected", "30 csv.directAgain"]);
  });

  it("competes with a migration only where one network carries both", () => {
    const total = (networks: object[]) =>
      storageRun({
        networks,
        volumes: [csv({ coordinator: "HV02" })],
        vms: [vm("a", "HV01", { write: "300 MB/s" }), { name: "m", node: "HV01", memory: "2 GiB", disks: ["V"] }],
        timeline: [
          { at: "0 s", losePath: { node: "HV01", volume: "V" } },
          { at: "1 s", migrate: { vm: "m", to: "HV02", profile: "hyper-v-2008r2" } },
        ],
      }).result.migrations[0]?.totalSeconds as number;
    const apart = total(["migration", "cluster"].map((name) => ({ name, bandwidth: "1 Gbit/s", carries: [name] })));
    const shared = total([{ name: "one", bandwidth: "1 Gbit/s", carries: ["migration", "cluster"] }]);
    // The full copy takes twice as long at half the rate; setup and blackout take what they take.
    expect(shared).toBeGreaterThan(1.8 * apart - 4);
    expect(shared).toBeLessThan(2 * apart);
  });

  it("stands while the machine does, and goes on at the target", () => {
    const run = storageRun({
      volumes: [csv()],
      vms: [vm("a", "HV01", { read: "10 MB/s" })],
      timeline: [
        { at: "0 s", losePath: { node: "HV02", volume: "V" } },
        { at: "5 s", migrate: { vm: "a", to: "HV02", profile: "hyper-v-2008r2" } },
      ],
      horizon: "100 s",
    });
    const [migration] = run.result.migrations;
    const [io] = storage(run).io;
    const downtime = migration?.downtimeSeconds as number;
    expect(io?.askedBytes).toBeCloseTo((100 - downtime) * 10 * MB, 0);
    const resumed = run.events.find((event) => event.type === "vm.started") as TraceEvent;
    expect(io?.redirectedSeconds).toBeCloseTo(100 - resumed.t, 9);
  });
});

describe("coordinators", () => {
  it("move without stopping anybody; what needs metadata waits, direct I/O does not", () => {
    const run = storageRun({
      environment: { ownerMove: "3 s" },
      volumes: [csv({ free: "1 TiB" })],
      vms: [
        vm("direct", "HV02", { write: "10 MB/s" }),
        vm("growing", "HV02", { write: "10 MB/s", grow: "10 MB/s" }, { disks: [{ volume: "V", kind: "dynamic" }] }),
      ],
      timeline: [{ at: "10 s", moveOwner: { volume: "V", to: "HV03" } }],
      horizon: "20 s",
    });
    expect(run.events.some(({ type }) => type === "vm.stopped")).toBe(false);
    const { io, volumes } = storage(run);
    expect(io.map(({ pausedSeconds }) => pausedSeconds)).toEqual([0, 3]);
    expect(volumes).toMatchObject([{ coordinator: "HV03", ownerChanges: 1, withoutCoordinatorSeconds: 3 }]);
    expect(volumes[0]?.freeBytes).toBeCloseTo(2 ** 40 - 17 * 10 * MB, 0);
  });

  it("hand over where they lose the storage, and everyone waits where nobody has it", () => {
    const run = storageRun({
      volumes: [csv()],
      vms: [vm("a", "HV01", { write: "10 MB/s" })],
      timeline: ["HV01", "HV02", "HV03"].map((node, index) => ({
        at: `${10 * (index + 1)} s`,
        losePath: { node, volume: "V" },
      })),
      horizon: "60 s",
    });
    const changes = run.events.filter((event) => event.type === "csv.ownerChanged");
    expect(changes.map(({ from, to, reason }) => `${from} ${to} ${reason}`)).toEqual([
      "HV01 HV02 path-lost",
      "HV02 HV03 path-lost",
    ]);
    // 10 to 12 and 20 to 22 s without a coordinator, from 30 s on without the storage.
    expect(storage(run).io[0]).toMatchObject({ pausedSeconds: 34, redirectedSeconds: 16 });
  });

  it("a lost network leaves redirected I/O nowhere to go, and direct I/O alone", () => {
    const run = storageRun({
      volumes: [csv({ reachedBy: ["HV01", "HV03"] })],
      vms: [vm("redirected", "HV02", { write: "10 MB/s" }), vm("direct", "HV03", { write: "10 MB/s" })],
      timeline: [
        { at: "10 s", losePath: { node: "HV01", path: "network" } },
        { at: "25 s", restorePath: { node: "HV01", path: "network" } },
      ],
      horizon: "40 s",
    });
    expect(storage(run).io).toMatchObject([
      { pausedSeconds: 15, redirectedSeconds: 25 },
      { pausedSeconds: 0, redirectedSeconds: 0 },
    ]);
  });

  it("hold the hand-over of a migration up until there is one", () => {
    const hand = (timeline: object[]) => {
      const { result, events } = storageRun({
        environment: { ownerMove: "30 s" },
        volumes: [csv()],
        vms: [{ name: "m", node: "HV01", memory: "256 MiB", disks: ["V"] }],
        timeline: [{ at: 0, migrate: { vm: "m", to: "HV02", profile: "hyper-v-2008r2" } }, ...timeline],
      });
      const stopped = events.find((event) => event.type === "vm.stopped") as TraceEvent;
      return { stoppedAt: stopped.t, downtime: result.migrations[0]?.downtimeSeconds as number };
    };
    const plain = hand([]);
    const delayed = hand([{ at: plain.stoppedAt - 1, moveOwner: { volume: "V", to: "HV03" } }]);
    expect(delayed.downtime).toBeGreaterThan(28);
    expect(delayed.downtime).toBeLessThan(30.5);
  });
});

describe("room on a volume", () => {
  it("warns below 2 GB and pauses all its machines below 200 MB, those on the way stay where they are", () => {
    const run = storageRun({
      volumes: [csv({ free: "3 GB" }), { ...csv(), name: "W" }],
      vms: [
        vm("grows", "HV02", { write: "100 MB/s", grow: "10 MB/s" }, { disks: [{ volume: "V", kind: "dynamic" }] }),
        { name: "moves", node: "HV01", memory: "40 GiB", disks: ["V"] },
        { name: "elsewhere", node: "HV01", memory: "2 GiB", disks: ["W"] },
      ],
      timeline: [{ at: "100 s", migrate: { vm: "moves", to: "HV02", profile: "hyper-v-2008r2" } }],
    });
    const space = run.events.filter(
      (event) => event.type === "volume.spaceLow" || event.type === "volume.spaceCritical",
    );
    expect(space.map(({ t, type }) => `${Math.round(t * 1e6) / 1e6} ${type}`)).toEqual([
      "100 volume.spaceLow",
      "280 volume.spaceCritical",
    ]);
    expect(space[1]).toMatchObject({ eventId: 16050 });
    expect(run.events.filter((event) => event.type === "vm.stopped").map(({ vm }) => vm)).toEqual(["grows", "moves"]);
    expect(run.result.migrations[0]).toMatchObject({
      outcome: "failed",
      reason: expect.stringContaining("no room left"),
    });
    expect(run.result.warnings[0]).toMatch(/V had no room left/);
  });
});

describe("what cannot be is refused, with path and remedy", () => {
  it.each([
    ["a coordinator without path", { volumes: [csv({ reachedBy: ["HV02"] })] }, ["volumes", 0, "coordinator"]],
    ["an unknown node there", { volumes: [csv({ reachedBy: ["HV01", "HV9"] })] }, ["volumes", 0, "reachedBy", 1]],
    [
      "a pass-through disk on a CSV",
      { vms: [vm("a", "HV01", {}, { disks: [{ volume: "V", kind: "pass-through" }] })] },
      ["vms", 0, "disks", 0],
    ],
    ["I/O without a disk", { vms: [vm("a", "HV01", {}, { disks: [] })] }, ["vms", 0, "io"]],
    ["growth of a fixed disk", { vms: [vm("a", "HV01", { write: 2, grow: 1 })] }, ["vms", 0, "io", "grow"]],
    [
      "an unknown next owner",
      { timeline: [{ at: 0, moveOwner: { volume: "V", to: "HV9" } }] },
      ["timeline", 0, "moveOwner", "to"],
    ],
    [
      "a next owner without path",
      { volumes: [csv({ reachedBy: ["HV01"] })], timeline: [{ at: 0, moveOwner: { volume: "V", to: "HV02" } }] },
      ["timeline", 0, "moveOwner", "to"],
    ],
    [
      "the ownership of a LUN by itself",
      {
        volumes: [{ name: "V", kind: "lun", owner: "HV01" }],
        timeline: [{ at: 0, moveOwner: { volume: "V", to: "HV02" } }],
      },
      ["timeline", 0, "moveOwner", "volume"],
    ],
    [
      "an unknown volume",
      { timeline: [{ at: 0, losePath: { node: "HV01", volume: "W" } }] },
      ["timeline", 0, "losePath", "volume"],
    ],
  ])("%s", (_what, changes, path) => {
    const problems = storageProblems({ volumes: [csv()], vms: [], timeline: [], ...changes });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.remedy.length).toBeGreaterThan(10);
  });
});

describe("laws of shared volumes", () => {
  const nodes = ["HV01", "HV02", "HV03"];
  const entry = fc.oneof(
    fc.record({
      kind: fc.constantFrom("losePath", "restorePath"),
      node: fc.constantFrom(...nodes),
      path: fc.constantFrom("san", "network"),
    }),
    fc.record({ kind: fc.constant("moveOwner"), to: fc.constantFrom(...nodes) }),
    fc.record({ kind: fc.constant("migrate"), vm: fc.nat(3), to: fc.constantFrom(...nodes), quick: fc.boolean() }),
  );

  it("conserve I/O, keep one coordinator, and fill no network beyond what it carries", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), entry), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 4, maxLength: 4 }),
        (timeline, rates) => {
          const document = {
            networks: [{ name: "one", bandwidth: "1 Gbit/s", carries: ["migration", "cluster"] }],
            volumes: [csv()],
            vms: rates.map((rate, index) =>
              vm(`vm${index}`, nodes[index % 3] as string, { read: `${rate} MB/s`, write: `${301 - rate} MB/s` }),
            ),
            timeline: timeline.map(([at, one]) => ({ at: `${at} s`, ...toEntry(one) })),
            horizon: "300 s",
          };
          if (storageProblems(document).length > 0) return;
          checkLaws(storageRun(document), rates);
        },
      ),
      { numRuns: 150, seed: 4 },
    );
  });

  function toEntry(one: Record<string, unknown>): object {
    const { kind, ...rest } = one;
    if (kind === "moveOwner") return { moveOwner: { volume: "V", ...rest } };
    if (kind !== "migrate") return { [kind as string]: { volume: "V", ...rest } };
    const mode = rest.quick === true ? "quick" : "live";
    return { migrate: { vm: `vm${rest.vm}`, to: rest.to, mode, profile: "hyper-v-2008r2" } };
  }

  function checkLaws({ result, events }: ReturnType<typeof storageRun>, rates: readonly number[]): void {
    const { io, volumes } = result.storage as StorageResult;
    let coordinator = "HV01";
    /** By flow or machine: from which node to which, how fast. */
    const flows = new Map<string, { from: string; to: string; rate: number }>();
    for (const [index, event] of events.entries()) {
      if (event.type === "csv.ownerChanged") {
        expect(event.from).toBe(coordinator);
        coordinator = event.to;
      } else if (event.type === "csv.redirected") expect(event.node).not.toBe(coordinator);
      else if (event.type === "vm.ioChanged") {
        const redirected = event.access === "redirected";
        flows.set(`${event.vm} reads`, {
          from: coordinator,
          to: event.node,
          rate: redirected ? event.readBytesPerSecond : 0,
        });
        flows.set(`${event.vm} writes`, {
          from: event.node,
          to: coordinator,
          rate: redirected ? event.writeBytesPerSecond : 0,
        });
      } else if (event.type === "link.flowStarted") {
        const migration = result.migrations[event.migration];
        flows.set(`flow ${event.flow}`, {
          from: migration?.from ?? "",
          to: migration?.to ?? "",
          rate: event.bytesPerSecond,
        });
      } else if (event.type === "link.flowRateChanged") {
        const flow = flows.get(`flow ${event.flow}`);
        if (flow !== undefined) flow.rate = event.bytesPerSecond;
      } else if (event.type === "link.flowEnded") flows.delete(`flow ${event.flow}`);
      // Within a moment rates are told one by one: what holds is what holds at its end.
      if (events[index + 1]?.t === event.t) continue;
      for (const node of ["HV01", "HV02", "HV03"]) {
        for (const side of ["from", "to"] as const) {
          let sum = 0;
          for (const flow of flows.values()) if (flow[side] === node) sum += flow.rate;
          expect(sum).toBeLessThan(ONE_GIGABIT * (1 + 1e-9));
        }
      }
    }
    expect(volumes[0]?.coordinator).toBe(coordinator);
    for (const [index, one] of io.entries()) {
      const done = one.readBytes + one.writtenBytes;
      expect(done).toBeLessThan(one.askedBytes * (1 + 1e-9) + 1);
      expect(one.readBytes).toBeLessThan((300 * (rates[index] as number) + 1) * MB);
      expect(one.redirectedSeconds + one.pausedSeconds).toBeLessThan(300 + 1e-6);
    }
    const sum = io.reduce((total, { readBytes, writtenBytes }) => total + readBytes + writtenBytes, 0);
    expect((volumes[0]?.readBytes ?? 0) + (volumes[0]?.writtenBytes ?? 0)).toBeCloseTo(sum, 0);
    expect(volumes[0]?.redirectedBytes).toBeLessThan(sum + 1);
  }
});
