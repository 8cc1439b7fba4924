/**
 * A trace arranged for drawing: migrations with their rounds, blackout, link rate, announcements, storage operations and
 * clients, each sorted by time. Built once a trace; every picture is a function of it and of a time.
 */
import type { BlackoutPart, MigrationOutcome, MigrationResult, TraceEvent } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { type ClientTimeline, clientTimelines } from "./clients.ts";
import { type LinkTimeline, linkTimeline } from "./link.ts";
import { type MachineHistory, machineHistory } from "./machine-history.ts";
import { addRoundEvent, type Round } from "./rounds.ts";
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

export interface MigrationTimeline {
  index: number;
  vm: string;
  from: string;
  to: string;
  mode: string;
  profile: string;
  requestedSeconds: number;
  /** Null where it never started. */
  startSeconds: number | null;
  /** Null where the trace does not hold its end. */
  endSeconds: number | null;
  outcome: MigrationOutcome | null;
  reason: string;
  memoryPages: number;
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

export interface Timeline {
  trace: Trace;
  name: string;
  startSeconds: number;
  /** Last moment worth drawing: a little after the last event. */
  endSeconds: number;
  /** Times at which something happened, ascending, each once. */
  eventTimes: number[];
  migrations: MigrationTimeline[];
}

/** Arranges a trace. Unknown event types are passed over: later versions may add some. */
export function buildTimeline(trace: Trace): Timeline {
  const { events, scenario } = trace;
  const lastSeconds = events.at(-1)?.t ?? trace.end?.t ?? 1;
  const endSeconds = lastSeconds + Math.max(lastSeconds * 0.02, 1e-3);
  const migrations = new Map<number, MigrationTimeline>();
  for (const event of events) {
    if (event.type === "migration.requested") migrations.set(event.migration, emptyMigration(event, trace));
    else if ("migration" in event) {
      const migration = migrations.get(event.migration);
      if (migration !== undefined) addMigrationEvent(migration, event);
    }
  }
  const ordered = [...migrations.values()].sort((a, b) => a.index - b.index);
  for (const migration of ordered) {
    const until = nextRequest(ordered, migration) ?? Number.POSITIVE_INFINITY;
    for (const event of events) {
      if (event.t >= migration.requestedSeconds && event.t <= until) addMachineEvent(migration, event);
    }
    closeOpenSpans(migration, endSeconds);
    migration.link = linkTimeline(events, migration.network, scenario);
    migration.clients = clientTimelines(migration, until, trace, endSeconds);
    migration.closeUp = closeUpOf(migration, endSeconds);
  }
  const eventTimes = [...new Set(events.map((event) => event.t))].sort((a, b) => a - b);
  return { trace, name: scenario.name, startSeconds: 0, endSeconds, eventTimes, migrations: ordered };
}

/** When the same guest is asked to move again: what happens to it from then on is the next migration's. */
function nextRequest(all: readonly MigrationTimeline[], one: MigrationTimeline): number | undefined {
  const later = all.filter((other) => other.vm === one.vm && other.index > one.index);
  return later[0]?.requestedSeconds;
}

function emptyMigration(event: EventOf<"migration.requested">, trace: Trace): MigrationTimeline {
  const machine = trace.scenario.vms.find((vm) => vm.name === event.vm);
  return {
    index: event.migration,
    vm: event.vm,
    from: event.from,
    to: event.to,
    mode: event.mode,
    profile: event.profile,
    requestedSeconds: event.t,
    startSeconds: null,
    endSeconds: null,
    outcome: null,
    reason: "",
    memoryPages: Math.ceil((machine?.memoryBytes ?? 0) / PAGE_BYTES),
    rounds: [],
    precopyEnded: null,
    blackouts: [],
    parts: [],
    postcopy: null,
    network: null,
    link: { network: "", capacityBytesPerSecond: 0, steps: [] },
    announcements: [],
    macMoves: [],
    storage: [],
    clients: [],
    history: machineHistory(trace.events, event.vm, machine?.node ?? event.from),
    mac: machine?.mac ?? "",
    result: trace.end?.result.migrations[event.migration] ?? null,
    closeUp: null,
  };
}

function addMigrationEvent(migration: MigrationTimeline, event: TraceEvent): void {
  switch (event.type) {
    case "migration.started":
      migration.startSeconds = event.t;
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
    case "migration.ended":
      migration.endSeconds = event.t;
      migration.outcome = event.outcome;
      migration.reason = event.reason;
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
