/**
 * A live migration in its stages: setup; pre-copy; the blackout; post-copy, where the guest goes ahead of its memory. One for
 * all hypervisors; what differs they answer through a PrecopySetup.
 */
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { BlackoutPartResult, PostcopyResult, RoundResult } from "../trace/migration-result.ts";
import { Blackout, type BlackoutCourse } from "./blackout.ts";
import { type InterruptedMigration, Interruption } from "./interruption.ts";
import type { ManagerView } from "./manager.ts";
import { ManagerWatch, type WatchedMigration } from "./manager-watch.ts";
import type { Migration, MigrationStage, MigrationTimes } from "./migration.ts";
import type { MigrationContext } from "./migration-context.ts";
import { type GuestHolder, guestFate, type MigrationSide } from "./node-loss.ts";
import type { LimitChanges } from "./page-sender.ts";
import { PostCopy } from "./post-copy.ts";
import type { Asked } from "./post-copy-request.ts";
import type { PostCopySetup } from "./post-copy-setup.ts";
import { Precopy, type PrecopyOwner } from "./precopy.ts";
import { PrecopyEnd } from "./precopy-end.ts";
import type { RoundLedger } from "./round-ledger.ts";
import { type RoundNumbers, roundsOf } from "./round-table.ts";
import type { Sending } from "./sending.ts";
import { Throttle } from "./throttle.ts";

export class LiveMigration implements InterruptedMigration, Migration, PrecopyOwner, WatchedMigration {
  readonly times: MigrationTimes;
  readonly throttle: Throttle;
  private phase: MigrationStage = "setup";

  private readonly context: MigrationContext;
  readonly precopy: Precopy;
  private readonly precopyEnd: PrecopyEnd;
  private readonly interruption: Interruption;
  standstill: Blackout | null = null;
  following: PostCopy | null = null;

  constructor(context: MigrationContext) {
    const { setup, memory, link, simulation, manager } = context;
    this.context = context;
    this.throttle = new Throttle(context);
    this.precopyEnd = new PrecopyEnd(context);
    const startSeconds = simulation.now;
    this.times = {
      startSeconds,
      setupSeconds: null,
      totalSeconds: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
    };
    const trackingSeconds = (setup.setupSecondsPerPage ?? 0) * memory.totalPages;
    // The connection costs a round trip.
    const setUpSeconds = startSeconds + setup.setupSeconds + trackingSeconds + 2 * link.latencySeconds;
    const watch = manager == null ? null : new ManagerWatch(simulation, this, manager);
    this.precopy = new Precopy(context, this, this.throttle, watch);
    this.interruption = new Interruption(context, this, context.path ?? null, setUpSeconds);
  }

  get ledger(): RoundLedger {
    return this.precopy.rounds.ledger;
  }

  get roundNumbers(): RoundNumbers {
    return this.ledger.numbers;
  }

  get rounds(): RoundResult[] {
    return roundsOf(this.ledger.numbers);
  }

  get endedBy(): string | null {
    return this.precopyEnd.rule;
  }

  get transferredBytes(): number {
    return this.precopy.sending?.totals.bytes ?? 0;
  }

  get brownoutSeconds(): number {
    return this.throttle.brownoutSeconds + (this.postcopy?.waitSeconds ?? 0);
  }

  get postcopy(): PostcopyResult | null {
    return this.following?.result ?? null;
  }

  get stage(): MigrationStage {
    return this.phase === "blackout" && this.standstill?.isPreSwitchover === true ? "pre-switchover" : this.phase;
  }

  get stalledSeconds(): number {
    return this.interruption.stalledSeconds;
  }

  recoverPostCopy(): boolean {
    return this.interruption.recover();
  }

  get blackout(): readonly BlackoutPartResult[] {
    return this.standstill?.parts ?? [];
  }

  /** How often the dirty bitmap was read: QEMU's dirty-sync-count. */
  get bitmapSyncs(): number {
    // The last read comes once the guest stands still.
    return this.precopy.reads + (this.standstill?.hasReadBitmap === true ? 1 : 0);
  }

  /** For the kernel: setup is done. */
  onEvent(): void {
    this.phase = "pre-copy";
    this.times.setupSeconds = this.context.simulation.now - this.times.startSeconds;
    this.precopy.begin();
  }

  onRateChanged(): void {
    if (this.phase === "pre-copy") {
      this.precopy.onRateChanged();
      return;
    }
    if (this.phase === "blackout") this.standstill?.onRateChanged();
    this.following?.onRateChanged();
  }

  /** For pre-copy: the guest stops, and the rest is copied. */
  stopGuest(rule: string, reason: string): void {
    this.precopyEnd.endedBy(rule, reason);
    this.goToBlackout({ kind: "copy" });
  }

  /** For pre-copy: the guest stops, to run at the target before its memory is there. */
  goAhead({ rule, reason }: Asked): void {
    const { simulation, setup } = this.context;
    const { sender, flow } = this.precopy.sending as Sending;
    const { rounds } = this.precopy;
    const { round, newlyDirtyPages, pendingPages } = rounds.end(sender, this.lastWrittenSeconds);
    rounds.readToGoOn();
    // What was never sent need not be thrown away.
    const discardedPages = round === 1 ? newlyDirtyPages : pendingPages;
    this.precopyEnd.endedBy(rule, reason);
    const postCopy = setup.postCopy as PostCopySetup;
    const discardSeconds = discardedPages * postCopy.discardPageSeconds;
    const onDiscard = () => {
      const pushSeconds = simulation.now + discardSeconds;
      this.following = new PostCopy(this.context, postCopy, sender, flow, pushSeconds, () => this.completePostCopy());
    };
    this.goToBlackout({ kind: "post-copy", discardSeconds, onDiscard });
  }

  private goToBlackout(course: BlackoutCourse): void {
    this.phase = "blackout";
    this.precopy.close();
    this.throttle.guestStopped();
    if (this.standstill === null) this.standstill = this.blackoutOf(course);
    else this.standstill.end(course);
  }

  private blackoutOf(course: BlackoutCourse): Blackout {
    const { sender, flow } = this.precopy.sending as Sending;
    const onOver = () => (this.following === null ? this.complete() : this.runAhead(this.following));
    return new Blackout(this.context, sender, flow, this.ledger, onOver, course);
  }

  /** For pre-copy: nothing is written after that. */
  get lastWrittenSeconds(): number {
    return this.standstill?.stoppedSeconds ?? this.context.simulation.now;
  }

  /** The guest runs at the target, ahead of its memory. */
  private runAhead(following: PostCopy): void {
    this.phase = "post-copy";
    this.noteDowntime();
    // Only the source held it back.
    this.throttle.release();
    following.guestRuns();
  }

  /** The last page is at the target; the source hears of that one way later. */
  private completePostCopy(): void {
    const { simulation, link } = this.context;
    this.times.totalSeconds = simulation.now + link.latencySeconds - this.times.startSeconds;
    this.end("completed", this.precopyEnd.sentence("Post-copy began after"));
  }

  /** The guest runs at the target. */
  private complete(): void {
    const { reportedEndSeconds } = this.standstill as Blackout;
    this.noteDowntime();
    this.times.totalSeconds = reportedEndSeconds - this.times.startSeconds;
    this.end("completed", this.precopyEnd.sentence("Pre-copy ended with"));
  }

  private noteDowntime(): void {
    const { stoppedSeconds, reportedEndSeconds } = this.standstill as Blackout;
    this.times.downtimeSeconds = this.context.simulation.now - stoppedSeconds;
    this.times.reportedDowntimeSeconds = reportedEndSeconds - stoppedSeconds;
  }

  /** For pre-copy: the hypervisor's own rules give up. */
  givenUp(outcome: MigrationOutcome, rule: string | null, reason: string): void {
    if (rule !== null) this.precopyEnd.endedBy(rule, reason);
    this.giveUp(outcome, rule === null ? reason : `Given up: ${reason}.`);
  }

  /** In the middle of whatever it is at; the guest runs on at the source. */
  breakOff(outcome: MigrationOutcome, reason: string): void {
    if (this.phase === "pre-copy") this.precopy.cutRound();
    this.giveUp(outcome, reason);
  }

  /** The guest runs on at the source. */
  private giveUp(outcome: MigrationOutcome, reason: string): void {
    const { now } = this.context.simulation;
    this.following?.cut();
    if (this.standstill !== null) {
      this.standstill.giveUp();
      this.times.downtimeSeconds = now - this.standstill.stoppedSeconds;
    }
    this.times.totalSeconds = now - this.times.startSeconds;
    this.end(outcome, reason);
  }

  private end(outcome: MigrationOutcome, reason: string): void {
    const { recorder, simulation, migration, host } = this.context;
    this.phase = "over";
    this.precopy.close();
    this.throttle.release();
    this.interruption.close();
    this.precopy.sending?.flow.close(this.transferredBytes);
    if (recorder.recording) recorder.record({ t: simulation.now, type: "migration.ended", migration, outcome, reason });
    host.ended(outcome, reason);
  }

  /**
   * New limits hold from now on; false where this migration has no such limits, or is past pre-copy. `by` tells the trace
   * who changed them: a manager's name, or `timeline`.
   */
  changeLimits(changes: LimitChanges, by: string): boolean {
    return this.precopy.changeLimits(changes, by);
  }

  /**
   * The guest goes to the target at the sender's next turn, and its pages follow. False where the hypervisor cannot do
   * that or was not set up for it, where it was asked for already, and once pre-copy is over.
   */
  startPostCopy(rule: string, reason: string): boolean {
    return this.precopy.startPostCopy(rule, reason);
  }

  /**
   * The guest stands still from now on while pre-copy goes on under its own rules and limits, until they would stop it
   * anyway; that is part of the blackout. False where pre-copy is not under way, or it stands still already.
   */
  pauseGuest(rule: string, reason: string): boolean {
    if (this.phase !== "pre-copy" || this.precopyEnd.isPaused) return false;
    this.precopyEnd.pausedBy(rule, reason);
    this.throttle.guestStopped();
    this.standstill = this.blackoutOf({ kind: "paused" });
    return true;
  }

  /** Ends the wait before the switchover; false where there is none. */
  continueSwitchover(): boolean {
    return this.phase === "blackout" && (this.standstill?.continueSwitchover() ?? false);
  }

  /** Given up by what manages the hypervisor, under a rule of its own; false once the guest was stopped for good. */
  abort(rule: string, reason: string): boolean {
    if (!this.canBeGivenUp) return false;
    const underWay = this.phase === "pre-copy";
    if (underWay) this.precopy.cutRound();
    this.precopyEnd.abortedBy(rule, reason, underWay);
    this.giveUp("cancelled", reason);
    return true;
  }

  /** Gives up, the guest running on at the source; false once the guest was stopped for good: then it is too late. */
  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (!this.canBeGivenUp) return false;
    this.breakOff(outcome, reason);
    return true;
  }

  get holder(): GuestHolder {
    if (this.following !== null && this.standstill?.isCommitted === true) {
      return this.following.hasArrived ? "target" : "both";
    }
    return this.standstill?.isCommitted === true ? "target" : "source";
  }

  nodeLost(side: MigrationSide, reason: string): void {
    if (this.phase === "over") return;
    const fate = guestFate(this.holder, side);
    if (fate === "goes-ahead") return;
    if (fate === "runs-on") this.breakOff("failed", reason);
    else this.lose(reason);
  }

  /** For its interruption, too: nobody has the guest any more. */
  lose(reason: string): void {
    if (this.phase === "pre-copy") this.precopy.cutRound();
    if (this.phase !== "post-copy") this.standstill?.cut();
    this.following?.cut();
    this.times.totalSeconds = this.context.simulation.now - this.times.startSeconds;
    this.end("lost", reason);
  }

  private get canBeGivenUp(): boolean {
    return this.stage === "setup" || this.stage === "pre-copy" || this.stage === "pre-switchover";
  }

  /** What a manager sees now. Does not disturb the sender. */
  managerView(): ManagerView {
    const { simulation, memory } = this.context;
    const elapsedSeconds = simulation.now - this.times.startSeconds;
    const { sending } = this.precopy;
    if (sending === null) return { elapsedSeconds, round: 0, remainingBytes: memory.totalPages * PAGE_BYTES };
    return { elapsedSeconds, round: this.ledger.round, remainingBytes: sending.remainingBytes };
  }
}
