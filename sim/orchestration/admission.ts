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
  /** Limits of whoever orchestrates it, each among the migrations that have the same kind of limit; null where there are none. */
  readonly slots?: OrchestrationSlots | null;
  /** It may begin, now. Called once at most, from within `request` or from another's `release`. */
  onAdmitted(): void;
}

/** Migrations under way at a time, at most; absent: no limit. */
export interface OrchestrationSlots {
  /** Away from its source. */
  readonly source?: number;
  /** To its target. */
  readonly target?: number;
  readonly network?: number;
  readonly cluster?: number;
}

export interface AdmissionOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
}

/** What only so many migrations may use at a time: a node, a node's sending or receiving, the network, the cluster. */
interface Slots {
  readonly what: string;
  underWay: number;
  /** The highest limit that any request had here. */
  highestLimit: number;
  /** In order of arrival. */
  readonly waiting: Set<AdmissionRequest>;
}

/** A request's part in something, and how many may take part as far as it is concerned. */
interface Use {
  readonly slots: Slots;
  readonly limit: number;
}

/**
 * First come, first served everywhere: a request that must wait keeps its turn at all that it uses, so later ones never
 * hold it up and the longest-waiting one is always next. (What Windows Server 2008 R2 allows is documented, one
 * migration a node as source or target; in which order its managers retry those that were refused is not.)
 */
export class Admission {
  readonly #simulation: Simulation;
  readonly #recorder: Recorder;
  readonly #slots = new Map<string, Slots>();
  /** Of those that are under way or wait. */
  readonly #uses = new Map<AdmissionRequest, readonly Use[]>();
  readonly #admitted = new Set<AdmissionRequest>();
  /** With the number of its arrival. */
  readonly #waiting = new Map<AdmissionRequest, number>();
  #arrivals = 0;
  /** Where a turn may have come; empty while none is being given. */
  readonly #freed = new Set<Slots>();

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
    this.#uses.set(request, this.#usesOf(request));
    const full = this.#fullUse(request);
    if (full === null) {
      this.#admit(request);
      return;
    }
    for (const { slots } of this.#usesBy(request)) slots.waiting.add(request);
    this.#arrivals += 1;
    this.#waiting.set(request, this.#arrivals);
    if (this.#recorder.recording) {
      const { migration } = request;
      this.#recorder.record({
        t: this.#simulation.now,
        type: "migration.queued",
        migration,
        reason: whyWait(full),
      });
    }
  }

  /** The migration is over, or gives up waiting: those whose turn this makes it are admitted before this returns. */
  release(request: AdmissionRequest): void {
    const uses = this.#usesBy(request);
    if (this.#admitted.delete(request)) for (const { slots } of uses) slots.underWay -= 1;
    else if (this.#waiting.has(request)) this.#stopWaiting(request);
    else throw new Error(`migration ${request.migration} has not asked`);
    this.#uses.delete(request);
    if (this.#waiting.size === 0) return;
    // Whoever is admitted may itself release: then the call that is at work already goes on with these.
    const atWork = this.#freed.size > 0;
    for (const { slots } of uses) this.#freed.add(slots);
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
    for (const { slots } of this.#usesBy(request)) slots.underWay += 1;
    request.onAdmitted();
  }

  #stopWaiting(request: AdmissionRequest): void {
    this.#waiting.delete(request);
    for (const { slots } of this.#usesBy(request)) slots.waiting.delete(request);
  }

  /** The longest-waiting request whose turn has come at all that it uses, some of which was freed; null where none is. */
  #nextInTurn(): AdmissionRequest | null {
    let next: AdmissionRequest | null = null;
    let nextArrival = Number.POSITIVE_INFINITY;
    for (const { underWay, highestLimit, waiting } of this.#freed) {
      let ahead = -1;
      for (const request of waiting) {
        ahead += 1;
        const arrival = this.#waiting.get(request) as number;
        if (arrival >= nextArrival || underWay + ahead >= highestLimit) break;
        if (this.#fullUse(request) !== null) continue;
        next = request;
        nextArrival = arrival;
        break;
      }
    }
    return next;
  }

  /** The first that the request uses and that has no slot for it beside those ahead of it; null where all have. */
  #fullUse(request: AdmissionRequest): Use | null {
    for (const use of this.#usesBy(request)) {
      const free = use.limit - use.slots.underWay;
      if (free <= 0 || !isAmongFirst(request, use.slots.waiting, free)) return use;
    }
    return null;
  }

  #usesBy(request: AdmissionRequest): readonly Use[] {
    const uses = this.#uses.get(request);
    if (uses === undefined) throw new Error(`migration ${request.migration} has not asked`);
    return uses;
  }

  #usesOf({ from, to, migrationsPerNode, slots }: AdmissionRequest): Use[] {
    const uses = [this.#use(from, migrationsPerNode), this.#use(to, migrationsPerNode)];
    if (slots == null) return uses;
    const { source, target, network, cluster } = slots;
    if (source !== undefined) uses.push(this.#use(`${from} as source`, source));
    if (target !== undefined) uses.push(this.#use(`${to} as target`, target));
    if (network !== undefined) uses.push(this.#use("The migration network", network));
    if (cluster !== undefined) uses.push(this.#use("The cluster", cluster));
    return uses;
  }

  #use(what: string, limit: number): Use {
    let slots = this.#slots.get(what);
    if (slots === undefined) {
      slots = { what, underWay: 0, highestLimit: limit, waiting: new Set() };
      this.#slots.set(what, slots);
    }
    slots.highestLimit = Math.max(slots.highestLimit, limit);
    return { slots, limit };
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

function whyWait({ slots: { what, underWay, waiting }, limit }: Use): string {
  const ahead = waiting.size - 1;
  const turn = ahead === 0 ? "" : `; ${ahead} ${ahead === 1 ? "waits" : "wait"} there before this one`;
  return `${what} takes part in ${underWay} of at most ${limit} ${limit === 1 ? "migration" : "migrations"} at a time${turn}.`;
}
