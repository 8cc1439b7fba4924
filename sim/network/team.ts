/**
 * Physical adapters that connect a node together. A team spreads connections over its members and never splits one: the
 * segments of a connection that took several ways would arrive out of order.
 */
import type { RandomStream } from "../kernel/random.ts";

export const TEAM_MODES = ["switch-independent", "lacp", "standby"] as const;
export const TEAM_HASHES = ["connections", "hosts"] as const;

/**
 * - `switch-independent`: the node spreads what it sends; the switch knows the address of one member only, the first, and
 *   sends all that is for the node there (Microsoft, NIC Teaming (LBFO) user guide: "receives inbound traffic on only one
 *   team member").
 * - `lacp`: the switch knows of the team and spreads what it sends to the node (IEEE 802.1AX).
 * - `standby`: the first member carries all, the others wait for it to fail (Linux: active-backup).
 */
export type TeamMode = (typeof TEAM_MODES)[number];

/**
 * What is hashed to choose a member: `connections`, addresses and ports (Windows: TransportPorts; Linux: layer3+4), or
 * `hosts`, addresses alone (Linux: layer2, its default), so that all that goes between two nodes has one member.
 */
export type TeamHash = (typeof TEAM_HASHES)[number];

export interface TeamOptions {
  /** Members at each node; 2 or more. */
  readonly members: number;
  readonly mode: TeamMode;
  readonly hash: TeamHash;
}

/** By which member a connection leaves its sender and by which it reaches its receiver; 0 is a node's first. */
export interface Lane {
  readonly from: number;
  readonly to: number;
}

export class Team {
  readonly options: TeamOptions;
  readonly #streamOf: (name: string) => RandomStream;
  readonly #lanesOfPairs = new Map<string, Lane>();

  /** @param streamOf The random stream of a name, from which its hashes are drawn. */
  constructor(options: TeamOptions, streamOf: (name: string) => RandomStream) {
    this.options = options;
    this.#streamOf = streamOf;
  }

  /** The lanes of so many connections from one node to another, by the hash of each; `name` tells whose they are. */
  hashed(from: string, to: string, connections: number, name: string): Lane[] {
    if (this.options.hash === "hosts") return new Array(connections).fill(this.ofPair(from, to));
    const random = this.#streamOf(name);
    return Array.from({ length: connections }, () => this.#draw(random));
  }

  /** A lane for each connection in turn: each end of each has an adapter and an address of its own, and no hash decides. */
  inTurn(connections: number): Lane[] {
    const { members } = this.options;
    return Array.from({ length: connections }, (_, index) => ({ from: index % members, to: index % members }));
  }

  /** The one lane of what has one connection between two nodes, the same whenever it is asked for. */
  ofPair(from: string, to: string): Lane {
    const pair = `${from}\n${to}`;
    let lane = this.#lanesOfPairs.get(pair);
    if (lane === undefined) {
      lane = this.#draw(this.#streamOf(pair));
      this.#lanesOfPairs.set(pair, lane);
    }
    return lane;
  }

  /** Both hashes are drawn whatever the mode: with another mode the same connections leave by the same members. */
  #draw(random: RandomStream): Lane {
    const { members, mode } = this.options;
    const from = Math.floor(random.next() * members);
    const to = Math.floor(random.next() * members);
    return { from: mode === "standby" ? 0 : from, to: mode === "lacp" ? to : 0 };
  }
}
