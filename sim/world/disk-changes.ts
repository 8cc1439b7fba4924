/** Disks added to running machines and removed from them: whether that can be done when its time comes, and what follows. */
import type { VirtualMachine } from "../cluster/virtual-machine.ts";
import { formatSeconds } from "../kernel/units.ts";
import type { AttachDiskEntry, DetachDiskEntry, DiskTimelineEntry } from "../scenario/disk-changes.ts";
import type { Scenario, ScenarioVm } from "../scenario/scenario.ts";
import type { GuestDisk } from "./guest-disks.ts";
import type { Storage } from "./storage.ts";
import type { World } from "./world.ts";

export class DiskChanges {
  private readonly world: World;
  private readonly scenario: Scenario;
  private readonly storage: Storage;
  private readonly warnings: string[];

  constructor(world: World, scenario: Scenario, storage: Storage, warnings: string[]) {
    this.world = world;
    this.scenario = scenario;
    this.storage = storage;
    this.warnings = warnings;
  }

  schedule(entry: DiskTimelineEntry): void {
    this.world.simulation.schedule(entry.atSeconds, { onEvent: () => this.carryOut(entry) }, 0);
  }

  private carryOut(entry: DiskTimelineEntry): void {
    const { scenario: vm, machine } = this.world.guest(entry.vm);
    const disks = this.storage.disks.of(vm);
    const objection =
      this.whyNotNow(machine) ??
      (entry.kind === "attachDisk" ? this.whyNotAttach(entry, machine) : whyNotDetach(entry, vm, disks));
    if (objection !== null) {
      const what = entry.kind === "attachDisk" ? "attached" : "detached";
      const when = formatSeconds(entry.atSeconds);
      this.warnings.push(`The disk of ${vm.name} on ${entry.volume} was not ${what} at ${when}: ${objection}`);
      return;
    }
    const { volume } = entry;
    if (entry.kind === "attachDisk") this.storage.changeDisks(vm, [...disks, { volume, kind: entry.diskKind }]);
    else {
      const position = lastOn(volume, disks);
      this.storage.changeDisks(
        vm,
        disks.filter((_, other) => other !== position),
      );
    }
    this.tell(entry, machine);
  }

  private tell(entry: DiskTimelineEntry, { name: vm, node }: VirtualMachine): void {
    const { simulation, recorder } = this.world;
    if (!recorder.recording) return;
    const { volume } = entry;
    const hosts = node.platform ?? this.scenario.environment.preset;
    const common = { t: simulation.now, vm, volume, node: node.name, hosts };
    if (entry.kind === "detachDisk") recorder.record({ ...common, type: "disk.detached" });
    else recorder.record({ ...common, type: "disk.attached", kind: entry.diskKind });
  }

  /** A migration that waits holds nothing yet, and is judged anew when its turn comes. */
  private whyNotNow(machine: VirtualMachine): string | null {
    const { runs, cluster } = this.world;
    const { name } = machine;
    const isUnderWay = [...runs.open].some((run) => run.vm === name && run.isOpen && !run.isWaiting);
    if (isUnderWay || cluster.isMoving(machine)) return `${name} is migrating, and keeps its disks until that is over.`;
    if (machine.lockedBy !== null) return `${name} ${machine.lockedBy}.`;
    return machine.running ? null : `${name} does not run.`;
  }

  /** Its node must reach the volume; a LUN must be mounted there, and belongs to a pass-through disk as a whole. */
  private whyNotAttach({ vm, volume: name, diskKind }: AttachDiskEntry, { node }: VirtualMachine): string | null {
    const { storage, scenario, world } = this;
    const access = storage.access(name);
    const { kind, coordinator } = access.volume;
    if (kind === "csv") {
      const canOpen = access.hasMetadata(node.name) && access.accessFrom(node.name) !== "paused";
      return canOpen ? null : `${node.name} cannot open files on it now.`;
    }
    if (access.accessFrom(node.name) === "paused") return `${node.name} has no path to it.`;
    if (coordinator !== node.name) return `it is mounted on ${coordinator}, not on ${node.name}.`;
    for (const other of scenario.vms) {
      const held = storage.disks.of(other).find((disk) => disk.volume === name);
      if (held === undefined) continue;
      const { machine } = world.guest(other.name);
      // It takes the LUN where it goes or starts next, which was judged without this machine.
      const isSettled = machine.running && !world.cluster.isMoving(machine);
      if (other.name !== vm && !isSettled) return `${other.name}, which has a disk on it, is off or on its way.`;
      if (held.kind !== "pass-through" && diskKind !== "pass-through") continue;
      return `a pass-through disk is a whole LUN, and ${other.name} has a disk on it.`;
    }
    return null;
  }
}

function lastOn(volume: string, disks: readonly GuestDisk[]): number {
  return disks.findLastIndex((disk) => disk.volume === volume);
}

/** The disk that a machine starts from is not on a controller from which disks can be taken while it runs. */
function whyNotDetach({ volume }: DetachDiskEntry, vm: ScenarioVm, disks: readonly GuestDisk[]): string | null {
  const position = lastOn(volume, disks);
  if (position === -1) return `${vm.name} has no disk there.`;
  return position === 0 && vm.disks.length > 0 ? `${vm.name} starts from it.` : null;
}
