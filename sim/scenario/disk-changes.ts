/** What a scenario says of disks that are added to machines and removed from them while they run. */
import type { DiskKind } from "../storage/disk-kinds.ts";

/** A running machine gets another disk. */
export interface AttachDiskEntry {
  kind: "attachDisk";
  atSeconds: number;
  vm: string;
  volume: string;
  diskKind: DiskKind;
}

/** A running machine loses the disk that it got last of those on the volume. */
export interface DetachDiskEntry {
  kind: "detachDisk";
  atSeconds: number;
  vm: string;
  volume: string;
}

export type DiskTimelineEntry = AttachDiskEntry | DetachDiskEntry;

export function isDiskEntry(entry: { readonly kind: string }): entry is DiskTimelineEntry {
  return entry.kind === "attachDisk" || entry.kind === "detachDisk";
}
