/** The clock and the loop of a simulation. */

import { type EventHandler, EventQueue, type EventTicket } from "./event-queue.ts";
import { RandomStreams } from "./random.ts";

export type { EventHandler, EventTicket } from "./event-queue.ts";

/**
 * Runs events in the total order (time, priority, order of scheduling). Handlers are plain objects that get back the
 * code they scheduled with; nothing is allocated per event, and nothing ticks while nothing is scheduled.
 */
export class Simulation {
  readonly random: RandomStreams;
  readonly #queue = new EventQueue();
  #nowSeconds = 0;
  #running = false;
  #horizonSeconds = 0;

  /** The seed decides every random number of the run. */
  constructor(seed: string) {
    this.random = new RandomStreams(seed);
  }

  /** The simulated time in seconds; it starts at 0 and never goes back. */
  get now(): number {
    return this.#nowSeconds;
  }

  /** How many events have been scheduled, and neither run nor been cancelled. */
  get pendingEvents(): number {
    return this.#queue.size;
  }

  /**
   * Calls `handler.onEvent(code)` at `atSeconds`. At equal times smaller priorities go first, then what was scheduled
   * first; so a delay too small to move the clock still keeps its place. A time that is past, infinite or NaN is a bug of
   * the caller and throws.
   */
  schedule(atSeconds: number, handler: EventHandler, code: number, priority = 0): EventTicket {
    if (!(atSeconds >= this.#nowSeconds && atSeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`an event cannot be scheduled at ${atSeconds} s; it is ${this.#nowSeconds} s`);
    }
    if (Number.isNaN(priority)) throw new RangeError("an event's priority cannot be NaN");
    return this.#queue.add(atSeconds, priority, handler, code);
  }

  /** Takes an event back. A ticket whose event has run or been cancelled is ignored. */
  cancel(ticket: EventTicket): void {
    this.#queue.cancel(ticket);
  }

  /**
   * Moves the clock to `atSeconds` at once if no event is due up to then and the run goes that far, and says whether it
   * did. A handler whose next step would be the next event anyway goes on without the queue: the order of events is the
   * same, and a step costs no heap operation.
   */
  tryAdvance(atSeconds: number): boolean {
    if (!this.#running || atSeconds > this.#horizonSeconds || this.#queue.firstTime <= atSeconds) return false;
    if (!(atSeconds >= this.#nowSeconds)) throw new RangeError(`the clock cannot go back to ${atSeconds} s`);
    this.#nowSeconds = atSeconds;
    return true;
  }

  /** Whether the ticket's event is still to come. */
  isPending(ticket: EventTicket): boolean {
    return this.#queue.isPending(ticket);
  }

  /**
   * Runs all events due up to and including `horizonSeconds`, those scheduled on the way too. Afterwards `now` is the
   * last event's time where none are left, and the horizon where some are. Can be called again with a later horizon.
   */
  run(horizonSeconds: number): void {
    if (this.#running) throw new Error("the simulation is running already: a handler must not call run()");
    if (!(horizonSeconds >= this.#nowSeconds)) {
      throw new RangeError(`the simulation cannot run to ${horizonSeconds} s; it is ${this.#nowSeconds} s`);
    }
    const queue = this.#queue;
    this.#running = true;
    this.#horizonSeconds = horizonSeconds;
    try {
      while (queue.firstTime <= horizonSeconds && queue.size > 0) {
        queue.take();
        this.#nowSeconds = queue.takenTime;
        queue.takenHandler.onEvent(queue.takenCode);
      }
    } finally {
      this.#running = false;
    }
    if (queue.size > 0) this.#nowSeconds = horizonSeconds;
  }
}
