/**
 * Pre-copy live migration: setup, rounds, blackout. The loop is one for all hypervisors; what differs they answer through
 * a PrecopySetup.
 */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { FlowOwner } from "../network/link.ts";
import type { MigrationOutcome } from "../trace/events.ts";
import type { BlackoutPartResult, RoundResult } from "../trace/result.ts";
import { Blackout } from "./blackout.ts";
import { type BitmapReader, LeastReads } from "./least-reads.ts";
import type { ManagerView } from "./manager.ts";
import { ManagerWatch } from "./manager-watch.ts";
import type { Migration, MigrationTimes } from "./migration.ts";
import type { MigrationContext } from "./migration-context.ts";
import { MigrationFlow } from "./migration-flow.ts";
import type { LimitChanges, PageSender } from "./page-sender.ts";
import type { PrecopyDecision, PrecopyPolicy, PrecopyView } from "./policy.ts";
import { RoundLedger } from "./round-ledger.ts";
import { Throttle } from "./throttle.ts";

/**
 * A migration that has not converged after so many rounds (QEMU: hours of them) is ended: nothing that it does from then on
 * is new, and its rounds would fill the memory of the machine that simulates it.
 */
const MOST_ROUNDS = 100_000;

const SETUP_DONE = 0;
const DECIDE = 1;

export class LiveMigration implements EventHandler, FlowOwner, Migration, BitmapReader {
  readonly ledger: RoundLedger;
  readonly times: MigrationTimes;
  readonly throttle: Throttle;
  endedBy: string | null = null;
  /** Reads of the dirty bitmap with the guest running, the first included. */
  reads = 0;
  private stopReason = "";

  private readonly context: MigrationContext;
  private readonly policy: PrecopyPolicy;
  private sender: PageSender | null = null;
  private flow: MigrationFlow | null = null;
  private standstill: Blackout | null = null;
  private ticket: EventTicket | null = null;
  private over = false;
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
    return this.throttle.brownoutSeconds;
  }

  get blackout(): readonly BlackoutPartResult[] {
    return this.standstill?.parts ?? [];
  }

  /** How often the dirty bitmap was read: QEMU's dirty-sync-count. */
  get bitmapSyncs(): number {
    // The last read comes once the guest stands still.
    return this.reads + (this.blackout.length > 0 ? 1 : 0);
  }

  onEvent(code: number): void {
    this.ticket = null;
    if (code === SETUP_DONE) this.beginPrecopy();
    else this.decide();
  }

  onRateChanged(): void {
    const { now } = this.context.simulation;
    const sender = this.sender as PageSender;
    const flow = this.flow as MigrationFlow;
    flow.tellRate();
    if (this.standstill !== null) {
      this.standstill.onRateChanged();
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
    if (this.sender === null || this.standstill !== null || this.over) return false;
    this.sender.settle(this.context.simulation.now);
    if (!this.applyLimits(changes, by)) return false;
    this.advance();
    return true;
  }

  /** Given up by what manages the hypervisor, under a rule of its own; false once the guest was stopped. */
  abort(rule: string, reason: string): boolean {
    if (this.standstill !== null || this.over) return false;
    this.endedBy = rule;
    if (this.sender !== null) {
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

  /** Gives up, the guest running on at the source; false once the guest was stopped: then it is too late. */
  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (this.standstill !== null || this.over) return false;
    if (this.sender !== null) this.cutRound();
    this.giveUp(outcome, reason);
    return true;
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
    this.schedule(this.sender.advance(now), DECIDE);
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
    const newlyDirtyPages = log.sync(now);
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
    this.endedBy = rule;
    this.tellPrecopyEnded(rule, reason);
    if (decision.kind === "give-up") {
      this.giveUp("cancelled", `Given up: ${reason}.`);
      return true;
    }
    this.stopReason = reason;
    this.watch?.close();
    this.leastReads?.stop();
    this.throttle.guestStopped();
    const [sender, flow] = [this.sender as PageSender, this.flow as MigrationFlow];
    this.standstill = new Blackout(this.context, sender, flow, this.ledger, () => this.complete());
    return true;
  }

  /** The guest runs at the target. */
  private complete(): void {
    const { stoppedSeconds, reportedEndSeconds } = this.standstill as Blackout;
    this.times.downtimeSeconds = this.context.simulation.now - stoppedSeconds;
    this.times.reportedDowntimeSeconds = reportedEndSeconds - stoppedSeconds;
    this.times.totalSeconds = reportedEndSeconds - this.times.startSeconds;
    this.end("completed", `Pre-copy ended with ${this.stopReason}.`);
  }

  /** The guest runs on at the source. */
  private giveUp(outcome: MigrationOutcome, reason: string): void {
    this.times.totalSeconds = this.context.simulation.now - this.times.startSeconds;
    this.end(outcome, reason);
  }

  private end(outcome: MigrationOutcome, reason: string): void {
    const { recorder, simulation, migration, host } = this.context;
    this.over = true;
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

  private cancelTicket(): void {
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }
}
