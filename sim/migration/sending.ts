/** A migration's sender on its flow: pages go out at the rate that the link gives, under limits that may change. */
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { FlowOwner } from "../network/link.ts";
import type { Rester } from "../network/rate-history.ts";
import type { MigrationContext } from "./migration-context.ts";
import { MigrationFlow } from "./migration-flow.ts";
import type { LimitChanges, PageSender, SentTotals } from "./page-sender.ts";
import { Resting } from "./resting.ts";

export class Sending {
  readonly sender: PageSender;
  readonly flow: MigrationFlow;
  private readonly context: MigrationContext;
  /** When the sender last set out to send. */
  private setOutSeconds: number;
  private isHeld = false;
  private readonly resting: Resting;

  constructor(context: MigrationContext, owner: FlowOwner, rester: Rester) {
    const { setup, log, link, memory, manager, simulation } = context;
    this.context = context;
    this.sender = setup.makeSender(log, link, memory);
    this.flow = new MigrationFlow(context, owner, this.sender.capBytesPerSecond);
    this.sender.setRate(this.flow.rateBytesPerSecond);
    this.setOutSeconds = simulation.now;
    this.resting = new Resting(simulation, this.sender, rester);
    if (manager != null) this.tellLimits(manager.initialLimits, manager.name);
  }

  /** Sent by now. */
  get totals(): SentTotals {
    this.resting.catchUp();
    return this.sender.totals;
  }

  /** Books what has gone out by now. */
  settle(): void {
    if (this.resting.isUnderWay) this.wake();
    if (this.flow.takeChange()) this.sender.setRate(this.flow.rateBytesPerSecond);
    if (!this.isHeld) this.sender.settle(this.context.simulation.now);
  }

  /** Nothing gets through from now on. In pre-copy called after `settle`. */
  hold(): void {
    this.isHeld = true;
    this.flow.hold();
  }

  /** It goes on; followed by `setOut`, or by what else sends. */
  release(): void {
    const { sender, flow } = this;
    this.isHeld = false;
    flow.release();
    sender.goOnAfterHold?.(this.context.simulation.now);
    sender.setRate(flow.rateBytesPerSecond);
  }

  /** The sender sends on from now; returns when there is something to decide. Called after `settle`. */
  setOut(): number {
    const { now } = this.context.simulation;
    this.setOutSeconds = now;
    const next = this.sender.advance(now);
    // A manager reckons with when it last set out, or its rate changed.
    this.flow.setQuiet(this.sender.isCommitted === true && this.context.manager == null);
    return next;
  }

  /**
   * Takes the turns from the next one on later, where many senders make that worth while and none of its turns can matter to
   * anybody; returns until when at the longest, or null.
   *
   * @param dueSeconds when that turn is due, as `setOut` or `wake` returned it.
   */
  rest(dueSeconds: number): number | null {
    const { manager, setup } = this.context;
    if (manager != null || setup.postCopy != null) return null;
    const history = this.flow.historyAmongMany();
    const untilSeconds = history === null ? null : this.resting.begin(history, dueSeconds);
    if (untilSeconds !== null) this.flow.setQuiet(true);
    return untilSeconds;
  }

  /** Rests no more; returns when its next turn is due. */
  wake(): number {
    const dueSeconds = this.resting.end();
    // It knows of all changes up to now.
    this.flow.takeChange();
    this.flow.setQuiet(this.sender.isCommitted === true);
    return dueSeconds;
  }

  /** Something else than the sender's turns comes next: all changes of the rate are told again. */
  listen(): void {
    this.flow.setQuiet(false);
  }

  /** The link gives another rate from now on. */
  rateChanged(): void {
    this.settle();
    this.sender.setRate(this.flow.rateBytesPerSecond);
  }

  /** New limits hold from now on; false where the sender has no such limits. Called after `settle`. */
  changeLimits(changes: LimitChanges, by: string): boolean {
    const { sender, flow } = this;
    if (!sender.changeLimits(changes)) return false;
    flow.setCap(sender.capBytesPerSecond);
    sender.setRate(flow.rateBytesPerSecond);
    this.tellLimits(changes, by);
    return true;
  }

  /** What waits, the sender not being disturbed: between its decisions, it goes down at its rate. */
  get remainingBytes(): number {
    const { sender, flow } = this;
    const { log, simulation } = this.context;
    const rate = Math.min(flow.rateBytesPerSecond, sender.capBytesPerSecond);
    const sentSince = this.isHeld ? 0 : rate * (simulation.now - this.setOutSeconds);
    return Math.max(0, log.pendingPages * PAGE_BYTES - sentSince);
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
}
