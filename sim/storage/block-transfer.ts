/** Bytes that go to a volume or come from it, as fast as the volume's other users leave it. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Flow, FlowOwner, Link } from "../network/link.ts";

export class BlockTransfer implements EventHandler, FlowOwner {
  readonly #simulation: Simulation;
  readonly #onOver: () => void;
  #flow: Flow | null;
  #leftBytes: number;
  #asOfSeconds: number;
  #rateBytesPerSecond: number;
  #ticket: EventTicket | null = null;

  /** Begins now; `onOver` is called at its end, never from within this call. */
  constructor(simulation: Simulation, blocks: Link, bytes: number, capBytesPerSecond: number, onOver: () => void) {
    this.#simulation = simulation;
    this.#onOver = onOver;
    this.#leftBytes = bytes;
    this.#asOfSeconds = simulation.now;
    this.#flow = blocks.openFlow(this, capBytesPerSecond);
    this.#rateBytesPerSecond = this.#flow.rateBytesPerSecond;
    this.#plan();
  }

  onRateChanged(): void {
    this.#settle();
    this.#rateBytesPerSecond = this.#flow?.rateBytesPerSecond ?? 0;
    this.#plan();
  }

  /** At a time from the last event on. */
  leftBytesAt(seconds: number): number {
    return Math.max(0, this.#leftBytes - (seconds - this.#asOfSeconds) * this.#rateBytesPerSecond);
  }

  /** The rest goes another way from now on; null where it has to wait for one. */
  goBy(blocks: Link | null, capBytesPerSecond: number): void {
    this.#settle();
    this.#flow?.close();
    this.#flow = blocks?.openFlow(this, capBytesPerSecond) ?? null;
    this.onRateChanged();
  }

  /** Breaks off; `onOver` is not called. */
  cancel(): void {
    if (this.#ticket !== null) this.#simulation.cancel(this.#ticket);
    this.#ticket = null;
    this.#settle();
    this.#flow?.close();
  }

  /** For the kernel: the last byte is through. */
  onEvent(): void {
    this.#ticket = null;
    this.#leftBytes = 0;
    this.#flow?.close();
    this.#onOver();
  }

  #settle(): void {
    const { now } = this.#simulation;
    this.#leftBytes = this.leftBytesAt(now);
    this.#asOfSeconds = now;
  }

  #plan(): void {
    if (this.#ticket !== null) this.#simulation.cancel(this.#ticket);
    this.#ticket = null;
    if (this.#leftBytes > 0 && this.#rateBytesPerSecond === 0) return;
    const seconds = this.#leftBytes === 0 ? 0 : this.#leftBytes / this.#rateBytesPerSecond;
    this.#ticket = this.#simulation.schedule(this.#asOfSeconds + seconds, this, 0);
  }
}
