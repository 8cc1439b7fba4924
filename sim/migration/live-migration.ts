/**
 * Pre-copy live migration: setup, rounds, blackout. The loop is one for all hypervisors; what differs they answer through
 * a PrecopySetup.
 */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { FlowOwner } from "../network/link.ts";
import type { MigrationOutcome } from "../trace/events.ts";
import type { BlackoutPartResult, PostcopyResult, RoundResult } from "../trace/result.ts";
import { Blackout, type BlackoutCourse } from "./blackout.ts";
import { type BitmapReader, LeastReads } from "./least-reads.ts";
import type { ManagerView } from "./manager.ts";
import { ManagerWatch } from "./manager-watch.ts";
import type { Migration, MigrationStage, MigrationTimes } from "./migration.ts";
import type { MigrationContext } from "./migration-context.ts";
import { MigrationFlow } from "./migration-flow.ts";
import type { LimitChanges, PageSender } from "./page-sender.ts";
import type { PrecopyDecision, PrecopyPolicy, PrecopyView } from "./policy.ts";
import { PostCopy } from "./post-copy.ts";
import { POST_COPY_RULE, type PostCopySetup } from "./post-copy-setup.ts";
import { RoundLedger } from "./round-ledger.ts";
import { Throttle } from "./throttle.ts";

/**
 * A migration that has not converged after so many rounds (QEMU: hours of them) is ended: nothing that it does from then on
 * is new, and its rounds would fill the memory of the machine that simulates it.
 */
const MOST_ROUNDS = 100_000;

const SETUP_DONE = 0;
const DECIDE = 1;
const POST_COPY_DUE = 2;

export class LiveMigration implements EventHandler, FlowOwner, Migration, BitmapReader {
  readonly ledger: RoundLedger;
  readonly times: MigrationTimes;
  readonly throttle: Throttle;
  endedBy: string | null = null;
  private phase: MigrationStage = "setup";
  /** Reads of the dirty bitmap with the guest running, the first included. */
  reads = 0;
  private stopReason = "";
  private pauseReason = "";
  private postCopyRule = POST_COPY_RULE;
  private postCopyReason = "";

  private readonly context: MigrationContext;
  private readonly policy: PrecopyPolicy;
  private sender: PageSender | null = null;
  private flow: MigrationFlow | null = null;
  private standstill: Blackout | null = null;
  private following: PostCopy | null = null;
  /** Post-copy was asked for, and starts at the sender's next turn. */
  private postCopyAsked: { rule: string; reason: string } | null = null;
  /** Whatever starts it has not looked yet. */
  private postCopyDue: EventTicket | null = null;
  /** The guest was stopped for the rest of pre-copy. */
  private paused = false;
  private ticket: EventTicket | null = null;
  private readonly watch: ManagerWatch | null;
  private leastReads: LeastReads | null = null;
  /** When the sender last set out to send. */
  private setOutSeconds = 0;

  constructor(context: MigrationContext) {
    this.context = context;
    this.policy = context.setup.makePolicy();
    this.throttle = new Throttle(context);
    this.ledger = new RoundLedger(context.migration, context.recorder);
    const startSeconds = context.simulation.now;
    this.times = {
      startSeconds,
      setupSeconds: null,
      totalSeconds: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
    };
    const { setup, memory, link } = context;
    const trackingSeconds = (setup.setupSecondsPerPage ?? 0) * memory.totalPages;
    // The connection costs a round trip.
    this.schedule(startSeconds + setup.setupSeconds + trackingSeconds + 2 * link.latencySeconds, SETUP_DONE);
    this.watch = context.manager == null ? null : new ManagerWatch(context.simulation, this, context.manager);
  }

  get transferredBytes(): number {
    return this.sender?.totals.bytes ?? 0;
  }

  get rounds(): RoundResult[] {
    return this.ledger.rounds;
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

  get blackout(): readonly BlackoutPartResult[] {
    return this.standstill?.parts ?? [];
  }

  /** How often the dirty bitmap was read: QEMU's dirty-sync-count. */
  get bitmapSyncs(): number {
    // The last read comes once the guest stands still.
    return this.reads + (this.standstill?.hasReadBitmap === true ? 1 : 0);
  }

  onEvent(code: number): void {
    if (code === POST_COPY_DUE) {
      this.postCopyDue = null;
      this.startPostCopy(this.postCopyRule, this.postCopyReason);
      return;
    }
    this.ticket = null;
    if (code === SETUP_DONE) this.beginPrecopy();
    else this.decide();
  }

  onRateChanged(): void {
    const { now } = this.context.simulation;
    const sender = this.sender as PageSender;
    const flow = this.flow as MigrationFlow;
    flow.tellRate();
    if (this.phase !== "pre-copy") {
      if (this.phase === "blackout") this.standstill?.onRateChanged();
      this.following?.onRateChanged();
      return;
    }
    sender.settle(now);
    sender.setRate(flow.rateBytesPerSecond);
    this.advance();
  }

  /**
   * New limits hold from now on; false where this migration has no such limits, or is past pre-copy. `by` tells the trace
   * who changed them: a manager's name, or `timeline`.
   */
  changeLimits(changes: LimitChanges, by: string): boolean {
    if (this.phase !== "pre-copy" || this.sender === null) return false;
    this.sender.settle(this.context.simulation.now);
    if (!this.applyLimits(changes, by)) return false;
    this.advance();
    return true;
  }

  /**
   * The guest goes to the target at the sender's next turn, and its pages follow. False where the hypervisor cannot do
   * that or was not set up for it, where it was asked for already, and once pre-copy is over.
   */
  startPostCopy(rule: string, reason: string): boolean {
    if (this.context.setup.postCopy == null || this.postCopyAsked !== null) return false;
    if (this.phase !== "setup" && this.phase !== "pre-copy") return false;
    this.postCopyAsked = { rule, reason };
    if (this.phase === "pre-copy") {
      const sender = this.sender as PageSender;
      sender.settle(this.context.simulation.now);
      // Without new limits this only keeps the sender from setting out over many turns at once.
      sender.changeLimits({});
      this.advance();
    }
    return true;
  }

  /**
   * The guest stands still from now on while pre-copy goes on under its own rules and limits, until they would stop it
   * anyway; that is part of the blackout. False where pre-copy is not under way, or it stands still already.
   */
  pauseGuest(rule: string, reason: string): boolean {
    if (this.phase !== "pre-copy" || this.paused) return false;
    this.paused = true;
    this.endedBy = rule;
    this.pauseReason = `The guest was stopped with ${reason}. `;
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
    this.endedBy = rule;
    if (this.phase === "pre-copy") {
      this.cutRound();
      this.tellPrecopyEnded(rule, reason);
    }
    this.giveUp("cancelled", reason);
    return true;
  }

  /** What a manager sees now. Does not disturb the sender: between its decisions, what waits goes down at its rate. */
  managerView(): ManagerView {
    const { simulation, log, memory } = this.context;
    const elapsedSeconds = simulation.now - this.times.startSeconds;
    const { sender, flow } = this;
    if (sender === null || flow === null) {
      return { elapsedSeconds, round: 0, remainingBytes: memory.totalPages * PAGE_BYTES };
    }
    const rate = Math.min(flow.rateBytesPerSecond, sender.capBytesPerSecond);
    const sentSince = rate * (simulation.now - this.setOutSeconds);
    const remainingBytes = Math.max(0, log.pendingPages * PAGE_BYTES - sentSince);
    return { elapsedSeconds, round: this.ledger.round, remainingBytes };
  }

  /** Gives up, the guest running on at the source; false once the guest was stopped for good: then it is too late. */
  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (!this.canBeGivenUp) return false;
    if (this.phase === "pre-copy") this.cutRound();
    this.giveUp(outcome, reason);
    return true;
  }

  private get canBeGivenUp(): boolean {
    return this.stage === "setup" || this.stage === "pre-copy" || this.stage === "pre-switchover";
  }

  /** The round under way ends here, without a read of the bitmap. */
  private cutRound(): void {
    const { simulation, log } = this.context;
    const sender = this.sender as PageSender;
    sender.settle(simulation.now);
    const { totals, thresholdBytes } = sender;
    this.ledger.end(simulation.now, totals, log.pendingPages, 0, thresholdBytes, this.throttle.deniedShare);
  }

  /** Called after `settle`, and before the sender sets out again. */
  private applyLimits(changes: LimitChanges, by: string): boolean {
    const [sender, flow] = [this.sender as PageSender, this.flow as MigrationFlow];
    if (!sender.changeLimits(changes)) return false;
    flow.setCap(sender.capBytesPerSecond);
    sender.setRate(flow.rateBytesPerSecond);
    this.tellLimits(changes, by);
    return true;
  }

  private tellLimits({ downtimeLimitSeconds, maxBandwidthBytesPerSecond }: LimitChanges, by: string): void {
    const { recorder, simulation, migration } = this.context;
    if (!recorder.recording) return;
    const isUnlimited = maxBandwidthBytesPerSecond === Number.POSITIVE_INFINITY;
    recorder.record({
      t: simulation.now,
      type: "migration.limitsChanged",
      migration,
      downtimeLimitSeconds: downtimeLimitSeconds ?? null,
      maxBandwidthBytesPerSecond: isUnlimited ? 0 : (maxBandwidthBytesPerSecond ?? null),
      by,
    });
  }

  private tellPrecopyEnded(rule: string, reason: string): void {
    const { recorder, simulation, migration } = this.context;
    if (!recorder.recording) return;
    recorder.record({ t: simulation.now, type: "migration.precopyEnded", migration, rule, reason });
  }

  private beginPrecopy(): void {
    const { simulation, log, link, setup, memory } = this.context;
    const { now } = simulation;
    this.phase = "pre-copy";
    this.times.setupSeconds = now - this.times.startSeconds;
    this.sender = setup.makeSender(log, link, memory);
    this.flow = new MigrationFlow(this.context, this, this.sender.capBytesPerSecond);
    this.sender.setRate(this.flow.rateBytesPerSecond);
    if (this.context.manager != null) this.tellLimits(this.context.manager.initialLimits, this.context.manager.name);
    log.begin(now);
    this.reads = 1;
    if (setup.leastReadsSeconds !== undefined) {
      this.leastReads = new LeastReads(simulation, setup.leastReadsSeconds, this);
    }
    this.ledger.start(now, this.sender.totals, log.pendingPages, log.pendingZeroPages, false);
    this.sender.begin(now);
    this.setOutSeconds = now;
    if (setup.postCopy?.afterRounds === 0) this.askPostCopy(setup.postCopy, POST_COPY_RULE, "the connection");
    if (this.postCopyAsked !== null) this.goAhead(this.postCopyAsked);
    else this.schedule(this.sender.advance(now), DECIDE);
  }

  /** Reads the bitmap in the middle of a round, and ends the round with that. */
  readNow(): void {
    (this.sender as PageSender).settle(this.context.simulation.now);
    if (!this.endRound()) this.advance();
  }

  private decide(): void {
    const { simulation } = this.context;
    const sender = this.sender as PageSender;
    for (;;) {
      sender.settle(simulation.now);
      if (sender.roundIsOver() && this.endRound()) return;
      if (this.postCopyAsked !== null) {
        this.goAhead(this.postCopyAsked);
        return;
      }
      const next = sender.advance(simulation.now);
      this.setOutSeconds = simulation.now;
      if (!simulation.tryAdvance(next)) {
        this.schedule(next, DECIDE);
        return;
      }
    }
  }

  /** Reads the bitmap and asks the policy; true if pre-copy is over. */
  private endRound(): boolean {
    const { simulation, log, memory, setup } = this.context;
    const { now } = simulation;
    const sender = this.sender as PageSender;
    const { totals, thresholdBytes } = sender;
    const unsentPages = log.pendingPages;
    const newlyDirtyPages = log.sync(this.lastWrittenSeconds);
    if (setup.readsToGoOn !== true) this.reads++;
    const { deniedShare } = this.throttle;
    const ended = this.ledger.end(now, totals, unsentPages, newlyDirtyPages, thresholdBytes, deniedShare);
    const view: PrecopyView = {
      round: ended.round,
      roundSeconds: ended.durationSeconds,
      roundBytes: ended.bytesSent,
      roundPages: ended.pagesSent + ended.zeroPagesSent,
      roundSkippedPages: ended.pagesSkipped ?? 0,
      unsentPages,
      newlyDirtyPages,
      pendingPages: log.pendingPages,
      pendingBytes: log.pendingPages * PAGE_BYTES,
      thresholdBytes,
      deniedShare,
      elapsedSeconds: now - this.times.startSeconds,
      transferredBytes: totals.bytes,
      memoryBytes: memory.totalPages * PAGE_BYTES,
    };
    if (this.carryOut(this.policy(view))) return true;
    if (setup.readsToGoOn === true) this.reads++;
    if (ended.round >= MOST_ROUNDS) {
      this.giveUp("not-converged", `After ${ended.round} rounds pre-copy had not ended: it would go on like this.`);
      return true;
    }
    this.ledger.start(now, totals, log.pendingPages, log.pendingZeroPages, false);
    this.watch?.roundEnded(view);
    return false;
  }

  /** True if pre-copy is over with this. */
  private carryOut(decision: PrecopyDecision): boolean {
    if (decision.kind === "another-round") {
      if (decision.deniedShare !== undefined) this.throttle.deny(decision.deniedShare);
      if (decision.control !== undefined) this.throttle.controlWith(decision.control);
      if (decision.limits !== undefined) this.applyLimits(decision.limits, "policy");
      return false;
    }
    const { rule, reason } = decision;
    if (decision.kind === "start-post-copy") {
      const { postCopy } = this.context.setup;
      if (postCopy != null) this.askPostCopy(postCopy, rule, reason);
      return false;
    }
    if (!this.paused) this.endedBy = rule;
    this.tellPrecopyEnded(rule, reason);
    if (decision.kind === "give-up") {
      this.giveUp("cancelled", `Given up: ${reason}.`);
      return true;
    }
    this.stopReason = reason;
    this.goToBlackout({ kind: "copy" });
    return true;
  }

  private goToBlackout(course: BlackoutCourse): void {
    this.phase = "blackout";
    this.watch?.close();
    this.leastReads?.stop();
    this.cancelPostCopyDue();
    this.throttle.guestStopped();
    if (this.standstill === null) this.standstill = this.blackoutOf(course);
    else this.standstill.end(course);
  }

  private blackoutOf(course: BlackoutCourse): Blackout {
    const [sender, flow] = [this.sender as PageSender, this.flow as MigrationFlow];
    const onOver = () => (this.following === null ? this.complete() : this.runAhead(this.following));
    return new Blackout(this.context, sender, flow, this.ledger, onOver, course);
  }

  /** Nothing is written after that: now, or when a guest that stands still was stopped. */
  private get lastWrittenSeconds(): number {
    return this.standstill?.stoppedSeconds ?? this.context.simulation.now;
  }

  /** The rounds before post-copy are over; it starts when whatever starts it looks. */
  private askPostCopy({ pollSeconds }: PostCopySetup, rule: string, reason: string): void {
    if (this.postCopyAsked !== null || this.postCopyDue !== null) return;
    this.postCopyRule = rule;
    this.postCopyReason = reason;
    const { simulation } = this.context;
    const { startSeconds } = this.times;
    const polls = pollSeconds > 0 ? Math.ceil((simulation.now - startSeconds) / pollSeconds) : 0;
    const atSeconds = startSeconds + polls * pollSeconds;
    if (atSeconds > simulation.now) this.postCopyDue = simulation.schedule(atSeconds, this, POST_COPY_DUE);
    else this.postCopyAsked = { rule, reason };
  }

  /** The guest stops, to run at the target before its memory is there. */
  private goAhead({ rule, reason }: { rule: string; reason: string }): void {
    const { log, simulation, setup } = this.context;
    const { now } = simulation;
    const { totals, thresholdBytes } = this.sender as PageSender;
    const unsentPages = log.pendingPages;
    const newlyDirtyPages = log.sync(this.lastWrittenSeconds);
    this.reads++;
    const { round } = this.ledger.end(
      now,
      totals,
      unsentPages,
      newlyDirtyPages,
      thresholdBytes,
      this.throttle.deniedShare,
    );
    // What was never sent need not be thrown away.
    const discardedPages = round === 1 ? newlyDirtyPages : log.pendingPages;
    if (!this.paused) this.endedBy = rule;
    this.stopReason = reason;
    this.tellPrecopyEnded(rule, reason);
    const postCopy = setup.postCopy as PostCopySetup;
    const discardSeconds = discardedPages * postCopy.discardPageSeconds;
    const onDiscard = () => {
      const [sender, flow] = [this.sender as PageSender, this.flow as MigrationFlow];
      const pushSeconds = simulation.now + discardSeconds;
      this.following = new PostCopy(this.context, postCopy, sender, flow, pushSeconds, () => this.completePostCopy());
    };
    this.goToBlackout({ kind: "post-copy", discardSeconds, onDiscard });
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
    this.end("completed", `${this.pauseReason}Post-copy began after ${this.stopReason}.`);
  }

  private noteDowntime(): void {
    const { stoppedSeconds, reportedEndSeconds } = this.standstill as Blackout;
    this.times.downtimeSeconds = this.context.simulation.now - stoppedSeconds;
    this.times.reportedDowntimeSeconds = reportedEndSeconds - stoppedSeconds;
  }

  /** The guest runs at the target. */
  private complete(): void {
    const { reportedEndSeconds } = this.standstill as Blackout;
    this.noteDowntime();
    this.times.totalSeconds = reportedEndSeconds - this.times.startSeconds;
    this.end("completed", `${this.pauseReason}Pre-copy ended with ${this.stopReason}.`);
  }

  /** The guest runs on at the source. */
  private giveUp(outcome: MigrationOutcome, reason: string): void {
    if (this.standstill !== null) {
      this.standstill.giveUp();
      this.times.downtimeSeconds = this.context.simulation.now - this.standstill.stoppedSeconds;
    }
    this.times.totalSeconds = this.context.simulation.now - this.times.startSeconds;
    this.end(outcome, reason);
  }

  private end(outcome: MigrationOutcome, reason: string): void {
    const { recorder, simulation, migration, host } = this.context;
    this.phase = "over";
    this.cancelPostCopyDue();
    this.watch?.close();
    this.leastReads?.stop();
    this.throttle.release();
    this.cancelTicket();
    this.flow?.close(this.transferredBytes);
    if (recorder.recording) recorder.record({ t: simulation.now, type: "migration.ended", migration, outcome, reason });
    host.ended(outcome, reason);
  }

  /** Sends on from now, whatever was to be decided before. */
  private advance(): void {
    this.cancelTicket();
    this.setOutSeconds = this.context.simulation.now;
    this.schedule((this.sender as PageSender).advance(this.context.simulation.now), DECIDE);
  }

  private schedule(atSeconds: number, code: number): void {
    this.ticket = this.context.simulation.schedule(atSeconds, this, code);
  }

  private cancelPostCopyDue(): void {
    if (this.postCopyDue !== null) this.context.simulation.cancel(this.postCopyDue);
    this.postCopyDue = null;
  }

  private cancelTicket(): void {
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }
}
