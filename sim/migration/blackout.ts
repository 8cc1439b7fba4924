/** The time in which the guest stands still: named parts, one after the other, whose seconds add up to the downtime. */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { BlackoutPart } from "../trace/events.ts";
import type { BlackoutPartResult } from "../trace/result.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { MigrationFlow } from "./migration-flow.ts";
import type { PageSender } from "./page-sender.ts";
import type { RoundLedger } from "./round-ledger.ts";

export class Blackout implements EventHandler {
  readonly parts: BlackoutPartResult[] = [];
  /** The guest stops as the blackout is made. */
  readonly stoppedSeconds: number;

  private readonly context: MigrationContext;
  private readonly sender: PageSender;
  private readonly flow: MigrationFlow;
  private readonly ledger: RoundLedger;
  private readonly onOver: () => void;

  /** At what rate the part under way is sent, if it is. */
  private rateBytesPerSecond = 0;
  /** When the last byte of the final copy is written at the source. */
  private writtenSeconds = 0;
  private part: BlackoutPart = "stop";
  private partStartSeconds = 0;
  private partEndSeconds = 0;
  private ticket: EventTicket | null = null;

  /** Stops the guest now; `onOver` is called once it runs at the target. */
  constructor(
    context: MigrationContext,
    sender: PageSender,
    flow: MigrationFlow,
    ledger: RoundLedger,
    onOver: () => void,
  ) {
    this.context = context;
    this.sender = sender;
    this.flow = flow;
    this.ledger = ledger;
    this.onOver = onOver;
    this.stoppedSeconds = context.simulation.now;
    context.host.guestStopped();
    flow.setCap(sender.finalCapBytesPerSecond ?? context.setup.finalCapBytesPerSecond);
    this.start("stop", context.setup.blackout.stopSeconds);
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

  /** For the kernel: a part is over, and the next begins. */
  onEvent(): void {
    this.ticket = null;
    const { simulation, migration, recorder, log, setup, host } = this.context;
    const { now } = simulation;
    const { blackout } = setup;
    const { part, sender, ledger, flow } = this;
    const seconds = now - this.partStartSeconds;
    this.parts.push({ part, seconds });
    if (recorder.recording) recorder.record({ t: now, type: "blackout.partEnded", migration, part, seconds });
    switch (part) {
      case "stop": {
        // Nothing was written after the stop began: the log is read as of then.
        log.sync(this.stoppedSeconds);
        ledger.start(now, sender.totals, log.pendingPages, log.pendingZeroPages, true);
        this.rateBytesPerSecond = flow.rateBytesPerSecond;
        sender.setRate(this.rateBytesPerSecond);
        const copy = sender.finalCopy(now);
        this.writtenSeconds = now + copy.writtenSeconds;
        this.start("final-copy", copy.arrivedSeconds);
        return;
      }
      case "final-copy": {
        ledger.end(now, sender.totals, 0, 0, sender.thresholdBytes, 0);
        const sendingSeconds = blackout.deviceStateBytes / this.rateBytesPerSecond;
        this.start("device-state", blackout.deviceStateCollectionSeconds + sendingSeconds);
        return;
      }
      case "device-state":
        sender.totals.bytes += blackout.deviceStateBytes;
        flow.close(sender.totals.bytes);
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
        host.guestResumed();
        this.onOver();
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
    this.ticket = simulation.schedule(this.partEndSeconds, this, 0);
  }
}
