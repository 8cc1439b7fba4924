/** What every kind of migration can be asked, whatever its mechanism. */
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { BlackoutPartResult, PostcopyResult, RoundResult, SavedStateResult } from "../trace/migration-result.ts";
import type { GuestHolder, MigrationSide } from "./node-loss.ts";
import type { LimitChanges } from "./page-sender.ts";
import type { RoundNumbers } from "./round-table.ts";

/** Times of a migration as they become known, in simulated seconds. */
export interface MigrationTimes {
  startSeconds: number;
  setupSeconds: number | null;
  totalSeconds: number | null;
  downtimeSeconds: number | null;
  reportedDowntimeSeconds: number | null;
}

export type MigrationStage = "setup" | "pre-copy" | "pre-switchover" | "blackout" | "post-copy" | "over";

export interface Migration {
  readonly times: Readonly<MigrationTimes>;
  /** The rule that ended pre-copy; null where none did. */
  readonly endedBy: string | null;
  readonly transferredBytes: number;
  readonly rounds: RoundResult[];
  /** What `rounds` is made of when it is asked for; absent where there are none. */
  readonly roundNumbers?: RoundNumbers;
  /** The blackout's parts so far. */
  readonly blackout: readonly BlackoutPartResult[];
  /** How often the dirty bitmap was read; null where there is none. */
  readonly bitmapSyncs: number | null;
  readonly brownoutSeconds: number;

  /** The post-copy phase so far; absent or null where there is none. */
  readonly postcopy?: PostcopyResult | null;
  /** Time in which nothing got through its network; absent where it does not use one. */
  readonly stalledSeconds?: number;
  /** Of a quick migration; absent for the others. */
  readonly savedState?: SavedStateResult;
  /** Where it stands, for one who cannot do now what he would; absent where nothing but a blackout stands in the way. */
  readonly stage?: MigrationStage;

  /** Goes to post-copy at the sender's next turn; false where it cannot. */
  startPostCopy?(rule: string, reason: string): boolean;
  /** Ends the wait before the switchover; false where there is none. */
  continueSwitchover?(): boolean;
  /** Takes post-copy up again that has lost its connection; false where it has not, or the network is cut still. */
  recoverPostCopy?(): boolean;
  /** New limits hold from now on; false where there are no such limits, or pre-copy is not under way. */
  changeLimits?(changes: LimitChanges, by: string): boolean;

  /** Gives up, the guest running on at the source; false where it is too late for that. */
  cancel(outcome: MigrationOutcome, reason: string): boolean;

  /** On which node's life the guest hangs now. */
  readonly holder: GuestHolder;
  /**
   * A node of the migration is dead, at the present simulated time. Before the source has given the guest away, the target's
   * death ends the migration as `failed`, the guest running on at the source, and the source's as `lost`; afterwards the
   * source is not needed, and the target's death is a loss; in post-copy either is (see guestFate). `reason` is a sentence.
   * Does nothing once the migration is over.
   */
  nodeLost(side: MigrationSide, reason: string): void;
}
