/** A hand-made trace of a Hyper-V 2008 R2 migration, for tests of its readers: the counts are plausible, not simulated. */

import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { endLine, eventLine, headerLine } from "../../sim/trace/lines.ts";
import type { BlackoutPart } from "../../sim/trace/migration-events.ts";
import type { MigrationResult, RoundResult } from "../../sim/trace/migration-result.ts";
import type { RunResult } from "../../sim/trace/result.ts";

export interface FixtureNames {
  scenario: string;
  vm: string;
  from: string;
  to: string;
  network: string;
  volume: string;
  client: string;
}

const PLAIN_NAMES: FixtureNames = {
  scenario: "a web server moves, Hyper-V 2008 R2",
  vm: "web01",
  from: "HV01",
  to: "HV02",
  network: "live-migration",
  volume: "Volume1",
  client: "desk01",
};

const PAGE_BYTES = 4096;
const PAGES_PER_SECOND = 28_000;
const MEMORY_PAGES = 524_288;
const HOT = { pages: 900, writesPerSecond: 60_000 };
const WARM = { pages: 40_000, writesPerSecond: 4_000 };
const MAC = "00:15:5d:00:01:0a";
const BLACKOUT: readonly [BlackoutPart, number][] = [
  ["stop", 0.004],
  ["final-copy", 0.086],
  ["device-state", 0.061],
  ["storage-handover", 0.118],
  ["resume", 0.032],
  ["announce", 0.001],
];

export interface FixtureTrace {
  scenario: Scenario;
  events: TraceEvent[];
  result: RunResult;
  /** JSON Lines, the last line feed included. */
  text: string;
}

function fixtureScenario(names: FixtureNames): Scenario {
  const network = { latencySeconds: 0.0001, mtuBytes: 1500, frameLossShare: 0 };
  const uniform = { pattern: "uniform" as const, startSeconds: 0, endSeconds: null, cpuBoundShare: 1 };
  const node = { memoryBytes: 32 * 2 ** 30, cpuVendor: "intel" as const, systemDrive: "C:" };
  return {
    schemaVersion: 1,
    name: names.scenario,
    description: "One guest of 2 GiB over a dedicated gigabit link.",
    seed: "1",
    horizonSeconds: 600,
    environment: { preset: "default", overrides: {} },
    nodes: [
      { name: names.from, ...node },
      { name: names.to, ...node },
    ],
    networks: [
      { name: names.network, bytesPerSecond: 125_000_000, ...network, carries: ["migration"] },
      { name: "clients", bytesPerSecond: 125_000_000, ...network, carries: ["client"] },
    ],
    volumes: [{ name: names.volume, kind: "csv", coordinator: names.from }],
    vms: [
      {
        name: names.vm,
        node: names.from,
        memoryBytes: MEMORY_PAGES * PAGE_BYTES,
        usedBytes: Math.floor(MEMORY_PAGES * 0.7) * PAGE_BYTES,
        workload: null,
        classes: [
          { name: "hot", firstPage: 0, ...HOT, ...uniform },
          { name: "warm", firstPage: HOT.pages, ...WARM, ...uniform },
        ],
        disks: [names.volume],
        mac: MAC,
        ip: "10.0.0.10",
        clients: [{ name: names.client, kind: "ping", intervalSeconds: 0.25 }],
      },
    ],
    timeline: [
      {
        kind: "migrate",
        atSeconds: 2,
        vm: names.vm,
        to: names.to,
        mode: "live",
        profile: "hyper-v-2008r2",
        overrides: {},
      },
    ],
  };
}

/** A completed migration of ten passes and a final copy, blackout 302 ms, client outage 0.5 s. */
export function fixtureTrace(given: Partial<FixtureNames> = {}): FixtureTrace {
  const names = { ...PLAIN_NAMES, ...given };
  const scenario = fixtureScenario(names);
  const events: TraceEvent[] = [];
  const rounds: RoundResult[] = [];
  const migration = 0;
  const { vm, from, to } = names;
  let t = 2;
  events.push({ t, type: "migration.requested", migration, vm, from, to, mode: "live", profile: "hyper-v-2008r2" });
  t = 2.45;
  events.push({
    t,
    type: "migration.started",
    migration,
    network: names.network,
    memoryPages: MEMORY_PAGES,
    zeroPages: 0,
  });
  events.push({
    t,
    type: "link.flowStarted",
    network: names.network,
    flow: 0,
    kind: "migration",
    migration,
    bytesPerSecond: 2e7,
  });
  events.push({ t: t + 0.02, type: "link.flowRateChanged", network: names.network, flow: 0, bytesPerSecond: 1.19e8 });
  let pending = MEMORY_PAGES;
  let bytes = 0;

  const addRound = (round: number, final: boolean): void => {
    const durationSeconds = pending / PAGES_PER_SECOND;
    const touched = ({ pages, writesPerSecond }: typeof HOT): number =>
      pages * (1 - Math.exp((-writesPerSecond * durationSeconds) / pages));
    const dirty = final ? 0 : Math.floor(touched(HOT) + touched(WARM));
    const startSeconds = t;
    events.push({ t, type: "migration.roundStarted", migration, round, pendingPages: pending, zeroPages: 0, final });
    t += durationSeconds;
    const counts = { pagesSent: pending, zeroPagesSent: 0, bytesSent: pending * 4104, throttle: 0, final };
    bytes += counts.bytesSent;
    events.push({
      t,
      type: "migration.roundEnded",
      migration,
      round,
      durationSeconds,
      pagesSent: counts.pagesSent,
      zeroPagesSent: 0,
      bytesSent: counts.bytesSent,
      unsentPages: 0,
      newlyDirtyPages: dirty,
      dirtyPagesAtEnd: dirty,
      thresholdBytes: final ? null : 400 * PAGE_BYTES,
      throttle: 0,
      final,
    });
    rounds.push({ round, startSeconds, durationSeconds, newlyDirtyPages: dirty, dirtyPagesAtEnd: dirty, ...counts });
    pending = dirty;
  };

  for (let round = 1; round <= 10; round += 1) addRound(round, false);
  events.push({
    t,
    type: "migration.precopyEnded",
    migration,
    rule: "pass-limit",
    reason: "ten passes were made, the most that this profile makes",
  });
  const stopped = t;
  events.push({ t, type: "vm.stopped", vm, node: from });
  for (const [part, seconds] of BLACKOUT) {
    const partStart = t;
    events.push({ t, type: "blackout.partStarted", migration, part });
    if (part === "final-copy") addRound(11, true);
    if (part === "storage-handover") {
      const csv = { volume: names.volume, vm, coordinator: from };
      events.push({
        t: t + 0.01,
        type: "csv.metadataSent",
        ...csv,
        node: from,
        operation: "close-handle",
        seconds: 0.004,
      });
      events.push({ t: t + 0.03, type: "csv.metadataSent", ...csv, node: to, operation: "open-handle", seconds: 0.05 });
      events.push({ t: t + 0.1, type: "csv.handedOver", ...csv, from, to });
    }
    if (part === "announce") {
      const frame = { network: "clients", node: to, vm, mac: MAC };
      events.push({ t, type: "arp.sent", frame: "gratuitous-arp", ...frame, ip: "10.0.0.10", attempt: 1, lost: false });
      events.push({
        t: t + 0.0001,
        type: "switch.macMoved",
        network: "clients",
        vm,
        mac: MAC,
        fromPort: from,
        toPort: to,
      });
    }
    t = partStart + seconds;
    events.push({ t, type: "blackout.partEnded", migration, part, seconds });
  }
  events.push({ t, type: "vm.started", vm, node: to });
  events.push({ t: t + 0.01, type: "link.flowEnded", network: names.network, flow: 0, bytes });
  const lastReplySeconds = Math.floor(stopped / 0.25) * 0.25;
  const lost = Math.ceil((t - lastReplySeconds) / 0.25) - 1;
  const replied = lastReplySeconds + (lost + 1) * 0.25;
  const outageSeconds = replied - lastReplySeconds;
  events.push({ t: lastReplySeconds + 0.25, type: "client.unreachable", client: names.client, vm, lastReplySeconds });
  events.push({ t: replied, type: "client.reachable", client: names.client, vm, outageSeconds, lost });
  const ended = t + 0.4;
  const reason = "the guest runs on the target";
  events.push({ t: ended, type: "migration.ended", migration, outcome: "completed", reason });
  events.sort((a, b) => a.t - b.t);

  const moved: MigrationResult = {
    vm,
    from,
    to,
    mode: "live",
    profile: "hyper-v-2008r2",
    outcome: "completed",
    reason,
    endedBy: "pass-limit",
    requestedSeconds: 2,
    startSeconds: 2.45,
    setupSeconds: 0.45,
    totalSeconds: ended - 2,
    downtimeSeconds: t - stopped,
    reportedDowntimeSeconds: t - stopped,
    brownoutSeconds: 0,
    clientOutageSeconds: outageSeconds,
    clients: [{ client: names.client, kind: "ping", outageSeconds, lost }],
    transferredBytes: bytes,
    rounds,
    blackout: BLACKOUT.map(([part, seconds]) => ({ part, seconds })),
    bitmapSyncs: 11,
  };
  const result: RunResult = {
    schemaVersion: 1,
    engineVersion: "0.1.0",
    scenario: { name: scenario.name, sha256: "0".repeat(64) },
    seed: "1",
    migrations: [moved],
    assumptions: [],
    warnings: [],
  };
  const header = headerLine({ ...scenario }, "1", "0.1.0");
  const text = `${[header, ...events.map(eventLine), endLine(ended + 1, result)].join("\n")}\n`;
  return { scenario, events, result, text };
}
