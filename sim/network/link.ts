/**
 * One direction of a network as a fluid: its goodput is shared max-min fairly among flows with caps. Rates change only
 * when a flow opens, closes or changes its cap, so owners compute their progress in closed form between such moments.
 */
import type { Simulation } from "../kernel/simulation.ts";
import { type Flow, type FlowOwner, Port, Sharing } from "./sharing.ts";
import { lossLimitBytesPerSecond } from "./tcp.ts";
import { TransferPool } from "./transfer-pool.ts";

export type { Flow, FlowOwner } from "./sharing.ts";

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
}

/** Ports that several links may use: the sender's side of one node, the receiver's of another. */
export interface SharedPath {
  readonly sharing: Sharing;
  readonly ports: readonly Port[];
}

export class Link {
  readonly name: string;
  readonly capacityBytesPerSecond: number;
  readonly latencySeconds: number;
  readonly queueBytes: number;
  readonly lossShare: number;
  readonly #connectionWorkBytesPerSecond: number;
  readonly #path: SharedPath;
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
    this.capacityBytesPerSecond = capacityBytesPerSecond;
    this.latencySeconds = latencySeconds;
    this.queueBytes = queueBytes ?? Number.POSITIVE_INFINITY;
    this.lossShare = lossShare ?? 0;
    this.#connectionWorkBytesPerSecond = options.connectionWorkBytesPerSecond ?? Number.POSITIVE_INFINITY;
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
