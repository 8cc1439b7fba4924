/** Which events of a trace concern whom: one walk through its lines, after which every question finds its events at once. */
import type { TraceEvent } from "../simulator.ts";
import { countUpTo } from "./bisect.ts";
import type { EventList } from "./event-list.ts";

type Kind = "migration" | "vm" | "network" | "cluster";

/** What a type's events name. Types that are not here are looked through for a machine: there are few of them, or they are new. */
const NAMED: Readonly<Record<string, Kind>> = {
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

const NONE: readonly number[] = [];

/** Places in a list of events, by a name; ascending. */
type Groups = Map<string, number[]>;

export class TraceIndex {
  readonly events: EventList;
  private readonly byType: Groups = new Map();
  private readonly byMigration: Groups = new Map();
  private readonly byMachine: Groups = new Map();
  private readonly byNetwork: Groups = new Map();
  private readonly others: number[] = [];
  private readonly kinds = new Map<string, Kind | "unknown">();
  private indexed = 0;

  /** The list may grow; `extend` takes what has come since. */
  constructor(events: EventList) {
    this.events = events;
    this.extend();
  }

  extend(): void {
    const { events, byMigration, byMachine, byNetwork, others } = this;
    for (let index = this.indexed; index < events.length; index += 1) {
      const type = events.typeAt(index);
      let ofType = this.byType.get(type);
      if (ofType === undefined) {
        ofType = [];
        this.byType.set(type, ofType);
      }
      ofType.push(index);
      const kind = this.kindOf(type);
      if (kind === "migration") add(byMigration, events.fieldAt(index, "migration"), index);
      else if (kind === "network") add(byNetwork, events.fieldAt(index, "network"), index);
      else if (kind === "vm") add(byMachine, events.fieldAt(index, "vm"), index);
      else {
        others.push(index);
        if (kind === "unknown") add(byMachine, events.fieldAt(index, "vm"), index);
      }
    }
    this.indexed = events.length;
  }

  private kindOf(type: string): Kind | "unknown" {
    let kind = this.kinds.get(type);
    if (kind === undefined) {
      kind = NAMED[type.slice(0, type.indexOf(".") + 1)] ?? "unknown";
      this.kinds.set(type, kind);
    }
    return kind;
  }

  /** Places of the events that name the migration, ascending. */
  ofMigration(migration: number): readonly number[] {
    return this.byMigration.get(String(migration)) ?? NONE;
  }

  ofMachine(vm: string): readonly number[] {
    return this.byMachine.get(vm) ?? NONE;
  }

  ofNetwork(network: string): readonly number[] {
    return this.byNetwork.get(network) ?? NONE;
  }

  /** Events of nodes, drains, volumes, and of everything that this version does not know. */
  get cluster(): readonly number[] {
    return this.others;
  }

  /** The events at these places. */
  read(places: readonly number[]): TraceEvent[] {
    return places.map((index) => this.events.at(index));
  }

  /** Places of the events of these types, ascending, those before `from` left out. */
  ofTypes(types: ReadonlySet<string>, from = 0): number[] {
    const found: number[] = [];
    for (const type of types) {
      const places = this.byType.get(type) ?? NONE;
      const first = from === 0 ? 0 : countUpTo(places.length, from - 1, (place) => places[place] as number);
      for (let place = first; place < places.length; place += 1) found.push(places[place] as number);
    }
    return types.size === 1 ? found : [...Float64Array.from(found).sort()];
  }
}

function add(groups: Groups, name: string | null, index: number): void {
  if (name === null) return;
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [index]);
  else group.push(index);
}
