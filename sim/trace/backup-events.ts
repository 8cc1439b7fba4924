/** What can be observed of backups. `backup` is the backup's index in the result's `backups`. */

/** What is copied of each machine: the blocks that have changed since the last backup, or all of its disks. */
export type BackupCopies = "changes" | "full";

/** How a machine's disks are made consistent for the snapshot. */
export type BackupMethod =
  /** The guest runs on, and its integration services hold its writes for a moment. */
  | "online"
  /** The guest stands still, saved to disk and restored. */
  | "saved-state"
  /** The guest runs on and knows nothing, or hangs: the copy is as after a loss of power. */
  | "crash-consistent"
  /** The machine did not run. */
  | "as-it-is";

export type BackupOutcome = "completed" | "failed" | "not-finished";

export type BackupEventBody =
  | { type: "backup.started"; backup: number; copies: BackupCopies; machines: number }
  | { type: "backup.machineStarted"; backup: number; vm: string; node: string; method: BackupMethod }
  /** The guest's writes wait for the snapshot; it runs on. */
  | { type: "vm.writesFrozen"; vm: string; node: string }
  | { type: "vm.writesThawed"; vm: string; node: string; seconds: number }
  /** The state of the standing machine is on disk; it stays where it is. */
  | { type: "vm.stateSaved"; vm: string; node: string; bytes: number; seconds: number }
  | { type: "vm.stateRestored"; vm: string; node: string; bytes: number; seconds: number }
  /** From the snapshot, which the node reads, to the backup server. */
  | { type: "backup.copyStarted"; backup: number; vm: string; volume: string; node: string; bytes: number }
  | {
      type: "backup.machineEnded";
      backup: number;
      vm: string;
      outcome: BackupOutcome;
      reason: string;
      bytes: number;
      /** Since its start. */
      seconds: number;
    }
  | { type: "backup.ended"; backup: number; outcome: BackupOutcome; bytes: number; seconds: number };
