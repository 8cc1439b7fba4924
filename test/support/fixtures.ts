/** A run made by hand: results and trace events that agree with each other, for tests of the formats. */
import type { MigrationResult, RoundResult, RunResult, Scenario, TraceEvent } from "../../sim/index.ts";

const DIRTY_PAGES = [262_144, 20_000, 2_000];

export function makeRound(
  round: number,
  startSeconds: number,
  durationSeconds: number,
  pagesSent: number,
): RoundResult {
  return {
    round,
    startSeconds,
    durationSeconds,
    pagesSent,
    zeroPagesSent: round === 1 ? 131_072 : 0,
    bytesSent: pagesSent * 4104,
    newlyDirtyPages: Math.round(pagesSent / 10),
    dirtyPagesAtEnd: Math.round(pagesSent / 10),
    throttle: 0,
    final: false,
  };
}

export function makeMigration(changes: Partial<MigrationResult> = {}): MigrationResult {
  return {
    vm: "web01",
    from: "HV01",
    to: "HV02",
    mode: "live",
    profile: "hyper-v-2008r2",
    outcome: "completed",
    reason: "all pages are at the target",
    endedBy: "pass-limit",
    requestedSeconds: 5,
    startSeconds: 5,
    setupSeconds: 0.5,
    totalSeconds: 31.2,
    downtimeSeconds: 1.24,
    reportedDowntimeSeconds: 1.1,
    brownoutSeconds: 0,
    clientOutageSeconds: 1.9,
    clients: [{ client: "ping1", kind: "ping", outageSeconds: 1.9, lost: 2 }],
    transferredBytes: 1_165_000_000,
    rounds: [
      makeRound(1, 5.5, 25, 262_144),
      makeRound(2, 30.5, 3, 20_000),
      { ...makeRound(3, 33.7, 0.3, 2_000), dirtyPagesAtEnd: 0, final: true },
    ],
    blackout: [
      { part: "stop", seconds: 0.2 },
      { part: "final-copy", seconds: 0.3 },
      { part: "storage-handover", seconds: 0.64 },
      { part: "resume", seconds: 0.1 },
    ],
    bitmapSyncs: 3,
    ...changes,
  };
}

export function makeResult(migrations: MigrationResult[] = [makeMigration()]): RunResult {
  return {
    schemaVersion: 1,
    engineVersion: "0.1.0",
    scenario: { name: "a web server moves", sha256: "ab".repeat(32) },
    seed: "1",
    migrations,
    assumptions: [
      {
        name: "hyper-v-2008r2.setupSeconds",
        value: 0.5,
        note: "No figure is published; a guess from timelines in blog posts.",
      },
    ],
    warnings: [],
  };
}

export function makeScenario(): Scenario {
  const network = {
    bytesPerSecond: 125_000_000,
    latencySeconds: 0.0001,
    mtuBytes: 1500,
    frameLossShare: 0,
  };
  const node = { memoryBytes: 2 ** 35, cpuVendor: "intel" as const, systemDrive: "C:" };
  return {
    schemaVersion: 1,
    name: "a web server moves",
    description: "",
    seed: "1",
    horizonSeconds: 600,
    environment: { preset: "default", overrides: {} },
    nodes: [
      { ...node, name: "HV01" },
      { ...node, name: "HV02" },
    ],
    networks: [
      { ...network, name: "live-migration", carries: ["migration"] },
      { ...network, name: "clients", carries: ["client"] },
    ],
    volumes: [{ name: "Volume1", kind: "csv", coordinator: "HV01" }],
    vms: [
      {
        name: "web01",
        node: "HV01",
        memoryBytes: 2 ** 31,
        usedBytes: 2 ** 30,
        workload: null,
        classes: [],
        disks: ["Volume1"],
        mac: "00:15:5d:00:00:01",
        ip: "10.0.0.11",
        clients: [{ name: "ping1", kind: "ping", intervalSeconds: 1 }],
      },
    ],
    timeline: [],
  };
}

/** The events of `makeResult()`'s one migration. */
export function makeEvents(): TraceEvent[] {
  const migration = 0;
  const round = (number: number, durationSeconds: number, final: boolean) => ({
    migration,
    round: number,
    durationSeconds,
    pagesSent: DIRTY_PAGES[number - 1] as number,
    zeroPagesSent: number === 1 ? 131_072 : 0,
    bytesSent: (DIRTY_PAGES[number - 1] as number) * 4104,
    unsentPages: 0,
    newlyDirtyPages: final ? 0 : (DIRTY_PAGES[number] as number),
    dirtyPagesAtEnd: final ? 0 : (DIRTY_PAGES[number] as number),
    thresholdBytes: null,
    throttle: 0,
    final,
  });
  const vm = "web01";
  return [
    {
      t: 5,
      type: "migration.requested",
      migration,
      vm,
      from: "HV01",
      to: "HV02",
      mode: "live",
      profile: "hyper-v-2008r2",
    },
    { t: 5, type: "migration.started", migration, network: "live-migration", memoryPages: 524_288, zeroPages: 262_144 },
    {
      t: 5.5,
      type: "link.flowStarted",
      network: "live-migration",
      flow: 1,
      kind: "migration",
      migration,
      bytesPerSecond: 1e8,
    },
    {
      t: 5.5,
      type: "migration.roundStarted",
      migration,
      round: 1,
      pendingPages: 393_216,
      zeroPages: 131_072,
      final: false,
    },
    { t: 30.5, type: "migration.roundEnded", ...round(1, 25, false) },
    { t: 30.5, type: "migration.roundStarted", migration, round: 2, pendingPages: 20_000, zeroPages: 0, final: false },
    { t: 33.5, type: "migration.roundEnded", ...round(2, 3, false) },
    { t: 33.5, type: "migration.precopyEnded", migration, rule: "pass-limit", reason: "ten passes are made" },
    { t: 33.5, type: "vm.stopped", vm, node: "HV01" },
    { t: 33.5, type: "blackout.partStarted", migration, part: "stop" },
    { t: 33.7, type: "blackout.partEnded", migration, part: "stop", seconds: 0.2 },
    { t: 33.7, type: "blackout.partStarted", migration, part: "final-copy" },
    { t: 33.7, type: "migration.roundStarted", migration, round: 3, pendingPages: 2_000, zeroPages: 0, final: true },
    { t: 34, type: "client.unreachable", client: "ping1", vm, lastReplySeconds: 33 },
    { t: 34, type: "migration.roundEnded", ...round(3, 0.3, true) },
    { t: 34, type: "blackout.partEnded", migration, part: "final-copy", seconds: 0.3 },
    { t: 34, type: "link.flowEnded", network: "live-migration", flow: 1, bytes: 1_165_000_000 },
    { t: 34, type: "blackout.partStarted", migration, part: "storage-handover" },
    {
      t: 34,
      type: "csv.metadataSent",
      volume: "Volume1",
      vm,
      node: "HV01",
      coordinator: "HV01",
      operation: "close-handle",
      seconds: 0.3,
    },
    { t: 34.64, type: "csv.handedOver", volume: "Volume1", vm, from: "HV01", to: "HV02", coordinator: "HV01" },
    { t: 34.64, type: "blackout.partEnded", migration, part: "storage-handover", seconds: 0.64 },
    { t: 34.64, type: "blackout.partStarted", migration, part: "resume" },
    { t: 34.74, type: "blackout.partEnded", migration, part: "resume", seconds: 0.1 },
    { t: 34.74, type: "vm.started", vm, node: "HV02" },
    {
      t: 34.74,
      type: "arp.sent",
      frame: "gratuitous-arp",
      network: "clients",
      node: "HV02",
      vm,
      mac: "00:15:5d:00:00:01",
      ip: "10.0.0.11",
      attempt: 1,
      lost: false,
    },
    {
      t: 34.7401,
      type: "switch.macMoved",
      network: "clients",
      vm,
      mac: "00:15:5d:00:00:01",
      fromPort: "HV01",
      toPort: "HV02",
    },
    { t: 34.9, type: "client.reachable", client: "ping1", vm, outageSeconds: 1.9, lost: 2 },
    { t: 36.2, type: "migration.ended", migration, outcome: "completed", reason: "all pages are at the target" },
  ];
}
