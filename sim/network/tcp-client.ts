/**
 * A client with one TCP connection to a guest, in closed form: there is no event per segment. What counts is the stall: from
 * the last progress that the client sees to the next. Where the client sends, that waits for the first of its
 * retransmissions that falls after the path is back; where the guest sends, its clock stood still with it, and what was
 * due when it stopped is due as it runs again. A connection without progress for too long is given up, for good.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { ClientResult, TcpRole } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { LearningNetwork } from "./learning-network.ts";
import { NeighbourEntry, type NeighbourTimers } from "./neighbour-cache.ts";
import { neighbourSearch } from "./neighbour-search.ts";
import { Reachability, type Search } from "./reachability.ts";
import { attemptSeconds, firstAttemptAfter, type RetransmissionTimers, timeoutSeconds } from "./retransmission.ts";

export interface TcpClientOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly switch: LearningNetwork;
  readonly name: string;
  readonly vm: string;
  readonly mac: string;
  /** Where the guest runs at the start; null where it does not. */
  readonly node: string | null;
  /** One way between client and guest. */
  readonly latencySeconds: number;
  readonly role: TcpRole;
  /** Of whoever sends, and so retransmits. */
  readonly timers: RetransmissionTimers;
  /** Between two requests, for that role. */
  readonly intervalSeconds: number;
  /** Without progress for so long the connection is given up; Infinity: never. */
  readonly giveUpAfterSeconds: number;
  /** What the guest takes to answer. */
  readonly answerSeconds: number;
  /** So long after the guest runs again its first frame leaves, at the soonest. */
  readonly firstAnswerSeconds: number;
  /** So long after it runs again the guest neither hears nor is heard; absent: not at all. */
  readonly deafSeconds?: number;
  /** Timers of the client's ARP cache, or of its gateway's; absent: it never asks for the address anew. */
  readonly neighbour?: NeighbourTimers;
}

interface Stall {
  /** When the guest stopped being reached. */
  readonly missedSeconds: number;
  /** When the client last saw progress. */
  readonly progressSeconds: number;
  /** When what waits was first sent; the sender's timers count from there. */
  sentSeconds: number;
  /** The attempt that gets through, and when the client sees it; null while none does. */
  recovery: { readonly attempt: number; readonly arrivesSeconds: number; readonly seenSeconds: number } | null;
  /** Events that only record: that it is noticed or given up, and the next retransmission or the end. */
  tickets: EventTicket[];
  next: EventTicket | null;
  /** Of the attempt that is recorded next. */
  recordedAttempt: number;
  /** The guest has forgotten the connection: it answers what gets through with a reset. */
  isReset: boolean;
}

/** Codes of events, for the stall with that index: 4 index + one of these. */
const NOTICED = 0;
const RETRANSMITTED = 1;
const OVER = 2;
const GAVE_UP = 3;
/** The guest's first frame. */
const GUEST_SENDS = -1;
/** After what decides at the same time. */
const LAST = 1;

export class TcpClient implements EventHandler {
  readonly name: string;
  readonly #options: TcpClientOptions;
  readonly #roundTripSeconds: number;
  readonly #guestSends: boolean;
  readonly #phaseSeconds: number;
  readonly #stalls: Stall[] = [];
  readonly #reachability: Reachability;
  #node: string;
  #runs: boolean;
  /** Of a guest that sends: what it sent meets a port that is cut. */
  #waitsForPort = false;
  #answersFromSeconds = Number.NEGATIVE_INFINITY;
  #guestTicket: EventTicket | null = null;

  constructor(options: TcpClientOptions) {
    const { simulation, name, vm, mac, node, role, latencySeconds, answerSeconds, intervalSeconds } = options;
    this.name = name;
    this.#options = options;
    this.#node = node ?? "";
    this.#runs = node !== null;
    this.#roundTripSeconds = 2 * latencySeconds + answerSeconds;
    this.#guestSends = role === "download" || role === "push";
    this.#phaseSeconds = simulation.random.stream(`client/${vm}/${name}`).next() * intervalSeconds;
    const { switch: network, deafSeconds, neighbour } = options;
    this.#reachability = new Reachability(
      {
        simulation,
        switch: network,
        mac,
        node,
        ...(deafSeconds === undefined ? {} : { deafSeconds }),
        ...(neighbour === undefined || this.#guestSends ? {} : { search: this.#search(neighbour) }),
      },
      {
        onFound: () => {
          if (this.#guestSends) this.#guestsPathIsBack();
          else this.#pathIsBack();
        },
        onMissed: () => {
          // Of a guest that stands still its own stop tells.
          if (!this.#guestSends) this.#stall();
          else if (this.#isCutOff) {
            this.#stall();
            this.#waitsForPort = true;
          }
        },
      },
    );
    this.#reachability.begin();
    if (node === null && this.#guestSends) this.#stall();
  }

  /** Whether the guest runs and its node's port is cut. */
  get #isCutOff(): boolean {
    return this.#runs && this.#options.switch.carriesOf?.(this.#node) === false;
  }

  onVmStopped(): void {
    this.#runs = false;
    this.#waitsForPort = false;
    if (this.#guestTicket !== null) this.#options.simulation.cancel(this.#guestTicket);
    this.#guestTicket = null;
    this.#reachability.onVmStopped();
    if (this.#guestSends) this.#stall();
  }

  onVmPoweredOff(): void {
    const stall = this.#stalls.at(-1);
    if (stall !== undefined && !this.#isGone) stall.isReset = true;
  }

  onVmStarted(node: string): void {
    const { simulation, firstAnswerSeconds } = this.#options;
    this.#node = node;
    this.#runs = true;
    this.#answersFromSeconds = simulation.now + firstAnswerSeconds;
    this.#reachability.onVmStarted(node);
    if (this.#guestSends) this.#guestRunsAgain();
  }

  /** For the kernel. */
  onEvent(code: number): void {
    if (code === GUEST_SENDS) {
      this.#guestTicket = null;
      this.#options.switch.learnOnWay(this.#options.mac, this.#node);
      return;
    }
    const stall = this.#stalls[Math.floor(code / 4)] as Stall;
    switch (code % 4) {
      case NOTICED:
        this.#recordNoticed(stall);
        break;
      case RETRANSMITTED:
        this.#recordRetransmission(stall);
        break;
      case OVER:
        this.#recordOver(stall);
        break;
      default:
        this.#recordGaveUp(stall);
    }
  }

  /**
   * What the client noticed of the stalls that began at `fromSeconds` to `toSeconds` (both included): the longest, and all
   * retransmissions. One that lasts until the run's end counts up to it.
   */
  resultOf(fromSeconds: number, toSeconds: number, endSeconds: number): ClientResult {
    let outageSeconds = 0;
    let lost = 0;
    let retransmissions = 0;
    let broken = false;
    for (const stall of this.#stalls) {
      if (stall.missedSeconds < fromSeconds && this.#brokenSeconds(stall) <= fromSeconds) broken = true;
      if (stall.missedSeconds < fromSeconds || stall.missedSeconds > toSeconds) continue;
      const brokenSeconds = this.#brokenSeconds(stall);
      const isBroken = brokenSeconds <= endSeconds;
      const { recovery } = stall;
      const isOver = !isBroken && recovery !== null && recovery.seenSeconds <= endSeconds;
      const untilSeconds = isOver
        ? (recovery as { seenSeconds: number }).seenSeconds
        : Math.min(brokenSeconds, endSeconds);
      const made = isOver ? (recovery as { attempt: number }).attempt : this.#attemptsBy(stall, untilSeconds);
      outageSeconds = Math.max(outageSeconds, untilSeconds - stall.progressSeconds);
      retransmissions += made;
      lost += isOver ? made - 1 : made;
      broken ||= isBroken;
    }
    const { role } = this.#options;
    return { client: this.name, kind: "tcp", outageSeconds, lost, role, retransmissions, broken };
  }

  /** Whether the connection was given up before the present. */
  get #isGone(): boolean {
    const last = this.#stalls.at(-1);
    return last !== undefined && this.#brokenSeconds(last) <= this.#options.simulation.now;
  }

  /** No more progress from now on, but for what is under way. */
  #stall(): void {
    const { simulation, latencySeconds, role } = this.#options;
    const { now } = simulation;
    if (this.#isGone) return;
    const last = this.#stalls.at(-1);
    if (last !== undefined && (last.recovery === null || last.recovery.arrivesSeconds > now)) {
      // What was to end it has not come through: it goes on.
      if (this.#guestSends && last.next !== null) simulation.cancel(last.next);
      last.recovery = null;
      return;
    }
    const seenSeconds = last?.recovery?.seenSeconds ?? Number.NEGATIVE_INFINITY;
    let sentSeconds = Math.max(now + latencySeconds, seenSeconds);
    let progressSeconds = sentSeconds;
    if (role === "request") {
      sentSeconds = this.#requestAtOrAfter(Math.max(now - latencySeconds, seenSeconds));
      const before = sentSeconds - this.#options.intervalSeconds + this.#roundTripSeconds;
      progressSeconds = Math.max(before, seenSeconds);
    }
    const stall: Stall = {
      missedSeconds: now,
      progressSeconds,
      sentSeconds,
      recovery: null,
      tickets: [],
      next: null,
      recordedAttempt: 1,
      isReset: false,
    };
    this.#stalls.push(stall);
    this.#recordFrom(stall);
  }

  /** The path is back: the next retransmission gets through. */
  #pathIsBack(): void {
    const stall = this.#stalls.at(-1);
    if (stall === undefined || stall.recovery !== null || this.#isGone) return;
    const { simulation, latencySeconds, answerSeconds, timers, role } = this.#options;
    if (role === "request" && !stall.isReset && stall.sentSeconds + latencySeconds >= simulation.now) {
      // No request was lost.
      this.#cancel(stall);
      this.#stalls.pop();
      return;
    }
    const least = simulation.now - latencySeconds - stall.sentSeconds;
    let { attempt } = firstAttemptAfter(timers, this.#roundTripSeconds, least);
    // The subtractions may round across an attempt; arrivals decide.
    while (this.#attemptAt(stall, attempt) + latencySeconds < simulation.now) attempt += 1;
    const arrivesSeconds = this.#attemptAt(stall, attempt) + latencySeconds;
    const answeredSeconds = Math.max(arrivesSeconds + answerSeconds, this.#answersFromSeconds);
    stall.recovery = { attempt, arrivesSeconds, seenSeconds: answeredSeconds + latencySeconds };
  }

  /** The guest's timer goes on where it stood: several segments were under way in a download, one in a push. */
  #guestRunsAgain(): void {
    const stall = this.#stalls.at(-1);
    // A guest that has booted has nothing to send there.
    if (stall === undefined || stall.recovery !== null || stall.isReset || this.#isGone) return;
    this.#waitsForPort = this.#isCutOff;
    if (this.#waitsForPort) return;
    const { simulation, switch: network, mac, timers, role, latencySeconds, deafSeconds = 0 } = this.#options;
    const timeout = timeoutSeconds(timers, this.#roundTripSeconds);
    // RFC 8985, section 7.2: a probe after two round trips, where more than one segment is under way.
    const probes = role === "download" && timers.tailLossProbe;
    const waitSeconds = probes ? Math.min(2 * this.#roundTripSeconds, timeout) : timeout;
    const sendsSeconds = Math.max(simulation.now + deafSeconds + waitSeconds, this.#answersFromSeconds);
    stall.sentSeconds = sendsSeconds;
    const arrivesSeconds = sendsSeconds + latencySeconds;
    stall.recovery = { attempt: 1, arrivesSeconds, seenSeconds: arrivesSeconds };
    // It may have been about to send for another time before it stopped.
    stall.recordedAttempt = 1;
    this.#recordNext(stall, arrivesSeconds, RETRANSMITTED);
    if (network.portOf(mac) !== this.#node || !this.#reachability.reached) {
      this.#guestTicket = simulation.schedule(sendsSeconds, this, GUEST_SENDS);
    }
  }

  /** What a guest sent while its port was cut is sent again as its timer says, which ran on. */
  #guestsPathIsBack(): void {
    const stall = this.#stalls.at(-1);
    if (stall === undefined || stall.recovery !== null || stall.isReset || this.#isGone || !this.#waitsForPort) return;
    this.#waitsForPort = false;
    const { simulation, timers, latencySeconds } = this.#options;
    const waitedSeconds = simulation.now - stall.missedSeconds;
    const { attempt, afterSeconds } = firstAttemptAfter(timers, this.#roundTripSeconds, waitedSeconds);
    stall.sentSeconds = Math.max(simulation.now, stall.missedSeconds + afterSeconds);
    stall.recordedAttempt = attempt;
    const arrivesSeconds = stall.sentSeconds + latencySeconds;
    stall.recovery = { attempt, arrivesSeconds, seenSeconds: arrivesSeconds };
    this.#recordNext(stall, arrivesSeconds, RETRANSMITTED);
  }

  /** When the connection was, or would be, given up; Infinity where progress comes first. */
  #brokenSeconds({ progressSeconds, recovery, isReset }: Stall): number {
    const seconds = progressSeconds + this.#options.giveUpAfterSeconds;
    if (isReset) return recovery === null ? seconds : Math.min(seconds, recovery.seenSeconds);
    return recovery !== null && recovery.seenSeconds <= seconds ? Number.POSITIVE_INFINITY : seconds;
  }

  #attemptsBy(stall: Stall, untilSeconds: number): number {
    if (this.#guestSends) return 0;
    const { timers } = this.#options;
    const next = firstAttemptAfter(timers, this.#roundTripSeconds, untilSeconds - stall.sentSeconds);
    return stall.sentSeconds + next.afterSeconds <= untilSeconds ? next.attempt : next.attempt - 1;
  }

  #requestAtOrAfter(seconds: number): number {
    const { intervalSeconds } = this.#options;
    let request = Math.ceil((seconds - this.#phaseSeconds) / intervalSeconds);
    while (this.#phaseSeconds + request * intervalSeconds < seconds) request += 1;
    return this.#phaseSeconds + request * intervalSeconds;
  }

  #search(timers: NeighbourTimers): Search {
    const { simulation, recorder, vm, mac, latencySeconds } = this.#options;
    const entry = new NeighbourEntry({
      timers,
      random: simulation.random,
      owner: `${vm}/${this.name}`,
      confirmedByAnswers: true,
      nextSendSeconds: (from) => this.#nextSendSeconds(from),
    });
    return neighbourSearch(entry, { simulation, recorder, client: this.name, vm, mac, latencySeconds });
  }

  #nextSendSeconds(fromSeconds: number): number {
    const stall = this.#stalls.at(-1);
    if (stall === undefined || stall.recovery !== null) return Number.POSITIVE_INFINITY;
    if (fromSeconds <= stall.sentSeconds) return stall.sentSeconds;
    const { timers } = this.#options;
    const { afterSeconds } = firstAttemptAfter(timers, this.#roundTripSeconds, fromSeconds - stall.sentSeconds);
    const seconds = stall.sentSeconds + afterSeconds;
    return seconds < this.#brokenSeconds(stall) ? Math.max(fromSeconds, seconds) : Number.POSITIVE_INFINITY;
  }

  /** Events that only record are scheduled only for a recorder: results are in closed form without them. */
  #recordFrom(stall: Stall): void {
    const { simulation, recorder, latencySeconds, role, giveUpAfterSeconds } = this.#options;
    if (!recorder.recording) return;
    const code = 4 * this.#stalls.indexOf(stall);
    const { now } = simulation;
    const dueSeconds = role === "request" ? stall.sentSeconds + this.#roundTripSeconds : stall.progressSeconds;
    stall.tickets.push(simulation.schedule(Math.max(now, dueSeconds), this, code + NOTICED, LAST));
    const gaveUpSeconds = stall.progressSeconds + giveUpAfterSeconds;
    if (gaveUpSeconds < Number.POSITIVE_INFINITY) {
      stall.tickets.push(simulation.schedule(Math.max(now, gaveUpSeconds), this, code + GAVE_UP, LAST));
    }
    if (!this.#guestSends) this.#recordNext(stall, this.#attemptAt(stall, 1) + latencySeconds, RETRANSMITTED);
  }

  #recordNext(stall: Stall, atSeconds: number, what: number): void {
    const { simulation, recorder } = this.#options;
    if (!recorder.recording) return;
    const code = 4 * this.#stalls.indexOf(stall) + what;
    stall.next = simulation.schedule(Math.max(simulation.now, atSeconds), this, code, LAST);
  }

  #attemptAt(stall: Stall, attempt: number): number {
    if (this.#guestSends) return stall.sentSeconds;
    return stall.sentSeconds + attemptSeconds(this.#options.timers, this.#roundTripSeconds, attempt);
  }

  #cancel(stall: Stall): void {
    const { simulation } = this.#options;
    for (const ticket of stall.tickets) simulation.cancel(ticket);
    if (stall.next !== null) simulation.cancel(stall.next);
  }

  #recordNoticed({ progressSeconds, sentSeconds }: Stall): void {
    const { simulation, recorder, vm } = this.#options;
    recorder.record({
      t: simulation.now,
      type: "client.unreachable",
      client: this.name,
      vm,
      lastReplySeconds: progressSeconds,
      ...(this.#guestSends ? {} : { sentSeconds }),
    });
  }

  #recordRetransmission(stall: Stall): void {
    const { simulation, recorder, vm, latencySeconds } = this.#options;
    const attempt = stall.recordedAttempt;
    const sentSeconds = this.#attemptAt(stall, attempt);
    const { recovery } = stall;
    // A guest that stopped again before it sent, or a connection given up: nothing was sent.
    if ((this.#guestSends && recovery === null) || sentSeconds > this.#brokenSeconds(stall)) return;
    const isThrough = recovery !== null && recovery.attempt === attempt;
    const by = this.#guestSends ? "guest" : "client";
    recorder.record({
      t: simulation.now,
      type: "tcp.retransmitted",
      client: this.name,
      vm,
      by,
      attempt,
      sentSeconds,
      lost: !isThrough,
    });
    if (isThrough) {
      this.#recordNext(stall, recovery.seenSeconds, OVER);
      return;
    }
    stall.recordedAttempt += 1;
    this.#recordNext(stall, this.#attemptAt(stall, attempt + 1) + latencySeconds, RETRANSMITTED);
  }

  #recordOver(stall: Stall): void {
    const { simulation, recorder, vm } = this.#options;
    if (stall.isReset && this.#brokenSeconds(stall) === simulation.now) {
      this.#recordBroken(stall, simulation.now - stall.progressSeconds);
    }
    if (this.#brokenSeconds(stall) <= simulation.now) return;
    recorder.record({
      t: simulation.now,
      type: "client.reachable",
      client: this.name,
      vm,
      outageSeconds: simulation.now - stall.progressSeconds,
      lost: (stall.recovery?.attempt ?? 1) - 1,
    });
  }

  #recordGaveUp(stall: Stall): void {
    const brokenSeconds = this.#brokenSeconds(stall);
    if (brokenSeconds < this.#options.simulation.now || brokenSeconds === Number.POSITIVE_INFINITY) return;
    this.#recordBroken(stall, this.#options.giveUpAfterSeconds);
  }

  #recordBroken(stall: Stall, stalledSeconds: number): void {
    const { simulation, recorder, vm } = this.#options;
    recorder.record({
      t: simulation.now,
      type: "client.gaveUp",
      client: this.name,
      vm,
      stalledSeconds,
      retransmissions: this.#attemptsBy(stall, simulation.now),
    });
  }
}
