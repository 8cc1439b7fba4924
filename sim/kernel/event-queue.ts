/** The pending events of a simulation, in a total order. */

/** Whoever schedules an event gets its `code` back when it is due. */
export interface EventHandler {
  onEvent(code: number): void;
}

/** Names one scheduled event; never given twice by one queue. */
export type EventTicket = number;

/** A ticket is generation * 2^25 + slot: 33 million events can be pending, and a slot can be used 2^28 times. */
const SLOT_LIMIT = 33554432;
const GENERATION_LIMIT = 268435456;
const FREE = -1;
/** Engines keep typed arrays of up to 64 bytes with the object: a small simulation is made eight times faster. */
const INITIAL_CAPACITY = 8;

/**
 * A binary heap over parallel arrays, ordered by (time, priority, sequence): earlier first, at the same time the smaller
 * priority first, and otherwise what was scheduled first. Scheduling, removal and cancellation cost O(log n) and
 * allocate nothing but the growth of the arrays.
 *
 * An event lives in a slot; the heap holds slots. A slot is used again after its event has left, with the next
 * generation, so that the tickets of earlier events no longer fit it.
 */
export class EventQueue {
  #size = 0;
  #sequence = 0;
  #slotCount = 0;
  /** The most recently freed slot; the others follow through `#link`. */
  #firstFree = FREE;
  #heap = new Int32Array(INITIAL_CAPACITY);
  #times = new Float64Array(INITIAL_CAPACITY);
  #priorities = new Float64Array(INITIAL_CAPACITY);
  #sequences = new Float64Array(INITIAL_CAPACITY);
  #codes = new Float64Array(INITIAL_CAPACITY);
  #generations = new Int32Array(INITIAL_CAPACITY);
  /** Where in the heap a slot's event is; FREE when it has none. */
  #positions = new Int32Array(INITIAL_CAPACITY).fill(FREE);
  #link = new Int32Array(INITIAL_CAPACITY);
  readonly #handlers: (EventHandler | undefined)[] = [];
  #capacity = INITIAL_CAPACITY;

  #takenTime = 0;
  #takenHandler: EventHandler | undefined;
  #takenCode = 0;

  /** How many events are pending. */
  get size(): number {
    return this.#size;
  }

  /** When the first event is due; Infinity when there is none. */
  get firstTime(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[this.#heap[0]];
  }

  /** Adds an event. `time` and `priority` must not be NaN: the order would break. */
  add(time: number, priority: number, handler: EventHandler, code: number): EventTicket {
    let slot = this.#firstFree;
    if (slot === FREE) {
      slot = this.#slotCount;
      if (slot === this.#capacity) this.#grow();
      this.#slotCount += 1;
    } else {
      this.#firstFree = this.#link[slot];
    }
    this.#times[slot] = time;
    this.#priorities[slot] = priority;
    this.#sequences[slot] = this.#sequence;
    this.#codes[slot] = code;
    this.#handlers[slot] = handler;
    this.#sequence += 1;
    this.#size += 1;
    this.#rise(this.#size - 1, slot);
    return this.#generations[slot] * SLOT_LIMIT + slot;
  }

  /**
   * Takes the first event out; its parts are then in `takenTime`, `takenHandler` and `takenCode`. The queue must not be
   * empty.
   */
  take(): void {
    const slot = this.#heap[0];
    this.#takenTime = this.#times[slot];
    this.#takenHandler = this.#handlers[slot];
    this.#takenCode = this.#codes[slot];
    this.#remove(slot);
  }

  get takenTime(): number {
    return this.#takenTime;
  }

  get takenHandler(): EventHandler {
    return this.#takenHandler as EventHandler;
  }

  get takenCode(): number {
    return this.#takenCode;
  }

  /** Removes the ticket's event; false where it has been taken or cancelled before. */
  cancel(ticket: EventTicket): boolean {
    const slot = ticket % SLOT_LIMIT;
    if (!this.isPending(ticket)) return false;
    this.#remove(slot);
    return true;
  }

  /** Whether the ticket's event is still to come. */
  isPending(ticket: EventTicket): boolean {
    const slot = ticket % SLOT_LIMIT;
    return (
      slot < this.#slotCount &&
      this.#positions[slot] !== FREE &&
      this.#generations[slot] === Math.floor(ticket / SLOT_LIMIT)
    );
  }

  #remove(slot: number): void {
    const position = this.#positions[slot];
    this.#size -= 1;
    if (position !== this.#size) {
      const last = this.#heap[this.#size];
      // The last slot takes the place; it may have to move either way.
      this.#sink(position, last);
      if (this.#positions[last] === position) this.#rise(position, last);
    }
    this.#positions[slot] = FREE;
    this.#handlers[slot] = undefined;
    const generation = this.#generations[slot] + 1;
    // A slot whose generations are used up is left out for good rather than give a ticket twice.
    if (generation === GENERATION_LIMIT) return;
    this.#generations[slot] = generation;
    this.#link[slot] = this.#firstFree;
    this.#firstFree = slot;
  }

  #before(a: number, b: number): boolean {
    const timeA = this.#times[a];
    const timeB = this.#times[b];
    if (timeA !== timeB) return timeA < timeB;
    const priorityA = this.#priorities[a];
    const priorityB = this.#priorities[b];
    if (priorityA !== priorityB) return priorityA < priorityB;
    return this.#sequences[a] < this.#sequences[b];
  }

  #rise(from: number, slot: number): void {
    const heap = this.#heap;
    const positions = this.#positions;
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const above = heap[parent];
      if (!this.#before(slot, above)) break;
      heap[position] = above;
      positions[above] = position;
      position = parent;
    }
    heap[position] = slot;
    positions[slot] = position;
  }

  #sink(from: number, slot: number): void {
    const heap = this.#heap;
    const positions = this.#positions;
    const size = this.#size;
    let position = from;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= size) break;
      let below = heap[child];
      if (child + 1 < size && this.#before(heap[child + 1], below)) {
        child += 1;
        below = heap[child];
      }
      if (!this.#before(below, slot)) break;
      heap[position] = below;
      positions[below] = position;
      position = child;
    }
    heap[position] = slot;
    positions[slot] = position;
  }

  #grow(): void {
    if (this.#capacity === SLOT_LIMIT) throw new Error(`more than ${SLOT_LIMIT} events are pending`);
    const capacity = this.#capacity * 2;
    this.#heap = grownIntegers(this.#heap, capacity);
    this.#generations = grownIntegers(this.#generations, capacity);
    this.#positions = grownIntegers(this.#positions, capacity);
    this.#positions.fill(FREE, this.#capacity);
    this.#link = grownIntegers(this.#link, capacity);
    this.#times = grownFloats(this.#times, capacity);
    this.#priorities = grownFloats(this.#priorities, capacity);
    this.#sequences = grownFloats(this.#sequences, capacity);
    this.#codes = grownFloats(this.#codes, capacity);
    this.#capacity = capacity;
  }
}

function grownIntegers(from: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(from);
  return grown;
}

function grownFloats(from: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(from);
  return grown;
}
