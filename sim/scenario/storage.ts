/** What a scenario says of disks, their I/O, and what happens to volumes. */
import type { DiskKind } from "../storage/disk-kinds.ts";
import type { PathKind } from "../storage/volume-access.ts";

/** Disk I/O of a machine, spread evenly over its disks. */
export interface ScenarioIo {
  readBytesPerSecond: number;
  writeBytesPerSecond: number;
  /** Of what it writes, what goes to blocks that its disks have not had before. */
  growBytesPerSecond: number;
}

/** One kind for each disk, in their order. */
export type ScenarioDiskKinds = DiskKind[];

/** A node loses its way to a volume's storage, or over the cluster network to its coordinator. */
export interface LosePathEntry {
  kind: "losePath";
  atSeconds: number;
  node: string;
  path: PathKind;
  /** Absent: to all volumes. */
  volume?: string;
}

export interface RestorePathEntry {
  kind: "restorePath";
  atSeconds: number;
  node: string;
  path: PathKind;
  volume?: string;
}

/** A cluster shared volume gets another coordinator. */
export interface MoveOwnerEntry {
  kind: "moveOwner";
  atSeconds: number;
  volume: string;
  to: string;
}

export type StorageTimelineEntry = LosePathEntry | RestorePathEntry | MoveOwnerEntry;

const STORAGE_ENTRY_KINDS: readonly string[] = [
  "losePath",
  "restorePath",
  "moveOwner",
] satisfies StorageTimelineEntry["kind"][];

export function isStorageEntry(entry: { readonly kind: string }): entry is StorageTimelineEntry {
  return STORAGE_ENTRY_KINDS.includes(entry.kind);
}
