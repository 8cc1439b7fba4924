/**
 * Quick migration, as Windows Server 2008 moves virtual machines: all machines of a group are saved to disk, the group goes
 * offline, its LUNs change their owner, and the machines are restored at the target. The downtime is the sum of it all.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Link } from "../network/link.ts";
import { BlockTransfer } from "../storage/block-transfer.ts";
import type { BlackoutPart, MigrationOutcome } from "../trace/migration-events.ts";
import type { BlackoutPartResult, RoundResult, SavedStateResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { Migration, MigrationStage, MigrationTimes } from "./migration.ts";
import { type GuestFate, type GuestHolder, guestFate, type MigrationSide } from "./node-loss.ts";

export interface QuickSettings {
  readonly stopSeconds: number;
  readonly resumeSeconds: number;
  /** Share of its volume's throughput that one machine's state gets. */
  readonly savedStateRateShare: number;
  readonly groupOfflineSeconds: number;
  readonly groupOnlineSeconds: number;
}

/** A machine of the group. Its calls come at the present simulated time. */
export interface QuickMember {
  readonly stateBytes: number;
  /** The volume that its state is kept on. */
  readonly blocks: Link;
  stop(): void;
  /** It is at the target from now on, still standing. */
  announce(): void;
  run(): void;
  /** The migration is over without it: it runs on at the source, is lost, or its state is saved. */
  stay(fate: GuestFate): void;
}

export interface QuickMigrationContext {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly migration: number;
  /** The machine that was asked for first, then those that share a LUN with it. */
  readonly members: readonly QuickMember[];
  readonly settings: QuickSettings;
  /** Begins to hand over the group's volumes; returns how long that takes. */
  handOverStorage(): number;
  takeStorageBack(): void;
  ended(outcome: MigrationOutcome, reason: string): void;
}

export class QuickMigration implements EventHandler, Migration {
  readonly times: MigrationTimes;
  readonly blackout: BlackoutPartResult[] = [];
  readonly endedBy = null;
  /** Nothing goes over a network. */
  readonly transferredBytes = 0;
  readonly rounds: RoundResult[] = [];
  readonly bitmapSyncs = null;
  readonly brownoutSeconds = 0;
  readonly savedState: SavedStateResult;

  private readonly context: QuickMigrationContext;
  private part: BlackoutPart = "stop";
  private partStartSeconds = 0;
  private partIsUnderWay = false;
  /** Machines whose save, and then whose start, is still to come. */
  private readonly unsaved: Set<QuickMember>;
  private readonly notRunning: Set<QuickMember>;
  private readonly transfers = new Map<QuickMember, BlockTransfer>();
  /** Of the part under way and of machines that are about to run. */
  private readonly tickets = new Set<EventTicket>();
  private isOver = false;

  /** Stops the whole group now. */
  constructor(context: QuickMigrationContext) {
    const { simulation, members, settings } = context;
    this.context = context;
    this.unsaved = new Set(members);
    this.notRunning = new Set(members);
    this.times = {
      startSeconds: simulation.now,
      setupSeconds: 0,
      totalSeconds: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
    };
    this.savedState = { bytes: members.reduce((sum, { stateBytes }) => sum + stateBytes, 0), machines: members.length };
    for (const member of members) member.stop();
    this.start("stop");
    this.after(settings.stopSeconds);
  }

  get stage(): MigrationStage {
    return this.isOver ? "over" : "blackout";
  }

  get holder(): GuestHolder {
    const named = this.context.members[0] as QuickMember;
    if (this.unsaved.has(named)) return "source";
    return this.notRunning.has(named) ? "disk" : "target";
  }

  /** The machines stand still from the first moment: there is no way back. */
  cancel(): boolean {
    return false;
  }

  /**
   * Once all are saved the group needs the source no more: the cluster brings it up at the target. Before that, and where
   * the target dies, each machine fares by itself: saved, lost, or running on where its save had not ended.
   */
  nodeLost(side: MigrationSide, reason: string): void {
    if (this.isOver || (side === "source" && this.unsaved.size === 0)) return;
    const { simulation, members, recorder, migration } = this.context;
    const outcome = guestFate(this.holder, side) === "lost" ? "lost" : "failed";
    for (const ticket of this.tickets) simulation.cancel(ticket);
    for (const transfer of this.transfers.values()) transfer.cancel();
    if (this.partIsUnderWay) this.endPart();
    if (this.unsaved.size === 0) this.context.takeStorageBack();
    for (const member of members) {
      if (!this.notRunning.has(member)) continue;
      if (this.unsaved.has(member)) member.stay(side === "source" ? "lost" : "runs-on");
      else member.stay("saved");
    }
    const sinceStart = simulation.now - this.times.startSeconds;
    this.times.totalSeconds = sinceStart;
    if (this.holder === "source" && side === "target") this.times.downtimeSeconds = sinceStart;
    this.isOver = true;
    if (recorder.recording) recorder.record({ t: simulation.now, type: "migration.ended", migration, outcome, reason });
    this.context.ended(outcome, reason);
  }

  /** For the kernel: a part of a known length is over. */
  onEvent(): void {
    this.tickets.clear();
    const { settings } = this.context;
    const { part } = this;
    this.endPart();
    switch (part) {
      case "stop":
        this.save();
        return;
      case "offline":
        this.start("storage-handover");
        this.after(this.context.handOverStorage());
        return;
      case "storage-handover":
        this.start("online");
        this.after(settings.groupOnlineSeconds);
        return;
      default:
        this.restore();
    }
  }

  private save(): void {
    this.start("save-state");
    for (const member of this.context.members) {
      this.transfer(member, () => {
        this.unsaved.delete(member);
        if (this.unsaved.size > 0) return;
        this.endPart();
        this.start("offline");
        this.after(this.context.settings.groupOfflineSeconds);
      });
    }
  }

  /** All at once, sharing what their volumes give; each machine runs as soon as it is restored. */
  private restore(): void {
    this.start("restore-state");
    for (const [index, member] of this.context.members.entries()) {
      this.transfer(member, () => new Resumption(this, member, index === 0));
    }
  }

  private transfer(member: QuickMember, onOver: () => void): void {
    const { simulation, settings } = this.context;
    const { stateBytes, blocks } = member;
    const cap = settings.savedStateRateShare * blocks.capacityBytesPerSecond;
    const over = () => {
      this.transfers.delete(member);
      onOver();
    };
    this.transfers.set(member, new BlockTransfer(simulation, blocks, stateBytes, cap, over));
  }

  /** For Resumption: the machine that was asked for goes through the parts that the trace and the result tell of. */
  beginResume(isNamed: boolean, handler: EventHandler): void {
    const { simulation, settings } = this.context;
    if (isNamed) {
      this.endPart();
      this.start("resume");
    }
    this.tickets.add(simulation.schedule(simulation.now + settings.resumeSeconds, handler, 0));
  }

  /** For Resumption. */
  runs(isNamed: boolean, member: QuickMember): void {
    const { simulation, recorder, migration, members } = this.context;
    if (isNamed) {
      this.endPart();
      this.start("announce");
    }
    member.announce();
    if (isNamed) this.endPart();
    member.run();
    this.notRunning.delete(member);
    const sinceStart = simulation.now - this.times.startSeconds;
    if (isNamed) {
      this.times.downtimeSeconds = sinceStart;
      this.times.reportedDowntimeSeconds = sinceStart;
    }
    if (this.notRunning.size > 0) return;
    this.isOver = true;
    this.times.totalSeconds = sinceStart;
    const others = members.length - 1;
    const with_ = others === 0 ? "" : ` with ${others} other ${others === 1 ? "machine" : "machines"} of its LUNs`;
    const reason = `It was saved${with_}, its storage was handed over, and it was restored.`;
    if (recorder.recording) {
      recorder.record({ t: simulation.now, type: "migration.ended", migration, outcome: "completed", reason });
    }
    this.context.ended("completed", reason);
  }

  private after(seconds: number): void {
    const { simulation } = this.context;
    this.tickets.add(simulation.schedule(simulation.now + seconds, this, 0));
  }

  private start(part: BlackoutPart): void {
    const { simulation, recorder, migration } = this.context;
    this.part = part;
    this.partIsUnderWay = true;
    this.partStartSeconds = simulation.now;
    if (recorder.recording) recorder.record({ t: simulation.now, type: "blackout.partStarted", migration, part });
  }

  private endPart(): void {
    const { simulation, recorder, migration } = this.context;
    const { part } = this;
    const seconds = simulation.now - this.partStartSeconds;
    this.partIsUnderWay = false;
    this.blackout.push({ part, seconds });
    if (recorder.recording)
      recorder.record({ t: simulation.now, type: "blackout.partEnded", migration, part, seconds });
  }
}

/** One machine's last steps: its processors start, the network is told, it runs. */
class Resumption implements EventHandler {
  private readonly migration: QuickMigration;
  private readonly member: QuickMember;
  private readonly isNamed: boolean;

  constructor(migration: QuickMigration, member: QuickMember, isNamed: boolean) {
    this.migration = migration;
    this.member = member;
    this.isNamed = isNamed;
    migration.beginResume(isNamed, this);
  }

  onEvent(): void {
    this.migration.runs(this.isNamed, this.member);
  }
}
