/** Backups: how machines are made consistent, what is copied how fast, what volumes and migrations notice of it. */
import { describe, expect, it } from "vitest";
import { type BackupResult, parseScenario, toScenarioFile } from "../../sim/index.ts";
import { storageProblems, storageScenario } from "../support/storage-scenario.ts";
import { backup, csv, FC4, GIB, GIGABIT, NETWORKS, ONE_NETWORK, R2012, run, vm } from "./backup-cluster.ts";

describe("a machine with integration services", () => {
  it("runs on, its writes held for the freeze, and its blocks go as fast as network and volume let them", () => {
    const io = { read: "10 MB/s", write: "10 MB/s" };
    const { backups, result, of } = run({
      environment: { ...R2012, backupFreeze: "3 s" },
      vms: [vm("a", "HV01", { io, clients: [{ name: "c", interval: "100 ms" }] })],
      horizon: "100 s",
    });
    expect(backups).toMatchObject([
      {
        copies: "changes",
        outcome: "completed",
        startSeconds: 10,
        redirectedSeconds: 0,
        bytes: GIB,
        machines: [
          {
            node: "HV01",
            method: "online",
            frozenSeconds: 3,
            standstillSeconds: 0,
            clientOutageSeconds: 0,
            bytes: GIB,
          },
        ],
      },
    ]);
    expect(backups[0]?.endSeconds).toBeCloseTo(10 + 3 + GIB / GIGABIT, 6);
    const [done] = result.storage?.io ?? [];
    expect(done?.readBytes).toBeCloseTo(1000e6, 0);
    expect(done?.writtenBytes).toBeCloseTo(970e6, 0);
    expect(of("vm.stopped")).toEqual([]);
  });

  it.each([
    ["the backup server's rate", { rate: "20 MB/s" }, {}, 20e6],
    ["a slow volume", {}, { throughput: "50 MB/s" }, 50e6],
  ])("is copied no faster than %s lets it", (_what, entry, volume, rate) => {
    const { backups } = run({
      environment: { ...R2012, backupFreeze: "0 s" },
      volumes: [csv(volume)],
      timeline: [backup({ volume: "V", ...entry })],
    });
    expect(backups[0]?.endSeconds).toBeCloseTo(10 + GIB / rate, 6);
  });
});

describe("a machine without integration services", () => {
  const offline = vm("a", "HV01", { integrationServices: false, clients: [{ name: "c", interval: "100 ms" }] });

  it("stands still while it is saved, the snapshot made, and it is restored; its clients notice", () => {
    const { backups, of, result } = run({ environment: R2012, vms: [offline] });
    const rate = 0.6 * FC4;
    const standstill = 0.02 + (2 * GIB) / rate + 1 + (2 * GIB) / rate + 0.25;
    const [machine] = backups[0]?.machines ?? [];
    expect(machine?.method).toBe("saved-state");
    expect(machine?.standstillSeconds).toBeCloseTo(standstill, 6);
    expect(machine?.clientOutageSeconds).toBeGreaterThan(standstill);
    expect(machine?.clientOutageSeconds).toBeLessThan(standstill + 0.2);
    expect(machine?.endSeconds).toBeCloseTo(10 + standstill + GIB / GIGABIT, 6);
    expect([of("vm.stateSaved"), of("vm.stateRestored")]).toMatchObject([[{ node: "HV01" }], [{ node: "HV01" }]]);
    expect(result.migrations).toEqual([]);
  });

  it("runs on where hosts do not save it any more, and nobody holds its writes", () => {
    const { backups, of } = run({ environment: { preset: "hyper-v-2016-hosts" }, vms: [offline] });
    expect(backups[0]?.machines).toMatchObject([
      { method: "crash-consistent", frozenSeconds: 0, standstillSeconds: 0, clientOutageSeconds: 0 },
    ]);
    expect([...of("vm.stopped"), ...of("vm.writesFrozen")]).toEqual([]);
  });
});

describe("a cluster shared volume", () => {
  const four = [vm("a", "HV01"), vm("b", "HV02"), vm("c", "HV01"), vm("d", "HV02")];

  it("is redirected on 2008 R2 from the first machine to the last, coordinated by whoever backs up", () => {
    const { backups, of } = run({ vms: four });
    const [{ startSeconds, endSeconds, redirectedSeconds, machines }] = backups as [BackupResult];
    expect(redirectedSeconds).toBeCloseTo((endSeconds as number) - startSeconds, 9);
    expect(redirectedSeconds).toBeCloseTo(4 * (2 + GIB / GIGABIT) + 2, 6);
    expect(machines.map(({ node }) => node)).toEqual(["HV01", "HV02", "HV01", "HV02"]);
    // Machines where the volume is mounted come first: it moves once, not with each.
    expect(of("csv.ownerChanged")).toMatchObject([{ from: "HV01", to: "HV02", reason: "backup", seconds: 2 }]);
    expect(of("backup.machineStarted").map((event) => event.vm)).toEqual(["a", "c", "b", "d"]);
    expect(of("csv.redirected")).toEqual(of("csv.redirected").filter(({ reason }) => reason === "backup"));
    expect(new Set(of("csv.directAgain").map(({ t }) => t))).toEqual(new Set([endSeconds]));
  });

  it("only until the snapshot is made, where the disk array makes it", () => {
    const { backups } = run({ environment: { backupUsesHardwareSnapshots: true } });
    expect(backups[0]?.redirectedSeconds).toBe(2);
  });

  it("is left as it is since 2012, and its machines' I/O with it", () => {
    const { backups, of } = run({ environment: R2012, vms: four });
    expect(backups[0]?.redirectedSeconds).toBe(0);
    expect([...of("csv.redirected"), ...of("csv.ownerChanged")]).toEqual([]);
  });

  it("is backed up for one machine at a time on 2008 R2, whoever asks; since 2012 for several", () => {
    const timeline = [backup({ vms: ["a", "b"], atOnce: 2 }), backup({ vms: ["c"] })];
    const most = ({ of }: ReturnType<typeof run>) => {
      const changes = [
        ...of("backup.machineStarted").map(({ t }) => ({ t, by: 1 })),
        ...of("backup.machineEnded").map(({ t }) => ({ t, by: -1 })),
      ].sort((one, other) => one.t - other.t || one.by - other.by);
      let now = 0;
      return changes.reduce((greatest, { by }) => {
        now += by;
        return Math.max(greatest, now);
      }, 0);
    };
    expect(most(run({ vms: four, timeline }))).toBe(1);
    expect(most(run({ vms: four, timeline, environment: R2012 }))).toBe(3);
  });
});

describe("beside a migration", () => {
  const migrate = (at: number, name = "m", to = "HV02") => ({
    at,
    migrate: { vm: name, to, profile: "hyper-v-2008r2" },
  });
  const two = [vm("a"), vm("m", "HV01", { disks: [] })];

  it("shares the network with it, and does not where it has one of its own", () => {
    const total = (networks: object[], timeline: object[]) =>
      run({ networks, vms: two, timeline, environment: R2012 }).result.migrations[0]?.totalSeconds as number;
    const alone = total(ONE_NETWORK, [migrate(10)]);
    const timeline = [migrate(10), backup({ volume: "V", changed: "40 GiB" }, 0)];
    const shared = total(ONE_NETWORK, timeline);
    // All the pages of 2 GiB at half of the rate; what stands around them costs as much as before.
    expect(shared - alone).toBeCloseTo((2 * GIB * (4112 / 4096)) / GIGABIT, 0);
    expect(total(NETWORKS, timeline)).toBeCloseTo(alone, 6);
  });

  it("a machine under backup is not moved, with a reason; unlocked it is, and its copy goes on", () => {
    const timeline = [backup({ vms: ["a"] }), migrate(13, "a")];
    const locked = run({ timeline });
    expect(locked.result.migrations).toMatchObject([
      { outcome: "failed", reason: "a is being backed up, and stays where it is until that is over." },
    ]);
    expect(locked.backups).toMatchObject([{ outcome: "completed" }]);
    const free = run({ timeline, environment: { backupLocksMachines: false } });
    expect(free.result.migrations).toMatchObject([{ outcome: "completed" }]);
    expect(free.backups).toMatchObject([{ outcome: "completed", machines: [{ node: "HV01", bytes: GIB }] }]);
    const later = run({ timeline: [backup({ vms: ["a"] }), migrate(60, "a")] });
    expect(later.result.migrations).toMatchObject([{ outcome: "completed" }]);
  });

  it("a machine that migrates is backed up after it, where it then is", () => {
    const { backups, result, of } = run({ timeline: [migrate(5, "a"), backup({ vms: ["a"] })] });
    const { startSeconds, totalSeconds } = result.migrations[0] as { startSeconds: number; totalSeconds: number };
    expect(backups[0]?.machines).toMatchObject([{ node: "HV02", outcome: "completed" }]);
    expect(of("backup.machineStarted")[0]?.t).toBeCloseTo(startSeconds + totalSeconds, 9);
  });
});

describe("a lost path", () => {
  const copySeconds = GIB / GIGABIT;
  const lose = (at: number, path = "san") => ({ at, losePath: { node: "HV02", path } });
  const restore = (at: number, path = "san") => ({ at, restorePath: { node: "HV02", path } });
  const elsewhere = { environment: { ...R2012, backupFreeze: "0 s" }, vms: [vm("a", "HV02")], horizon: "60 s" };

  it("takes the copy over the network, and with no way at all it waits", () => {
    const whole = run({ ...elsewhere, timeline: [backup({ volume: "V" })] });
    expect(whole.backups[0]?.endSeconds).toBeCloseTo(10 + copySeconds, 6);
    const redirected = run({ ...elsewhere, timeline: [backup({ volume: "V" }), lose(12)] });
    expect(redirected.backups[0]?.endSeconds).toBeCloseTo(10 + copySeconds, 6);
    const timeline = [backup({ volume: "V" }), lose(12), lose(13, "network"), restore(18, "network")];
    expect(run({ ...elsewhere, timeline }).backups[0]?.endSeconds).toBeCloseTo(10 + copySeconds + 5, 6);
  });

  it("shares the network of the migrations and the cluster while it is redirected", () => {
    const { backups } = run({
      ...elsewhere,
      networks: ONE_NETWORK,
      vms: [vm("a", "HV02"), vm("x", "HV02", { io: { write: "100 MB/s" } })],
      timeline: [backup({ vms: ["a"] }), lose(0)],
    });
    // HV02 receives the blocks from HV01 and sends them on beside the other machine's redirected writes.
    expect(backups[0]?.endSeconds).toBeCloseTo(10 + GIB / (GIGABIT / 2), 6);
  });

  it("to the backup server lets the copy wait, also before it begins", () => {
    const cut = (at: number) => ({ at, cutLink: { network: "backup", for: "4 s" } });
    for (const at of [9, 12]) {
      const waits = at === 9 ? 3 : 4;
      const { backups } = run({ ...elsewhere, timeline: [backup({ volume: "V" }), cut(at)] });
      expect(backups[0]?.endSeconds).toBeCloseTo(10 + copySeconds + waits, 6);
    }
  });

  it("before the copy begins is the end of it", () => {
    const { backups } = run({ ...elsewhere, timeline: [lose(1), lose(2, "network"), backup({ volume: "V" })] });
    expect(backups).toMatchObject([{ outcome: "failed", bytes: 0, machines: [{ reason: "HV02 did not reach V." }] }]);
  });
});

describe("a node that dies", () => {
  const fail = (at: number) => ({ at, fail: { node: "HV01", sinceHeartbeat: "0 s" } });

  it.each([
    ["while it copies", {}, 15, 3 * GIGABIT],
    ["while writes are held", {}, 11, 0],
    ["while the state is written", { integrationServices: false }, 12, 0],
    ["once the state is saved", { integrationServices: false }, 22, 0],
  ])(
    "ends its backup, %s; its machine starts elsewhere, and the volume is direct again",
    (_when, changes, at, bytes) => {
      const { backups, result, events } = run({
        failover: "failover-clustering-2008r2",
        vms: [vm("a", "HV01", changes), vm("b", "HV02")],
        timeline: [backup({ vms: ["a"], changed: "4 GiB" }), fail(at)],
      });
      expect(backups).toMatchObject([
        {
          outcome: "failed",
          endSeconds: at,
          machines: [{ outcome: "failed", reason: `HV01 lost its power at ${at} s.` }],
        },
      ]);
      expect(backups[0]?.bytes).toBeCloseTo(bytes, -3);
      expect(result.failover?.machines).toMatchObject([{ vm: "a", outcome: "restarted" }]);
      // One that is saved is restored; the others boot.
      const outage = result.failover?.machines[0];
      const startSeconds = (outage?.runningSeconds ?? 0) - (outage?.restartSeconds ?? 0);
      const restoreSeconds = (2 * GIB) / (0.6 * FC4);
      expect(startSeconds > restoreSeconds && startSeconds < restoreSeconds + 10).toBe(at === 22);
      const last = events
        .filter((event) => event.type === "vm.writesFrozen" || event.type === "vm.writesThawed")
        .at(-1);
      expect(last?.type ?? "vm.writesThawed").toBe(at === 11 ? "vm.writesFrozen" : "vm.writesThawed");
      const redirected = new Set<string>();
      for (const event of events) {
        if (event.type === "csv.redirected") redirected.add(event.node);
        if (event.type === "csv.directAgain" || event.type === "csv.paused") redirected.delete(event.node);
      }
      expect([...redirected]).toEqual([]);
    },
  );

  it("is not waited for by what it was to back up later", () => {
    const { backups } = run({
      failover: "failover-clustering-2008r2",
      vms: [vm("a", "HV01")],
      timeline: [backup({ vms: ["a"] }, 12), fail(11)],
    });
    expect(backups).toMatchObject([{ outcome: "failed", bytes: 0, machines: [{ reason: "HV01 is down." }] }]);
  });
});

describe("what is backed up", () => {
  it("are disks that a host can read, each volume's share from there", () => {
    const { of, backups } = run({
      environment: R2012,
      volumes: [csv(), csv({ name: "W" }), { name: "L", kind: "lun", owner: "HV01" }],
      vms: [vm("a", "HV01", { disks: ["V", "V", "W", { volume: "L", kind: "pass-through" }] })],
      timeline: [backup({ vms: ["a"], changed: undefined, full: "3 GiB" })],
    });
    expect(of("backup.copyStarted")).toMatchObject([
      { volume: "V", bytes: 2 * GIB },
      { volume: "W", bytes: GIB },
    ]);
    expect(backups).toMatchObject([{ copies: "full", bytes: 3 * GIB }]);
  });

  it.each([
    ["neither volume nor vms", { backup: { changed: 1 } }, ["timeline", 0, "backup"]],
    ["volume and vms", backup({ volume: "V", vms: ["a"] }), ["timeline", 0, "backup"]],
    ["no amount", { backup: { volume: "V" } }, ["timeline", 0, "backup"]],
    ["two amounts", backup({ volume: "V", full: 1 }), ["timeline", 0, "backup"]],
    ["an unknown volume", backup({ volume: "X" }), ["timeline", 0, "backup", "volume"]],
    ["an unknown machine", backup({ vms: ["a", "x"] }), ["timeline", 0, "backup", "vms", 1]],
    ["a machine without disks", backup({ vms: ["bare"] }), ["timeline", 0, "backup", "vms", 0]],
    ["a machine with a pass-through disk alone", backup({ vms: ["through"] }), ["timeline", 0, "backup", "vms", 0]],
    ["a volume with pass-through disks alone", backup({ volume: "L" }), ["timeline", 0, "backup", "volume"]],
  ])("is refused with %s", (_what, entry, path) => {
    const through = { disks: [{ volume: "L", kind: "pass-through" }] };
    const problems = storageProblems({
      networks: NETWORKS,
      volumes: [csv(), { name: "L", kind: "lun", owner: "HV01" }],
      vms: [vm("a"), vm("bare", "HV01", { disks: [] }), vm("through", "HV01", through)],
      timeline: [{ at: 10, ...entry }],
    });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.remedy).not.toBe("");
  });

  it("is refused without a network to the backup server", () => {
    const problems = storageProblems({ volumes: [csv()], vms: [vm("a")], timeline: [backup({ volume: "V" })] });
    expect(problems).toMatchObject([{ path: ["networks"], remedy: "add backup to a network's carries" }]);
  });

  it("is written out and read again as itself", () => {
    const scenario = storageScenario({
      networks: NETWORKS,
      volumes: [csv()],
      vms: [vm("a", "HV01", { integrationServices: false })],
      timeline: [backup({ volume: "V", rate: "20 MB/s", atOnce: 2 }), backup({ vms: ["a"] })],
    });
    expect(parseScenario(toScenarioFile(scenario))).toEqual({ ok: true, value: scenario });
  });
});
