/** What a run answers: the fields of `precopy run --json`. Seconds, bytes, pages of 4096 bytes; null is "does not apply". */

import type { BackupResult } from "./backup-result.ts";
import type { SCHEMA_VERSION } from "./events.ts";
import type { FailoverResult } from "./failover-result.ts";
import type { MigrationResult } from "./migration-result.ts";
import type { BalanceResult, ConsolidationResult, DrainResult, MaintenanceResult } from "./orchestration-result.ts";
import type { StorageResult } from "./storage-result.ts";

/** A constant in force that no document or measurement backs. */
export interface Assumption {
  /** Dotted name, as a scenario would override it. */
  name: string;
  value: number | string | boolean;
  note: string;
}

export interface RunResult {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  scenario: { name: string; sha256: string };
  seed: string;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
  migrations: MigrationResult[];
  /** Absent where no machine has disk I/O and nothing happens to a volume. */
  storage?: StorageResult;
  /** In the order in which they began; absent where there was none. */
  backups?: BackupResult[];
  /** Nodes that were emptied, in the order in which that began; absent where none was. */
  drains?: DrainResult[];
  /** Rounds of maintenance through the cluster; absent where there was none. */
  maintenance?: MaintenanceResult[];
  /** Absent where no node fails and no guest hangs. */
  failover?: FailoverResult;
  /** Absent where no load was balanced. */
  balances?: BalanceResult[];
  /** Absent where none was. */
  consolidations?: ConsolidationResult[];
  assumptions: Assumption[];
  /** Things worth knowing before the numbers are trusted. */
  warnings: string[];
}
