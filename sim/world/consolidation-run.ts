/** A consolidation: hosts that can be spared are emptied and powered off, and are back by a time. */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventHandler } from "../kernel/simulation.ts";
import { type PackingHost, type PackingUnit, pack } from "../orchestration/packing.ts";
import type { PowerValues } from "../orchestration/power.ts";
import type { ConsolidateEntry } from "../scenario/load.ts";
import type { MigrationResult } from "../trace/migration-result.ts";
import type { ConsolidatedNodeResult, ConsolidationResult } from "../trace/orchestration-result.ts";
import type { DrainRun } from "./drain-run.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import type { Evacuations } from "./evacuations.ts";
import { HostPower, type PowerCut } from "./host-power.ts";
import type { Processors } from "./processors.ts";
import type { Guest } from "./world.ts";

export interface ConsolidationRunOptions {
  readonly evacuations: Evacuations;
  readonly processors: Processors;
  readonly plan: EvacuationPlan;
  readonly entry: ConsolidateEntry;
  readonly power: PowerValues;
}

const CODE = { powerOn: 0, back: 1 } as const;

export class ConsolidationRun implements EventHandler {
  readonly #options: ConsolidationRunOptions;
  readonly #power: HostPower;
  readonly #drains: DrainRun[] = [];
  readonly #cuts = new Map<string, PowerCut>();
  readonly #startSeconds: number;
  #open = 0;
  #isBack = false;
  #final: { endSeconds: number; figures: ReturnType<HostPower["figures"]> } | null = null;

  constructor(options: ConsolidationRunOptions) {
    const { evacuations, processors, power, plan, entry } = options;
    const { simulation, cluster } = evacuations.world;
    this.#options = options;
    this.#startSeconds = simulation.now;
    this.#power = new HostPower(power, processors, cluster.nodes, simulation.now);
    const { emptied, targetOf } = this.#pack();
    const targets = new Map([...targetOf].map(([guest, node]) => [guest.scenario.name, node]));
    for (const name of emptied) {
      const drain = evacuations.drain(cluster.node(name), plan, {
        durationSeconds: null,
        moveBack: entry.moveBack,
        givesUp: true,
        powerOff: { targetOf: targets, onEmpty: (empty) => this.#powerOff(empty.node) },
        onOver: () => this.#over(),
      });
      if (drain !== null) this.#drains.push(drain);
    }
    this.#open = this.#drains.length;
    simulation.schedule(Math.max(simulation.now, entry.untilSeconds - power.bootSeconds), this, CODE.powerOn);
    simulation.schedule(entry.untilSeconds, this, CODE.back);
    // All of them stop taking machines before the first one moves.
    for (const drain of this.#drains) drain.start();
  }

  onEvent(code: number): void {
    if (code === CODE.powerOn) this.#powerOn();
    else this.#back();
  }

  #pack() {
    const { evacuations, processors, power, entry } = this.#options;
    const { cluster } = evacuations.world;
    const hosts: PackingHost<Guest>[] = [];
    for (const node of cluster.nodes) {
      if (node.whyClosed !== null) continue;
      const units = this.#unitsAt(node);
      const asked = units.reduce((sum, unit) => sum + unit.processors, 0);
      const available = processors.of(node.name);
      hosts.push({
        name: node.name,
        units,
        freeBytes: node.freeBytes - node.reserveBytes - node.promisedBytes,
        freeProcessors: available === 0 ? Number.POSITIVE_INFINITY : power.processorLimitShare * available - asked,
        memoryBytes: node.memoryBytes,
      });
    }
    return pack(hosts, entry.keep, (unit, host, targetOf) => this.#mayTake(unit, cluster.node(host), targetOf));
  }

  #unitsAt(node: ClusterNode): PackingUnit<Guest>[] {
    const { evacuations } = this.#options;
    const groups = new Map<string, Guest[]>();
    for (const guest of evacuations.machinesAt(node)) {
      const { name, affinity } = guest.scenario;
      const key = affinity === undefined ? `machine ${name}` : `group ${affinity}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [guest]);
      else group.push(guest);
    }
    return [...groups.values()].map((machines) => ({
      machines,
      memoryBytes: machines.reduce((sum, { machine }) => sum + machine.assignedBytes, 0),
      processors: machines.reduce((sum, guest) => sum + this.#mostAskedBy(guest), 0),
    }));
  }

  /** From now until the hosts are back. */
  #mostAskedBy({ scenario }: Guest): number {
    const { processors, entry } = this.#options;
    let most = processors.demandOf(scenario, this.#startSeconds);
    for (const step of scenario.cpuDemand ?? []) {
      if (step.fromSeconds > this.#startSeconds && step.fromSeconds < entry.untilSeconds) {
        most = Math.max(most, step.processors);
      }
    }
    return most;
  }

  #mayTake(unit: PackingUnit<Guest>, node: ClusterNode, targetOf: ReadonlyMap<Guest, string>): boolean {
    const { world } = this.#options.evacuations;
    return unit.machines.every((guest) => {
      if (!guest.machine.running || world.cluster.whyUnsuitable(guest.machine, node) !== null) return false;
      const { antiAffinity, name } = guest.scenario;
      if (antiAffinity === undefined) return true;
      for (const { name: other } of world.cluster.vms) {
        const opponent = world.guest(other);
        if (other === name || opponent.scenario.antiAffinity !== antiAffinity) continue;
        if ((targetOf.get(opponent) ?? opponent.machine.node.name) === node.name) return false;
      }
      return true;
    });
  }

  #powerOff(node: ClusterNode): void {
    const { evacuations, power, entry } = this.#options;
    const { simulation, recorder } = evacuations.world;
    const offSeconds = simulation.now + power.shutdownSeconds;
    // One that would have to come back at once stays on.
    if (offSeconds >= entry.untilSeconds - power.bootSeconds) return;
    const cut: PowerCut = {
      shutdownSeconds: simulation.now,
      offSeconds: null,
      bootSeconds: null,
      backSeconds: null,
    };
    this.#cuts.set(node.name, cut);
    const onEvent = () => {
      cut.offSeconds = offSeconds;
      if (recorder.recording) recorder.record({ t: offSeconds, type: "node.poweredOff", node: node.name });
    };
    simulation.schedule(offSeconds, { onEvent }, 0);
  }

  #powerOn(): void {
    const { evacuations, power } = this.#options;
    const { simulation, recorder, cluster } = evacuations.world;
    const { now: t } = simulation;
    const { bootSeconds } = power;
    for (const [node, cut] of this.#cuts) {
      if (!cluster.node(node).isUp) continue;
      cut.bootSeconds = t;
      if (recorder.recording) recorder.record({ t, type: "node.poweredOn", node, bootSeconds });
    }
  }

  #back(): void {
    const { simulation, recorder } = this.#options.evacuations.world;
    const { now: t } = simulation;
    for (const [node, cut] of this.#cuts) {
      if (cut.bootSeconds === null) continue;
      cut.backSeconds = t;
      if (recorder.recording) recorder.record({ t, type: "node.booted", node });
    }
    this.#isBack = true;
    for (const drain of this.#drains) drain.resume();
    this.#endWhereOver();
  }

  #over(): void {
    this.#open -= 1;
    this.#endWhereOver();
  }

  #endWhereOver(): void {
    if (!this.#isBack || this.#open > 0) return;
    const { now } = this.#options.evacuations.world.simulation;
    this.#final ??= { endSeconds: now, figures: this.#power.figures(this.#cuts, now) };
  }

  /** What it came to; `migrations` are the run's. */
  result(migrations: readonly MigrationResult[], horizonSeconds: number): ConsolidationResult {
    const { entry, power } = this.#options;
    const figures = this.#final?.figures ?? this.#power.figures(this.#cuts, horizonSeconds);
    const runs = this.#drains.flatMap(({ migrationRuns }) => migrationRuns);
    const own = runs.map(({ migration }) => migrations[migration] as MigrationResult);
    const moved = own.filter(({ outcome }) => outcome === "completed").length;
    const outages = own.flatMap(({ clientOutageSeconds }) =>
      clientOutageSeconds === null ? [] : [clientOutageSeconds],
    );
    const begun = own.filter(({ startSeconds }) => startSeconds !== null);
    const bytes = own.reduce((sum, { transferredBytes }) => sum + transferredBytes, 0);
    const migrationsJoules = power.joulesPerMigration * begun.length + (power.joulesPerGigabyte * bytes) / 1e9;
    const { baselineJoules, hostsJoules, unmetProcessorSeconds, unmetUnmovedProcessorSeconds } = figures;
    return {
      startSeconds: this.#startSeconds,
      untilSeconds: entry.untilSeconds,
      endSeconds: this.#final?.endSeconds ?? null,
      nodes: this.#drains.map((drain) => this.#nodeResult(drain, horizonSeconds)),
      migrations: runs.map(({ migration }) => migration),
      moved,
      failed: own.length - moved,
      baselineJoules,
      hostsJoules,
      migrationsJoules,
      savedJoules: baselineJoules - hostsJoules - migrationsJoules,
      unmetProcessorSeconds,
      unmetUnmovedProcessorSeconds,
      downtimeSeconds: own.reduce((sum, { downtimeSeconds }) => sum + (downtimeSeconds ?? 0), 0),
      worstClientOutageSeconds: outages.length === 0 ? null : outages.reduce((worst, each) => Math.max(worst, each)),
    };
  }

  #nodeResult({ node, outcome }: DrainRun, horizonSeconds: number): ConsolidatedNodeResult {
    const cut = this.#cuts.get(node.name);
    if (cut === undefined || cut.offSeconds === null) {
      const kept = outcome === "completed" ? "too-late" : "kept-machines";
      return { node: node.name, outcome: kept, offSeconds: null };
    }
    const offSeconds = (cut.bootSeconds ?? horizonSeconds) - cut.offSeconds;
    return { node: node.name, outcome: "powered-off", offSeconds };
  }
}
