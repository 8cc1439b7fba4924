/** What backups came to. Seconds and bytes; null is "does not apply". */
import type { BackupCopies, BackupMethod, BackupOutcome } from "./backup-events.ts";
import type { ClientResult } from "./migration-result.ts";

export interface MachineBackupResult {
  vm: string;
  /** The node that backed it up; null where it did not come to that. */
  node: string | null;
  method: BackupMethod | null;
  outcome: BackupOutcome;
  /** Why it ended so, a sentence. */
  reason: string;
  startSeconds: number | null;
  endSeconds: number | null;
  /** That have gone to the backup server. */
  bytes: number;
  /** How long its writes were held while it ran. */
  frozenSeconds: number;
  /** How long it stood still. */
  standstillSeconds: number;
  /** The worst client's; null where it has no clients. */
  clientOutageSeconds: number | null;
  clients: ClientResult[];
}

export interface BackupResult {
  copies: BackupCopies;
  /** `failed`: some machine's did not complete. */
  outcome: BackupOutcome;
  startSeconds: number;
  /** Null where the run ended before that. */
  endSeconds: number | null;
  bytes: number;
  /** How long it kept a volume redirected, summed over volumes. */
  redirectedSeconds: number;
  machines: MachineBackupResult[];
}
