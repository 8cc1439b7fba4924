/** What every kind of migration can be asked, whatever its mechanism. */
import type { MigrationOutcome } from "../trace/events.ts";
import type { BlackoutPartResult, RoundResult } from "../trace/result.ts";

/** Times of a migration as they become known, in simulated seconds. */
export interface MigrationTimes {
  startSeconds: number;
  setupSeconds: number | null;
  totalSeconds: number | null;
  downtimeSeconds: number | null;
  reportedDowntimeSeconds: number | null;
}

export interface Migration {
  readonly times: Readonly<MigrationTimes>;
  /** The rule that ended pre-copy; null where none did. */
  readonly endedBy: string | null;
  readonly transferredBytes: number;
  readonly rounds: RoundResult[];
  /** The blackout's parts so far. */
  readonly blackout: readonly BlackoutPartResult[];
  /** How often the dirty bitmap was read; null where there is none. */
  readonly bitmapSyncs: number | null;
  readonly brownoutSeconds: number;

  /** Gives up, the guest running on at the source; false where it is too late for that. */
  cancel(outcome: MigrationOutcome, reason: string): boolean;
}
