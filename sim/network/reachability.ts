/**
 * Whether a client's frames reach a guest: it runs, listens, and the switches deliver to its node. Where it runs and they
 * do not, two things help without the guest: the switches forget the wrong port, or the client asks for the address anew.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { LearningNetwork } from "./learning-network.ts";

/** Told of changes, at the present simulated time. */
export interface ReachabilityObserver {
  onFound(): void;
  onMissed(): void;
}

/** A client's search for a guest that it cannot reach. */
export interface Search {
  /**
   * When the client's next broadcast question reaches the guest, at `fromSeconds` or later; the guest has been out of reach
   * since `missedSeconds`. Infinity where it never asks.
   */
  broadcastSeconds(missedSeconds: number, fromSeconds: number): number;
  /** The guest was asked and answers now: the switches on the way learn from it. */
  onAnswered(): void;
}

export interface ReachabilityOptions {
  readonly simulation: Simulation;
  readonly switch: LearningNetwork;
  readonly mac: string;
  /** Where the guest runs at the start; null where it does not. */
  readonly node: string | null;
  /** So long after it runs again the guest drops what comes in; absent: not at all. */
  readonly deafSeconds?: number;
  /** Absent: nobody asks. */
  readonly search?: Search;
}

const PORT_FORGOTTEN = 0;
const LISTENS = 1;
const ASKED = 2;

export class Reachability implements EventHandler {
  readonly #options: ReachabilityOptions;
  readonly #observer: ReachabilityObserver;
  readonly #tickets: (EventTicket | null)[] = [null, null, null];
  #node: string | null;
  #listensFromSeconds = Number.NEGATIVE_INFINITY;
  #missedSeconds = 0;
  #reached = true;

  constructor(options: ReachabilityOptions, observer: ReachabilityObserver) {
    this.#options = options;
    this.#observer = observer;
    this.#node = options.node;
    options.switch.observe(options.mac, this);
  }

  get reached(): boolean {
    return this.#reached;
  }

  /** For the observer, once it can be told: a guest may not run at the start. */
  begin(): void {
    if (this.#node === null) this.#update();
  }

  onVmStopped(): void {
    this.#node = null;
    this.#update();
  }

  onVmStarted(node: string): void {
    const { simulation, deafSeconds } = this.#options;
    this.#node = node;
    if (deafSeconds !== undefined) this.#listensFromSeconds = simulation.now + deafSeconds;
    this.#update();
  }

  onMacMoved(): void {
    this.#update();
  }

  /** For the kernel. */
  onEvent(code: number): void {
    this.#tickets[code] = null;
    if (code === ASKED) {
      const { switch: network, mac, search } = this.#options;
      search?.onAnswered();
      network.learnOnWay(mac, this.#node as string);
    }
    this.#update();
  }

  /** Asks anew whether the guest is reached, at the present time. */
  #update(): void {
    const { simulation, mac, switch: network, search } = this.#options;
    const { now } = simulation;
    const node = this.#node;
    for (let code = 0; code < this.#tickets.length; code += 1) this.#cancel(code);
    const listens = node !== null && now >= this.#listensFromSeconds;
    const reached = listens && network.delivers(mac, node);
    const before = this.#reached;
    this.#reached = reached;
    if (before && !reached) this.#missedSeconds = now;
    if (reached && !before) this.#observer.onFound();
    else if (!reached && before) this.#observer.onMissed();
    // Where the port is cut nothing helps but its coming back, of which the network tells.
    if (reached || node === null || network.carriesOf?.(node) === false) return;
    if (!listens) {
      this.#schedule(LISTENS, this.#listensFromSeconds);
      return;
    }
    this.#schedule(PORT_FORGOTTEN, network.staleAtSeconds(mac));
    if (search !== undefined) this.#schedule(ASKED, search.broadcastSeconds(this.#missedSeconds, now));
  }

  #schedule(code: number, atSeconds: number): void {
    if (atSeconds === Number.POSITIVE_INFINITY) return;
    this.#tickets[code] = this.#options.simulation.schedule(atSeconds, this, code);
  }

  #cancel(code: number): void {
    const ticket = this.#tickets[code] ?? null;
    if (ticket !== null) this.#options.simulation.cancel(ticket);
    this.#tickets[code] = null;
  }
}
