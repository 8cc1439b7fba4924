/** Admits migrations where hypervisors limit how many a node takes part in at a time; the others wait their turn. */
import type { Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";

/** A migration that asks to begin. */
export interface AdmissionRequest {
  /** Index in the result's list. */
  readonly migration: number;
  /** Nodes it takes part in; they stay as they are from `request` to `release`. */
  readonly from: string;
  readonly to: string;
  /** Migrations in which each of its nodes may take part at a time, as source or as target; Infinity for no limit. */
  readonly migrationsPerNode: number;
  /** It may begin, now. Called once at most, from within `request` or from another's `release`. */
  onAdmitted(): void;
}

export interface AdmissionOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
}

/** The migrations of one node. */
interface NodeSlots {
  readonly node: string;
  underWay: number;
  /** In order of arrival. */
  readonly waiting: Set<AdmissionRequest>;
}

/**
 * First come, first served at every node: a request that must wait keeps a slot at both its nodes in its turn, so later
 * ones never hold it up and the longest-waiting one is always next. (What Windows Server 2008 R2 allows is documented, one
 * migration a node as source or target; in which order its managers retry those that were refused is not.)
 */
export class Admission {
  readonly #simulation: Simulation;
  readonly #recorder: Recorder;
  readonly #nodes = new Map<string, NodeSlots>();
  readonly #admitted = new Set<AdmissionRequest>();
  /** With the number of its arrival. */
  readonly #waiting = new Map<AdmissionRequest, number>();
  #arrivals = 0;
  /** Nodes at which a turn may have come; empty while none is being given. */
  readonly #freed = new Set<NodeSlots>();

  constructor(options: AdmissionOptions) {
    this.#simulation = options.simulation;
    this.#recorder = options.recorder;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Admits a migration at once, or lets it wait and traces why. */
  request(request: AdmissionRequest): void {
    if (!(request.migrationsPerNode >= 1)) {
      throw new RangeError(`${request.migrationsPerNode} migrations per node would never admit one`);
    }
    if (this.#admitted.has(request) || this.#waiting.has(request)) {
      throw new Error(`migration ${request.migration} has asked already`);
    }
    const full = this.#fullNode(request);
    if (full === null) {
      this.#admit(request);
      return;
    }
    for (const slots of this.#slotsOf(request)) slots.waiting.add(request);
    this.#arrivals += 1;
    this.#waiting.set(request, this.#arrivals);
    if (this.#recorder.recording) {
      const { migration } = request;
      this.#recorder.record({
        t: this.#simulation.now,
        type: "migration.queued",
        migration,
        reason: whyWait(full, request),
      });
    }
  }

  /** The migration is over, or gives up waiting: those whose turn this makes it are admitted before this returns. */
  release(request: AdmissionRequest): void {
    if (this.#admitted.delete(request)) for (const slots of this.#slotsOf(request)) slots.underWay -= 1;
    else if (this.#waiting.has(request)) this.#stopWaiting(request);
    else throw new Error(`migration ${request.migration} has not asked`);
    // Whoever is admitted may itself release: then the call that is at work already goes on with these nodes.
    const atWork = this.#freed.size > 0;
    for (const slots of this.#slotsOf(request)) this.#freed.add(slots);
    if (!atWork) this.#admitFreed();
  }

  #admitFreed(): void {
    for (;;) {
      const next = this.#nextInTurn();
      if (next === null) break;
      this.#stopWaiting(next);
      this.#admit(next);
    }
    this.#freed.clear();
  }

  #admit(request: AdmissionRequest): void {
    this.#admitted.add(request);
    for (const slots of this.#slotsOf(request)) slots.underWay += 1;
    request.onAdmitted();
  }

  #stopWaiting(request: AdmissionRequest): void {
    this.#waiting.delete(request);
    for (const { waiting } of this.#slotsOf(request)) waiting.delete(request);
  }

  /** The longest-waiting request whose turn has come at both its nodes, one of which was freed; null where none is. */
  #nextInTurn(): AdmissionRequest | null {
    let next: AdmissionRequest | null = null;
    let nextArrival = Number.POSITIVE_INFINITY;
    for (const { underWay, waiting } of this.#freed) {
      let ahead = -1;
      for (const request of waiting) {
        ahead += 1;
        const arrival = this.#waiting.get(request) as number;
        if (arrival >= nextArrival) break;
        if (underWay + ahead >= request.migrationsPerNode || this.#fullNode(request) !== null) continue;
        next = request;
        nextArrival = arrival;
        break;
      }
    }
    return next;
  }

  /** The first of the request's nodes that has no slot for it beside those ahead of it; null where both have. */
  #fullNode(request: AdmissionRequest): NodeSlots | null {
    for (const slots of this.#slotsOf(request)) {
      const free = request.migrationsPerNode - slots.underWay;
      if (free <= 0 || !isAmongFirst(request, slots.waiting, free)) return slots;
    }
    return null;
  }

  #slotsOf(request: AdmissionRequest): [NodeSlots, NodeSlots] {
    return [this.#slots(request.from), this.#slots(request.to)];
  }

  #slots(node: string): NodeSlots {
    let slots = this.#nodes.get(node);
    if (slots === undefined) {
      slots = { node, underWay: 0, waiting: new Set() };
      this.#nodes.set(node, slots);
    }
    return slots;
  }
}

/** Whether fewer than `count` wait before this request; one that does not wait yet comes after all. */
function isAmongFirst(request: AdmissionRequest, waiting: ReadonlySet<AdmissionRequest>, count: number): boolean {
  if (waiting.size < count) return true;
  let ahead = 0;
  for (const other of waiting) {
    if (other === request) return true;
    ahead += 1;
    if (ahead >= count) return false;
  }
  return true;
}

function whyWait({ node, underWay, waiting }: NodeSlots, request: AdmissionRequest): string {
  const limit = request.migrationsPerNode;
  const ahead = waiting.size - 1;
  const turn = ahead === 0 ? "" : `; ${ahead} ${ahead === 1 ? "waits" : "wait"} there before this one`;
  return `${node} takes part in ${underWay} of at most ${limit} ${limit === 1 ? "migration" : "migrations"} at a time${turn}.`;
}
