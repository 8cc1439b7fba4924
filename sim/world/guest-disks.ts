/** The disks that each machine has now: those of the scenario, and what was changed while it ran. */
import type { ScenarioVm } from "../scenario/scenario.ts";
import type { DiskKind } from "../storage/disk-kinds.ts";
import type { World } from "./world.ts";

export interface GuestDisk {
  readonly volume: string;
  readonly kind: DiskKind;
}

export class GuestDisks {
  private readonly world: World;
  /** Of machines whose disks have changed. */
  private readonly changed = new Map<string, readonly GuestDisk[]>();

  constructor(world: World) {
    this.world = world;
  }

  /** In the order in which it got them. */
  of({ name, disks, diskKinds }: ScenarioVm): readonly GuestDisk[] {
    return (
      this.changed.get(name) ?? disks.map((volume, position) => ({ volume, kind: diskKinds?.[position] ?? "fixed" }))
    );
  }

  /** These are its disks from now on. */
  change({ name }: ScenarioVm, disks: readonly GuestDisk[]): void {
    const { world } = this;
    this.changed.set(name, disks);
    world.guest(name).machine.changeDisks(disks.map(({ volume }) => world.volume(volume)));
  }
}
