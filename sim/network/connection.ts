/**
 * A long transfer's TCP connection while its path is cut: nothing gets through, and nobody is told. Once the path is back it
 * waits for the sender's next retransmission, whose time-out has doubled with each: a cut of 2 s costs Linux 3.2 s. Where
 * nothing was acknowledged for too long, it breaks.
 */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { CutWatcher, PathCuts } from "./path-cuts.ts";
import { firstAttemptAfter, type RetransmissionTimers } from "./retransmission.ts";

export const CONNECTION_PARAMETERS = {
  connectionTimeoutSeconds: {
    value: 924.6,
    kind: "seconds",
    provenance: "documented",
    source:
      "Linux, Documentation/networking/ip-sysctl.rst: tcp_retries2 of 15 comes to a time-out of 924.6 s at the least.",
    meaning: "A migration's connection breaks where nothing was acknowledged for so long.",
    least: 0.001,
    greatest: 1e6,
  },
  connectionRtoSeconds: {
    value: 0.2,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, TCP_RTO_MIN (include/net/tcp.h): HZ/5.",
    meaning: "Least retransmission time-out of a migration's connection; it doubles with each retransmission.",
    least: 0.001,
    greatest: 100,
  },
  connectionTailLossProbe: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "RFC 8985, section 7; Linux since 3.10.",
    meaning: "The first retransmission of a migration's connection is a probe, which does not double the time-out.",
  },
} as const satisfies ParameterTable;

/** RFC 6298, section 2.4; Linux, TCP_RTO_MAX. A connection breaks before it matters, or nearly. */
const GREATEST_RTO_SECONDS = 120;

/** Told at the present simulated time, each once until the next. */
export interface ConnectionOwner {
  /** Nothing gets through from now on. */
  onHeld(): void;
  /** It goes on, after so long and so many retransmissions. */
  onReleased(heldSeconds: number, retransmissions: number): void;
  /** Both ends have given it up; it holds until it is opened anew. */
  onBroken(heldSeconds: number): void;
}

export interface ConnectionOptions {
  readonly simulation: Simulation;
  readonly cuts: PathCuts;
  readonly from: string;
  readonly to: string;
  readonly roundTripSeconds: number;
  readonly parameters: ParameterValues<typeof CONNECTION_PARAMETERS>;
}

const RETRANSMITTED = 0;
const GIVEN_UP = 1;

export class Connection implements EventHandler, CutWatcher {
  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  #heldSinceSeconds = Number.NaN;
  #retransmissions = 0;
  #isBroken = false;
  #isClosed = false;
  readonly #tickets: (EventTicket | null)[] = [null, null];

  /** Opens it; on a path that is cut it is held from the first, of which `begin` tells. */
  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
    options.cuts.watch(this);
  }

  /** For the owner, once it can be told. */
  begin(): void {
    this.onCutsChanged();
  }

  get isHeld(): boolean {
    return !Number.isNaN(this.#heldSinceSeconds);
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Nothing is told from now on. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.cuts.unwatch(this);
    this.#cancel(RETRANSMITTED);
    this.#cancel(GIVEN_UP);
  }

  /** A broken one is opened anew, after a round trip; false where the path is cut still, or it is not broken. */
  reopen(): boolean {
    const { simulation, roundTripSeconds, parameters } = this.#options;
    if (!this.#isBroken || this.#isClosed || !this.#pathIsWhole) return false;
    this.#isBroken = false;
    this.#retransmissions = 0;
    this.#schedule(RETRANSMITTED, simulation.now + roundTripSeconds);
    this.#schedule(GIVEN_UP, simulation.now + parameters.connectionTimeoutSeconds);
    return true;
  }

  onCutsChanged(): void {
    if (this.#isClosed || this.#isBroken) return;
    const { simulation, roundTripSeconds, parameters } = this.#options;
    const { now } = simulation;
    if (!this.#pathIsWhole) {
      this.#cancel(RETRANSMITTED);
      if (this.isHeld) return;
      this.#heldSinceSeconds = now;
      this.#schedule(GIVEN_UP, now + parameters.connectionTimeoutSeconds);
      this.#owner.onHeld();
      return;
    }
    if (!this.isHeld) return;
    const timers: RetransmissionTimers = {
      minimumRtoSeconds: parameters.connectionRtoSeconds,
      greatestRtoSeconds: Math.max(GREATEST_RTO_SECONDS, parameters.connectionRtoSeconds),
      rtoOverRoundTrip: true,
      tailLossProbe: parameters.connectionTailLossProbe,
    };
    const { attempt, afterSeconds } = firstAttemptAfter(timers, roundTripSeconds, now - this.#heldSinceSeconds);
    this.#retransmissions = attempt;
    this.#schedule(RETRANSMITTED, Math.max(now, this.#heldSinceSeconds + afterSeconds));
  }

  /** For the kernel. */
  onEvent(code: number): void {
    this.#tickets[code] = null;
    const heldSeconds = this.#options.simulation.now - this.#heldSinceSeconds;
    if (code === GIVEN_UP) {
      this.#cancel(RETRANSMITTED);
      this.#isBroken = true;
      this.#owner.onBroken(heldSeconds);
      return;
    }
    this.#cancel(GIVEN_UP);
    this.#heldSinceSeconds = Number.NaN;
    this.#owner.onReleased(heldSeconds, this.#retransmissions);
  }

  get #pathIsWhole(): boolean {
    const { cuts, from, to } = this.#options;
    return cuts.reaches(from, to);
  }

  #schedule(code: number, atSeconds: number): void {
    this.#cancel(code);
    this.#tickets[code] = this.#options.simulation.schedule(atSeconds, this, code);
  }

  #cancel(code: number): void {
    const ticket = this.#tickets[code] ?? null;
    if (ticket !== null) this.#options.simulation.cancel(ticket);
    this.#tickets[code] = null;
  }
}
