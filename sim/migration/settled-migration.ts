/** What is left of a migration that is over: its figures. The machinery that made them is let go, so that a run holds no more of it than goes on. */
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { BlackoutPartResult, PostcopyResult, RoundResult, SavedStateResult } from "../trace/migration-result.ts";
import type { Migration, MigrationStage, MigrationTimes } from "./migration.ts";
import type { GuestHolder } from "./node-loss.ts";
import { type RoundNumbers, roundsOf } from "./round-table.ts";

export class SettledMigration implements Migration {
  readonly times: Readonly<MigrationTimes>;
  readonly endedBy: string | null;
  readonly transferredBytes: number;
  readonly blackout: readonly BlackoutPartResult[];
  readonly bitmapSyncs: number | null;
  readonly brownoutSeconds: number;
  readonly postcopy: PostcopyResult | null;
  readonly savedState?: SavedStateResult;
  readonly stage: MigrationStage = "over";
  readonly holder: GuestHolder;
  readonly stalledSeconds: number;

  readonly roundNumbers: RoundNumbers;

  /** Takes the figures of a migration whose end has been told. */
  constructor(over: Migration) {
    this.times = over.times;
    this.endedBy = over.endedBy;
    this.transferredBytes = over.transferredBytes;
    // A copy has no more room than it needs.
    this.roundNumbers = over.roundNumbers?.slice() ?? [];
    this.blackout = over.blackout;
    this.bitmapSyncs = over.bitmapSyncs;
    this.brownoutSeconds = over.brownoutSeconds;
    this.postcopy = over.postcopy ?? null;
    this.holder = over.holder;
    this.stalledSeconds = over.stalledSeconds ?? 0;
    if (over.savedState !== undefined) this.savedState = over.savedState;
  }

  get rounds(): RoundResult[] {
    return roundsOf(this.roundNumbers);
  }

  /** It is too late for that. */
  cancel(_outcome: MigrationOutcome, _reason: string): boolean {
    return false;
  }

  /** It needs neither node any more. */
  nodeLost(): void {}
}
