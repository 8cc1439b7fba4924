/** Checks of a scenario's volumes: whose LUN is whose, and which machines can only move together. */
import { grows } from "../storage/disk-kinds.ts";
import { lunGroupOf } from "../storage/lun-groups.ts";
import { isDiskEntry } from "./disk-changes.ts";
import { find, type Named } from "./machines.ts";
import type { ProblemList } from "./problem.ts";
import type { ScenarioNode, ScenarioVm, ScenarioVolume } from "./scenario.ts";
import type { PlacedEvent } from "./timeline.ts";

interface Things {
  readonly vms: Named<ScenarioVm>;
  readonly volumes: Named<ScenarioVolume>;
}

/** By name: the machine itself and those that share a LUN with it, in the order of the file. */
export function lunGroup(vm: ScenarioVm, { vms, volumes }: Things): ScenarioVm[] {
  return lunGroupOf<string, ScenarioVm>(vm, thingsOf(vms), (disk) => volumes.byName.get(disk)?.thing.kind === "lun");
}

function* thingsOf<Thing>({ byName }: Named<Thing>): Generator<Thing> {
  for (const { thing } of byName.values()) yield thing;
}

/** Only the node that owns a LUN reaches it: a machine that starts elsewhere has no disk. */
export function checkLunOwners(nodes: Named<ScenarioNode>, { vms, volumes }: Things, problems: ProblemList): void {
  for (const { thing: vm, path } of vms.byName.values()) {
    for (const [position, disk] of vm.disks.entries()) {
      const volume = volumes.byName.get(disk)?.thing;
      if (volume?.kind !== "lun" || volume.coordinator === vm.node || !nodes.byName.has(volume.coordinator)) continue;
      problems.add(
        [...path, "disks", position],
        `"${vm.name}" is on "${vm.node}", and LUN "${disk}" is owned by "${volume.coordinator}": one node at a time reaches a LUN, with all machines on it`,
        `start "${vm.name}" on "${volume.coordinator}", give it a LUN of its own, or make "${disk}" a csv`,
        "lun-owner",
      );
    }
  }
}

/** A LUN takes all its machines along: live migration moves one alone, quick migration the group; and a state needs a disk to lie on. Once disks come and go, the run decides about groups. */
export function checkGroupMoves(events: readonly PlacedEvent[], things: Things, problems: ProblemList): void {
  let areGroupsCertain = true;
  for (const { event, path } of events) {
    if (isDiskEntry(event)) areGroupsCertain = false;
    if (event.kind !== "migrate") continue;
    const vm = things.vms.byName.get(event.vm)?.thing;
    if (vm === undefined) continue;
    if (event.mode === "quick") {
      const holdsState = (_: string, position: number) => vm.diskKinds?.[position] !== "pass-through";
      if (vm.disks.some(holdsState)) continue;
      problems.add(
        [...path, "mode"],
        `"${vm.name}" has no disk to save its state beside`,
        `give "${vm.name}" a disk that is no pass-through disk, or migrate it live`,
      );
      continue;
    }
    if (!areGroupsCertain) continue;
    const [, ...others] = lunGroup(vm, things);
    if (others.length === 0) continue;
    const names = others
      .slice(0, 3)
      .map(({ name }) => `"${name}"`)
      .join(", ");
    const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
    problems.add(
      [...path, "vm"],
      `"${vm.name}" cannot move alone by ${event.mode} migration: its LUN changes its owner with it, and ${names}${more} ${others.length === 1 ? "has a disk" : "have disks"} there too`,
      `write mode: quick to move them together, give "${vm.name}" a LUN of its own, or make the volume a csv`,
    );
  }
}

/** A LUN goes where its machine goes, and only to a node with a path to it. Once disks come and go, the run decides. */
export function checkPathsOfMoves(events: readonly PlacedEvent[], things: Things, problems: ProblemList): void {
  for (const { event, path } of events) {
    if (isDiskEntry(event)) return;
    if (event.kind !== "migrate") continue;
    const vm = things.vms.byName.get(event.vm)?.thing;
    const moved = vm === undefined ? [] : event.mode === "quick" ? lunGroup(vm, things) : [vm];
    const luns = new Set(moved.flatMap(({ disks }) => disks));
    for (const lun of luns) {
      const volume = things.volumes.byName.get(lun)?.thing;
      if (volume?.kind !== "lun" || volume.reachedBy?.includes(event.to) !== false) continue;
      problems.add(
        [...path, "to"],
        `"${event.vm}" cannot go to "${event.to}", which has no path to LUN "${lun}" of ${moved.length > 1 ? "its group" : `"${event.vm}"`}`,
        `name one of ${volume.reachedBy.join(", ")}, or add "${event.to}" to the volume's reachedBy`,
        "lun-path",
      );
    }
  }
}

/** The coordinator of a volume, or its owner, reaches it. */
export function checkPathsOfOwners(
  nodes: Named<ScenarioNode>,
  volumes: Named<ScenarioVolume>,
  problems: ProblemList,
): void {
  for (const { thing: volume, path } of volumes.byName.values()) {
    const { reachedBy, coordinator, kind, name } = volume;
    if (reachedBy === undefined) continue;
    for (const [position, node] of reachedBy.entries())
      find(nodes, node, "node", [...path, "reachedBy", position], problems);
    if (coordinator === "" || reachedBy.includes(coordinator)) continue;
    const role = kind === "csv" ? "coordinator" : "owner";
    problems.add(
      [...path, role],
      `"${coordinator}" has no path to volume "${name}": its ${role} needs one`,
      `name one of ${reachedBy.join(", ")}, or add "${coordinator}" to reachedBy`,
    );
  }
}

/** A pass-through disk is a whole LUN: nothing else is on it. */
function checkPassThroughAlone({ vms, volumes }: Things, problems: ProblemList): void {
  const holders = new Map<string, { readonly vm: string; readonly isPassThrough: boolean }>();
  for (const { thing: vm, path } of vms.byName.values()) {
    for (const [position, disk] of vm.disks.entries()) {
      if (volumes.byName.get(disk)?.thing.kind !== "lun") continue;
      const isPassThrough = vm.diskKinds?.[position] === "pass-through";
      const holder = holders.get(disk);
      if (holder === undefined) holders.set(disk, { vm: vm.name, isPassThrough });
      else if (isPassThrough || holder.isPassThrough) {
        const whose = isPassThrough ? vm.name : holder.vm;
        const other = isPassThrough ? holder.vm : vm.name;
        problems.add(
          [...path, "disks", position],
          `LUN "${disk}" is a pass-through disk of "${whose}", and ${other === whose ? "another of its disks" : `a disk of "${other}"`} is on it: a pass-through disk is a whole LUN`,
          "give each of them a LUN of its own",
          "pass-through-shared",
        );
      }
    }
  }
}

/** Pass-through disks are LUNs of their own; only disks that grow can grow. */
export function checkDisks({ vms, volumes }: Things, problems: ProblemList): void {
  checkPassThroughAlone({ vms, volumes }, problems);
  for (const { thing: vm, path } of vms.byName.values()) {
    const { disks, diskKinds, io } = vm;
    for (const [position, disk] of disks.entries()) {
      if (diskKinds?.[position] !== "pass-through" || volumes.byName.get(disk)?.thing.kind !== "csv") continue;
      problems.add(
        [...path, "disks", position],
        `the pass-through disk of "${vm.name}" is on cluster shared volume "${disk}", which holds files only`,
        "put it on a lun, or make it fixed",
        "pass-through-on-csv",
      );
    }
    if (io === undefined) continue;
    if (disks.length === 0) {
      problems.add(
        [...path, "io"],
        `"${vm.name}" reads and writes, and has no disk`,
        "give it disks with a volume's name, or leave io out",
        "io-without-disk",
      );
    } else if (io.growBytesPerSecond > 0 && !(diskKinds?.some(grows) ?? false)) {
      problems.add(
        [...path, "io", "grow"],
        `the disks of "${vm.name}" are to grow, and none is dynamic or differencing`,
        `write disks: [{ volume: ${disks[0]}, kind: dynamic }], or leave grow out`,
        "growth-of-fixed",
      );
    } else if (io.growBytesPerSecond > io.writeBytesPerSecond) {
      problems.add(
        [...path, "io", "grow"],
        `"${vm.name}" is to grow faster than it writes`,
        "give grow at most what write is",
        "growth-over-writes",
      );
    }
  }
}
