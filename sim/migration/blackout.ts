/** The time in which the guest stands still: named parts, one after the other, whose seconds add up to the downtime. */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { BlackoutPart } from "../trace/migration-events.ts";
import type { BlackoutPartResult } from "../trace/migration-result.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { MigrationFlow } from "./migration-flow.ts";
import type { PageSender } from "./page-sender.ts";
import type { RoundLedger } from "./round-ledger.ts";

/** What follows the stop. */
export type BlackoutCourse =
  /** All that waits is copied, then the guest runs. */
  | { readonly kind: "copy" }
  /** Pre-copy goes on, the guest standing still; `end` says what then. */
  | { readonly kind: "paused" }
  /** The guest goes ahead of its memory. */
  | {
      readonly kind: "post-copy";
      /** Throwing away at the target what was sent and is not good any more. */
      readonly discardSeconds: number;
      /** Called as the target is told of it: from then on pages may follow. */
      readonly onDiscard: () => void;
    };

/** Parts in which bytes go over the link all the time, or nearly. */
const IS_SENT: ReadonlySet<BlackoutPart> = new Set(["final-copy", "discard", "device-state"]);

export class Blackout implements EventHandler {
  readonly parts: BlackoutPartResult[] = [];
  /** The guest stops as the blackout is made. */
  readonly stoppedSeconds: number;
  /** Whether the dirty bitmap was read once more for the final copy. */
  hasReadBitmap = false;
  /** Whether the source has given the guest away. */
  isCommitted = false;

  private readonly context: MigrationContext;
  private readonly sender: PageSender;
  private readonly flow: MigrationFlow;
  private readonly ledger: RoundLedger;
  private readonly onOver: () => void;
  private course: BlackoutCourse;

  /** At what rate the part under way is sent, if it is. */
  private rateBytesPerSecond = 0;
  /** When the last byte of the final copy is written at the source. */
  private writtenSeconds = 0;
  private part: BlackoutPart = "stop";
  private partStartSeconds = 0;
  private partEndSeconds = 0;
  private ticket: EventTicket | null = null;
  /** Since when nothing gets through; NaN while it does. */
  private heldSinceSeconds = Number.NaN;
  /** A part is over but for what its end has to send. */
  private isWaiting = false;

  /**
   * Stops the guest now; `onOver` is called once it runs at the target. Where it goes ahead of its memory, the log was
   * read already.
   */
  constructor(
    context: MigrationContext,
    sender: PageSender,
    flow: MigrationFlow,
    ledger: RoundLedger,
    onOver: () => void,
    course: BlackoutCourse = { kind: "copy" },
  ) {
    this.context = context;
    this.sender = sender;
    this.flow = flow;
    this.ledger = ledger;
    this.onOver = onOver;
    this.course = course;
    this.stoppedSeconds = context.simulation.now;
    context.host.guestStopped();
    if (course.kind === "copy") this.liftCap();
    this.start("stop", context.setup.blackout.stopSeconds);
  }

  /** Whether the stopped guest waits to be told to go on. */
  get isPreSwitchover(): boolean {
    return this.part === "pre-switchover";
  }

  /** For a paused guest: what waits now is copied, or follows it. */
  end(course: BlackoutCourse): void {
    this.course = course;
    if (course.kind === "copy") this.liftCap();
    if (this.part === "paused") this.endNow();
  }

  /** The wait before the switchover is over; false where there is none. */
  continueSwitchover(): boolean {
    if (this.part !== "pre-switchover") return false;
    this.endNow();
    return true;
  }

  /** The guest runs on at the source. */
  giveUp(): void {
    const { host } = this.context;
    const hasBegunHandOver = this.hasBegunHandOver;
    this.cut();
    if (hasBegunHandOver) host.takeStorageBack?.();
    host.guestRunsOn?.();
  }

  /** The part under way ends here, and none follows. */
  cut(): void {
    const { simulation } = this.context;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = null;
    if (this.part === "final-copy") this.cutFinalCopy();
    this.endPart();
  }

  /** It was booked whole as it began; what is written evenly until its end was not all written. */
  private cutFinalCopy(): void {
    const { simulation } = this.context;
    const { sender, ledger, partStartSeconds } = this;
    const { now } = simulation;
    const { totals } = sender;
    const atStart = ledger.totalsAtStart;
    const share = this.writtenSeconds > now ? (now - partStartSeconds) / (this.writtenSeconds - partStartSeconds) : 1;
    const unsentPages = Math.round((totals.pages - atStart.pages) * (1 - share));
    const unsentZeroPages = Math.round((totals.zeroPages - atStart.zeroPages) * (1 - share));
    totals.pages -= unsentPages;
    totals.zeroPages -= unsentZeroPages;
    totals.bytes -= Math.round((totals.bytes - atStart.bytes) * (1 - share));
    ledger.end(now, totals, unsentPages + unsentZeroPages, 0, sender.thresholdBytes, 0);
  }

  private get hasBegunHandOver(): boolean {
    return this.part === "storage-handover" || this.part === "resume";
  }

  /** When the blackout is over for the hypervisor: as the guest runs, or as the last byte is written. */
  get reportedEndSeconds(): number {
    const { setup, simulation } = this.context;
    if (!setup.reportsAtLastByteWritten) {
      return simulation.now + (setup.reportsOnceTold === true ? this.context.link.latencySeconds : 0);
    }
    return this.writtenSeconds + setup.blackout.deviceStateCollectionSeconds;
  }

  /** What is still to be sent takes longer or shorter, as the link's rate has changed. */
  onRateChanged(): void {
    if (!Number.isNaN(this.heldSinceSeconds)) return;
    const { simulation, link, setup } = this.context;
    const { now } = simulation;
    const before = this.rateBytesPerSecond;
    this.rateBytesPerSecond = this.flow.rateBytesPerSecond;
    const factor = before / this.rateBytesPerSecond;
    const leftSeconds = this.partEndSeconds - now;
    let sendingSeconds = 0;
    if (this.part === "final-copy") {
      this.writtenSeconds = now + Math.max(0, this.writtenSeconds - now) * factor;
      // What is on its way already, one latency long, arrives as it would have.
      sendingSeconds = leftSeconds - Math.min(link.latencySeconds, leftSeconds);
    } else if (this.part === "device-state") {
      // The state is collected first, then sent.
      sendingSeconds = Math.min(leftSeconds, setup.blackout.deviceStateBytes / before);
    }
    if (sendingSeconds === 0) return;
    this.partEndSeconds = now + (leftSeconds - sendingSeconds) + sendingSeconds * factor;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = simulation.schedule(this.partEndSeconds, this, 0);
  }

  /** Nothing gets through: what is being sent stands still. */
  hold(): void {
    this.heldSinceSeconds = this.context.simulation.now;
    if (!IS_SENT.has(this.part) || this.ticket === null) return;
    this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }

  release(): void {
    const { simulation } = this.context;
    const heldSinceSeconds = this.heldSinceSeconds;
    const heldSeconds = simulation.now - heldSinceSeconds;
    this.heldSinceSeconds = Number.NaN;
    if (this.isWaiting) {
      this.isWaiting = false;
      this.onEvent();
    } else if (IS_SENT.has(this.part)) {
      this.partEndSeconds += heldSeconds;
      if (this.writtenSeconds > heldSinceSeconds) this.writtenSeconds += heldSeconds;
      this.ticket = simulation.schedule(this.partEndSeconds, this, 0);
      this.onRateChanged();
    }
  }

  /** Whether the part that is over ends with something that has to get through. */
  private get endsWithWord(): boolean {
    const { part } = this;
    return (
      part === "paused" ||
      part === "pre-switchover" ||
      (part === "stop" && this.course.kind !== "paused") ||
      (part === (this.context.setup.commitsAfter ?? "device-state") && !IS_SENT.has(part))
    );
  }

  /** For the kernel: a part is over, and the next begins. */
  onEvent(): void {
    this.ticket = null;
    if (!Number.isNaN(this.heldSinceSeconds) && this.endsWithWord) {
      this.isWaiting = true;
      return;
    }
    const { simulation, setup, host } = this.context;
    const { now } = simulation;
    const { blackout } = setup;
    const { part, sender, ledger, flow } = this;
    this.endPart();
    if (part === (setup.commitsAfter ?? "device-state")) this.isCommitted = true;
    switch (part) {
      case "stop":
        if (this.course.kind === "paused") {
          this.start("paused", Number.POSITIVE_INFINITY);
          return;
        }
        this.beforeSwitchover();
        return;
      case "paused":
        this.beforeSwitchover();
        return;
      case "pre-switchover":
        this.switchOver();
        return;
      case "discard":
        this.start(
          "device-state",
          blackout.deviceStateCollectionSeconds + blackout.deviceStateBytes / this.rateBytesPerSecond,
        );
        return;
      case "final-copy": {
        ledger.end(now, sender.totals, 0, 0, sender.thresholdBytes, 0);
        const sendingSeconds = blackout.deviceStateBytes / this.rateBytesPerSecond;
        this.start("device-state", blackout.deviceStateCollectionSeconds + sendingSeconds);
        return;
      }
      case "device-state":
        sender.totals.bytes += blackout.deviceStateBytes;
        // What follows the guest takes the same way.
        if (this.course.kind !== "post-copy") flow.close(sender.totals.bytes);
        this.start("storage-handover", host.handOverStorage());
        return;
      case "storage-handover":
        this.start("resume", blackout.resumeSeconds);
        return;
      case "resume":
        this.start("announce", 0);
        host.announce();
        return;
      case "announce":
        host.guestResumed(this.course.kind === "post-copy");
        this.onOver();
    }
  }

  private beforeSwitchover(): void {
    const { preSwitchoverSeconds } = this.context.setup;
    if (preSwitchoverSeconds === undefined) this.switchOver();
    else this.start("pre-switchover", preSwitchoverSeconds);
  }

  private switchOver(): void {
    const { simulation, log, link } = this.context;
    const { now } = simulation;
    const { course, sender, flow, ledger } = this;
    this.rateBytesPerSecond = flow.rateBytesPerSecond;
    if (course.kind === "post-copy") {
      this.writtenSeconds = now;
      // The target hears of them behind what was sent before.
      const queuedSeconds = (sender.queuedBytes?.(now) ?? 0) / this.rateBytesPerSecond - link.latencySeconds;
      this.start("discard", Math.max(link.latencySeconds, queuedSeconds) + course.discardSeconds);
      course.onDiscard();
      return;
    }
    // Nothing was written after the stop began: the log is read as of then.
    log.sync(this.stoppedSeconds);
    this.hasReadBitmap = true;
    ledger.start(now, sender.totals, log.pendingPages, log.pendingZeroPages, true);
    sender.setRate(this.rateBytesPerSecond);
    const copy = sender.finalCopy(now);
    this.writtenSeconds = now + copy.writtenSeconds;
    this.start("final-copy", copy.arrivedSeconds);
  }

  private liftCap(): void {
    const { sender, flow, context } = this;
    flow.setCap(sender.finalCapBytesPerSecond ?? context.setup.finalCapBytesPerSecond);
  }

  /** A part whose end was open, or later, ends now. */
  private endNow(): void {
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.onEvent();
  }

  private endPart(): void {
    const { simulation, migration, recorder } = this.context;
    const { part } = this;
    const seconds = simulation.now - this.partStartSeconds;
    this.parts.push({ part, seconds });
    if (recorder.recording) {
      recorder.record({ t: simulation.now, type: "blackout.partEnded", migration, part, seconds });
    }
  }

  private start(part: BlackoutPart, seconds: number): void {
    const { simulation, migration, recorder } = this.context;
    this.part = part;
    this.partStartSeconds = simulation.now;
    this.partEndSeconds = simulation.now + seconds;
    if (recorder.recording) {
      recorder.record({ t: simulation.now, type: "blackout.partStarted", migration, part });
    }
    if (seconds < Number.POSITIVE_INFINITY) this.ticket = simulation.schedule(this.partEndSeconds, this, 0);
  }
}
