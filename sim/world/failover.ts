/** Nodes that fail and come back, guests that hang, and the cluster that notices and has their machines started again. */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventTicket } from "../kernel/simulation.ts";
import { secondsUntilDeclaredDown } from "../orchestration/failover/heartbeats.ts";
import { type Votes, votesOf } from "../orchestration/failover/quorum.ts";
import type { FailEntry, FailoverTimelineEntry, HangEntry } from "../scenario/failover.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { FailedNodeResult, FailoverResult, FailureCause } from "../trace/failover-result.ts";
import type { Backups } from "./backups.ts";
import type { Evacuations } from "./evacuations.ts";
import type { FailoverPlan } from "./failover-plan.ts";
import { HungGuests } from "./hung-guests.ts";
import { MachineOutage } from "./machine-outage.ts";
import type { MigrationRun } from "./migration-run.ts";
import type { MigrationRunsObserver } from "./migration-runs.ts";
import { Restarts } from "./restarts.ts";
import type { Storage } from "./storage.ts";
import type { Guest, World } from "./world.ts";

/** A node from its failure until it is back. */
interface NodeFailure {
  readonly node: ClusterNode;
  readonly result: FailedNodeResult;
  /** Of its being declared down; null once that is done, or where nobody does. */
  ticket: EventTicket | null;
  /** Of its being back; null while it does not boot. */
  boot: EventTicket | null;
}

export class Failover implements MigrationRunsObserver {
  private readonly world: World;
  private readonly plan: FailoverPlan;
  private readonly storage: Storage;
  private readonly evacuations: Evacuations;
  private readonly backups: Backups;
  private readonly warnings: string[];
  private readonly restarts: Restarts;
  private readonly hungGuests: HungGuests;
  private readonly down = new Map<ClusterNode, NodeFailure>();
  private readonly nodes: FailedNodeResult[] = [];
  private readonly outages: MachineOutage[] = [];
  /** The last outage of each machine that is down. */
  private readonly open = new Map<Guest, MachineOutage>();
  /** Since when there is no quorum; null while there is one. */
  private withoutQuorumSince: number | null = null;
  private withoutQuorumSeconds = 0;

  /** Warnings are added to `warnings`, which is the run's. */
  constructor(
    world: World,
    plan: FailoverPlan,
    { storage, evacuations, backups }: { storage: Storage; evacuations: Evacuations; backups: Backups },
    warnings: string[],
  ) {
    this.world = world;
    this.plan = plan;
    this.storage = storage;
    this.evacuations = evacuations;
    this.backups = backups;
    backups.watch(this);
    this.warnings = warnings;
    this.restarts = new Restarts(world, plan, evacuations, (outage) => this.open.delete(outage.guest));
    this.hungGuests = new HungGuests(world, plan, this.restarts);
    if (plan.isUsed) world.runs.observe(this);
  }

  schedule(entry: FailoverTimelineEntry): void {
    const { simulation, cluster } = this.world;
    const carryOut = () => {
      if (entry.kind === "hang") this.hang(entry);
      else if (entry.kind === "fail") this.fail(entry);
      else this.recover(cluster.node(entry.node));
    };
    simulation.schedule(entry.atSeconds, { onEvent: carryOut }, 0);
  }

  onMigrationBegun(): void {}

  /** What could not be done while the machine was on its way is done now. */
  onMigrationOver(run: MigrationRun): void {
    const guest = this.world.guest(run.vm);
    this.machineRuns(guest);
    this.hungGuests.onMigrationOver(guest);
    this.restarts.retry();
  }

  /** Again, or still, after something in which it could not be stopped. */
  machineRuns(guest: Guest): void {
    if (this.withoutQuorumSince !== null && guest.machine.running) this.stopWithoutQuorum(guest);
  }

  result(endSeconds: number): { failover?: FailoverResult } {
    if (!this.plan.isUsed) return {};
    const without = this.withoutQuorumSince === null ? 0 : endSeconds - this.withoutQuorumSince;
    const withoutQuorumSeconds = this.withoutQuorumSeconds + without;
    return {
      failover: {
        preset: this.plan.preset.name,
        nodes: this.nodes,
        machines: this.outages.map((outage) => outage.result(endSeconds)),
        ...(withoutQuorumSeconds === 0 ? {} : { withoutQuorumSeconds }),
      },
    };
  }

  private fail({ node: name, sinceHeartbeatSeconds }: FailEntry): void {
    const { cluster, simulation, runs } = this.world;
    const node = cluster.node(name);
    const before = this.down.get(node);
    if (before !== undefined) {
      // It boots, and does not get through.
      if (before.boot !== null) simulation.cancel(before.boot);
      before.boot = null;
      this.record({ type: "node.failed", node: name, machines: 0 });
      return;
    }
    const reason = `${name} lost its power at ${simulation.now} s.`;
    node.isUp = false;
    this.record({ type: "node.failed", node: name, machines: node.machines.size });
    const result = { node: name, failedSeconds: simulation.now, declaredDownSeconds: null, recoveredSeconds: null };
    this.nodes.push(result);
    const noticedSeconds = this.plan.preset.restarts
      ? simulation.now + this.unnoticedSeconds(name, sinceHeartbeatSeconds)
      : null;
    const onEvent = () => this.declareDown(node, this.plan.settings.missedHeartbeats);
    const ticket = noticedSeconds === null ? null : simulation.schedule(noticedSeconds, { onEvent }, 0);
    this.down.set(node, { node, result, ticket, boot: null });
    this.storage.nodeFailed(name, noticedSeconds);
    this.evacuations.nodeFailed(node, reason);
    this.restarts.nodeFailed(node);
    for (const run of [...runs.open]) {
      for (const { guest, hasSavedState } of run.nodeLost(name, reason)) {
        this.begin(guest, "migration-lost", reason, { awaits: node, hasSavedState });
      }
    }
    for (const guest of this.backups.nodeLost(name, reason)) {
      this.begin(guest, "node-failed", reason, { awaits: node, hasSavedState: true });
    }
    for (const guest of this.evacuations.machinesAt(node)) {
      // One whose migration goes on does not need the node any more.
      if (!cluster.isMoving(guest.machine)) this.begin(guest, "node-failed", reason, { awaits: node });
    }
    this.evacuations.goOn(node);
  }

  /** From a node's death until the cluster knows. */
  private unnoticedSeconds(node: string, sinceHeartbeatSeconds: number | undefined): number {
    const { settings } = this.plan;
    const { random } = this.world.simulation;
    const sinceSeconds =
      sinceHeartbeatSeconds ?? random.stream(`heartbeat/${node}`).next() * settings.heartbeatIntervalSeconds;
    return secondsUntilDeclaredDown(settings, sinceSeconds);
  }

  /** Its guest is down from now on, or stays so: another cause adds nothing to the first. */
  private begin(
    guest: Guest,
    cause: FailureCause,
    reason: string,
    options: { readonly awaits?: ClusterNode; readonly hasSavedState?: boolean } = {},
  ): MachineOutage {
    const { simulation } = this.world;
    let outage = this.open.get(guest);
    if (outage === undefined) {
      outage = new MachineOutage(
        guest,
        cause,
        this.plan.preset.restarts ? reason : `${reason} No cluster restarts what was there.`,
        simulation.now,
        options,
      );
      this.outages.push(outage);
      this.open.set(guest, outage);
    }
    outage.awaits = options.awaits ?? outage.awaits;
    if (cause === "guest-hung" || outage.hasSavedState) return outage;
    if (guest.machine.running) {
      guest.announcement?.stop();
      guest.activity.standStill(simulation.now);
    }
    guest.machine.powerOff();
    return outage;
  }

  private declareDown(node: ClusterNode, missedHeartbeats: number | null): void {
    const failure = this.down.get(node) as NodeFailure;
    const { simulation } = this.world;
    failure.ticket = null;
    failure.result.declaredDownSeconds = simulation.now;
    const seconds = simulation.now - failure.result.failedSeconds;
    this.record({ type: "node.declaredDown", node: node.name, missedHeartbeats, seconds, by: this.plan.preset.name });
    const lost: MachineOutage[] = [];
    for (const outage of this.open.values()) {
      if (outage.awaits !== node) continue;
      outage.awaits = null;
      outage.noticedSeconds ??= simulation.now;
      lost.push(outage);
    }
    const votes = this.votes();
    if (!votes.isQuorum) {
      this.loseQuorum(votes);
      return;
    }
    this.storage.nodeDeclaredDown(node.name);
    this.afterReform(() => this.restarts.add(lost.filter((outage) => this.isToBeStarted(outage))));
  }

  /** The survivors agree first; whoever has not lost the quorum meanwhile goes on. */
  private afterReform(goOn: () => void): void {
    const { simulation } = this.world;
    const onEvent = () => {
      if (this.withoutQuorumSince === null) goOn();
    };
    simulation.schedule(simulation.now + this.plan.settings.reformSeconds, { onEvent }, 0);
  }

  private isToBeStarted(outage: MachineOutage): boolean {
    return this.open.get(outage.guest) === outage && outage.awaits === null && !this.restarts.isStarting(outage);
  }

  private votes(): Votes {
    let up = 0;
    let all = 0;
    for (const { isUp } of this.world.cluster.nodes) {
      all += 1;
      if (isUp) up += 1;
    }
    return votesOf(up, all, this.plan.settings);
  }

  private loseQuorum({ present, all }: Votes): void {
    if (this.withoutQuorumSince !== null) return;
    const { simulation, runs, cluster } = this.world;
    this.withoutQuorumSince = simulation.now;
    this.record({ type: "cluster.quorumLost", votes: present, ofVotes: all, by: this.plan.preset.name });
    this.warnings.push(
      `At ${simulation.now} s the cluster had ${present} of ${all} votes, no majority, and stopped all machines.`,
    );
    this.restarts.stopAll();
    for (const run of [...runs.open]) run.cancel("failed", "The cluster lost its quorum.");
    for (const node of cluster.nodes) {
      if (!node.isUp) continue;
      // One in its blackout is stopped as that is over.
      for (const guest of this.evacuations.machinesAt(node)) if (guest.machine.running) this.stopWithoutQuorum(guest);
    }
    for (const outage of this.open.values()) outage.reason = NO_QUORUM;
  }

  private stopWithoutQuorum(guest: Guest): void {
    const outage = this.begin(guest, "quorum-lost", NO_QUORUM);
    outage.noticedSeconds ??= this.world.simulation.now;
  }

  private recover(node: ClusterNode): void {
    const { simulation } = this.world;
    const failure = this.down.get(node) as NodeFailure;
    this.record({ type: "node.recovering", node: node.name });
    const onEvent = () => this.isBack(node);
    failure.boot = simulation.schedule(simulation.now + this.plan.settings.nodeBootSeconds, { onEvent }, 0);
  }

  private isBack(node: ClusterNode): void {
    const { simulation } = this.world;
    const failure = this.down.get(node) as NodeFailure;
    const { result, ticket } = failure;
    node.isUp = true;
    result.recoveredSeconds = simulation.now;
    const downSeconds = simulation.now - result.failedSeconds;
    this.record({ type: "node.recovered", node: node.name, downSeconds, by: this.plan.preset.name });
    this.storage.nodeIsBack(node.name);
    if (this.plan.preset.restarts) {
      // A node that joins again tells of its death, if nobody has noticed.
      if (ticket !== null) {
        simulation.cancel(ticket);
        this.declareDown(node, null);
      }
      this.regainQuorum();
      for (const { node: other, ticket: unnoticed } of this.down.values()) {
        if (other !== node && unnoticed === null) this.storage.nodeDeclaredDown(other.name);
      }
    }
    this.down.delete(node);
    this.restarts.retry();
  }

  private regainQuorum(): void {
    const votes = this.votes();
    if (this.withoutQuorumSince === null || !votes.isQuorum) return;
    this.withoutQuorumSeconds += this.world.simulation.now - this.withoutQuorumSince;
    this.withoutQuorumSince = null;
    this.record({ type: "cluster.quorumRegained", votes: votes.present, ofVotes: votes.all });
    for (const { node, ticket } of this.down.values()) if (ticket === null) this.storage.nodeDeclaredDown(node.name);
    this.afterReform(() => {
      const stopped = [...this.open.values()].filter((outage) => this.isToBeStarted(outage));
      this.restarts.add(stopped, "in-place");
    });
  }

  private hang({ vm }: HangEntry): void {
    const { simulation } = this.world;
    const guest = this.world.guest(vm);
    if (!guest.machine.working) {
      this.warnings.push(`${vm} did not run at ${simulation.now} s, and could not hang.`);
      return;
    }
    const outage = this.begin(guest, "guest-hung", `${vm} hung at ${simulation.now} s.`);
    guest.activity.hang(simulation.now);
    guest.machine.hang();
    if (this.plan.preset.restarts) this.hungGuests.watch(outage, () => this.open.get(guest) === outage);
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}

const NO_QUORUM = "The cluster lost its quorum, and stopped all machines.";
