/**
 * Load balancing while it is in force. Nothing ticks: hosts' load changes only with machines' phases and moves, so the next look
 * is worked out from there, and there is none while all hosts are in balance.
 */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { BalancingMethod, BalancingValues } from "../orchestration/balancing-methods.ts";
import {
  bestMove,
  deviation,
  type HostLoad,
  memoryShare,
  pressure,
  processorShare,
  type RelievingMove,
} from "../orchestration/host-load.ts";
import type { ProcessorLedger } from "../orchestration/processor-ledger.ts";
import type { BalanceEntry } from "../scenario/load.ts";
import type { BalanceResult } from "../trace/orchestration-result.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import type { Evacuations, MoveOwner } from "./evacuations.ts";
import type { MigrationRun } from "./migration-run.ts";
import type { MigrationRunsObserver } from "./migration-runs.ts";
import { PlannedLoads } from "./planned-loads.ts";
import type { Processors } from "./processors.ts";
import type { Guest } from "./world.ts";

export interface BalanceRunOptions {
  readonly evacuations: Evacuations;
  readonly processors: Processors;
  readonly plan: EvacuationPlan;
  readonly entry: BalanceEntry;
  readonly method: BalancingMethod;
  readonly values: BalancingValues;
  /** Index in the result's list. */
  readonly balance: number;
  /** When it stops; the run's end at the latest. */
  readonly untilSeconds: number;
}

const CODE = { demandChanges: 0, look: 1, carryOut: 2, end: 3 } as const;

/** Stands for all hosts together, which differ too much. */
const ALL_HOSTS = "";

interface Candidate {
  readonly guest: Guest;
  readonly load: { readonly processors: number; readonly memoryBytes: number };
}

export class BalanceRun implements EventHandler, MoveOwner, MigrationRunsObserver {
  readonly #options: BalanceRunOptions;
  readonly #startSeconds: number;
  readonly #planned: PlannedLoads;
  /** As they stood when it began: what would be without it. */
  readonly #unmoved: ProcessorLedger;
  readonly #unmetAtStart: number;
  readonly #deviationAtStart: number;
  /** Since when hosts, by name, have been out of balance. */
  readonly #sinceSeconds = new Map<string, number>();
  readonly #runs: MigrationRun[] = [];
  #look: EventTicket | null = null;
  #lastLookSeconds = Number.NEGATIVE_INFINITY;
  /** The last look found no move, and nothing has changed since. */
  #isStuck = false;
  #awaitsAnswer = false;
  #looks = 0;
  #tips = 0;
  #final: Pick<BalanceResult, "unmetProcessorSeconds" | "unmetUnmovedProcessorSeconds" | "deviationAtEnd"> | null =
    null;

  constructor(options: BalanceRunOptions) {
    const { evacuations, processors, untilSeconds } = options;
    const { simulation, runs } = evacuations.world;
    this.#options = options;
    this.#startSeconds = simulation.now;
    this.#unmetAtStart = processors.actual.unmetProcessorSeconds(simulation.now);
    this.#planned = new PlannedLoads(evacuations, processors);
    this.#unmoved = processors.asTheyStand();
    this.#deviationAtStart = deviation(this.#planned.hosts(), options.values);
    runs.observe(this);
    simulation.schedule(untilSeconds, this, CODE.end);
    this.#awaitDemand();
    this.#consider();
  }

  onEvent(code: number): void {
    if (code === CODE.end) this.#end();
    else if (this.#final !== null) return;
    else if (code === CODE.look) this.#lookAtHosts();
    else if (code === CODE.carryOut) this.#carryOut();
    else {
      this.#isStuck = false;
      this.#awaitDemand();
      this.#consider();
    }
  }

  onMigrationBegun(run: MigrationRun): void {
    this.#planned.place(run.vm, run.to);
  }

  onMigrationOver(run: MigrationRun): void {
    this.#planned.open.delete(run);
    this.#planned.place(run.vm, this.#options.evacuations.world.guest(run.vm).machine.node.name);
    this.#isStuck = false;
    // Others are told of its end at this moment too.
    this.#options.evacuations.soon(() => this.#consider());
  }

  migrationOver(): void {}

  /** A node takes machines again, or does not any more. */
  nodesChanged(): void {
    this.#isStuck = false;
    this.#options.evacuations.soon(() => this.#consider());
  }

  /** The next moment at which a machine asks for more or less. */
  #awaitDemand(): void {
    const { evacuations, processors, untilSeconds } = this.#options;
    const { simulation } = evacuations.world;
    const next = processors.nextChangeAfter(simulation.now);
    if (next < untilSeconds) simulation.schedule(next, this, CODE.demandChanges);
  }

  /** Notes since when what is out of balance, and works out the next look. */
  #consider(): void {
    if (this.#final !== null) return;
    const { evacuations, values, untilSeconds } = this.#options;
    const { simulation } = evacuations.world;
    const { now } = simulation;
    this.#noteImbalances();
    if (this.#look !== null) simulation.cancel(this.#look);
    this.#look = null;
    if (this.#isStuck || this.#awaitsAnswer || this.#sinceSeconds.size === 0) return;
    let dueSeconds = Number.POSITIVE_INFINITY;
    for (const since of this.#sinceSeconds.values()) dueSeconds = Math.min(dueSeconds, since + values.sustainedSeconds);
    const { everySeconds } = values;
    let turn = Math.ceil((Math.max(dueSeconds, now) - this.#startSeconds) / everySeconds);
    if (this.#startSeconds + turn * everySeconds <= this.#lastLookSeconds) turn += 1;
    const atSeconds = Math.max(now, this.#startSeconds + turn * everySeconds);
    if (atSeconds < untilSeconds) this.#look = simulation.schedule(atSeconds, this, CODE.look);
  }

  #noteImbalances(): void {
    const { values, evacuations } = this.#options;
    const { now } = evacuations.world.simulation;
    const hosts = this.#planned.hosts();
    const names = new Set(hosts.filter((host) => pressure(host, values) > 1).map(({ name }) => name));
    if (deviation(hosts, values) > values.deviationLimitShare) names.add(ALL_HOSTS);
    for (const name of this.#sinceSeconds.keys()) if (!names.has(name)) this.#sinceSeconds.delete(name);
    for (const name of names) if (!this.#sinceSeconds.has(name)) this.#sinceSeconds.set(name, now);
  }

  #lookAtHosts(): void {
    const { evacuations, method, values, balance, untilSeconds } = this.#options;
    const { simulation, recorder } = evacuations.world;
    const { now } = simulation;
    this.#look = null;
    this.#lastLookSeconds = now;
    this.#looks += 1;
    if (!method.givesTips) {
      this.#carryOut();
      return;
    }
    this.#tips += 1;
    const carriedOutSeconds = now + values.answerSeconds;
    const [host] = this.#sources(this.#planned.hosts());
    if (recorder.recording && host !== undefined) {
      recorder.record({
        t: now,
        type: "balance.tipRaised",
        balance,
        node: host.name,
        processorShare: processorShare(host),
        memoryShare: memoryShare(host),
        carriedOutSeconds,
      });
    }
    this.#awaitsAnswer = true;
    if (values.answerSeconds === 0) this.#carryOut();
    else if (carriedOutSeconds < untilSeconds) simulation.schedule(carriedOutSeconds, this, CODE.carryOut);
  }

  /** Hosts that machines are to leave, the fullest first. */
  #sources(hosts: readonly HostLoad[]): HostLoad[] {
    const { values, evacuations } = this.#options;
    const latest = evacuations.world.simulation.now - values.sustainedSeconds;
    const isDue = (name: string) => (this.#sinceSeconds.get(name) ?? Number.POSITIVE_INFINITY) <= latest;
    const byPressure = (one: HostLoad, other: HostLoad) => pressure(other, values) - pressure(one, values);
    const fullest = [...hosts].sort(byPressure);
    const differ = isDue(ALL_HOSTS) && deviation(hosts, values) > values.deviationLimitShare;
    return fullest.filter((host) => (pressure(host, values) > 1 && isDue(host.name)) || differ);
  }

  #carryOut(): void {
    const { evacuations, plan, values, balance } = this.#options;
    const { recorder, simulation } = evacuations.world;
    const { now: t } = simulation;
    this.#awaitsAnswer = false;
    const hosts = this.#planned.hosts();
    const before = deviation(hosts, values);
    const chosen: { run: MigrationRun; move: RelievingMove<Candidate>; from: string }[] = [];
    while (chosen.length < values.mostMoves) {
      const next = this.#nextMove();
      if (next === null) break;
      const { move, from } = next;
      const { guest } = move.machine;
      const run = evacuations.migrate(guest, plan, move.to.name, this);
      this.#planned.open.add(run);
      this.#planned.place(guest.scenario.name, move.to.name);
      chosen.push({ run, move, from });
    }
    const moves = chosen.length;
    if (recorder.recording) recorder.record({ t, type: "balance.looked", balance, moves, deviation: before });
    for (const { run, move, from } of chosen) {
      const { machine, to, fromBefore, fromAfter, toAfter } = move;
      if (recorder.recording) {
        const vm = machine.guest.scenario.name;
        const common = { t, type: "balance.moveChosen", balance, vm, from, to: to.name } as const;
        recorder.record({ ...common, fromBefore, fromAfter, toAfter });
      }
      this.#runs.push(run);
      run.request();
    }
    // What is still out of balance is so anew.
    this.#sinceSeconds.clear();
    this.#isStuck = moves === 0;
    this.#consider();
  }

  #nextMove(): { move: RelievingMove<Candidate>; from: string } | null {
    const { evacuations, values } = this.#options;
    const { cluster } = evacuations.world;
    const hosts = this.#planned.hosts();
    const nodeOf = (host: HostLoad): ClusterNode => cluster.node(host.name);
    for (const source of this.#sources(hosts)) {
      const targetsOf = ({ guest }: Candidate) =>
        hosts.filter((host) => host !== source && evacuations.mayReceive(guest, nodeOf(host)));
      const move = bestMove(source, this.#movable(nodeOf(source)), targetsOf, values, values.leastGainShare);
      if (move !== null) return { move, from: source.name };
    }
    return null;
  }

  /** Machines that run here, stand alone, and are not asked to move. */
  #movable(node: ClusterNode): Candidate[] {
    const { evacuations, processors } = this.#options;
    const { simulation } = evacuations.world;
    const planned = new Set([...this.#planned.open].map(({ vm }) => vm));
    return evacuations
      .machinesAt(node)
      .filter(({ machine, scenario }) => {
        const { name, affinity } = scenario;
        return machine.running && affinity === undefined && !planned.has(name) && !evacuations.isAskedToMove(name);
      })
      .map((guest) => ({
        guest,
        load: {
          processors: processors.demandOf(guest.scenario, simulation.now),
          memoryBytes: guest.machine.assignedBytes,
        },
      }));
  }

  #end(): void {
    const { evacuations } = this.#options;
    if (this.#look !== null) evacuations.world.simulation.cancel(this.#look);
    this.#final ??= this.#figures();
  }

  #figures() {
    const { evacuations, processors, values } = this.#options;
    const { now } = evacuations.world.simulation;
    processors.bringUpToDate(this.#unmoved);
    return {
      unmetProcessorSeconds: processors.actual.unmetProcessorSeconds(now) - this.#unmetAtStart,
      unmetUnmovedProcessorSeconds: this.#unmoved.unmetProcessorSeconds(now),
      deviationAtEnd: deviation(this.#planned.hosts(), values),
    };
  }

  result(): BalanceResult {
    const { entry, method } = this.#options;
    const figures = this.#final ?? this.#figures();
    const over = this.#runs.filter((run) => !run.isOpen);
    const moved = over.filter(({ ending }) => ending === "completed").length;
    return {
      method: method.name,
      startSeconds: this.#startSeconds,
      untilSeconds: entry.untilSeconds ?? null,
      looks: this.#looks,
      ...(method.givesTips ? { tips: this.#tips } : {}),
      moved,
      failed: over.length - moved,
      migrations: this.#runs.map(({ migration }) => migration),
      deviationAtStart: this.#deviationAtStart,
      ...figures,
    };
  }
}
