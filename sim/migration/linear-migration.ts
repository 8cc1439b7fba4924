/**
 * Pre-copy as SimGrid's live-migration plugin models it (SimGrid 3.32, src/plugins/vm/VmLiveMigration.cpp): no pages, only
 * bytes that become dirty at a constant rate up to a working set, and transfers that wait a latency and then share the link.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { Link } from "../network/link.ts";
import { Transfer, type TransferOwner, type TransferPool } from "../network/transfer-pool.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { BlackoutPartResult, RoundResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { Migration, MigrationStage, MigrationTimes } from "./migration.ts";
import type { MigrationHost } from "./migration-context.ts";
import { type GuestHolder, guestFate, type MigrationSide } from "./node-loss.ts";
import type { SentTotals } from "./page-sender.ts";
import { RoundLedger } from "./round-ledger.ts";
import { type RoundNumbers, roundsOf } from "./round-table.ts";

/** The model's constants for one migration. */
export interface LinearSettings {
  /** A transfer waits so many times the link's latency before its bytes flow. */
  readonly latencyFactor: number;
  /** Share of the link's rate that transfers can use. */
  readonly bandwidthFactor: number;
  /** The most that the migration takes of the link, bytes per second; Infinity for no limit. */
  readonly speedBytesPerSecond: number;
  readonly maxDowntimeSeconds: number;
  /** The most that can be dirty, bytes; null for `WORKING_SET_SHARE` of the memory. */
  readonly workingSetBytes: number | null;
}

export interface LinearMigrationContext {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly migration: number;
  readonly memoryBytes: number;
  /** What the guest dirties a second. */
  readonly dirtyBytesPerSecond: number;
  /** Its capacity is what transfers can use: `bandwidthFactor` of the wire's rate. */
  readonly link: Link;
  readonly settings: LinearSettings;
  readonly host: MigrationHost;
}

/** SimGrid's default working set: 90 % of the memory (Host::set_ramsize, VmLiveMigration.cpp). */
const WORKING_SET_SHARE = 0.9;

const NO_PARTS: readonly BlackoutPartResult[] = [];

const LATENCY_OVER = 0;
const ACKNOWLEDGED = 1;

export class LinearMigration implements EventHandler, TransferOwner, Migration {
  readonly times: MigrationTimes;
  /** Of one part, once that is over. */
  blackout: readonly BlackoutPartResult[] = NO_PARTS;
  endedBy: string | null = null;

  private readonly context: LinearMigrationContext;
  private readonly ledger: RoundLedger;
  private readonly totals: SentTotals = { pages: 0, zeroPages: 0, bytes: 0 };
  private stopReason = "";
  private stoppedSeconds = Number.NaN;

  private transferBytes: number;
  private final = false;
  private over = false;
  private ticket: EventTicket | null = null;
  private readonly transfer = new Transfer(this);
  private readonly pool: TransferPool;

  constructor(context: LinearMigrationContext) {
    const { settings, memoryBytes, simulation, link } = context;
    this.context = context;
    this.ledger = new RoundLedger(context.migration, context.recorder);
    this.pool = link.transfers(simulation, settings.speedBytesPerSecond);
    this.times = {
      startSeconds: simulation.now,
      setupSeconds: 0,
      totalSeconds: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
    };
    this.transferBytes = memoryBytes;
    this.announceTransfer(memoryBytes, false);
    this.schedule(simulation.now + this.latencySeconds, LATENCY_OVER);
  }

  // What follows from other fields has none of its own: thousands of these are under way at once.

  private get workingSetBytes(): number {
    const { settings, memoryBytes } = this.context;
    return settings.workingSetBytes ?? Math.round(WORKING_SET_SHARE * memoryBytes);
  }

  private get latencySeconds(): number {
    const { settings, link } = this.context;
    return settings.latencyFactor * link.latencySeconds;
  }

  get bitmapSyncs(): null {
    return null;
  }

  get brownoutSeconds(): number {
    return 0;
  }

  get transferredBytes(): number {
    return this.totals.bytes;
  }

  get roundNumbers(): RoundNumbers {
    return this.ledger.numbers;
  }

  get rounds(): RoundResult[] {
    return roundsOf(this.ledger.numbers);
  }

  onEvent(code: number): void {
    this.ticket = null;
    if (code === LATENCY_OVER) this.pool.begin(this.transfer, this.transferBytes);
    else this.complete();
  }

  cancel(outcome: MigrationOutcome, reason: string): boolean {
    if (this.final || this.over) return false;
    this.cutTransfer();
    this.end(outcome, reason);
    return true;
  }

  get stage(): MigrationStage {
    if (this.over) return "over";
    return this.final || this.times.downtimeSeconds !== null ? "blackout" : "pre-copy";
  }

  /** SimGrid's guest is at the target with the last byte. */
  get holder(): GuestHolder {
    return this.times.downtimeSeconds === null ? "source" : "target";
  }

  nodeLost(side: MigrationSide, reason: string): void {
    const fate = guestFate(this.holder, side);
    if (this.over || fate === "goes-ahead") return;
    if (this.holder === "source") this.cutTransfer();
    if (fate === "runs-on" && this.final) {
      this.times.downtimeSeconds = this.context.simulation.now - this.stoppedSeconds;
      this.context.host.guestRunsOn?.();
    }
    this.end(fate === "lost" ? "lost" : "failed", reason);
  }

  /** What goes out ends here. */
  private cutTransfer(): void {
    const { simulation, recorder, migration } = this.context;
    const { now } = simulation;
    const { transfer, pool, transferBytes } = this;
    const sentBytes = transfer.isUnderWay ? transferBytes - pool.cut(transfer) : 0;
    this.book(sentBytes);
    this.ledger.end(now, this.totals, toPages(transferBytes - sentBytes), 0, null, 0);
    this.times.totalSeconds = now - this.times.startSeconds;
    if (!this.final) return;
    const seconds = now - this.stoppedSeconds;
    this.blackout = [{ part: "final-copy", seconds }];
    if (recorder.recording) {
      recorder.record({ t: now, type: "blackout.partEnded", migration, part: "final-copy", seconds });
    }
  }

  private announceTransfer(bytes: number, final: boolean): void {
    this.transferBytes = bytes;
    this.final = final;
    this.ledger.start(this.context.simulation.now, this.totals, toPages(bytes), 0, final);
  }

  /** The last that is done at this moment: where nothing else comes before its bytes flow, the clock goes on at once. */
  private startTransfer(bytes: number, final: boolean): void {
    const { simulation } = this.context;
    this.announceTransfer(bytes, final);
    const flowsSeconds = simulation.now + this.latencySeconds;
    if (simulation.tryAdvance(flowsSeconds)) this.pool.begin(this.transfer, bytes);
    else this.schedule(flowsSeconds, LATENCY_OVER);
  }

  onTransferOver(): void {
    const { simulation, settings, host } = this.context;
    const { now } = simulation;
    const seconds = this.latencySeconds + this.transfer.seconds;
    const bytes = this.transferBytes;
    this.book(bytes);
    if (this.final) {
      this.ledger.end(now, this.totals, 0, 0, null, 0);
      this.resume(seconds);
      return;
    }
    const dirtyBytes = Math.min(Math.floor(seconds * this.context.dirtyBytesPerSecond), this.workingSetBytes);
    const thresholdBytes = Math.floor((bytes / seconds) * settings.maxDowntimeSeconds);
    const round = this.ledger.end(now, this.totals, 0, toPages(dirtyBytes), thresholdBytes, 0);
    if (dirtyBytes > thresholdBytes) {
      this.startTransfer(dirtyBytes, false);
      return;
    }
    const reason = `${dirtyBytes} bytes left after round ${round}, no more than the threshold of ${thresholdBytes}`;
    this.endPrecopy("remaining-below-threshold", reason);
    this.stoppedSeconds = now;
    host.guestStopped();
    const { recorder, migration } = this.context;
    if (recorder.recording) recorder.record({ t: now, type: "blackout.partStarted", migration, part: "final-copy" });
    this.startTransfer(dirtyBytes, true);
  }

  private endPrecopy(rule: string, reason: string): void {
    const { recorder, simulation, migration } = this.context;
    this.endedBy = rule;
    this.stopReason = reason;
    if (!recorder.recording) return;
    recorder.record({ t: simulation.now, type: "migration.precopyEnded", migration, rule, reason });
  }

  /** The final transfer took `seconds`, and that is the downtime: SimGrid's guest runs with its last byte. */
  private resume(seconds: number): void {
    const { recorder, simulation, migration, host } = this.context;
    this.blackout = [{ part: "final-copy", seconds }];
    if (recorder.recording) {
      recorder.record({ t: simulation.now, type: "blackout.partEnded", migration, part: "final-copy", seconds });
    }
    this.times.downtimeSeconds = seconds;
    this.times.reportedDowntimeSeconds = seconds;
    host.guestResumed();
    this.schedule(simulation.now + this.latencySeconds, ACKNOWLEDGED);
  }

  /** The target's acknowledgement is back at the source. */
  private complete(): void {
    this.times.totalSeconds = this.context.simulation.now - this.times.startSeconds;
    this.end("completed", `Pre-copy ended with ${this.stopReason}.`);
  }

  private end(outcome: MigrationOutcome, reason: string): void {
    const { recorder, simulation, migration, host } = this.context;
    this.over = true;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = null;
    if (this.transfer.isUnderWay) this.pool.cut(this.transfer);
    if (recorder.recording) recorder.record({ t: simulation.now, type: "migration.ended", migration, outcome, reason });
    host.ended(outcome, reason);
  }

  private book(bytes: number): void {
    this.totals.bytes += bytes;
    this.totals.pages += toPages(bytes);
  }

  private schedule(atSeconds: number, code: number): void {
    this.ticket = this.context.simulation.schedule(atSeconds, this, code);
  }
}

/** SimGrid counts bytes: pages are told as those that so many bytes fill. */
function toPages(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}
