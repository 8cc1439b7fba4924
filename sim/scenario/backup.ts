/** What a scenario says of backups. */
import type { BackupCopies } from "../trace/backup-events.ts";

/** Machines are backed up, one after the other unless several at once are asked for. */
export interface BackupEntry {
  kind: "backup";
  atSeconds: number;
  /** All machines with a disk on this volume; or those named in `vms`. */
  volume?: string;
  vms?: string[];
  copies: BackupCopies;
  /** What of each machine goes to the backup server. */
  bytesEach: number;
  /** What the backup server takes of each machine at most; absent: what network and volume give. */
  rateBytesPerSecond?: number;
  /** Machines under backup at a time; absent: 1. */
  atOnce?: number;
}

/** Whose disks can be read from their host: not those without a file, which only the guest can back up. */
export function backedUpDisks(vm: { readonly disks: readonly string[]; readonly diskKinds?: readonly string[] }) {
  return vm.disks.filter((_, position) => vm.diskKinds?.[position] !== "pass-through");
}
