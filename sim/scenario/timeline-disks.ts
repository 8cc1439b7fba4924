/** Entries of the timeline about disks that come and go, and what is certain to go wrong with them. */
import type { DiskKind } from "../storage/disk-kinds.ts";
import { type DetachDiskEntry, type DiskTimelineEntry, isDiskEntry } from "./disk-changes.ts";
import { find, type Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioVm, ScenarioVolume } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";
import type { PlacedEvent } from "./timeline.ts";

export const DISK_ENTRY_KINDS = ["attachDisk", "detachDisk"] as const;

/** The entry about a disk, where it is one. */
export function toDiskEntry({ at: atSeconds, attachDisk, detachDisk }: TimelineFileEntry): DiskTimelineEntry | null {
  if (attachDisk !== undefined) {
    const { vm, volume, kind: diskKind } = attachDisk;
    return { kind: "attachDisk", atSeconds, vm, volume, diskKind };
  }
  return detachDisk === undefined ? null : { kind: "detachDisk", atSeconds, ...detachDisk };
}

interface Disk {
  readonly volume: string;
  readonly kind: DiskKind;
}

/** Those of the file first, in its order. */
type DisksByVm = Map<string, readonly Disk[]>;

interface Things {
  readonly vms: Named<ScenarioVm>;
  readonly volumes: Named<ScenarioVolume>;
}

/**
 * What such entries name is there, and fits. Where machines are and which disks they have is certain until the first entry of
 * another kind; from then on the run decides.
 */
export function checkDiskChanges(
  events: readonly PlacedEvent[],
  { vms, volumes }: Things,
  isWholeTimeline: boolean,
  problems: ProblemList,
): void {
  let isCertain = isWholeTimeline;
  const disks: DisksByVm = new Map();
  for (const { thing } of events.some(({ event }) => isDiskEntry(event)) ? vms.byName.values() : []) {
    disks.set(
      thing.name,
      thing.disks.map((volume, position) => ({ volume, kind: thing.diskKinds?.[position] ?? "fixed" })),
    );
  }
  for (const { event, path } of events) {
    if (!isDiskEntry(event)) {
      isCertain = false;
      continue;
    }
    const vm = find(vms, event.vm, "vm", [...path, "vm"], problems);
    const volume = find(volumes, event.volume, "volume", [...path, "volume"], problems);
    if (vm === null || volume === null) continue;
    if (event.kind === "detachDisk") {
      if (isCertain) checkDetaching(event, path, vm, disks, problems);
      continue;
    }
    const { diskKind } = event;
    if (diskKind === "pass-through" && volume.kind === "csv") {
      problems.add(
        [...path, "kind"],
        `the pass-through disk of "${vm.name}" is to be on cluster shared volume "${volume.name}", which holds files only`,
        "name a lun, or make it fixed",
        "pass-through-on-csv",
      );
    } else if (isCertain) checkLun(vm, volume, diskKind, path, disks, problems);
    disks.set(vm.name, [...(disks.get(vm.name) ?? []), { volume: volume.name, kind: diskKind }]);
  }
}

/** The machine's node has the LUN mounted, and a pass-through disk is a whole LUN. */
function checkLun(
  vm: ScenarioVm,
  volume: ScenarioVolume,
  kind: DiskKind,
  path: ScenarioPath,
  disks: DisksByVm,
  problems: ProblemList,
): void {
  if (volume.kind !== "lun") return;
  const own = [...path, "volume"];
  if (volume.reachedBy?.includes(vm.node) === false) {
    problems.add(
      own,
      `"${vm.name}" is on "${vm.node}", which has no path to LUN "${volume.name}"`,
      `add "${vm.node}" to the volume's reachedBy, or name another volume`,
      "lun-path",
    );
    return;
  }
  if (volume.coordinator !== "" && volume.coordinator !== vm.node) {
    problems.add(
      own,
      `"${vm.name}" is on "${vm.node}", and LUN "${volume.name}" is owned by "${volume.coordinator}"`,
      `make "${vm.node}" its owner, name another LUN, or make "${volume.name}" a csv`,
      "lun-owner",
    );
    return;
  }
  for (const [holder, held] of disks) {
    const other = held.find((disk) => disk.volume === volume.name);
    if (other === undefined || (kind !== "pass-through" && other.kind !== "pass-through")) continue;
    problems.add(
      own,
      `LUN "${volume.name}" has a disk of "${holder}" on it, and one of the two is a pass-through disk, which is a whole LUN`,
      "give each of them a LUN of its own",
      "pass-through-shared",
    );
    return;
  }
}

/** It has such a disk, and does not start from it; then that is gone. */
function checkDetaching(
  event: DetachDiskEntry,
  path: ScenarioPath,
  vm: ScenarioVm,
  disks: DisksByVm,
  problems: ProblemList,
): void {
  const held = disks.get(vm.name) ?? [];
  const position = held.findLastIndex((disk) => disk.volume === event.volume);
  if (position === -1) {
    const volumes = [...new Set(held.map((disk) => disk.volume))];
    problems.add(
      [...path, "volume"],
      `"${vm.name}" has no disk on "${event.volume}"`,
      volumes.length === 0 ? "leave the entry out" : `name a volume on which it has one: ${volumes.join(", ")}`,
      "disk-not-attached",
    );
  } else if (position === 0 && vm.disks.length > 0) {
    problems.add(
      [...path, "volume"],
      `the disk of "${vm.name}" on "${event.volume}" is its first, from which it starts: that cannot be removed while it runs`,
      "name the volume of another of its disks, or leave the entry out",
      "disk-started-from",
    );
  } else
    disks.set(
      vm.name,
      held.filter((_, other) => other !== position),
    );
}
