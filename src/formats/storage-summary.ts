/** What guests' disk I/O came to and how their volumes fared, for people. */
import { formatBytes, formatCount, formatSeconds, formatShare, type StorageResult } from "../../sim/index.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";

/** More machines than these are left to `--json`. */
const MOST_LISTED = 12;

export function describeStorage({ volumes, io }: StorageResult, paint: Paint): string[][] {
  const shareOf = (bytes: number, ofBytes: number) => (ofBytes === 0 ? "-" : formatShare(bytes / ofBytes));
  const secondsOr = (seconds: number) => (seconds === 0 ? "-" : formatSeconds(seconds));
  const left = (title: string) => ({ title, align: "left" }) as const;
  const right = (title: string) => ({ title, align: "right" }) as const;
  const volumeRows = volumes.map((volume) => {
    const bytes = volume.readBytes + volume.writtenBytes;
    return [
      volume.volume,
      volume.coordinator,
      bytes === 0 ? "-" : formatBytes(bytes),
      shareOf(bytes, volume.askedBytes),
      volume.redirectedBytes === 0 ? "-" : formatBytes(volume.redirectedBytes),
      formatCount(volume.ownerChanges),
      secondsOr(volume.withoutCoordinatorSeconds),
    ];
  });
  const volumeColumns = [
    left("Volume"),
    left("owner"),
    right("I/O"),
    right("of asked"),
    right("redirected"),
    right("moves"),
    right("no owner"),
  ];
  const blocks = [formatTable(volumeColumns, volumeRows, paint)];
  if (io.length === 0) return blocks;
  const ioRows = io
    .slice(0, MOST_LISTED)
    .map((each) => [
      each.vm,
      each.volume,
      formatBytes(each.readBytes),
      formatBytes(each.writtenBytes),
      shareOf(each.readBytes + each.writtenBytes, each.askedBytes),
      secondsOr(each.redirectedSeconds),
      secondsOr(each.pausedSeconds),
    ]);
  const ioColumns = [
    left("Disk I/O"),
    left("on"),
    right("read"),
    right("written"),
    right("of asked"),
    right("redirected"),
    right("paused"),
  ];
  const lines = formatTable(ioColumns, ioRows, paint);
  const rest = io.length - MOST_LISTED;
  blocks.push(rest > 0 ? [...lines, `... ${formatCount(rest)} more: --json has them all.`] : lines);
  return blocks;
}
