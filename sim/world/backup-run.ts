/** One backup of the timeline: its machines, one after the other or some at once, and the volumes it has redirected. */
import type { EventHandler } from "../kernel/simulation.ts";
import type { BackupEntry } from "../scenario/backup.ts";
import type { VolumeAccess } from "../storage/volume-access.ts";
import type { BackupResult } from "../trace/backup-result.ts";
import type { Backups } from "./backups.ts";
import { MachineBackup } from "./machine-backup.ts";

export class BackupRun implements EventHandler {
  readonly underWay = new Set<MachineBackup>();
  private readonly backups: Backups;
  private readonly entry: BackupEntry;
  private readonly index: number;
  private readonly machines: readonly MachineBackup[];
  private readonly waiting: Set<MachineBackup>;
  /** Volumes that it has redirected, since when, and for how many machines. */
  private readonly redirected = new Map<VolumeAccess, { sinceSeconds: number; machines: number }>();
  private redirectedSeconds = 0;
  private readonly startSeconds: number;
  private endSeconds: number | null = null;

  constructor(backups: Backups, entry: BackupEntry, index: number) {
    const { world, storage } = backups;
    this.backups = backups;
    this.entry = entry;
    this.index = index;
    this.startSeconds = world.simulation.now;
    this.machines = backups.guestsOf(entry).map((guest): MachineBackup => {
      const own: MachineBackup = new MachineBackup({
        world,
        storage,
        entry,
        backup: index,
        guest,
        onSnapshot: () => {
          if (world.environment.backupUsesHardwareSnapshots) this.giveBack(own);
        },
        onRestored: () => backups.restored(guest),
        onOver: () => this.machineOver(own),
      });
      return own;
    });
    this.waiting = new Set(this.machines);
    backups.record({ type: "backup.started", backup: index, copies: entry.copies, machines: this.machines.length });
  }

  /** Begins with as many machines as there may be at a time; those that migrate, or whose volume is taken, come later. */
  goOn(): void {
    const { atOnce = 1 } = this.entry;
    while (this.underWay.size < atOnce) {
      const next = this.next();
      if (next === null) break;
      this.waiting.delete(next);
      this.underWay.add(next);
      this.redirect(next);
      next.start();
    }
    if (this.underWay.size > 0 || this.waiting.size > 0 || this.endSeconds !== null) return;
    const { now } = this.backups.world.simulation;
    this.endSeconds = now;
    const { outcome, bytes } = this.result(now);
    const seconds = now - this.startSeconds;
    this.backups.record({ type: "backup.ended", backup: this.index, outcome, bytes, seconds });
  }

  /** For the kernel: a machine's backup has ended at this moment. */
  onEvent(): void {
    this.backups.goOn();
  }

  /** First a machine that is where its volume is mounted: then no ownership has to move. */
  private next(): MachineBackup | null {
    const { world } = this.backups;
    let first: MachineBackup | null = null;
    for (const machine of this.waiting) {
      if (world.cluster.isMoving(machine.guest.machine) || this.backups.isTaken(machine)) continue;
      const node = machine.guest.machine.node.name;
      if (!world.environment.backupMovesOwner) return machine;
      if (machine.volumes.every(({ volume }) => volume.coordinator === node)) return machine;
      first ??= machine;
    }
    return first;
  }

  private redirect(machine: MachineBackup): void {
    const { world } = this.backups;
    if (!world.environment.backupRedirectsVolumes) return;
    for (const access of machine.volumes) {
      if (access.volume.kind !== "csv") continue;
      const known = this.redirected.get(access);
      if (known !== undefined) known.machines += 1;
      else {
        this.redirected.set(access, { sinceSeconds: world.simulation.now, machines: 1 });
        access.redirect(`backup ${this.index}`);
      }
    }
  }

  private giveBack(machine: MachineBackup): void {
    const { now } = this.backups.world.simulation;
    for (const access of machine.volumes) {
      const known = this.redirected.get(access);
      if (known === undefined) continue;
      known.machines -= 1;
      if (known.machines > 0) continue;
      this.redirected.delete(access);
      this.redirectedSeconds += now - known.sinceSeconds;
      access.endRedirection(`backup ${this.index}`);
    }
  }

  private machineOver(machine: MachineBackup): void {
    const { world } = this.backups;
    this.underWay.delete(machine);
    // Before its volumes are given back: from one machine to the next they stay redirected.
    this.goOn();
    if (!world.environment.backupUsesHardwareSnapshots) this.giveBack(machine);
    world.simulation.schedule(world.simulation.now, this, 0, 1);
  }

  result(endSeconds: number): BackupResult {
    const machines = this.machines.map((machine) => machine.result(endSeconds));
    const isOver = this.endSeconds !== null;
    let redirectedSeconds = this.redirectedSeconds;
    for (const { sinceSeconds } of this.redirected.values()) redirectedSeconds += endSeconds - sinceSeconds;
    return {
      copies: this.entry.copies,
      outcome: !isOver
        ? "not-finished"
        : machines.every(({ outcome }) => outcome === "completed")
          ? "completed"
          : "failed",
      startSeconds: this.startSeconds,
      endSeconds: this.endSeconds,
      bytes: machines.reduce((sum, { bytes }) => sum + bytes, 0),
      redirectedSeconds,
      machines,
    };
  }
}
