/** The disk I/O of machines whose disks have changed: what went to one volume before a change and after it is one. */
import type { GuestIoResult } from "../trace/storage-result.ts";

/** One for each machine and volume, in the order in which they came. */
export function joinedIo(parts: readonly GuestIoResult[]): GuestIoResult[] {
  const joined = new Map<string, GuestIoResult>();
  for (const part of parts) {
    const key = JSON.stringify([part.vm, part.volume]);
    const before = joined.get(key);
    joined.set(key, before === undefined ? part : sum(before, part));
  }
  return [...joined.values()];
}

function sum(one: GuestIoResult, other: GuestIoResult): GuestIoResult {
  return {
    vm: one.vm,
    volume: one.volume,
    askedBytes: one.askedBytes + other.askedBytes,
    readBytes: one.readBytes + other.readBytes,
    writtenBytes: one.writtenBytes + other.writtenBytes,
    redirectedSeconds: one.redirectedSeconds + other.redirectedSeconds,
    pausedSeconds: one.pausedSeconds + other.pausedSeconds,
  };
}
