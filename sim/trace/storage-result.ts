/** What guests' disk I/O came to, and how their volumes fared. */

/** A machine's disk I/O on one volume. */
export interface GuestIoResult {
  vm: string;
  volume: string;
  /** What it wanted to read and write while it ran. */
  askedBytes: number;
  readBytes: number;
  writtenBytes: number;
  /** Time in which it ran and its I/O went over the network, or waited. */
  redirectedSeconds: number;
  pausedSeconds: number;
}

export interface VolumeResult {
  volume: string;
  /** Where all nodes see it; null for a LUN. */
  path: string | null;
  /** At the end: the coordinator, or a LUN's owner. */
  coordinator: string;
  ownerChanges: number;
  /** Time without a coordinator. */
  withoutCoordinatorSeconds: number;
  askedBytes: number;
  readBytes: number;
  writtenBytes: number;
  /** Of those, what went over the network. */
  redirectedBytes: number;
  /** Free at the end; absent where the scenario does not say how much there was. */
  freeBytes?: number;
}

/** What guests' disk I/O came to, and how their volumes fared. */
export interface StorageResult {
  volumes: VolumeResult[];
  io: GuestIoResult[];
}
