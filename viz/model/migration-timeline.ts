/**
 * One migration arranged for drawing: its rounds, blackout, link rate, announcements, storage operations and clients, each
 * sorted by time. Built when it is looked at; every picture of it is a function of it and of a time.
 */
import type { BlackoutPart, MigrationResult, ScenarioPageClass, TraceEvent } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { type ClientTimeline, clientTimelines } from "./clients.ts";
import type { Links, LinkTimeline } from "./link.ts";
import { type MachineHistory, machineHistory } from "./machine-history.ts";
import type { MigrationSummary } from "./migrations.ts";
import { addRoundEvent, type Round } from "./rounds.ts";
import type { TraceIndex } from "./trace-index.ts";
import type { Trace } from "./trace-reader.ts";

export type EventOf<Type extends TraceEvent["type"]> = Extract<TraceEvent, { type: Type }>;

export interface PartSpan {
  part: BlackoutPart;
  startSeconds: number;
  /** The end of the trace where it never ended. */
  endSeconds: number;
}

export interface Span {
  startSeconds: number;
  endSeconds: number;
}

/** A time in which the guest stood still. */
export interface Blackout extends Span {
  /** False where the trace holds no end: the guest never ran again, or the trace was cut. */
  ended: boolean;
}

export interface MigrationTimeline extends MigrationSummary {
  memoryPages: number;
  /** Of the memory, not zero at the start. */
  usedBytes: number;
  /** Classes of the guest's pages, as the scenario has them. */
  classes: readonly ScenarioPageClass[];
  rounds: Round[];
  precopyEnded: { atSeconds: number; rule: string; reason: string } | null;
  /** When the guest stood still; more than once where a switchover was taken back. */
  blackouts: Blackout[];
  parts: PartSpan[];
  /** While the guest ran at the target and its memory followed; null without post-copy. */
  postcopy: Span | null;
  network: string | null;
  link: LinkTimeline;
  announcements: EventOf<"arp.sent">[];
  macMoves: EventOf<"switch.macMoved">[];
  storage: EventOf<"csv.metadataSent" | "csv.handedOver">[];
  clients: ClientTimeline[];
  /** Where the guest is over the whole trace, its other migrations included. */
  history: MachineHistory;
  mac: string;
  result: MigrationResult | null;
  /** The close-up of the blackout: from just before the stop until clients have their answers; null without one. */
  closeUp: Span | null;
}

/**
 * The migration whole.
 * @param untilSeconds when the same guest is asked to move again: what happens to it from then on is the next one's
 */
export function lookAtMigration(
  summary: MigrationSummary,
  trace: Trace,
  index: TraceIndex,
  links: Links,
  untilSeconds: number,
  endSeconds: number,
): MigrationTimeline {
  const machineEvents = index.read(index.ofMachine(summary.vm));
  const migration = emptyMigration(summary, trace, machineEvents);
  for (const event of index.read(index.ofMigration(summary.index))) addMigrationEvent(migration, event);
  for (const event of machineEvents) {
    if (event.t >= summary.requestedSeconds && event.t <= untilSeconds) addMachineEvent(migration, event);
  }
  closeOpenSpans(migration, endSeconds);
  migration.link = links.of(migration.network);
  migration.clients = clientTimelines(migration, untilSeconds, machineEvents, trace.scenario, endSeconds);
  migration.closeUp = closeUpOf(migration, endSeconds);
  return migration;
}

/** Of which nothing has been read yet but its line. */
export function emptyMigration(
  summary: MigrationSummary,
  trace: Trace,
  machineEvents: readonly TraceEvent[],
): MigrationTimeline {
  const machine = trace.scenario.vms.find((vm) => vm.name === summary.vm);
  return {
    ...summary,
    memoryPages: Math.ceil((machine?.memoryBytes ?? 0) / PAGE_BYTES),
    usedBytes: machine?.usedBytes ?? 0,
    classes: machine?.classes ?? [],
    rounds: [],
    precopyEnded: null,
    blackouts: [],
    parts: [],
    postcopy: null,
    network: null,
    link: { network: "", capacityBytesPerSecond: 0, steps: [], flows: [] },
    announcements: [],
    macMoves: [],
    storage: [],
    clients: [],
    history: machineHistory(machineEvents, summary.vm, machine?.node ?? summary.from),
    mac: machine?.mac ?? "",
    result: trace.end?.result?.migrations?.[summary.index] ?? null,
    closeUp: null,
  };
}

function addMigrationEvent(migration: MigrationTimeline, event: TraceEvent): void {
  switch (event.type) {
    case "migration.started":
      migration.network = event.network;
      migration.memoryPages = event.memoryPages;
      break;
    case "migration.roundStarted":
    case "migration.roundEnded":
      addRoundEvent(migration.rounds, event);
      break;
    case "migration.precopyEnded":
      migration.precopyEnded = { atSeconds: event.t, rule: event.rule, reason: event.reason };
      break;
    case "migration.postcopyStarted":
      migration.postcopy = { startSeconds: event.t, endSeconds: Number.NaN };
      break;
    case "migration.postcopyEnded":
      if (migration.postcopy !== null) migration.postcopy.endSeconds = event.t;
      break;
    case "blackout.partStarted":
      migration.parts.push({ part: event.part, startSeconds: event.t, endSeconds: Number.NaN });
      break;
    case "blackout.partEnded": {
      const span = migration.parts.findLast((part) => part.part === event.part);
      if (span !== undefined) span.endSeconds = event.t;
      break;
    }
  }
}

function addMachineEvent(migration: MigrationTimeline, event: TraceEvent): void {
  if (!("vm" in event) || event.vm !== migration.vm) return;
  switch (event.type) {
    case "vm.stopped":
      migration.blackouts.push({ startSeconds: event.t, endSeconds: Number.NaN, ended: false });
      break;
    case "vm.started": {
      const open = migration.blackouts.at(-1);
      if (open !== undefined && !open.ended) {
        open.endSeconds = event.t;
        open.ended = true;
      }
      break;
    }
    case "arp.sent":
      migration.announcements.push(event);
      break;
    case "switch.macMoved":
      migration.macMoves.push(event);
      break;
    case "csv.metadataSent":
    case "csv.handedOver":
      migration.storage.push(event);
      break;
  }
}

function closeOpenSpans(migration: MigrationTimeline, endSeconds: number): void {
  const postcopy = migration.postcopy === null ? [] : [migration.postcopy];
  for (const span of [...migration.blackouts, ...migration.parts, ...postcopy]) {
    if (Number.isNaN(span.endSeconds)) span.endSeconds = endSeconds;
  }
  for (const round of migration.rounds) {
    if (round.complete) continue;
    const next = migration.rounds[migration.rounds.indexOf(round) + 1];
    round.endSeconds = next?.startSeconds ?? migration.endSeconds ?? endSeconds;
  }
}

function closeUpOf(migration: MigrationTimeline, endSeconds: number): Span | null {
  const first = migration.blackouts[0];
  const last = migration.blackouts.at(-1);
  if (first === undefined || last === undefined) return null;
  const outages = migration.clients.flatMap((client) => client.outages);
  const starts = outages.map((outage) => outage.lastReplySeconds);
  const ends = [
    ...outages.map((outage) => outage.endSeconds),
    // Later announcements only repeat the first.
    ...migration.announcements.slice(0, 1).map((event) => event.t),
    ...migration.macMoves.map((event) => event.t),
  ];
  // A client that waits for minutes must not squeeze the blackout out of its own close-up.
  const longest = (last.endSeconds - first.startSeconds) * 6 + 0.05;
  const end = Math.min(Math.max(last.endSeconds, ...ends), last.endSeconds + longest);
  const start = Math.max(Math.min(first.startSeconds, ...starts), first.startSeconds - longest / 2);
  const pad = (end - start) * 0.06;
  return { startSeconds: Math.max(0, start - pad), endSeconds: Math.min(end + pad, endSeconds) };
}
