/**
 * Pre-copy live migration: setup, rounds, blackout. The loop is one for all hypervisors; what differs they answer through
 * a PrecopySetup.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { DirtyLog } from "../memory/dirty-log.ts";
import type { Flow, FlowOwner, Link } from "../network/link.ts";
import type { BlackoutPart, MigrationOutcome, TraceEventBody } from "../trace/events.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { BlackoutPartResult } from "../trace/result.ts";
import type { PageSender } from "./page-sender.ts";
import type { PrecopySetup } from "./policy.ts";
import { RoundLedger } from "./round-ledger.ts";

const PAGE_BYTES = 4096;

/** What a migration needs done around it. All calls come at the present simulated time. */
export interface MigrationHost {
  guestStopped(): void;
  /** Starts to hand the guest's storage over; returns how long that takes. */
  handOverStorage(): number;
  guestResumed(): void;
  /** The target announces the guest to the network, before it runs or as it does. */
  announce(): void;
  ended(outcome: MigrationOutcome, reason: string): void;
}

export interface LiveMigrationContext {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  /** Index in the result's list. */
  readonly migration: number;
  readonly memoryPages: number;
  readonly log: DirtyLog;
  readonly link: Link;
  readonly setup: PrecopySetup;
  readonly host: MigrationHost;
}

/** Times of a migration as they become known, in simulated seconds. */
export interface MigrationTimes {
  startSeconds: number;
  setupSeconds: number | null;
  totalSeconds: number | null;
  downtimeSeconds: number | null;
  reportedDowntimeSeconds: number | null;
}

/**
 * A migration that has not converged after so many rounds (QEMU: hours of them) is ended: nothing that it does from then on
 * is new, and its rounds would fill the memory of the machine that simulates it.
 */
const MOST_ROUNDS = 100_000;

const SETUP_DONE = 0;
const DECIDE = 1;
const PART_OVER = 2;

export class LiveMigration implements EventHandler, FlowOwner {
  readonly ledger: RoundLedger;
  readonly times: MigrationTimes;
  readonly blackout: BlackoutPartResult[] = [];
  endedBy: string | null = null;
  private stopReason = "";
  bitmapSyncs = 0;

  private readonly context: LiveMigrationContext;
  private sender: PageSender | null = null;
  private flow: Flow | null = null;
  private ticket: EventTicket | null = null;
  private stage: "setup" | "pre-copy" | "blackout" | "over" = "setup";

  private stoppedSeconds = 0;
  /** During the final copy: at what rate it goes, and when its last byte will have been written. */
  private copyRateBytesPerSecond = 0;
  private writtenSeconds = 0;
  private partStartSeconds = 0;
  private partEndSeconds = 0;
  private partUnderWay: BlackoutPart = "stop";

  constructor(context: LiveMigrationContext) {
    this.context = context;
    this.ledger = new RoundLedger(context.migration, context.recorder);
    const startSeconds = context.simulation.now;
    this.times = {
      startSeconds,
      setupSeconds: null,
      totalSeconds: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
    };
    // The connection costs a round trip.
    this.schedule(startSeconds + context.setup.setupSeconds + 2 * context.link.latencySeconds, SETUP_DONE);
  }

  get transferredBytes(): number {
    return this.sender?.totals.bytes ?? 0;
  }

  onEvent(code: number): void {
    this.ticket = null;
    if (code === SETUP_DONE) this.beginPrecopy();
    else if (code === DECIDE) this.decide();
    else this.endPart();
  }

  onRateChanged(): void {
    const { now } = this.context.simulation;
    const sender = this.sender as PageSender;
    const flow = this.flow as Flow;
    if (this.stage === "blackout") {
      this.stretchFinalCopy(flow.rateBytesPerSecond);
      return;
    }
    sender.settle(now);
    sender.setRate(flow.rateBytesPerSecond);
    this.recordFlow("link.flowRateChanged");
    this.cancelTicket();
    this.schedule(sender.advance(now), DECIDE);
  }

  /** Gives up, the guest running on at the source; false once the guest was stopped: then it is too late. */
  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (this.stage === "blackout" || this.stage === "over") return false;
    const { simulation, log } = this.context;
    if (this.sender !== null) {
      this.sender.settle(simulation.now);
      this.ledger.end(simulation.now, this.sender.totals, log.pendingPages, 0, this.sender.thresholdBytes, 0);
    }
    this.times.totalSeconds = simulation.now - this.times.startSeconds;
    this.end(outcome, reason);
    return true;
  }

  private beginPrecopy(): void {
    const { simulation, log, link, setup } = this.context;
    const { now } = simulation;
    this.times.setupSeconds = now - this.times.startSeconds;
    this.stage = "pre-copy";
    this.flow = link.openFlow(this, setup.capBytesPerSecond);
    this.sender = setup.makeSender(log, link);
    this.sender.setRate(this.flow.rateBytesPerSecond);
    this.recordFlow("link.flowStarted");
    log.begin(now);
    this.bitmapSyncs = 1;
    this.ledger.start(now, this.sender.totals, log.pendingPages, log.pendingZeroPages, false);
    this.sender.begin(now);
    this.schedule(this.sender.advance(now), DECIDE);
  }

  private decide(): void {
    const { simulation } = this.context;
    const sender = this.sender as PageSender;
    for (;;) {
      sender.settle(simulation.now);
      if (sender.roundIsOver() && this.endRound()) return;
      const next = sender.advance(simulation.now);
      if (!simulation.tryAdvance(next)) {
        this.schedule(next, DECIDE);
        return;
      }
    }
  }

  /** What is left of the final copy takes longer or shorter, as the link's rate has changed. */
  private stretchFinalCopy(bytesPerSecond: number): void {
    this.recordFlow("link.flowRateChanged");
    const { now } = this.context.simulation;
    const factor = this.copyRateBytesPerSecond / bytesPerSecond;
    this.copyRateBytesPerSecond = bytesPerSecond;
    if (this.partUnderWay !== "final-copy") return;
    this.writtenSeconds = now + Math.max(0, this.writtenSeconds - now) * factor;
    // What is on its way already, one latency long, arrives as it would have.
    const leftSeconds = this.partEndSeconds - now;
    const underWaySeconds = Math.min(this.context.link.latencySeconds, leftSeconds);
    this.partEndSeconds = now + (leftSeconds - underWaySeconds) * factor + underWaySeconds;
    this.cancelTicket();
    this.schedule(this.partEndSeconds, PART_OVER);
  }

  /** Reads the bitmap and asks the policy; true if pre-copy is over. */
  private endRound(): boolean {
    const { simulation, log, setup, memoryPages } = this.context;
    const { now } = simulation;
    const sender = this.sender as PageSender;
    const { totals, thresholdBytes } = sender;
    const { round } = this.ledger;
    const unsentPages = log.pendingPages;
    const newlyDirtyPages = log.sync(now);
    this.bitmapSyncs++;
    this.ledger.end(now, totals, unsentPages, newlyDirtyPages, thresholdBytes, 0);
    const decision = setup.policy({
      round,
      pendingPages: log.pendingPages,
      pendingBytes: log.pendingPages * PAGE_BYTES,
      thresholdBytes,
      elapsedSeconds: now - this.times.startSeconds,
      transferredBytes: totals.bytes,
      memoryBytes: memoryPages * PAGE_BYTES,
    });
    if (decision.kind === "stop-guest") {
      this.endedBy = decision.rule;
      this.stopReason = decision.reason;
      this.record({
        type: "migration.precopyEnded",
        migration: this.context.migration,
        rule: decision.rule,
        reason: decision.reason,
      });
      this.stopGuest();
      return true;
    }
    if (round >= MOST_ROUNDS) {
      this.times.totalSeconds = now - this.times.startSeconds;
      this.end("not-converged", `After ${round} rounds pre-copy had not ended: it would go on like this.`);
      return true;
    }
    this.ledger.start(now, totals, log.pendingPages, log.pendingZeroPages, false);
    return false;
  }

  private stopGuest(): void {
    const { simulation, host, setup } = this.context;
    this.stage = "blackout";
    this.stoppedSeconds = simulation.now;
    host.guestStopped();
    const flow = this.flow as Flow;
    if (flow.capBytesPerSecond !== setup.finalCapBytesPerSecond) {
      flow.setCap(setup.finalCapBytesPerSecond);
      this.recordFlow("link.flowRateChanged");
    }
    this.startPart("stop", setup.blackout.stopSeconds);
  }

  private startPart(part: BlackoutPart, seconds: number): void {
    const { simulation, migration } = this.context;
    this.partUnderWay = part;
    this.partStartSeconds = simulation.now;
    this.record({ type: "blackout.partStarted", migration, part });
    this.partEndSeconds = simulation.now + seconds;
    this.schedule(this.partEndSeconds, PART_OVER);
  }

  /** One part of the blackout is over: the next begins. */
  private endPart(): void {
    const { simulation, migration, log, setup, host } = this.context;
    const { now } = simulation;
    const { blackout } = setup;
    const sender = this.sender as PageSender;
    const flow = this.flow as Flow;
    const part = this.partUnderWay;
    const seconds = now - this.partStartSeconds;
    this.blackout.push({ part, seconds });
    this.record({ type: "blackout.partEnded", migration, part, seconds });
    switch (part) {
      case "stop": {
        // Nothing was written after the stop began: the log is read as of then.
        log.sync(this.stoppedSeconds);
        this.bitmapSyncs++;
        this.ledger.start(now, sender.totals, log.pendingPages, log.pendingZeroPages, true);
        this.copyRateBytesPerSecond = flow.rateBytesPerSecond;
        sender.setRate(flow.rateBytesPerSecond);
        const copy = sender.finalCopy(now);
        this.writtenSeconds = now + copy.writtenSeconds;
        this.startPart("final-copy", copy.arrivedSeconds);
        return;
      }
      case "final-copy":
        this.ledger.end(now, sender.totals, 0, 0, sender.thresholdBytes, 0);
        this.startPart(
          "device-state",
          blackout.deviceStateCollectionSeconds + blackout.deviceStateBytes / flow.rateBytesPerSecond,
        );
        return;
      case "device-state":
        sender.totals.bytes += blackout.deviceStateBytes;
        this.closeFlow();
        this.startPart("storage-handover", host.handOverStorage());
        return;
      case "storage-handover":
        this.startPart("resume", blackout.resumeSeconds);
        return;
      case "resume":
        this.startPart("announce", 0);
        host.announce();
        return;
      case "announce":
        host.guestResumed();
        this.times.downtimeSeconds = now - this.stoppedSeconds;
        this.reportTimes(
          setup.reportsAtLastByteWritten ? this.writtenSeconds + setup.blackout.deviceStateCollectionSeconds : now,
        );
        this.end("completed", `Pre-copy ended with ${this.stopReason}.`);
    }
  }

  /** Downtime and total time as the hypervisor sees them: until `endSeconds`. */
  private reportTimes(endSeconds: number): void {
    this.times.reportedDowntimeSeconds = endSeconds - this.stoppedSeconds;
    this.times.totalSeconds = endSeconds - this.times.startSeconds;
  }

  private end(outcome: MigrationOutcome, reason: string): void {
    this.stage = "over";
    this.cancelTicket();
    this.closeFlow();
    this.record({ type: "migration.ended", migration: this.context.migration, outcome, reason });
    this.context.host.ended(outcome, reason);
  }

  private closeFlow(): void {
    if (this.flow?.open) {
      this.recordFlow("link.flowEnded");
      this.flow.close();
    }
  }

  private recordFlow(type: "link.flowStarted" | "link.flowRateChanged" | "link.flowEnded"): void {
    if (!this.context.recorder.recording) return;
    const { id, rateBytesPerSecond } = this.flow as Flow;
    const network = this.context.link.name;
    if (type === "link.flowStarted") {
      this.record({
        type,
        network,
        flow: id,
        kind: "migration",
        migration: this.context.migration,
        bytesPerSecond: rateBytesPerSecond,
      });
    } else if (type === "link.flowRateChanged") {
      this.record({ type, network, flow: id, bytesPerSecond: rateBytesPerSecond });
    } else {
      this.record({ type, network, flow: id, bytes: this.transferredBytes });
    }
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.context;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }

  private schedule(atSeconds: number, code: number): void {
    this.ticket = this.context.simulation.schedule(atSeconds, this, code);
  }

  private cancelTicket(): void {
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }
}
