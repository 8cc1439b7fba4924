/** What becomes of a live migration while nothing gets through its network, and when its connection breaks for that. */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import { Connection, type ConnectionOptions, type ConnectionOwner } from "../network/connection.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { Blackout } from "./blackout.ts";
import type { MigrationStage } from "./migration.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { GuestHolder } from "./node-loss.ts";
import type { PostCopy } from "./post-copy.ts";
import type { Precopy } from "./precopy.ts";

/** The migration whose network it is. */
export interface InterruptedMigration extends EventHandler {
  readonly stage: MigrationStage;
  readonly holder: GuestHolder;
  readonly precopy: Precopy;
  readonly standstill: Blackout | null;
  readonly following: PostCopy | null;
  /** In the middle of whatever it is at; the guest runs on at the source. */
  breakOff(outcome: MigrationOutcome, reason: string): void;
  lose(reason: string): void;
}

export class Interruption implements ConnectionOwner {
  /** Time in which nothing got through; absent from the result where it is 0. */
  stalledSeconds = 0;
  /** Post-copy waits for someone to take it up again. */
  isPaused = false;
  private readonly context: MigrationContext;
  private readonly migration: InterruptedMigration;
  private readonly connection: Connection | null;
  private heldSinceSeconds = 0;
  /** When setup would have been over, had nothing come between. */
  private setUpSeconds: number;
  private setupTicket: EventTicket;

  /** The migration sets up until then, when its `onEvent` is called. */
  constructor(
    context: MigrationContext,
    migration: InterruptedMigration,
    path: ConnectionOptions | null,
    setUpSeconds: number,
  ) {
    this.context = context;
    this.migration = migration;
    this.setUpSeconds = setUpSeconds;
    this.setupTicket = context.simulation.schedule(setUpSeconds, migration, 0);
    this.connection = path === null ? null : new Connection(path, this);
    this.connection?.begin();
  }

  /** The migration is over. */
  close(): void {
    const { simulation } = this.context;
    simulation.cancel(this.setupTicket);
    if (this.connection?.isHeld === true) this.stalledSeconds += simulation.now - this.heldSinceSeconds;
    this.connection?.close();
  }

  /** A paused post-copy goes on over a new connection; false where it is not paused, or the network is cut still. */
  recover(): boolean {
    return this.isPaused && (this.connection?.reopen() ?? false);
  }

  onHeld(): void {
    const { context, migration } = this;
    const { simulation } = context;
    this.heldSinceSeconds = simulation.now;
    // The target needs the source no more.
    if (migration.holder === "target") return;
    this.record({ type: "migration.stalled", migration: context.migration });
    const { stage, precopy, standstill, following } = migration;
    if (stage === "setup") simulation.cancel(this.setupTicket);
    else if (stage === "pre-copy") precopy.hold();
    else {
      precopy.sending?.hold();
      standstill?.hold();
      following?.hold();
    }
  }

  onReleased(heldSeconds: number, retransmissions: number): void {
    const { context, migration } = this;
    const { stage, precopy, standstill, following, holder } = migration;
    this.stalledSeconds += heldSeconds;
    if (holder === "target") return;
    if (this.isPaused) {
      this.isPaused = false;
      this.record({ type: "migration.postcopyRecovered", migration: context.migration, seconds: heldSeconds });
    } else {
      const resumed = { migration: context.migration, seconds: heldSeconds, retransmissions };
      this.record({ type: "migration.wentOn", ...resumed });
    }
    if (stage === "setup") {
      this.setUpSeconds += heldSeconds;
      this.setupTicket = context.simulation.schedule(this.setUpSeconds, migration, 0);
    } else if (stage === "pre-copy") precopy.release();
    else {
      precopy.sending?.release();
      following?.release();
      standstill?.release();
    }
  }

  onBroken(heldSeconds: number): void {
    const { context, migration } = this;
    const { holder } = migration;
    const reason = `Nothing got through ${context.link.name} for ${heldSeconds} s, and the connection broke.`;
    if (holder === "source") migration.breakOff("failed", reason);
    else if (holder === "both" && context.setup.postCopy?.isRecoverable === true) {
      this.isPaused = true;
      this.record({ type: "migration.postcopyPaused", migration: context.migration, reason });
    } else if (holder === "both") migration.lose(reason);
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.context;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}
