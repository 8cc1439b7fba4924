/**
 * One direction of a network as a fluid: its goodput is shared max-min fairly among flows with caps. Rates change only
 * when a flow opens, closes or changes its cap, so owners compute their progress in closed form between such moments.
 */
import type { Simulation } from "../kernel/simulation.ts";
import { Port } from "./flow-group.ts";
import type { Flow, FlowOwner } from "./shared-flow.ts";
import { Sharing } from "./sharing.ts";
import { aloneBytesPerSecond, type ConnectionPath, SplitFlow, type SteadyFlow } from "./split-flow.ts";
import { lossLimitBytesPerSecond } from "./tcp.ts";
import { TransferPool } from "./transfer-pool.ts";

export type { Flow, FlowOwner } from "./shared-flow.ts";

export interface LinkOptions {
  readonly name: string;
  /** Payload bytes per second that the link carries in this direction, framing taken off; finite, above 0. */
  readonly capacityBytesPerSecond: number;
  /** One way; 0 or more. */
  readonly latencySeconds: number;
  /** What waits before the link; absent or Infinity where it is not known. */
  readonly queueBytes?: number;
  /** Share of packets lost at random, 0 to below 1. */
  readonly lossShare?: number;
  /** What the processors at both ends get through of one connection; absent: no limit. */
  readonly connectionWorkBytesPerSecond?: number;
  /** What its flows share with those of other links; absent: nothing, its capacity is its own. */
  readonly shared?: SharedPath;
  /** Where its connections go different ways, by members of teams: of each its ports, all of `shared`'s sharing. */
  readonly paths?: readonly ConnectionPath[];
}

/** Ports that several links may use: the sender's side of one node, the receiver's of another. */
export interface SharedPath {
  readonly sharing: Sharing;
  readonly ports: readonly Port[];
}

export class Link {
  readonly name: string;
  /** What all of its connections get where they are alone. */
  readonly capacityBytesPerSecond: number;
  readonly latencySeconds: number;
  readonly queueBytes: number;
  readonly lossShare: number;
  readonly #connectionWorkBytesPerSecond: number;
  readonly #path: SharedPath;
  readonly #paths: readonly ConnectionPath[] | null;
  /** By the most that each transfer may get. */
  readonly #pools = new Map<number, TransferPool>();

  constructor(options: LinkOptions) {
    const { name, capacityBytesPerSecond, latencySeconds, queueBytes, lossShare, shared } = options;
    if (!(capacityBytesPerSecond > 0 && capacityBytesPerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`link ${name}: a capacity of ${capacityBytesPerSecond} bytes per second is not above 0`);
    }
    if (!(latencySeconds >= 0 && latencySeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`link ${name}: a latency of ${latencySeconds} seconds is not a time`);
    }
    this.name = name;
    this.capacityBytesPerSecond =
      options.paths === undefined ? capacityBytesPerSecond : aloneBytesPerSecond(options.paths);
    this.latencySeconds = latencySeconds;
    this.queueBytes = queueBytes ?? Number.POSITIVE_INFINITY;
    this.lossShare = lossShare ?? 0;
    this.#connectionWorkBytesPerSecond = options.connectionWorkBytesPerSecond ?? Number.POSITIVE_INFINITY;
    this.#paths = options.paths ?? null;
    this.#path = shared ?? { sharing: new Sharing(), ports: [new Port(capacityBytesPerSecond)] };
  }

  /**
   * The most that one TCP connection carries, whatever the link has: random loss limits it, and the processors at its ends.
   *
   * @param isByAdapters The adapters themselves move the data (RDMA), and no processor touches its packets.
   */
  connectionLimitBytesPerSecond(isByAdapters = false): number {
    const lossLimit = lossLimitBytesPerSecond(2 * this.latencySeconds, this.lossShare);
    return isByAdapters ? lossLimit : Math.min(lossLimit, this.#connectionWorkBytesPerSecond);
  }

  /** Flows open now at the sender's side. */
  get flowCount(): number {
    return (this.#path.ports[0] as Port).weight;
  }

  /**
   * Starts a flow; its rate holds at once. Owners of other flows whose rate changes are told before this returns, in
   * the order in which their flows were opened.
   *
   * @param capBytesPerSecond Most that the flow may get; 0 pauses it, Infinity leaves it to the link.
   */
  openFlow(owner: FlowOwner, capBytesPerSecond: number): Flow {
    return this.#path.sharing.open(owner, capBytesPerSecond, this.#path.ports);
  }

  /**
   * Starts a flow of several connections, each of which carries so much at most. Between nodes without teams they share
   * with others as one.
   */
  openConnections(
    owner: FlowOwner,
    capBytesPerSecond: number,
    connections: number,
    connectionLimitBytesPerSecond: number,
  ): SteadyFlow {
    const capped = Math.min(capBytesPerSecond, connectionLimitBytesPerSecond * connections);
    if (this.#paths === null) return this.openFlow(owner, capped);
    return new SplitFlow(this.#path.sharing, owner, this.#paths, capped, connectionLimitBytesPerSecond);
  }

  /** Transfers of known size, each of which may get so much: together they cost what a flow costs. */
  transfers(simulation: Simulation, capBytesPerSecond: number): TransferPool {
    let pool = this.#pools.get(capBytesPerSecond);
    if (pool === undefined) {
      pool = new TransferPool(simulation, (owner) => this.openFlow(owner, capBytesPerSecond));
      this.#pools.set(capBytesPerSecond, pool);
    }
    return pool;
  }
}
