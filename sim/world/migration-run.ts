/** One migration of the timeline, from its request to its result. */
import type { Move } from "../cluster/move.ts";
import type { EventHandler } from "../kernel/simulation.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { Migration, MigrationStage } from "../migration/migration.ts";
import type { MigrationHost } from "../migration/migration-context.ts";
import type { MigrationSide } from "../migration/node-loss.ts";
import type { LimitChanges } from "../migration/page-sender.ts";
import { QuickMigration } from "../migration/quick-migration.ts";
import { SettledMigration } from "../migration/settled-migration.ts";
import { Announcement } from "../network/announcement.ts";
import type { AdmissionRequest, OrchestrationSlots } from "../orchestration/admission.ts";
import type { MigrateEntry } from "../scenario/scenario.ts";
import { StorageHandOver } from "../storage/storage-hand-over.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { MigrationResult, TeamMembers } from "../trace/migration-result.ts";
import { type StartedMove, startedLinear, startedPrecopy } from "./copying-migrations.ts";
import { type MigrationRecord, migrationResult } from "./migration-result.ts";
import { MovedMemory } from "./moved-memory.ts";
import type { MigrationPlan, QuickPlan } from "./plan.ts";
import { QuickGroup } from "./quick-group.ts";
import type { StrandedGuest } from "./stranded-guest.ts";
import type { Guest, World } from "./world.ts";

export class MigrationRun implements EventHandler, AdmissionRequest, MigrationHost {
  readonly slots: OrchestrationSlots | null;

  private readonly world: World;
  private entry: MigrateEntry;
  private readonly guest: Guest;
  private readonly plan: MigrationPlan;
  private index = -1;
  private source = "";
  private stage: "to-come" | "waiting" | "under-way" | "over" = "to-come";
  private outcome: MigrationOutcome = "not-converged";
  private reason = "";
  private live: Migration | null = null;
  private move: Move | null = null;
  /** Of a quick migration: all machines that it moves. */
  private group: QuickGroup | null = null;
  private handOver: StorageHandOver | null = null;
  private isAtHorizon = false;
  /** Null where the guest has all of its memory all the time. */
  private readonly moved: MovedMemory | null;
  /** Where nodes have teams. */
  private teamMembers: TeamMembers[] | null = null;
  private stoppedSeconds = Number.NaN;
  private endedSeconds = Number.NaN;

  /** It happens once `request` is called, or the event for which it is scheduled. */
  constructor(world: World, plan: MigrationPlan, slots: OrchestrationSlots | null = null) {
    const { entry } = plan;
    this.world = world;
    this.entry = entry;
    this.slots = slots;
    this.guest = world.guest(entry.vm);
    this.source = this.guest.machine.node.name;
    this.plan = plan;
    const { mechanism } = plan;
    this.moved =
      this.guest.machine.follower === null
        ? null
        : new MovedMemory(world, this.guest, mechanism.kind === "pre-copy" && mechanism.squeezesMemory);
  }

  /** Index in the result's list, which has migrations in the order in which they are asked for; -1 before that. */
  get migration(): number {
    return this.index;
  }

  get migrationsPerNode(): number {
    return this.plan.migrationsPerNode;
  }

  get to(): string {
    return this.entry.to;
  }

  get vm(): string {
    return this.entry.vm;
  }

  /** Where the guest was when the migration was asked for. */
  get from(): string {
    return this.source;
  }

  /** The migration is asked for, by the timeline. */
  onEvent(): void {
    this.request();
  }

  /** The migration is asked for; `refusal` says why it cannot be done, where whoever asks knows already. */
  request(refusal: string | null = null): void {
    const { world, entry } = this;
    const migration = world.runs.add(this);
    this.index = migration;
    this.source = this.guest.machine.node.name;
    const { vm, to, mode, profile } = entry;
    this.record({ type: "migration.requested", migration, vm, from: this.source, to, mode, profile });
    const objection = refusal ?? this.whyNotMove();
    if (objection !== null) {
      this.finish("failed", objection);
      return;
    }
    this.stage = "waiting";
    world.admission.request(this);
  }

  /** It goes to another node, for which it waits behind all that wait by now; only while it waits. */
  retarget(to: string, reason: string): void {
    if (this.stage !== "waiting") throw new Error(`migration ${this.index} does not wait`);
    const { admission } = this.world;
    admission.release(this);
    this.entry = { ...this.entry, to };
    this.record({ type: "migration.retargeted", migration: this.index, to, reason });
    admission.request(this);
  }

  onAdmitted(): void {
    const { world, entry, guest, migration } = this;
    const objection =
      guest.machine.node.name === this.source
        ? this.whyNotMove()
        : `${entry.vm} has left ${this.source} while this migration waited.`;
    this.stage = "under-way";
    if (objection !== null) {
      this.ended("failed", objection);
      return;
    }
    const { mechanism } = this.plan;
    this.moved?.begin();
    if (mechanism.kind !== "quick") this.move = world.cluster.beginMove(entry.vm, entry.to);
    world.runs.begun(this);
    const memory = this.moved?.now ?? this.guest.memory;
    this.record({
      type: "migration.started",
      migration,
      network: world.migrationNetwork.name,
      memoryPages: memory.totalPages,
      zeroPages: memory.zeroPages,
    });
    if (mechanism.kind === "quick") this.live = this.startQuick(mechanism);
    else if (mechanism.kind === "linear") this.live = startedLinear(this.started(memory), mechanism);
    else {
      const { live, members } = startedPrecopy(this.started(memory), mechanism);
      this.live = live;
      this.teamMembers = members;
    }
  }

  private started(memory: GuestMemory): StartedMove {
    const { world, entry, guest, source, migration, moved } = this;
    const squeezeSeconds = moved?.squeezeSeconds ?? 0;
    return { world, entry, guest, source, migration, memory, squeezeSeconds, host: this };
  }

  private whyNotMove(): string | null {
    const { vm, to } = this.entry;
    const { cluster } = this.world;
    if (this.plan.mechanism.kind === "quick") return cluster.whyNotMoveGroup(vm, to);
    return cluster.whyNotMove(vm, to, this.moved?.isSqueezed ?? false);
  }

  private startQuick({ settings }: QuickPlan): Migration {
    const { world, entry, source: from, migration } = this;
    const { simulation, recorder, cluster } = world;
    const { vm, to } = entry;
    const moves = cluster.beginGroupMove(vm, to);
    const guests = moves.map((move) => world.guest(move.vm.name));
    const group = new QuickGroup({ world, from, to, guests, moves, announce: (guest) => this.announce(guest) });
    this.group = group;
    return new QuickMigration({
      simulation,
      recorder,
      migration,
      members: group.members,
      settings,
      handOverStorage: () => group.handOverStorage(),
      takeStorageBack: () => group.takeStorageBack(),
      ended: (outcome, reason) => this.ended(outcome, reason),
    });
  }

  get isWaiting(): boolean {
    return this.stage === "waiting";
  }

  /** How it ended; of meaning once it is over. */
  get ending(): MigrationOutcome {
    return this.outcome;
  }

  /** What has gone over the network so far. */
  get transferredBytes(): number {
    return this.live?.transferredBytes ?? 0;
  }

  /** Whether it waits or is under way, so that it can be cancelled. */
  get isOpen(): boolean {
    return this.stage === "waiting" || this.stage === "under-way";
  }

  /** Gives up; false where the guest stands still already, so that the migration runs to its end. */
  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (this.stage === "waiting") {
      this.ended(outcome, reason);
      return true;
    }
    return this.live?.cancel(outcome, reason) ?? false;
  }

  /** How far it is. */
  get phase(): MigrationStage | "waiting" | "to-come" {
    if (this.stage === "to-come" || this.stage === "waiting") return this.stage;
    if (this.stage === "over") return "over";
    return this.live?.stage ?? "blackout";
  }

  /** New limits hold from now on; false where there are none, or pre-copy is not under way. */
  changeLimits(changes: LimitChanges): boolean {
    return this.live?.changeLimits?.(changes, "timeline") ?? false;
  }

  startPostCopy(rule: string, reason: string): boolean {
    return this.live?.startPostCopy?.(rule, reason) ?? false;
  }

  recoverPostCopy(): boolean {
    return this.live?.recoverPostCopy?.() ?? false;
  }

  continueSwitchover(): boolean {
    return this.live?.continueSwitchover?.() ?? false;
  }

  /** The run ends at its horizon: what is not over by now ends with that. */
  atHorizon(horizonSeconds: number): void {
    if (this.stage === "over") return;
    this.isAtHorizon = true;
    if (this.stage === "to-come") {
      this.index = this.world.runs.add(this);
      this.finish("not-converged", `The run ended at ${horizonSeconds} s, before this migration was asked for.`);
      return;
    }
    const waiting = this.stage === "waiting";
    const reason = waiting
      ? `The run ended at ${horizonSeconds} s while this migration waited its turn.`
      : `The run ended at ${horizonSeconds} s and pre-copy had not.`;
    if (!this.cancel("not-converged", reason)) {
      const where = this.phase === "post-copy" ? "in post-copy" : "in the blackout";
      this.finish("not-converged", `The run ended at ${horizonSeconds} s, ${where}.`);
    }
  }

  guestStopped(): void {
    this.stoppedSeconds = this.world.simulation.now;
    this.guest.activity.standStill(this.stoppedSeconds);
    // A node that the guest has left must not go on announcing it.
    this.guest.announcement?.stop();
    this.guest.machine.stop();
  }

  throttle(deniedShare: number, runSeconds: number): void {
    const { name, catchUpSeconds = 0 } = this.guest.scenario;
    this.guest.activity.holdBack(this.world.simulation.now, { deniedShare, runSeconds, catchUpSeconds });
    this.record({ type: "vm.throttled", vm: name, node: this.guest.machine.node.name, deniedShare });
  }

  handOverStorage(): number {
    const { simulation, recorder } = this.world;
    const { vm, to } = this.entry;
    const { disks } = this.guest.machine;
    this.handOver = new StorageHandOver({ simulation, recorder, vm, from: this.source, to, disks });
    return this.handOver.start();
  }

  private takeLunsAlong(): void {
    const { vm, to } = this.entry;
    const { disks } = this.guest.machine;
    if (disks.length === 0) return;
    for (const volume of new Set(disks)) {
      const { name, kind, coordinator: from } = volume;
      if (kind !== "lun" || from === to) continue;
      volume.handedOver(to);
      this.record({ type: "lun.ownerChanged", volume: name, vm, from, to, seconds: 0 });
    }
  }

  takeStorageBack(): void {
    this.handOver?.takeBack();
  }

  announce(guest: Guest = this.guest): void {
    const { mechanism } = this.plan;
    if (mechanism.kind === "linear" || !guest.isHeard) return;
    const { simulation, recorder, clientSwitch, clientNetwork } = this.world;
    const { mac, ip, name, guestVlan } = guest.scenario;
    guest.announcement = new Announcement({
      simulation,
      recorder,
      switch: clientSwitch,
      frameLossShare: clientNetwork.frameLossShare,
      schedule: mechanism.announcement,
      frame: mechanism.announcementFrame,
      vm: name,
      mac: mac.toLowerCase(),
      ip,
      node: this.entry.to,
      ...(guestVlan === undefined ? {} : { guestVlan }),
    });
    guest.announcement.start();
  }

  guestResumed(pagesFollow = false): void {
    // A model without storage: LUNs go with their machine, at once.
    if (this.plan.mechanism.kind === "linear") this.takeLunsAlong();
    if (pagesFollow) this.move?.goAhead();
    else this.arrive();
    this.guest.activity.runOn();
    this.guest.machine.start();
  }

  guestRunsOn(): void {
    this.guest.activity.runOn();
    this.guest.machine.start();
  }

  /** The guest stands still for good, at the node that held it: the source, unless that has given it away. */
  private lose(): void {
    if (this.guest.machine.running && this.group === null) this.guestStopped();
    if (this.live?.holder !== "source") this.arrive();
  }

  private arrive(): void {
    this.move?.arrive();
    this.move = null;
  }

  /**
   * A node is dead, at the present simulated time. Whoever lets nodes die calls this of all open runs before it treats the
   * node's own machines, and after it has seen to it that nothing is moved to the node any more (others may begin with this).
   * A migration that has not begun fails; one under way ends as its mechanism says (Migration.nodeLost), or goes on where it
   * does not need the node any more.
   *
   * @returns Machines that this leaves standing, whatever node they are placed at; a guest that lives on is not among them,
   * nor is one that runs at the dead node because it has nothing to do with a migration (any more).
   */
  nodeLost(node: string, reason: string): readonly StrandedGuest[] {
    const side: MigrationSide | null = node === this.source ? "source" : node === this.to ? "target" : null;
    if (side === null || !this.isOpen) return [];
    if (this.stage === "waiting" || this.live === null) {
      this.ended("failed", reason);
      return [];
    }
    this.live.nodeLost(side, reason);
    return this.group?.stranded ?? (this.outcome === "lost" ? [{ guest: this.guest, hasSavedState: false }] : []);
  }

  ended(outcome: MigrationOutcome, reason: string): void {
    if (outcome === "lost") this.lose();
    else if (outcome === "completed") this.arrive();
    this.move?.giveUp();
    this.move = null;
    // A live migration has told the trace of its end itself.
    if (this.live === null) this.record({ type: "migration.ended", migration: this.migration, outcome, reason });
    if (this.live !== null) this.live = new SettledMigration(this.live);
    this.close(outcome, reason);
    // At the horizon nobody else may begin.
    if (this.isAtHorizon) return;
    this.world.admission.release(this);
    this.world.runs.over(this);
  }

  /** What it came to; `endSeconds` is the run's end. */
  result(endSeconds: number): MigrationResult {
    const { group } = this;
    // One literal: put together from two by spreads, this and reading it took 2 us of a run.
    const record: MigrationRecord = {
      world: this.world,
      entry: this.entry,
      guest: this.guest,
      from: this.source,
      outcome: this.outcome,
      reason: this.reason,
      live: this.live,
      group,
      isPrecopy: this.plan.mechanism.kind === "pre-copy",
      assignedBytes: this.moved?.assignedBytes ?? null,
      teamMembers: this.teamMembers,
      stoppedSeconds: group?.stoppedSeconds ?? this.stoppedSeconds,
      endedSeconds: this.endedSeconds,
    };
    return migrationResult(record, endSeconds);
  }

  /** Over before it was admitted, or at the horizon. */
  private finish(outcome: MigrationOutcome, reason: string): void {
    this.record({ type: "migration.ended", migration: this.migration, outcome, reason });
    this.close(outcome, reason);
    if (!this.isAtHorizon) this.world.runs.over(this);
  }

  private close(outcome: MigrationOutcome, reason: string): void {
    this.stage = "over";
    this.outcome = outcome;
    this.reason = reason;
    this.endedSeconds = this.world.simulation.now;
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}
