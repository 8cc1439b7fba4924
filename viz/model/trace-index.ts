/** Which events of a trace concern whom: one walk through its lines, after which every question finds its events at once. */
import type { TraceEvent } from "../simulator.ts";
import type { EventList } from "./event-list.ts";

/** What a type's events name. Types that are not here are read whole to find out: there are few of them, or they are new. */
const NAMED: Readonly<Record<string, "migration" | "vm" | "network" | "cluster">> = {
  "migration.": "migration",
  "blackout.": "migration",
  "vm.": "vm",
  "arp.": "vm",
  "switch.": "vm",
  "neighbour.": "vm",
  "tcp.": "vm",
  "client.": "vm",
  "link.": "network",
  "drain.": "cluster",
  "node.": "cluster",
};

const NONE = new Int32Array(0);

export class TraceIndex {
  readonly events: EventList;
  private readonly byMigration: Grouped;
  private readonly byMachine: Grouped;
  private readonly byNetwork: Grouped;
  /** Events of nodes, drains, volumes, and of everything that this version does not know. */
  readonly cluster: Int32Array;

  constructor(events: EventList) {
    this.events = events;
    const migrations = new Grouping();
    const machines = new Grouping();
    const networks = new Grouping();
    const cluster: number[] = [];
    const kinds = new Map<string, "migration" | "vm" | "network" | "cluster" | "unknown">();
    for (let index = 0; index < events.length; index += 1) {
      const type = events.typeAt(index);
      let kind = kinds.get(type);
      if (kind === undefined) {
        kind = NAMED[type.slice(0, type.indexOf(".") + 1)] ?? "unknown";
        kinds.set(type, kind);
      }
      if (kind === "migration") migrations.add(events.fieldAt(index, "migration"), index);
      else if (kind === "network") networks.add(events.fieldAt(index, "network"), index);
      else if (kind === "vm") machines.add(events.fieldAt(index, "vm"), index);
      else {
        cluster.push(index);
        if (kind === "unknown") machines.add(events.fieldAt(index, "vm"), index);
      }
    }
    this.byMigration = migrations.grouped();
    this.byMachine = machines.grouped();
    this.byNetwork = networks.grouped();
    this.cluster = Int32Array.from(cluster);
  }

  /** Places of the events that name the migration, ascending. */
  ofMigration(migration: number): Int32Array {
    return this.byMigration.of(String(migration));
  }

  ofMachine(vm: string): Int32Array {
    return this.byMachine.of(vm);
  }

  ofNetwork(network: string): Int32Array {
    return this.byNetwork.of(network);
  }

  /** The events at these places. */
  read(places: Int32Array): TraceEvent[] {
    return Array.from(places, (index) => this.events.at(index));
  }

  /** Places of the events of these types, ascending. */
  ofTypes(types: ReadonlySet<string>): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.events.length; index += 1) {
      if (types.has(this.events.typeAt(index))) found.push(index);
    }
    return found;
  }
}

class Grouping {
  private readonly groups = new Map<string, number>();
  private readonly places: number[] = [];
  private readonly groupOf: number[] = [];

  add(name: string | null, index: number): void {
    if (name === null) return;
    let group = this.groups.get(name);
    if (group === undefined) {
      group = this.groups.size;
      this.groups.set(name, group);
    }
    this.places.push(index);
    this.groupOf.push(group);
  }

  /** Counting sort: the order within a group stays. */
  grouped(): Grouped {
    const starts = new Int32Array(this.groups.size + 1);
    for (const group of this.groupOf) starts[group + 1] = (starts[group + 1] as number) + 1;
    for (let group = 0; group < this.groups.size; group += 1) {
      starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
    }
    const next = starts.slice();
    const sorted = new Int32Array(this.places.length);
    for (const [k, group] of this.groupOf.entries()) {
      const at = next[group] as number;
      sorted[at] = this.places[k] as number;
      next[group] = at + 1;
    }
    return new Grouped(this.groups, starts, sorted);
  }
}

class Grouped {
  private readonly groups: ReadonlyMap<string, number>;
  private readonly starts: Int32Array;
  private readonly sorted: Int32Array;

  constructor(groups: ReadonlyMap<string, number>, starts: Int32Array, sorted: Int32Array) {
    this.groups = groups;
    this.starts = starts;
    this.sorted = sorted;
  }

  of(name: string): Int32Array {
    const group = this.groups.get(name);
    return group === undefined ? NONE : this.sorted.subarray(this.starts[group], this.starts[group + 1]);
  }
}
