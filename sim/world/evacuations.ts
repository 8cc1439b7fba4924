/** The drains of a run, what they have promised to whom, and where the machines that they move may go. */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventHandler } from "../kernel/simulation.ts";
import { type Candidate, mayReceive, type Placement, place } from "../orchestration/placement.ts";
import type { MaintenanceTimelineEntry } from "../scenario/maintenance.ts";
import type { RunResult } from "../trace/result.ts";
import { DrainRun, type DrainRunOptions } from "./drain-run.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import { MachineGroups } from "./machine-groups.ts";
import { MaintenanceRun } from "./maintenance-run.ts";
import { MigrationRun } from "./migration-run.ts";
import type { MigrationRunsObserver } from "./migration-runs.ts";
import type { Plan } from "./plan.ts";
import type { Guest, World } from "./world.ts";

/** Whoever asks for a machine's migration, and is told once it is over. */
export interface MoveOwner {
  migrationOver(run: MigrationRun): void;
}

/** What is known of a migration that was asked for here. */
interface Move {
  readonly guest: Guest;
  readonly owner: MoveOwner;
  readonly plan: EvacuationPlan;
  /** Memory promised at the target and not yet held there; 0 once it is. */
  promisedBytes: number;
}

export class Evacuations implements MigrationRunsObserver {
  readonly world: World;
  readonly #plan: Plan;
  readonly #warnings: string[];
  readonly #drains: DrainRun[] = [];
  readonly #emptying = new Set<DrainRun>();
  readonly #rounds: MaintenanceRun[] = [];
  /** The last drain of each node. */
  readonly #drainOf = new Map<ClusterNode, DrainRun>();
  readonly #moves = new Map<MigrationRun, Move>();
  readonly #nodeObservers: (() => void)[] = [];
  #groups: MachineGroups | null = null;

  /** Warnings are added to `warnings`, which is the run's. */
  constructor(world: World, plan: Plan, warnings: string[]) {
    this.world = world;
    this.#plan = plan;
    this.#warnings = warnings;
    if (plan.evacuations.size > 0) world.runs.observe(this);
  }

  schedule(entry: MaintenanceTimelineEntry): void {
    const handler: EventHandler = { onEvent: () => this.#carryOut(entry) };
    this.world.simulation.schedule(entry.atSeconds, handler, 0);
  }

  /** Calls back now, once what is going on now is done. */
  soon(callBack: () => void): void {
    this.world.simulation.schedule(this.world.simulation.now, { onEvent: callBack }, 0);
  }

  #carryOut(entry: MaintenanceTimelineEntry): void {
    const { cluster, simulation } = this.world;
    if (entry.kind === "resume") {
      const drain = this.#drainOf.get(cluster.node(entry.node));
      if (drain?.resume() === true) return;
      this.#warnings.push(`${entry.node} was not in maintenance, and could not be resumed at ${simulation.now} s.`);
      return;
    }
    const plan = this.#plan.evacuations.get(entry) as EvacuationPlan;
    if (entry.kind === "maintenance") {
      const round = new MaintenanceRun(this, entry, plan);
      this.#rounds.push(round);
      round.goOn();
      return;
    }
    const { durationSeconds = null, moveBack } = entry;
    const options = { durationSeconds, moveBack, givesUp: false, onOver() {} };
    this.drain(cluster.node(entry.node), plan, options)?.start();
  }

  /** A node is dead: its drain moves nothing more, and those that wait to go there go elsewhere. */
  nodeFailed(node: ClusterNode, reason: string): void {
    this.#drainOf.get(node)?.nodeFailed(reason);
    this.nodesChanged();
    this.#placeAnew(node, reason);
  }

  /** It runs again where it is placed, which may be a node that is being emptied. */
  machineIsBack(guest: Guest): void {
    const drain = this.#drainOf.get(guest.machine.node);
    if (drain?.isEmptying === true) drain.machineIsHere(guest);
  }

  /** Migrations of a dead node are over: its drain may be. */
  goOn(node: ClusterNode): void {
    this.#drainOf.get(node)?.goOn();
  }

  /** Calls back each time a node stops taking machines, or takes them again. */
  observeNodes(onChanged: () => void): void {
    this.#nodeObservers.push(onChanged);
  }

  /** For DrainRun. */
  nodesChanged(): void {
    for (const onChanged of this.#nodeObservers) onChanged();
  }

  /** A drain that is to be started; null, with a warning, where the node is being emptied, in maintenance or down already. */
  drain(
    node: ClusterNode,
    plan: EvacuationPlan,
    options: Omit<DrainRunOptions, "evacuations" | "plan" | "drain" | "node">,
  ): DrainRun | null {
    if (node.whyClosed !== null) {
      const why = node.isUp
        ? `${node.name} was in maintenance already`
        : `${node.name} could not be emptied: it was down`;
      this.#warnings.push(`${why} at ${this.world.simulation.now} s.`);
      return null;
    }
    const drain = new DrainRun({ evacuations: this, plan, drain: this.#drains.length, node, ...options });
    this.#drains.push(drain);
    this.#emptying.add(drain);
    this.#drainOf.set(node, drain);
    this.#placeAnew(node, `${node.name} goes into maintenance.`);
    this.nodesChanged();
    return drain;
  }

  /** The machines on a node, in the scenario's order. */
  machinesAt(node: ClusterNode): Guest[] {
    const inOrder = [...node.machines].sort((one, other) => one.index - other.index);
    return inOrder.map(({ name }) => this.world.guest(name));
  }

  /** Whether a machine is on its way to this node. */
  isAwaited(node: ClusterNode): boolean {
    for (const run of this.world.runs.open) if (run.to === node.name && !run.isWaiting) return true;
    return false;
  }

  /** Whether a migration of this machine is asked for and not over. */
  isAskedToMove(vm: string): boolean {
    for (const run of this.world.runs.open) if (run.vm === vm) return true;
    return false;
  }

  /** Whether moves are open that may make room somewhere once they are over. */
  get mayMakeRoom(): boolean {
    return this.world.runs.open.size > 0;
  }

  /** @param targets The nodes that may receive, instead of those that the plan names. */
  place(guest: Guest, { entry }: EvacuationPlan, targets?: readonly string[]): Placement {
    const wanted = targets ?? entry.targets;
    return place(candidateOf(guest), {
      cluster: this.world.cluster,
      groups: this.groups,
      goal: entry.placement,
      targets: wanted === undefined ? null : new Set(wanted),
    });
  }

  /** Whether a node may receive a machine now. */
  mayReceive(guest: Guest, node: ClusterNode): boolean {
    return mayReceive(candidateOf(guest), node, { cluster: this.world.cluster, groups: this.groups, targets: null });
  }

  /** A migration, still to be asked for; its target's memory is promised to it. */
  migrate(guest: Guest, plan: EvacuationPlan, to: string, owner: MoveOwner): MigrationRun {
    const { name, memoryBytes } = guest.scenario;
    const migration = plan.migration(name, memoryBytes, to, this.world.simulation.now);
    const run = new MigrationRun(this.world, migration, plan.entry.slots);
    const move: Move = { guest, owner, plan, promisedBytes: 0 };
    this.#moves.set(run, move);
    this.#promise(move, to);
    return run;
  }

  onMigrationBegun(run: MigrationRun): void {
    const move = this.#moves.get(run);
    if (move !== undefined) this.#takePromiseBack(move, run.to);
  }

  onMigrationOver(run: MigrationRun): void {
    const move = this.#moves.get(run);
    if (move !== undefined) {
      this.#takePromiseBack(move, run.to);
      this.#groups?.setHeading(run.vm, null);
      this.#moves.delete(run);
    }
    const guest = this.world.guest(run.vm);
    const drain = this.#drainOf.get(guest.machine.node);
    // One that a drain could not move away is not tried again.
    if (drain?.isEmptying === true && drain !== move?.owner) drain.machineIsHere(guest);
    move?.owner.migrationOver(run);
    for (const other of this.#emptying) {
      if (other.isEmptying) other.goOn();
      else this.#emptying.delete(other);
    }
  }

  result(): Pick<RunResult, "drains" | "maintenance"> {
    return {
      ...(this.#drains.length === 0 ? {} : { drains: this.#drains.map((drain) => drain.result()) }),
      ...(this.#rounds.length === 0 ? {} : { maintenance: this.#rounds.map((round) => round.result()) }),
    };
  }

  /** Those that wait to go to this node go elsewhere, where there is a place; otherwise they fail once it is their turn. */
  #placeAnew(node: ClusterNode, reason: string): void {
    for (const [run, move] of this.#moves) {
      if (run.to !== node.name || !run.isWaiting) continue;
      const placement = this.place(move.guest, move.plan);
      if (placement.node === null) continue;
      this.#takePromiseBack(move, run.to);
      this.#promise(move, placement.node.name);
      run.retarget(placement.node.name, reason);
    }
  }

  #promise(move: Move, to: string): void {
    const { name, assignedBytes } = move.guest.machine;
    move.promisedBytes = assignedBytes;
    this.world.cluster.node(to).promisedBytes += assignedBytes;
    this.groups.setHeading(name, to);
  }

  #takePromiseBack(move: Move, to: string): void {
    this.world.cluster.node(to).promisedBytes -= move.promisedBytes;
    move.promisedBytes = 0;
  }

  /** Who is to be together and apart, and where each is or is going. */
  get groups(): MachineGroups {
    this.#groups ??= new MachineGroups(this.world.cluster, this.#plan.scenario.vms);
    return this.#groups;
  }
}

function candidateOf({ scenario, machine }: Guest): Candidate {
  const { name, affinity, antiAffinity } = scenario;
  const { assignedBytes: memoryBytes } = machine;
  return { name, memoryBytes, affinity: affinity ?? null, antiAffinity: antiAffinity ?? null };
}
