/** The rounds of a pre-copy: each ends with a read of the dirty bitmap, after which the policy says what follows. */
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { PageSender } from "./page-sender.ts";
import type { PrecopyDecision, PrecopyPolicy, PrecopyView } from "./policy.ts";
import { RoundLedger } from "./round-ledger.ts";
import type { Throttle } from "./throttle.ts";

export class PrecopyRounds {
  readonly ledger: RoundLedger;
  /** Reads of the dirty bitmap with the guest running, the first included. */
  reads = 0;

  private readonly context: MigrationContext;
  private readonly throttle: Throttle;
  private readonly policy: PrecopyPolicy;
  private readonly startSeconds: number;

  /** The migration begins now. */
  constructor(context: MigrationContext, throttle: Throttle) {
    this.context = context;
    this.throttle = throttle;
    this.policy = context.setup.makePolicy();
    this.ledger = new RoundLedger(context.migration, context.recorder);
    this.startSeconds = context.simulation.now;
  }

  /** The first begins: every page waits. */
  begin(sender: PageSender): void {
    this.reads = 1;
    this.context.log.begin(this.context.simulation.now);
    this.start(sender);
  }

  /** Another begins with what waits now. */
  start(sender: PageSender): void {
    const { simulation, log } = this.context;
    this.ledger.start(simulation.now, sender.totals, log.pendingPages, log.pendingZeroPages, false);
  }

  /** The round ends here, without a read of the bitmap. Called after the sender has settled. */
  cut(sender: PageSender): void {
    const { simulation, log } = this.context;
    const { totals, thresholdBytes } = sender;
    this.ledger.end(simulation.now, totals, log.pendingPages, 0, thresholdBytes, this.throttle.deniedShare);
  }

  /** The round ends with a read of the bitmap, nothing being written after `lastWrittenSeconds`. */
  end(sender: PageSender, lastWrittenSeconds: number): PrecopyView {
    const { simulation, log, memory, setup } = this.context;
    const { now } = simulation;
    const { totals, thresholdBytes } = sender;
    const { deniedShare } = this.throttle;
    const unsentPages = log.pendingPages;
    const newlyDirtyPages = log.sync(lastWrittenSeconds);
    if (setup.readsToGoOn !== true) this.reads++;
    const { totalsAtStart: atStart, startSeconds: roundStartSeconds } = this.ledger;
    const round = this.ledger.end(now, totals, unsentPages, newlyDirtyPages, thresholdBytes, deniedShare);
    return {
      round,
      roundSeconds: now - roundStartSeconds,
      roundBytes: totals.bytes - atStart.bytes,
      roundPages: totals.pages - atStart.pages + (totals.zeroPages - atStart.zeroPages),
      roundSkippedPages: (totals.skippedPages ?? 0) - (atStart.skippedPages ?? 0),
      unsentPages,
      newlyDirtyPages,
      pendingPages: log.pendingPages,
      pendingBytes: log.pendingPages * PAGE_BYTES,
      thresholdBytes,
      deniedShare,
      elapsedSeconds: now - this.startSeconds,
      transferredBytes: totals.bytes,
      memoryBytes: memory.totalPages * PAGE_BYTES,
    };
  }

  /** What follows, by the hypervisor's rules. */
  decide(view: PrecopyView): PrecopyDecision {
    return this.policy(view);
  }

  /** Pages will be sent again: where the bitmap is read for that only, it was read now. */
  readToGoOn(): void {
    if (this.context.setup.readsToGoOn === true) this.reads++;
  }
}
