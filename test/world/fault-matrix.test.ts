/** The fault matrix of docs/faults.md, run cell by cell: the phase's time is that of an undisturbed run of the same seed. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import type { MigrationMode } from "../../sim/trace/migration-events.ts";
import type { RunResult } from "../../sim/trace/result.ts";

const BOOT_SECONDS = 400;
const GROW_BYTES_PER_SECOND = 1e6;
const CRITICAL_BYTES = 200e6;
const MOVE_AT_SECONDS = 10;
const HORIZON_SECONDS = 2000;

interface Mechanism {
  profile: string;
  environment: string;
  mode?: MigrationMode;
  more?: object;
  /** Its volume is a LUN of its own. */
  lun?: true;
  /** Another migration goes first. */
  waits?: true;
}

const MECHANISMS: Readonly<Record<string, Mechanism>> = {
  QEMU: { profile: "qemu-7.2", environment: "qemu-kvm-hosts" },
  "QEMU, post-copy": {
    profile: "qemu-7.2",
    environment: "qemu-kvm-hosts",
    mode: "post-copy",
    more: { postcopyAfterRounds: 1, maxBandwidth: 0 },
  },
  "Hyper-V on a cluster shared volume": { profile: "hyper-v-2008r2", environment: "hyper-v-2008r2-hosts", waits: true },
  "Hyper-V on a LUN of its own": {
    profile: "hyper-v-2008r2",
    environment: "hyper-v-2008r2-hosts",
    lun: true,
    waits: true,
  },
  "Quick migration": { profile: "hyper-v-2008", environment: "hyper-v-2008r2-hosts", mode: "quick", lun: true },
  vSphere: { profile: "vsphere-5", environment: "vsphere-5-hosts" },
  Xen: { profile: "xen", environment: "xen-hosts" },
};

interface Fault {
  timeline?: object[];
  frameLoss?: string;
  freeBytes?: number;
}

/** What happens at this moment. */
const FAULTS: Readonly<Record<string, (atSeconds: number) => Fault>> = {
  "source dies": (at) => ({ timeline: [{ at, fail: { node: "HV01" } }] }),
  "target dies": (at) => ({ timeline: [{ at, fail: { node: "HV02" } }] }),
  "link cut": (at) => ({ timeline: [{ at, cutLink: { network: "live-migration" } }] }),
  "link flaps": (at) => ({ timeline: [{ at, cutLink: { network: "live-migration", for: "300 ms" } }] }),
  "SAN path lost": (at) => ({ timeline: [{ at, losePath: { node: "HV01" } }] }),
  "coordinator lost": (at) => ({ timeline: [{ at, fail: { node: "HV03" } }] }),
  "announcement lost": () => ({ frameLoss: "100 %" }),
  "volume full": (at) => ({ freeBytes: CRITICAL_BYTES + GROW_BYTES_PER_SECOND * at }),
};

function run(mechanism: Mechanism, { timeline = [], frameLoss = "0 %", freeBytes = 1e13 }: Fault) {
  const { profile, environment, mode = "live", more = {}, lun, waits } = mechanism;
  const disk = { volume: "V", kind: "dynamic" };
  const io = { write: "1 MB/s", grow: `${GROW_BYTES_PER_SECOND / 1e6} MB/s` };
  const volume = lun === true ? { kind: "lun", owner: "HV01" } : { kind: "csv", coordinator: "HV03" };
  const filler = { name: "filler", node: "HV04", memory: "256 MiB", disks: [disk], io };
  const first = { name: "first", node: "HV01", memory: "256 MiB" };
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "fault matrix",
    horizon: HORIZON_SECONDS,
    environment,
    failover: { preset: "failover-clustering-2008r2", boot: BOOT_SECONDS },
    nodes: [1, 2, 3, 4].map((n) => ({ name: `HV0${n}`, memory: "8 GiB" })),
    networks: [
      { name: "live-migration", bandwidth: "1 Gbit/s", latency: "0.1 ms", carries: ["migration"] },
      { name: "lan", bandwidth: "1 Gbit/s", latency: "0.1 ms", frameLoss, carries: ["cluster", "client"] },
    ],
    volumes: [{ name: "V", ...volume, free: freeBytes }],
    vms: [
      {
        name: "web",
        node: "HV01",
        memory: "512 MiB",
        used: "80 %",
        workload: { classes: [{ name: "hot", pages: "100 MiB", rate: "12k pages/s" }] },
        disks: [disk],
        io: lun === true ? io : { read: "1 MB/s" },
        clients: [{ name: "ping", interval: "10 ms" }],
      },
      ...(lun === true ? [] : [filler]),
      ...(waits === true ? [first] : []),
    ],
    timeline: [
      ...(waits === true ? [{ at: MOVE_AT_SECONDS, migrate: { vm: "first", to: "HV04", profile } }] : []),
      { at: MOVE_AT_SECONDS, migrate: { vm: "web", to: "HV02", profile, mode, ...more } },
      ...timeline,
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const events: TraceEvent[] = [];
  const result = simulate(parsed.value, { onEvent: (event) => events.push(event) });
  return { result, events, migration: result.migrations.findIndex(({ vm }) => vm === "web") };
}

type Run = ReturnType<typeof run>;

/** The middle of the phase in an undisturbed run. */
function middleOf(phase: string, { events, migration }: Run): number {
  const own = events.filter((event) => "migration" in event && event.migration === migration);
  const time = (is: (event: TraceEvent) => boolean) => own.find(is)?.t ?? Number.NaN;
  const kind = (type: TraceEvent["type"]) => time((event) => event.type === type);
  const between = (from: number, to: number) => {
    expect(to, phase).toBeGreaterThan(from);
    return (from + to) / 2;
  };
  switch (phase) {
    case "queued":
      return between(kind("migration.queued"), kind("migration.started"));
    case "setup":
      return between(kind("migration.started"), kind("migration.roundStarted"));
    case "round 1":
      return between(kind("migration.roundStarted"), kind("migration.roundEnded"));
    case "later round":
      return between(
        time((event) => event.type === "migration.roundStarted" && event.round === 2 && !event.final),
        time((event) => event.type === "migration.roundEnded" && event.round === 2),
      );
    case "post-copy":
      return between(kind("migration.postcopyStarted"), kind("migration.postcopyEnded"));
    case "after":
      return kind("migration.ended") + 1;
    default:
      return between(
        time((event) => event.type === "blackout.partStarted" && event.part === phase),
        time((event) => event.type === "blackout.partEnded" && event.part === phase),
      );
  }
}

/** What became of the machine, in the words of the matrix; of completed migrations the figures that a cell may speak of. */
function outcomeOf({ result, events, migration }: Run): string {
  const { outcome } = result.migrations[migration] as RunResult["migrations"][number];
  const what = outcome === "completed" ? "done" : outcome;
  const down = result.failover?.machines.find(({ vm }) => vm === "web");
  if (down !== undefined) {
    if (down.outcome !== "restarted") return `${what}, down`;
    const startSeconds = (down.runningSeconds as number) - (down.restartSeconds as number);
    return `${what}, ${startSeconds >= BOOT_SECONDS ? "restarted" : "restored"}`;
  }
  const last = events.findLast(
    (event) => (event.type === "vm.started" || event.type === "vm.stopped") && event.vm === "web",
  );
  if (last?.type === "vm.stopped") return `${what}, paused`;
  const node = last !== undefined && "node" in last ? last.node : "HV01";
  if (outcome === "not-converged" && node === "HV02") return "halted";
  if (outcome === "completed") return node === "HV02" ? "done" : `done at ${node}`;
  return `${what}, ${node === "HV01" ? "source" : node}`;
}

/** When it was over, after it had been asked for. */
function endSeconds({ events, migration }: Run): number {
  return events.find((event) => event.type === "migration.ended" && event.migration === migration)?.t as number;
}

interface Cell {
  phase: string;
  fault: string;
  expected: string;
}

/** The tables of the page, by the heading above each. */
function matrix(): Map<string, Cell[]> {
  const page = readFileSync(new URL("../../docs/faults.md", import.meta.url), "utf8");
  const sections = page.slice(page.indexOf("## The fault matrix")).split("\n### ").slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      const rows = lines
        .filter((line) => line.startsWith("| "))
        .map((line) =>
          line
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        );
      const [faults = [], , ...phases] = rows;
      const cells = phases.flatMap(([phase = "", ...row]) =>
        row.map((expected, index) => ({ phase, fault: faults[index + 1] as string, expected })),
      );
      return [heading, cells];
    }),
  );
}

const tables = matrix();

it("is of the mechanisms and faults that are known here", () => {
  expect([...tables.keys()]).toEqual(Object.keys(MECHANISMS));
  for (const cells of tables.values()) {
    expect(new Set(cells.map(({ fault }) => fault))).toEqual(new Set(Object.keys(FAULTS)));
  }
});

describe.each([...tables])("%s", (heading, cells) => {
  const mechanism = MECHANISMS[heading] as Mechanism;
  const calm = run(mechanism, {});
  const clientOutage = ({ result, migration }: Run) => result.migrations[migration]?.clientOutageSeconds as number;

  it("moves the guest where nothing happens", () => {
    expect(outcomeOf(calm)).toBe("done");
  });

  it.each(cells.filter(({ expected }) => expected !== "-"))(
    "in $phase, $fault: $expected",
    ({ phase, fault, expected }) => {
      const is = run(mechanism, (FAULTS[fault] as (typeof FAULTS)[string])(middleOf(phase, calm)));
      const [what, how] = expected.split(", ");
      if (how === "later" || how === "unheard") {
        expect(outcomeOf(is)).toBe(what);
        if (how === "later") expect(endSeconds(is)).toBeGreaterThan(endSeconds(calm) + 1e-3);
        else expect(clientOutage(is)).toBeGreaterThan(clientOutage(calm));
      } else expect(outcomeOf(is)).toBe(expected);
    },
  );
});
