/**
 * Where every machine of a trace is and what it does: one list of changes in the trace's order, with snapshots between, so that
 * any moment is a snapshot and the few changes after it.
 */
import type { TraceEvent } from "../simulator.ts";
import { bisectRight, countUpTo } from "./bisect.ts";
import {
  GUEST_STATES,
  type GuestState,
  MACHINE_STATUSES,
  type MachineStatus,
  STATUS_CODES,
  statusOf,
} from "./machine-status.ts";
import type { MigrationSummary } from "./migrations.ts";
import type { TraceIndex } from "./trace-index.ts";
import type { Trace } from "./trace-reader.ts";

/** Every machine at a moment, each at its place in the scenario's list. */
export interface MachinesAt {
  /** Place of its node in the scenario's list: where it runs, or last ran; -1 where the scenario has no such node. */
  nodes: Int32Array;
  /** Places in `MACHINE_STATUSES`. */
  statuses: Uint8Array;
  /** Places in `GUEST_STATES`. */
  guests: Uint8Array;
  /** Index of the migration that is under way, or else waits; -1 without one. */
  migrations: Int32Array;
  /** Memory that it has. */
  bytes: Float64Array;
}

/** Fewest changes between two snapshots; with more machines than that, as many as machines. */
const LEAST_APART = 2048;

const TYPES: ReadonlySet<string> = new Set([
  "node.failed",
  "node.recovering",
  "node.recovered",
  "cluster.quorumLost",
  "cluster.quorumRegained",
  "migration.requested",
  "migration.started",
  "migration.ended",
  "vm.stopped",
  "vm.started",
  "vm.hung",
  "vm.restartQueued",
  "vm.restartStarted",
  "vm.booted",
  "vm.notRestarted",
  "vm.memoryAssigned",
] satisfies TraceEvent["type"][]);

/** A machine while the trace is gone through. */
interface Machine {
  place: number;
  node: number;
  guest: GuestState;
  /** Migrations of it that are asked for and not over, in the order of their requests. */
  open: MigrationSummary[];
  underWay: MigrationSummary | null;
  bytes: number;
}

export class MachineChanges {
  /** What machines are at some time of the trace. */
  readonly seen: ReadonlySet<MachineStatus>;
  /** Machines of the fullest node at its fullest. */
  readonly fullest: number;
  private readonly times: Float64Array;
  private readonly machines: Int32Array;
  private readonly values: MachinesAt;
  private readonly snapshots: readonly MachinesAt[];
  private readonly apart: number;
  private last: { count: number; state: MachinesAt } | null = null;

  constructor(trace: Trace, index: TraceIndex, migrations: readonly MigrationSummary[]) {
    const { times, machines, values, first } = changesOf(trace, index, migrations);
    this.times = times;
    this.machines = machines;
    this.values = values;
    this.apart = Math.max(LEAST_APART, first.nodes.length);
    const snapshots: MachinesAt[] = [first];
    for (let to = this.apart; to <= this.times.length; to += this.apart) {
      snapshots.push(this.after(snapshots.at(-1) as MachinesAt, to - this.apart, to));
    }
    this.snapshots = snapshots;
    this.fullest = fullestOf(first.nodes, this.machines, this.values.nodes);
    this.seen = new Set(
      [...first.statuses, ...new Set(values.statuses.subarray(0, times.length))].map(
        (code) => MACHINE_STATUSES[code] as MachineStatus,
      ),
    );
  }

  /** The machines at t; the same object as long as nothing has changed. */
  at(t: number): MachinesAt {
    const count = countUpTo(this.times.length, t, (place) => this.times[place] as number);
    if (this.last?.count === count) return this.last.state;
    const snapshot = Math.floor(count / this.apart);
    const state = this.after(this.snapshots[snapshot] as MachinesAt, snapshot * this.apart, count);
    this.last = { count, state };
    return state;
  }

  private after(before: MachinesAt, from: number, to: number): MachinesAt {
    const { nodes, statuses, guests, migrations, bytes } = this.values;
    const state: MachinesAt = {
      nodes: before.nodes.slice(),
      statuses: before.statuses.slice(),
      guests: before.guests.slice(),
      migrations: before.migrations.slice(),
      bytes: before.bytes.slice(),
    };
    for (let change = from; change < to; change += 1) {
      const machine = this.machines[change] as number;
      state.nodes[machine] = nodes[change] as number;
      state.statuses[machine] = statuses[change] as number;
      state.guests[machine] = guests[change] as number;
      state.migrations[machine] = migrations[change] as number;
      state.bytes[machine] = bytes[change] as number;
    }
    return state;
  }
}

/** The most machines that any node has at any time. */
function fullestOf(first: Int32Array, machines: Int32Array, nodes: Int32Array): number {
  const now = first.slice();
  const counts = new Map<number, number>();
  let most = 0;
  const count = (node: number, by: number): void => {
    const number = (counts.get(node) ?? 0) + by;
    counts.set(node, number);
    if (node >= 0 && number > most) most = number;
  };
  for (const node of first) count(node, 1);
  for (let change = 0; change < machines.length; change += 1) {
    const machine = machines[change] as number;
    const node = nodes[change] as number;
    if (node === now[machine]) continue;
    count(now[machine] as number, -1);
    count(node, 1);
    now[machine] = node;
  }
  return most;
}

/** One machine's values at each place: of each change, or of each machine. */
class Values implements MachinesAt {
  readonly nodes: Int32Array;
  readonly statuses: Uint8Array;
  readonly guests: Uint8Array;
  readonly migrations: Int32Array;
  readonly bytes: Float64Array;

  constructor(length: number) {
    this.nodes = new Int32Array(length);
    this.statuses = new Uint8Array(length);
    this.guests = new Uint8Array(length);
    this.migrations = new Int32Array(length);
    this.bytes = new Float64Array(length);
  }

  write(place: number, { node, guest, open, underWay, bytes }: Machine): void {
    this.nodes[place] = node;
    this.statuses[place] = STATUS_CODES[statusOf(guest, underWay !== null, open.length > 0)];
    this.guests[place] = GUEST_STATES.indexOf(guest);
    this.migrations[place] = (underWay ?? open[0])?.index ?? -1;
    this.bytes[place] = bytes;
  }
}

function changesOf({ scenario }: Trace, index: TraceIndex, migrations: readonly MigrationSummary[]) {
  const { events } = index;
  const nodePlaces = new Map(scenario.nodes.map((node, place) => [node.name, place]));
  const placeOf = (name: string | null): number => (name === null ? -1 : (nodePlaces.get(name) ?? -1));
  const machines = new Map(
    scenario.vms.map((vm, place): [string, Machine] => [
      vm.name,
      { place, node: placeOf(vm.node), guest: "runs", open: [], underWay: null, bytes: vm.memoryBytes },
    ]),
  );
  const first = new Values(scenario.vms.length);
  for (const machine of machines.values()) first.write(machine.place, machine);
  const places = index.ofTypes(TYPES);
  const times = new Float64Array(places.length);
  const changed = new Int32Array(places.length);
  const values = new Values(places.length);
  let count = 0;
  const down: PowerLoss = { nodes: new Set(), quorum: false };
  for (const place of places) {
    const type = events.typeAt(place);
    if (type.startsWith("node.") || type.startsWith("cluster.")) {
      losePower(down, type, events.fieldAt(place, "node"));
      continue;
    }
    const migration = type.startsWith("migration.") ? summaryOf(migrations, events.fieldAt(place, "migration")) : null;
    const machine = machines.get(migration?.vm ?? events.fieldAt(place, "vm") ?? "");
    if (machine === undefined) continue;
    if (migration !== null) migrate(machine, type, migration);
    else follow(machine, type, (name) => events.fieldAt(place, name), placeOf, down);
    times[count] = events.timeAt(place);
    changed[count] = machine.place;
    values.write(count, machine);
    count += 1;
  }
  return { times: times.subarray(0, count), machines: changed.subarray(0, count), values, first };
}

/** Machines that stop because of it are down, and do not only stand still. */
interface PowerLoss {
  nodes: Set<string>;
  quorum: boolean;
}

function losePower(down: PowerLoss, type: string, node: string | null): void {
  if (type.startsWith("cluster.")) down.quorum = type === "cluster.quorumLost";
  else if (node !== null && type === "node.failed") down.nodes.add(node);
  else if (node !== null) down.nodes.delete(node);
}

function summaryOf(migrations: readonly MigrationSummary[], field: string | null): MigrationSummary | null {
  const index = Number(field);
  const at = bisectRight(migrations, index, (migration) => migration.index) - 1;
  const found = migrations[at];
  return found?.index === index ? found : null;
}

function migrate(machine: Machine, type: string, migration: MigrationSummary): void {
  if (type === "migration.requested") {
    machine.open.push(migration);
    return;
  }
  machine.open = machine.open.filter((other) => other !== migration);
  if (type === "migration.started") machine.underWay = migration;
  else {
    if (machine.underWay === migration) machine.underWay = null;
    if (migration.outcome === "lost" && machine.guest === "still") machine.guest = "down";
  }
}

function follow(
  machine: Machine,
  type: string,
  field: (name: string) => string | null,
  placeOf: (name: string | null) => number,
  down: PowerLoss,
): void {
  switch (type) {
    case "vm.stopped":
      machine.guest = down.quorum || down.nodes.has(field("node") ?? "") ? "down" : "still";
      break;
    case "vm.started":
    case "vm.booted":
      machine.guest = "runs";
      machine.node = placeOf(field("node"));
      break;
    case "vm.hung":
      machine.guest = "hung";
      break;
    case "vm.restartQueued":
      machine.guest = "queued";
      break;
    case "vm.restartStarted":
      machine.guest = "starts";
      machine.node = placeOf(field("node"));
      break;
    case "vm.notRestarted":
      machine.guest = "down";
      break;
    case "vm.memoryAssigned":
      machine.bytes = Number(field("bytes"));
      break;
  }
}
