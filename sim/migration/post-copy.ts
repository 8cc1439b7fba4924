/**
 * Post-copy: the guest runs at the target, or is about to, and its memory follows. The sender's loop goes on under limits of
 * its own until nothing is left, or less than its threshold, which then goes without limit; each page goes once.
 */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { PostcopyResult } from "../trace/migration-result.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { MigrationFlow } from "./migration-flow.ts";
import type { PageSender } from "./page-sender.ts";
import type { PostCopySetup } from "./post-copy-setup.ts";
import { type FaultService, RemoteFaults } from "./remote-faults.ts";

const PUSH = 0;
const ARRIVED = 1;

/** Mean fill of a socket whose writer sleeps when it is full and wakes when a third is free: see SendSocket. */
const MEAN_SOCKET_FILL = 5 / 6;

export class PostCopy implements EventHandler {
  /** When the push begins, or began. */
  private pushSeconds: number;
  /** Pages that waited as the guest was stopped. */
  private readonly pagesAtStop: number;
  private readonly bytesAtStop: number;

  private readonly context: MigrationContext;
  private readonly setup: PostCopySetup;
  private readonly sender: PageSender;
  private readonly flow: MigrationFlow;
  private readonly faults: RemoteFaults;
  private readonly onOver: () => void;

  private ticket: EventTicket | null = null;
  private pushing = false;
  /** The last pages, sent without limit, are at the target then; NaN as long as the loop goes on. */
  private arrivalSeconds = Number.NaN;
  private restRateBytesPerSecond = 0;
  private accountedSeconds = 0;
  private accountedPages: number;
  private readonly sentPagesAtStop: number;
  /** Pages that the sender has booked ahead: sent evenly until then. */
  private bookedPages = 0;
  private bookedUntilSeconds = 0;
  /** When the guest began to run at the target. */
  private startSeconds = Number.NaN;
  private pagesLeftAtStart = 0;
  private endSeconds = Number.NaN;
  /** Since when nothing gets through, NaN while it does; and how long before its event the push or the last page was. */
  private heldSinceSeconds = Number.NaN;
  private drawn: { faults: number; waitSeconds: number } | null = null;

  /** The guest stands still and the log was read; the push begins at `pushSeconds`, `onOver` is called at the end. */
  constructor(
    context: MigrationContext,
    setup: PostCopySetup,
    sender: PageSender,
    flow: MigrationFlow,
    pushSeconds: number,
    onOver: () => void,
  ) {
    const { log, memory, simulation, migration } = context;
    this.context = context;
    this.setup = setup;
    this.sender = sender;
    this.flow = flow;
    this.onOver = onOver;
    this.pushSeconds = pushSeconds;
    if (setup.hostPageBytes > PAGE_BYTES) log.widen(setup.hostPageBytes / PAGE_BYTES);
    this.pagesAtStop = log.pendingPages;
    this.bytesAtStop = sender.totals.bytes;
    this.sentPagesAtStop = this.sentPages;
    this.accountedPages = this.sentPages;
    this.faults = new RemoteFaults(memory, log, simulation.random.stream(`post-copy/${migration}`));
    this.schedule(pushSeconds, PUSH);
  }

  /** Whether all pages are at the target. */
  get hasArrived(): boolean {
    return this.pushing && this.ticket === null && Number.isNaN(this.heldSinceSeconds) && Number.isNaN(this.endSeconds);
  }

  /** The guest runs at the target from now on. */
  guestRuns(): void {
    const { simulation, recorder, migration } = this.context;
    const { now } = simulation;
    const isHeld = !Number.isNaN(this.heldSinceSeconds);
    if (this.pushing && !isHeld && !this.hasArrived && Number.isNaN(this.arrivalSeconds)) this.sender.settle(now);
    if (!isHeld) this.account(now);
    this.startSeconds = now;
    this.pagesLeftAtStart = this.pagesAtStop - this.arrivedPages;
    if (recorder.recording) {
      const pagesLeft = this.pagesLeftAtStart;
      recorder.record({ t: now, type: "migration.postcopyStarted", migration, pagesLeft });
    }
    if (isHeld) return;
    if (this.hasArrived) this.finish();
    else if (Number.isNaN(this.arrivalSeconds) && this.pushing) this.pushOn();
  }

  /** Nothing more comes: the guest is lost, or runs on at the source. */
  cut(): void {
    this.standStill();
    this.endHold();
    this.endSeconds = this.context.simulation.now;
  }

  /** Nothing gets through: the guest, where it runs, is taken to wait from now on for a page that it misses. */
  hold(): void {
    if (this.hasArrived) return;
    this.standStill();
    this.heldSinceSeconds = this.context.simulation.now;
  }

  release(): void {
    if (Number.isNaN(this.heldSinceSeconds)) return;
    const { now } = this.context.simulation;
    const heldSeconds = now - this.heldSinceSeconds;
    this.endHold();
    if (!this.pushing) {
      this.pushSeconds += heldSeconds;
      this.schedule(this.pushSeconds, PUSH);
    } else if (Number.isNaN(this.arrivalSeconds)) {
      this.pushOn();
    } else {
      this.arrivalSeconds += heldSeconds;
      this.bookedUntilSeconds = this.arrivalSeconds;
      this.schedule(this.arrivalSeconds, ARRIVED);
    }
  }

  /** Books what has come by now; nothing more does. */
  private standStill(): void {
    const { simulation } = this.context;
    const { now } = simulation;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = null;
    if (!this.pushing || !Number.isNaN(this.heldSinceSeconds)) return;
    if (Number.isNaN(this.arrivalSeconds)) this.sender.settle(now);
    this.account(now);
  }

  private endHold(): void {
    const { now } = this.context.simulation;
    if (Number.isNaN(this.heldSinceSeconds)) return;
    if (!Number.isNaN(this.startSeconds)) this.faults.stall(now - Math.max(this.heldSinceSeconds, this.startSeconds));
    this.heldSinceSeconds = Number.NaN;
    this.accountedSeconds = now;
  }

  onEvent(code: number): void {
    this.ticket = null;
    if (code === ARRIVED) {
      this.account(this.context.simulation.now);
      if (!Number.isNaN(this.startSeconds)) this.finish();
      return;
    }
    if (!this.pushing) this.beginPush();
    else this.goOn();
  }

  onRateChanged(): void {
    if (!this.pushing || this.hasArrived || !Number.isNaN(this.heldSinceSeconds)) return;
    const { simulation, link } = this.context;
    const { now } = simulation;
    if (Number.isNaN(this.arrivalSeconds)) {
      this.sender.settle(now);
      this.account(now);
      this.sender.setRate(this.flow.rateBytesPerSecond);
      this.pushOn();
      return;
    }
    this.account(now);
    const factor = this.restRateBytesPerSecond / this.flow.rateBytesPerSecond;
    this.restRateBytesPerSecond = this.flow.rateBytesPerSecond;
    const leftSeconds = this.arrivalSeconds - now;
    const onItsWaySeconds = Math.min(link.latencySeconds, leftSeconds);
    this.arrivalSeconds = now + onItsWaySeconds + (leftSeconds - onItsWaySeconds) * factor;
    this.bookedUntilSeconds = this.arrivalSeconds;
    this.schedule(this.arrivalSeconds, ARRIVED);
  }

  /** What it has come to by now. */
  get result(): PostcopyResult | null {
    if (Number.isNaN(this.startSeconds)) return null;
    const { faults, waitSeconds } = this.drawn ?? this.faults.draw();
    this.drawn = { faults, waitSeconds };
    const endSeconds = Number.isNaN(this.endSeconds) ? this.context.simulation.now : this.endSeconds;
    return {
      startSeconds: this.startSeconds,
      seconds: endSeconds - this.startSeconds,
      pagesLeft: this.pagesLeftAtStart,
      pages: this.arrivedPages,
      // The state of processors and devices went the same way.
      bytes: this.sender.totals.bytes - this.bytesAtStop - this.context.setup.blackout.deviceStateBytes,
      faults,
      waitSeconds,
    };
  }

  private get sentPages(): number {
    const { pages, zeroPages } = this.sender.totals;
    return pages + zeroPages;
  }

  private get arrivedPages(): number {
    return this.accountedPages - this.sentPagesAtStop;
  }

  private beginPush(): void {
    this.pushing = true;
    const { simulation } = this.context;
    const { maxBandwidthBytesPerSecond, placingBytesPerSecond } = this.setup;
    this.sender.enterPostCopy?.(simulation.now, { maxBandwidthBytesPerSecond, placingBytesPerSecond });
    this.flow.setCap(this.sender.capBytesPerSecond);
    this.sender.setRate(this.flow.rateBytesPerSecond);
    this.accountedSeconds = simulation.now;
    this.sendOn();
  }

  private goOn(): void {
    const { simulation } = this.context;
    this.sender.settle(simulation.now);
    this.account(simulation.now);
    this.sendOn();
  }

  private sendOn(): void {
    const { simulation } = this.context;
    const { sender } = this;
    while (!sender.roundIsOver()) {
      const next = this.setOut();
      if (!simulation.tryAdvance(next)) {
        this.schedule(next, PUSH);
        return;
      }
      sender.settle(simulation.now);
      this.account(simulation.now);
    }
    this.sendRest();
  }

  private pushOn(): void {
    this.schedule(this.setOut(), PUSH);
  }

  /** The sender goes on, and may book what it sends until the moment that is returned. */
  private setOut(): number {
    const next = this.sender.advance(this.context.simulation.now);
    this.bookedPages = this.sentPages;
    this.bookedUntilSeconds = next;
    return next;
  }

  /** What is left is less than the threshold: it goes without limit. */
  private sendRest(): void {
    const { now } = this.context.simulation;
    this.flow.setCap(this.setup.placingBytesPerSecond);
    this.restRateBytesPerSecond = this.flow.rateBytesPerSecond;
    this.sender.setRate(this.restRateBytesPerSecond);
    this.arrivalSeconds = now + this.sender.finalCopy(now).arrivedSeconds;
    this.bookedPages = this.sentPages;
    this.bookedUntilSeconds = this.arrivalSeconds;
    this.schedule(this.arrivalSeconds, ARRIVED);
  }

  /** Tells the guest's faults what has come by now. */
  private account(nowSeconds: number): void {
    const { accountedSeconds, accountedPages, bookedUntilSeconds } = this;
    const bookedPages = Math.max(this.bookedPages, accountedPages);
    const share =
      nowSeconds >= bookedUntilSeconds
        ? 1
        : Math.max(0, nowSeconds - accountedSeconds) / (bookedUntilSeconds - accountedSeconds);
    // What was booked as the sender settled is out by now.
    const pages = Math.floor((bookedPages - accountedPages) * share) + (this.sentPages - bookedPages);
    this.accountedPages += pages;
    this.accountedSeconds = nowSeconds;
    if (Number.isNaN(this.startSeconds)) this.faults.arrive(pages);
    else this.faults.run(accountedSeconds, nowSeconds, pages, this.service());
  }

  private finish(): void {
    const { simulation, recorder, migration } = this.context;
    this.endSeconds = simulation.now;
    if (recorder.recording) {
      const { seconds, pages, bytes, faults, waitSeconds } = this.result as PostcopyResult;
      recorder.record({
        t: simulation.now,
        type: "migration.postcopyEnded",
        migration,
        seconds,
        pages,
        bytes,
        faults,
        waitSeconds,
      });
    }
    this.onOver();
  }

  private service(): FaultService {
    const { hostPageBytes, writingProcessors, preempt } = this.setup;
    const latencySeconds = faultLatencySeconds(this.setup, {
      rateBytesPerSecond: this.flow.rateBytesPerSecond,
      linkBytesPerSecond: this.context.link.capacityBytesPerSecond,
      latencySeconds: this.context.link.latencySeconds,
    });
    return { latencySeconds, movesPush: !preempt, unitPages: hostPageBytes / PAGE_BYTES, writingProcessors };
  }

  private schedule(atSeconds: number, code: number): void {
    const { simulation } = this.context;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = simulation.schedule(atSeconds, this, code);
  }
}

/** The connection over which the pages come. */
export interface PostCopyPath {
  /** What the migration's flow gets now. */
  readonly rateBytesPerSecond: number;
  /** What the link carries when nothing else uses it, and one way through it. */
  readonly linkBytesPerSecond: number;
  readonly latencySeconds: number;
}

/**
 * How long the guest waits for a page on average: the request there, what is queued before the page, the page itself (a huge
 * one whole), and its being put in its place.
 *
 * Without a connection of its own, the page waits behind what the sender's socket holds, and where the target is slower than
 * the link, behind what the target's socket holds as well. With one it shares the link with the push. Under a rate limit
 * that requests do not break, pages come in bursts, a few requests each, and the last request of a burst waits for the
 * next window.
 */
export function faultLatencySeconds(setup: PostCopySetup, path: PostCopyPath): number {
  const { placingBytesPerSecond, maxBandwidthBytesPerSecond, hostPageBytes, windowSeconds } = setup;
  const limited = path.rateBytesPerSecond >= maxBandwidthBytesPerSecond;
  const fullRate = Math.min(path.linkBytesPerSecond, placingBytesPerSecond);
  const rate = limited ? fullRate : path.rateBytesPerSecond;
  const roundTripSeconds = 2 * path.latencySeconds;
  const networkSeconds = setup.requestSeconds + roundTripSeconds;
  if (setup.preempt) return networkSeconds + hostPageBytes / (limited ? rate : rate / 2);

  const acknowledgedSoonBytes = rate * roundTripSeconds;
  let queuedBytes = Math.max(0, setup.sendBufferBytes * MEAN_SOCKET_FILL - acknowledgedSoonBytes);
  if (placingBytesPerSecond <= path.linkBytesPerSecond) queuedBytes += setup.receiveBufferBytes;
  if (!limited) return networkSeconds + (queuedBytes + hostPageBytes) / rate;

  const quotaBytes = maxBandwidthBytesPerSecond * windowSeconds;
  const burstSeconds = Math.min(windowSeconds, quotaBytes / rate);
  const inBurstSeconds = networkSeconds + (Math.min(queuedBytes, quotaBytes) + hostPageBytes) / rate;
  if (setup.requestsWaitForWindow) return windowSeconds / (1 + burstSeconds / inBurstSeconds);
  const outsideSeconds = networkSeconds + hostPageBytes / rate;
  return outsideSeconds + (inBurstSeconds - outsideSeconds) * (burstSeconds / windowSeconds);
}
