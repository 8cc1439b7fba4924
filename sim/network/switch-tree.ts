/**
 * Several switches of one network, joined as a tree. Each has a MAC table of its own and learns only from frames that pass it: a
 * broadcast passes all, any other frame those between its two ends. So one may know where a guest now is while another still sends
 * to where it was.
 */
import type { Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { LearningNetwork, MacObserver } from "./learning-network.ts";
import { Switch } from "./switch.ts";

export interface TreeSwitch {
  readonly name: string;
  /** The switch above it; null for the top one. */
  readonly uplink: string | null;
  /** Nodes connected to it. */
  readonly nodes: readonly string[];
}

export interface SwitchTreeOptions {
  readonly network: string;
  /** The first is the top; every other's uplink is one of them, and no switch is above itself. */
  readonly switches: readonly TreeSwitch[];
  readonly macAgeingSeconds: number;
  readonly simulation: Simulation;
  readonly recorder: Recorder;
}

interface Joined {
  readonly name: string;
  readonly table: Switch;
  readonly uplink: string | null;
  readonly nodes: ReadonlySet<string>;
}

export class SwitchTree {
  readonly network: string;
  readonly #switches = new Map<string, Joined>();
  readonly #observers = new Map<string, MacObserver[]>();
  /** The first switch's name. */
  readonly top: string;

  constructor({ network, switches, ...tableOptions }: SwitchTreeOptions) {
    this.network = network;
    for (const { name, uplink, nodes } of switches) {
      const table = new Switch({ network, switch: name, ...tableOptions });
      this.#switches.set(name, { name, table, uplink, nodes: new Set(nodes) });
    }
    this.top = switches[0]?.name ?? "";
  }

  /** Makes an address known everywhere, as that of a guest that has been running at this node. */
  connect(mac: string, vm: string, node: string): void {
    const observers: MacObserver[] = [];
    this.#observers.set(mac, observers);
    for (const joined of this.#switches.values()) joined.table.connect(mac, vm, this.#portTowards(joined, node));
  }

  /** The network as whoever is connected to this switch sees it. */
  from(name: string): LearningNetwork {
    const at = this.#named(name);
    const { network } = this;
    return {
      network,
      observe: (mac, observer) => this.#observers.get(mac)?.push(observer),
      learn: (mac, node) => this.#learn(mac, node, this.#switches.values()),
      learnOnWay: (mac, node) => this.#learn(mac, node, this.#way(this.#switchOf(node), at)),
      fallSilent: (mac) => {
        for (const { table } of this.#switches.values()) table.fallSilent(mac);
      },
      portOf: (mac) => this.#knownNode(mac),
      delivers: (mac, node) => this.#delivers(mac, node, at),
      staleAtSeconds: (mac) => this.#nextStaleSeconds(mac),
    };
  }

  #learn(mac: string, node: string, switches: Iterable<Joined>): void {
    for (const joined of switches) joined.table.learn(mac, this.#portTowards(joined, node));
    // All tables first: whoever is told asks for the whole way.
    for (const observer of this.#observers.get(mac) ?? []) observer.onMacMoved();
  }

  /** A frame goes from switch to switch as each knows, or to all sides; never back where it came from. */
  #delivers(mac: string, node: string, from: Joined): boolean {
    let at = from;
    let cameFrom: string | null = null;
    for (let hops = 0; hops <= this.#switches.size; hops += 1) {
      const wanted = this.#portTowards(at, node);
      const known = at.table.portOf(mac);
      if (known !== null && known === cameFrom) return false;
      // Flooded frames take the right way as well.
      const port = known ?? wanted;
      if (port === node) return true;
      const next = this.#switches.get(port);
      if (next === undefined || !this.#isJoined(at, next)) return false;
      cameFrom = at.name;
      at = next;
    }
    return false;
  }

  #isJoined(one: Joined, other: Joined): boolean {
    return one.uplink === other.name || other.uplink === one.name;
  }

  /** The node that every switch's table leads to. */
  #knownNode(mac: string): string | null {
    let at = this.#named(this.top);
    for (let hops = 0; hops <= this.#switches.size; hops += 1) {
      const port = at.table.portOf(mac);
      if (port === null) return null;
      const next = this.#switches.get(port);
      if (next === undefined) return this.#allLeadTo(mac, port) ? port : null;
      at = next;
    }
    return null;
  }

  #allLeadTo(mac: string, node: string): boolean {
    for (const joined of this.#switches.values()) {
      if (joined.table.portOf(mac) !== this.#portTowards(joined, node)) return false;
    }
    return true;
  }

  #nextStaleSeconds(mac: string): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { table } of this.#switches.values()) {
      // What is forgotten already will not be forgotten again.
      if (table.portOf(mac) !== null) next = Math.min(next, table.staleAtSeconds(mac));
    }
    return next;
  }

  /** A node's name where it is connected here, else that of the next switch on the way to it. */
  #portTowards(joined: Joined, node: string): string {
    if (joined.nodes.has(node)) return node;
    const way = this.#way(joined, this.#switchOf(node));
    return way[1]?.name ?? node;
  }

  /** The switches from one to the other, both included. */
  #way(from: Joined, to: Joined): Joined[] {
    const up = this.#toTop(from);
    const down = this.#toTop(to);
    const meeting = up.find((joined) => down.includes(joined)) as Joined;
    return [...up.slice(0, up.indexOf(meeting) + 1), ...down.slice(0, down.indexOf(meeting)).reverse()];
  }

  #toTop(from: Joined): Joined[] {
    const way = [from];
    for (let at = from; at.uplink !== null; ) {
      at = this.#named(at.uplink);
      way.push(at);
    }
    return way;
  }

  /** Nodes that no switch names are connected to the top one. */
  #switchOf(node: string): Joined {
    for (const joined of this.#switches.values()) if (joined.nodes.has(node)) return joined;
    return this.#named(this.top);
  }

  #named(name: string): Joined {
    const found = this.#switches.get(name);
    if (found === undefined) throw new Error(`there is no switch ${name}`);
    return found;
  }
}
