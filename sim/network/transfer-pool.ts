/**
 * Transfers of known size over one path, all alike: processor sharing in virtual time. What one of them has been given since
 * the pool was last empty is the same for all, so a transfer that begins when that is V and has B bytes ends when it is V + B,
 * whatever rates there are until then. One event waits, for the first to end: N transfers cost O(log N) at each beginning and
 * end, not O(N) (Parekh and Gallager, A generalized processor sharing approach to flow control, 1993, section III).
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Flow, FlowOwner } from "./shared-flow.ts";

export interface TransferOwner {
  /** All of its bytes are out, at the present simulated time, and its share is the others'. */
  onTransferOver(): void;
}

/** One owner's transfers, one at a time. */
export class Transfer {
  readonly owner: TransferOwner;
  /** What the pool has given each when this one ends. */
  endsAtBytes = 0;
  bytes = 0;
  /** Order of beginning: of those that end at once the first begun goes first. */
  sequence = 0;
  /** Place in the pool's heap; -1 while it is not under way. */
  place = -1;
  beganSeconds = 0;
  /** The pool's number of changes of rate as it began. */
  beganAtChange = 0;
  /** How long it took, once it is over. */
  seconds = 0;

  constructor(owner: TransferOwner) {
    this.owner = owner;
  }

  get isUnderWay(): boolean {
    return this.place >= 0;
  }
}

export class TransferPool implements EventHandler, FlowOwner {
  readonly #simulation: Simulation;
  readonly #openFlow: (owner: FlowOwner) => Flow;
  /** A binary heap by (endsAtBytes, sequence). */
  readonly #heap: Transfer[] = [];
  #flow: Flow | null = null;
  #ticket: EventTicket | null = null;
  #begun = 0;
  #changes = 0;
  /** What each transfer has been given, as of then, and how fast it is given more. */
  #givenBytes = 0;
  #asOfSeconds = 0;
  #rateBytesPerSecond = 0;

  /** @param openFlow Opens the flow that carries them, with the most that each may get as its cap. */
  constructor(simulation: Simulation, openFlow: (owner: FlowOwner) => Flow) {
    this.#simulation = simulation;
    this.#openFlow = openFlow;
  }

  /** @param bytes 0 or more; it ends by an event, even where there is nothing to send. */
  begin(transfer: Transfer, bytes: number): void {
    if (transfer.isUnderWay) throw new Error("the transfer is under way already");
    this.#settle();
    if (this.#heap.length === 0) this.#givenBytes = 0;
    this.#begun += 1;
    transfer.sequence = this.#begun;
    transfer.bytes = bytes;
    transfer.endsAtBytes = this.#givenBytes + bytes;
    this.#heap.push(transfer);
    this.#rise(transfer, this.#heap.length - 1);
    this.#reweigh();
    transfer.beganSeconds = this.#simulation.now;
    transfer.beganAtChange = this.#changes;
  }

  /** Takes a transfer out before its end; returns the bytes that it had left. */
  cut(transfer: Transfer): number {
    const leftBytes = this.leftBytes(transfer);
    this.#remove(transfer);
    this.#reweigh();
    return leftBytes;
  }

  /** Bytes that it has left now. */
  leftBytes(transfer: Transfer): number {
    this.#settle();
    return Math.max(0, transfer.endsAtBytes - this.#givenBytes);
  }

  /** The first of them is over. */
  onEvent(): void {
    this.#ticket = null;
    const transfer = this.#heap[0] as Transfer;
    transfer.seconds = this.#secondsOf(transfer);
    this.#givenBytes = transfer.endsAtBytes;
    this.#asOfSeconds = this.#simulation.now;
    this.#remove(transfer);
    this.#reweigh();
    transfer.owner.onTransferOver();
  }

  onRateChanged(): void {
    this.#settle();
    this.#goOn();
  }

  /** Of one that ends now: free of the rounding of absolute times where its rate never changed. */
  #secondsOf({ bytes, beganSeconds, beganAtChange }: Transfer): number {
    return beganAtChange === this.#changes ? bytes / this.#rateBytesPerSecond : this.#simulation.now - beganSeconds;
  }

  #settle(): void {
    const { now } = this.#simulation;
    this.#givenBytes += (now - this.#asOfSeconds) * this.#rateBytesPerSecond;
    this.#asOfSeconds = now;
  }

  /** Their number has changed, and is settled up to now. */
  #reweigh(): void {
    const weight = this.#heap.length;
    if (weight === 0) {
      this.#flow?.close();
      this.#flow = null;
    } else if (this.#flow === null) {
      this.#flow = this.#openFlow(this);
    } else this.#flow.setWeight(weight);
    this.#goOn();
  }

  /** At the rate that the flow gives each from now on. */
  #goOn(): void {
    const rate = this.#flow?.rateBytesPerSecond ?? 0;
    if (rate !== this.#rateBytesPerSecond) {
      this.#rateBytesPerSecond = rate;
      this.#changes += 1;
    }
    if (this.#ticket !== null) this.#simulation.cancel(this.#ticket);
    this.#ticket = null;
    const first = this.#heap[0];
    // What stands still ends once it gets a rate again.
    if (first === undefined || rate === 0) return;
    const seconds = Math.max(0, first.endsAtBytes - this.#givenBytes) / rate;
    this.#ticket = this.#simulation.schedule(this.#simulation.now + seconds, this, 0);
  }

  #remove(transfer: Transfer): void {
    const heap = this.#heap;
    const { place } = transfer;
    const last = heap.pop() as Transfer;
    transfer.place = -1;
    if (last === transfer) return;
    heap[place] = last;
    last.place = place;
    this.#sink(last, place);
    if (last.place === place) this.#rise(last, place);
  }

  #rise(transfer: Transfer, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Transfer;
      if (!endsBefore(transfer, parent)) break;
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    heap[place] = transfer;
    transfer.place = place;
  }

  #sink(transfer: Transfer, from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && endsBefore(heap[below + 1] as Transfer, heap[below] as Transfer)) below += 1;
      const child = heap[below] as Transfer;
      if (!endsBefore(child, transfer)) break;
      heap[place] = child;
      child.place = place;
      place = below;
    }
    heap[place] = transfer;
    transfer.place = place;
  }
}

function endsBefore(one: Transfer, other: Transfer): boolean {
  if (one.endsAtBytes !== other.endsAtBytes) return one.endsAtBytes < other.endsAtBytes;
  return one.sequence < other.sequence;
}
