/**
 * A client that sends an echo request to a virtual machine at a fixed interval, in closed form: there is no event per
 * request. Requests are numbered; number k is sent at phase + k * interval, reaches the guest one latency later, and is
 * answered if at that moment the guest runs and the switch delivers to its node; the answer is due another latency
 * later. Clients were there before the run: numbers below 0 were sent before time 0.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { ClientResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { LearningNetwork } from "./learning-network.ts";
import { NeighbourEntry, type NeighbourTimers } from "./neighbour-cache.ts";
import { neighbourSearch } from "./neighbour-search.ts";
import { Reachability, type Search } from "./reachability.ts";

/** Below it, times late in a long run could no longer tell requests apart. */
const LEAST_INTERVAL_SECONDS = 1e-6;

export interface PingClientOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly switch: LearningNetwork;
  readonly name: string;
  readonly vm: string;
  readonly mac: string;
  /** Where the guest runs at the start; null where it does not. */
  readonly node: string | null;
  /** Between two requests; at least a microsecond. */
  readonly intervalSeconds: number;
  /** One way between client and guest. */
  readonly latencySeconds: number;
  /** So long after it runs again the guest drops what comes in; absent: not at all. */
  readonly deafSeconds?: number;
  /** So long after it runs again its first answer leaves, if it was asked by then; absent: at once. */
  readonly firstAnswerSeconds?: number;
  /** Timers of the client's ARP cache, or of its gateway's; absent: it never asks for the address anew. */
  readonly neighbour?: NeighbourTimers;
}

/** A stretch of requests that got no answer. */
interface Outage {
  /** When the guest stopped being reached. */
  readonly sinceSeconds: number;
  /** Number of the first request that got no answer. */
  readonly firstLost: number;
  /** Number of the first request answered again; null while the guest is not reached. */
  firstAnswered: number | null;
  /** When the guest, running again, first answers. */
  answersFromSeconds: number;
  lostTicket: EventTicket | null;
  answeredTicket: EventTicket | null;
}

export class PingClient implements EventHandler {
  readonly name: string;
  readonly #options: PingClientOptions;
  readonly #phaseSeconds: number;
  readonly #outages: Outage[] = [];
  readonly #reachability: Reachability;
  #answersFromSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: PingClientOptions) {
    const { simulation, name, vm, mac, node, intervalSeconds, latencySeconds } = options;
    if (!(intervalSeconds >= LEAST_INTERVAL_SECONDS && intervalSeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`client ${name}: an interval of ${intervalSeconds} s is below ${LEAST_INTERVAL_SECONDS} s`);
    }
    if (!(latencySeconds >= 0 && latencySeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`client ${name}: a latency of ${latencySeconds} seconds is not a time`);
    }
    this.name = name;
    this.#options = options;
    this.#phaseSeconds = simulation.random.stream(`client/${vm}/${name}`).next() * intervalSeconds;
    const { neighbour, deafSeconds } = options;
    const { switch: network } = options;
    this.#reachability = new Reachability(
      {
        simulation,
        switch: network,
        mac,
        node,
        ...(deafSeconds === undefined ? {} : { deafSeconds }),
        ...(neighbour === undefined ? {} : { search: this.#search(neighbour) }),
      },
      { onFound: () => this.#found(), onMissed: () => this.#missed() },
    );
    this.#reachability.begin();
  }

  onVmStopped(): void {
    this.#reachability.onVmStopped();
  }

  onVmStarted(node: string): void {
    const { simulation, firstAnswerSeconds } = this.#options;
    if (firstAnswerSeconds !== undefined) this.#answersFromSeconds = simulation.now + firstAnswerSeconds;
    this.#reachability.onVmStarted(node);
  }

  /** For the kernel; events are outages: 2 index as it is noticed, 2 index + 1 as it is over. */
  onEvent(code: number): void {
    if (code % 2 === 0) this.#recordUnreachable(this.#outages[code / 2]);
    else this.#recordReachable(this.#outages[(code - 1) / 2]);
  }

  /**
   * What the client noticed of the outages that began at `fromSeconds` to `toSeconds` (both included), such as those of
   * one migration: the longest gap between two answers in which a request was lost, and all requests lost.
   *
   * @param endSeconds The run's end, the same whether or not a trace is recorded (the horizon): an outage that lasts
   *   until then counts up to it, with the requests whose answer was due by then.
   */
  resultOf(fromSeconds: number, toSeconds: number, endSeconds: number): ClientResult {
    let outageSeconds = 0;
    let lost = 0;
    for (const outage of this.#outages) {
      if (outage.sinceSeconds < fromSeconds || outage.sinceSeconds > toSeconds) continue;
      const lostHere = this.#lostBy(outage, endSeconds);
      if (lostHere === 0) continue;
      lost += lostHere;
      outageSeconds = Math.max(outageSeconds, this.#secondsBy(outage, endSeconds));
    }
    return { client: this.name, kind: "ping", outageSeconds, lost };
  }

  #search(timers: NeighbourTimers): Search {
    const { simulation, recorder, vm, mac, latencySeconds } = this.#options;
    const entry = new NeighbourEntry({
      timers,
      random: simulation.random,
      owner: `${vm}/${this.name}`,
      confirmedByAnswers: false,
      nextSendSeconds: (from) => this.#arrivalSeconds(this.#firstToArrive(from + latencySeconds)) - latencySeconds,
    });
    return neighbourSearch(entry, { simulation, recorder, client: this.name, vm, mac, latencySeconds });
  }

  #missed(): void {
    const { simulation } = this.#options;
    const firstLost = this.#firstToArrive(simulation.now);
    const last = this.#outages.at(-1);
    if (last?.firstAnswered === firstLost) {
      // The guest was reached for a while, but no request came in: the outage goes on.
      if (last.answeredTicket !== null) simulation.cancel(last.answeredTicket);
      last.answeredTicket = null;
      last.firstAnswered = null;
      return;
    }
    const outage: Outage = {
      sinceSeconds: simulation.now,
      firstLost,
      firstAnswered: null,
      answersFromSeconds: Number.NEGATIVE_INFINITY,
      lostTicket: null,
      answeredTicket: null,
    };
    this.#outages.push(outage);
    outage.lostTicket = this.#scheduleRecord(this.#answerDueSeconds(firstLost), 2 * (this.#outages.length - 1));
  }

  #found(): void {
    const { simulation } = this.#options;
    const outage = this.#outages[this.#outages.length - 1];
    const firstAnswered = this.#firstToArrive(simulation.now);
    if (firstAnswered === outage.firstLost) {
      // No request came in meanwhile.
      if (outage.lostTicket !== null) simulation.cancel(outage.lostTicket);
      this.#outages.pop();
      return;
    }
    outage.firstAnswered = firstAnswered;
    outage.answersFromSeconds = this.#answersFromSeconds;
    outage.answeredTicket = this.#scheduleRecord(this.#firstAnswerSeconds(outage), 2 * (this.#outages.length - 1) + 1);
  }

  /** Events that only record are scheduled only for a recorder: results are in closed form without them. */
  #scheduleRecord(atSeconds: number, code: number): EventTicket | null {
    const { simulation, recorder } = this.#options;
    if (!recorder.recording) return null;
    return simulation.schedule(Math.max(simulation.now, atSeconds), this, code);
  }

  #recordUnreachable(outage: Outage): void {
    this.#options.recorder.record({
      t: this.#options.simulation.now,
      type: "client.unreachable",
      client: this.name,
      vm: this.#options.vm,
      lastReplySeconds: this.#answerDueSeconds(outage.firstLost - 1),
    });
  }

  #recordReachable(outage: Outage): void {
    const t = this.#options.simulation.now;
    this.#options.recorder.record({
      t,
      type: "client.reachable",
      client: this.name,
      vm: this.#options.vm,
      outageSeconds: this.#secondsBy(outage, Number.POSITIVE_INFINITY),
      lost: this.#lostBy(outage, Number.POSITIVE_INFINITY),
    });
  }

  #lostBy(outage: Outage, endSeconds: number): number {
    if (outage.firstAnswered !== null && this.#firstAnswerSeconds(outage) <= endSeconds) {
      return outage.firstAnswered - outage.firstLost;
    }
    // Those whose answer was due by the end.
    let next = this.#firstToArrive(endSeconds - this.#options.latencySeconds);
    if (this.#answerDueSeconds(next) <= endSeconds) next += 1;
    return Math.max(0, next - outage.firstLost);
  }

  #secondsBy(outage: Outage, endSeconds: number): number {
    if (outage.firstAnswered !== null && this.#firstAnswerSeconds(outage) <= endSeconds) {
      const lateSeconds = this.#firstAnswerSeconds(outage) - this.#answerDueSeconds(outage.firstAnswered);
      return (outage.firstAnswered - outage.firstLost + 1) * this.#options.intervalSeconds + lateSeconds;
    }
    return endSeconds - this.#answerDueSeconds(outage.firstLost - 1);
  }

  #arrivalSeconds(request: number): number {
    return this.#phaseSeconds + request * this.#options.intervalSeconds + this.#options.latencySeconds;
  }

  #answerDueSeconds(request: number): number {
    return this.#arrivalSeconds(request) + this.#options.latencySeconds;
  }

  /** When the first answer after an outage is there: at its time, or later where the guest was not ready to answer. */
  #firstAnswerSeconds({ firstAnswered, answersFromSeconds }: Outage): number {
    const dueSeconds = this.#answerDueSeconds(firstAnswered as number);
    return Math.max(dueSeconds, answersFromSeconds + this.#options.latencySeconds);
  }

  /** Number of the first request that reaches the guest at this time or later. */
  #firstToArrive(atSeconds: number): number {
    const { intervalSeconds, latencySeconds } = this.#options;
    let request = Math.ceil((atSeconds - latencySeconds - this.#phaseSeconds) / intervalSeconds);
    // The division may round across a whole number; arrivals decide.
    while (this.#arrivalSeconds(request - 1) >= atSeconds) request -= 1;
    while (this.#arrivalSeconds(request) < atSeconds) request += 1;
    return request;
  }
}
