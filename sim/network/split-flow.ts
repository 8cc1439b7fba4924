/**
 * One sender's connections over several paths, as one flow: whichever connection can take more does, within the most that
 * the sender gives all of them together. On each path they share with others connection by connection, as TCP does.
 */

import { Port } from "./flow-group.ts";
import type { Flow, FlowOwner } from "./shared-flow.ts";
import { Sharing } from "./sharing.ts";

/** A flow that stands for itself alone. */
export type SteadyFlow = Omit<Flow, "weight" | "setWeight">;

/** Connections that go the same way. */
export interface ConnectionPath {
  readonly ports: readonly Port[];
  /** How many; 1 or more. */
  readonly connections: number;
}

export class SplitFlow implements SteadyFlow, FlowOwner {
  readonly #sharing: Sharing;
  readonly #owner: FlowOwner;
  /** What the sender gives all of its connections: a port of its own that they share. */
  readonly #sender: Port;
  readonly #parts: Flow[] = [];
  /** It is being opened, changed or closed: its owner does so and needs no telling. */
  #isCalling = false;
  #toldBytesPerSecond = 0;
  #isTold = true;
  #hasChanged = false;

  /**
   * @param capBytesPerSecond Most that all together get; 0 pauses them, Infinity leaves it to their paths.
   * @param connectionLimitBytesPerSecond Most that each gets.
   */
  constructor(
    sharing: Sharing,
    owner: FlowOwner,
    paths: readonly ConnectionPath[],
    capBytesPerSecond: number,
    connectionLimitBytesPerSecond: number,
  ) {
    this.#sharing = sharing;
    this.#owner = owner;
    this.#sender = new Port(capBytesPerSecond);
    this.#quietly(() => {
      for (const { ports, connections } of paths) {
        const part = sharing.open(this, connectionLimitBytesPerSecond, [this.#sender, ...ports]);
        if (connections > 1) part.setWeight(connections);
        this.#parts.push(part);
      }
    });
  }

  get id(): number {
    return (this.#parts[0] as Flow).id;
  }

  get capBytesPerSecond(): number {
    return this.#sender.capacityBytesPerSecond;
  }

  get rateBytesPerSecond(): number {
    let rate = 0;
    for (const part of this.#parts) rate += part.weight * part.rateBytesPerSecond;
    return rate;
  }

  get open(): boolean {
    return (this.#parts[0] as Flow).open;
  }

  setCap(capBytesPerSecond: number): void {
    if (!this.open) throw new Error("a closed flow has no cap to change");
    this.#quietly(() => this.#sharing.resize(this.#sender, capBytesPerSecond));
  }

  close(): void {
    this.#quietly(() => {
      for (const part of this.#parts) part.close();
    });
  }

  setTold(isTold: boolean): void {
    this.#isTold = isTold;
  }

  takeChange(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** It is like no other. */
  historyAmongMany(): null {
    return null;
  }

  /** For Sharing: of a part. Several parts may tell of one change. */
  onRateChanged(): void {
    if (this.#isCalling || this.rateBytesPerSecond === this.#toldBytesPerSecond) return;
    this.#toldBytesPerSecond = this.rateBytesPerSecond;
    this.#hasChanged = true;
    if (this.#isTold) this.#owner.onRateChanged();
  }

  #quietly(change: () => void): void {
    this.#isCalling = true;
    change();
    this.#isCalling = false;
    this.#toldBytesPerSecond = this.rateBytesPerSecond;
  }
}

/** What connections on these paths get together where nobody else uses them. */
export function aloneBytesPerSecond(paths: readonly ConnectionPath[]): number {
  const copies = new Map<Port, Port>();
  const copyOf = (port: Port): Port => {
    const copy = copies.get(port) ?? new Port(port.capacityBytesPerSecond);
    copies.set(port, copy);
    return copy;
  };
  const own = paths.map(({ ports, connections }) => ({ ports: ports.map(copyOf), connections }));
  const flow = new SplitFlow(new Sharing(), { onRateChanged() {} }, own, Infinity, Infinity);
  return flow.rateBytesPerSecond;
}
