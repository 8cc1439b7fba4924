/**
 * Pre-copy: the sender's turns, the rounds that end with a read of the dirty bitmap, and what follows by the policy's
 * decision. It ends by telling the migration to stop the guest, to let it go ahead of its memory, or to give up.
 */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { FlowOwner } from "../network/link.ts";
import type { Rester } from "../network/rate-history.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import { type BitmapReader, LeastReads } from "./least-reads.ts";
import type { ManagerWatch } from "./manager-watch.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { LimitChanges } from "./page-sender.ts";
import type { PrecopyDecision } from "./policy.ts";
import { type Asked, PostCopyRequest, type PostCopyStarter } from "./post-copy-request.ts";
import { POST_COPY_RULE } from "./post-copy-setup.ts";
import { PrecopyRounds } from "./precopy-rounds.ts";
import { Sending } from "./sending.ts";
import type { Throttle } from "./throttle.ts";

/**
 * A migration that has not converged after so many rounds (QEMU: hours of them) is ended: nothing that it does from then on
 * is new, and its rounds would fill the memory of the machine that simulates it.
 */
const MOST_ROUNDS = 100_000;

/** The migration whose pre-copy it is. */
export interface PrecopyOwner extends FlowOwner {
  /** Nothing is written after that: now, or when a guest that stands still was stopped. */
  readonly lastWrittenSeconds: number;
  /** The rest is to be copied, the guest standing still. */
  stopGuest(rule: string, reason: string): void;
  /** The guest is to run at the target before its memory is there. */
  goAhead(asked: Asked): void;
  /** By the hypervisor's own rules. */
  givenUp(outcome: MigrationOutcome, rule: string | null, reason: string): void;
}

const TURN = 0;
const RESTED = 1;

export class Precopy implements EventHandler, BitmapReader, PostCopyStarter, Rester {
  readonly rounds: PrecopyRounds;
  /** Null until it has begun. */
  sending: Sending | null = null;

  private readonly context: MigrationContext;
  private readonly owner: PrecopyOwner;
  private readonly throttle: Throttle;
  private readonly watch: ManagerWatch | null;
  private readonly postCopyRequest: PostCopyRequest;
  private leastReads: LeastReads | null = null;
  private ticket: EventTicket | null = null;
  private isOver = false;
  private isHeld = false;

  /** The migration begins now, with its setup. */
  constructor(context: MigrationContext, owner: PrecopyOwner, throttle: Throttle, watch: ManagerWatch | null) {
    this.context = context;
    this.owner = owner;
    this.throttle = throttle;
    this.watch = watch;
    this.rounds = new PrecopyRounds(context, throttle);
    this.postCopyRequest = new PostCopyRequest(context.simulation, this);
  }

  get reads(): number {
    return this.rounds.reads;
  }

  begin(): void {
    const { context, postCopyRequest } = this;
    const { simulation, setup } = context;
    this.sending = new Sending(context, this.owner, this);
    const { sender } = this.sending;
    if (setup.leastReadsSeconds !== undefined) {
      this.leastReads = new LeastReads(simulation, setup.leastReadsSeconds, this);
    }
    this.rounds.begin(sender);
    sender.begin(simulation.now);
    if (setup.postCopy?.afterRounds === 0) {
      postCopyRequest.askAtPoll(setup.postCopy.pollSeconds, POST_COPY_RULE, "the connection");
    }
    if (postCopyRequest.asked !== null) this.owner.goAhead(postCopyRequest.asked);
    else this.sendOn();
  }

  /** For the kernel: the sender's turns, up to one that has to wait for others. */
  onEvent(code: number): void {
    this.ticket = null;
    if (code === RESTED) this.goOn((this.sending as Sending).wake());
    else this.takeTurns();
  }

  /** For the link: it gives more than the sender's rest allows for. */
  onRestBroken(): void {
    this.cancelTicket();
    this.goOn((this.sending as Sending).wake());
  }

  /** Its next turn being due then, unless it can be taken later. */
  private goOn(dueSeconds: number): void {
    const { simulation } = this.context;
    const restsUntilSeconds = (this.sending as Sending).rest(dueSeconds);
    this.ticket =
      restsUntilSeconds === null
        ? simulation.schedule(dueSeconds, this, TURN)
        : simulation.schedule(restsUntilSeconds, this, RESTED);
  }

  private takeTurns(): void {
    const { simulation } = this.context;
    const sending = this.sending as Sending;
    const { sender } = sending;
    for (;;) {
      sending.settle();
      if (sender.roundIsOver() && this.endRound()) return;
      if (this.postCopyRequest.asked !== null) {
        this.owner.goAhead(this.postCopyRequest.asked);
        return;
      }
      const next = sending.setOut();
      if (!simulation.tryAdvance(next)) {
        this.goOn(next);
        return;
      }
    }
  }

  /** Nothing gets through: the sender blocks, and decides nothing. */
  hold(): void {
    this.isHeld = true;
    this.cancelTicket();
    this.sending?.settle();
    this.sending?.listen();
    this.sending?.hold();
  }

  release(): void {
    this.isHeld = false;
    this.sending?.release();
    if (!this.isOver) this.sendOn();
  }

  /** Reads the bitmap in the middle of a round, and ends the round with that. */
  readNow(): void {
    if (this.isHeld) return;
    this.sending?.settle();
    if (!this.endRound()) this.sendOn();
  }

  /** The link gives another rate. */
  onRateChanged(): void {
    this.sending?.rateChanged();
    this.sendOn();
  }

  /** New limits hold from now on; false where there are no such limits, or it is not under way. */
  changeLimits(changes: LimitChanges, by: string): boolean {
    const { sending } = this;
    if (sending === null || this.isOver) return false;
    sending.settle();
    if (!sending.changeLimits(changes, by)) return false;
    this.sendOn();
    return true;
  }

  /** At the sender's next turn; false where the guest cannot go ahead, where that was asked for already, and once this is over. */
  startPostCopy(rule: string, reason: string): boolean {
    const { sending, postCopyRequest } = this;
    if (this.context.setup.postCopy == null || postCopyRequest.asked !== null || this.isOver) return false;
    postCopyRequest.asked = { rule, reason };
    if (sending === null) return true;
    sending.settle();
    // Without new limits this only keeps the sender from setting out over many turns at once.
    sending.sender.changeLimits({});
    this.sendOn();
    return true;
  }

  /** The round under way ends here, without a read of the bitmap. */
  cutRound(): void {
    const sending = this.sending as Sending;
    sending.settle();
    this.rounds.cut(sending.sender);
  }

  /** Nothing more is sent or watched. */
  close(): void {
    this.isOver = true;
    this.postCopyRequest.close();
    this.watch?.close();
    this.leastReads?.stop();
    this.cancelTicket();
    this.sending?.listen();
  }

  /** Reads the bitmap and asks the policy; true if pre-copy is over. */
  private endRound(): boolean {
    const { rounds } = this;
    const { sender } = this.sending as Sending;
    const view = rounds.end(sender, this.owner.lastWrittenSeconds);
    if (this.carryOut(rounds.decide(view))) return true;
    rounds.readToGoOn();
    if (view.round >= MOST_ROUNDS) {
      const reason = `After ${view.round} rounds pre-copy had not ended: it would go on like this.`;
      this.owner.givenUp("not-converged", null, reason);
      return true;
    }
    rounds.start(sender);
    this.watch?.roundEnded(view);
    return false;
  }

  /** True if pre-copy is over with this. */
  private carryOut(decision: PrecopyDecision): boolean {
    switch (decision.kind) {
      case "another-round":
        if (decision.deniedShare !== undefined) this.throttle.deny(decision.deniedShare);
        if (decision.control !== undefined) this.throttle.controlWith(decision.control);
        if (decision.limits !== undefined) this.sending?.changeLimits(decision.limits, "policy");
        return false;
      case "start-post-copy": {
        const { postCopy } = this.context.setup;
        if (postCopy != null) this.postCopyRequest.askAtPoll(postCopy.pollSeconds, decision.rule, decision.reason);
        return false;
      }
      case "give-up":
        this.owner.givenUp("cancelled", decision.rule, decision.reason);
        return true;
      case "stop-guest":
        this.owner.stopGuest(decision.rule, decision.reason);
        return true;
    }
  }

  /** Sends on from now, whatever was to be decided before. */
  private sendOn(): void {
    this.cancelTicket();
    if (this.isHeld) return;
    this.ticket = this.context.simulation.schedule((this.sending as Sending).setOut(), this, TURN);
  }

  private cancelTicket(): void {
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }
}
