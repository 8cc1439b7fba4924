/** The backup of one machine: its disks are made consistent, a snapshot is made, and its blocks go to the backup server. */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { BackupEntry } from "../scenario/backup.ts";
import { backedUpDisks } from "../scenario/backup.ts";
import { BlockTransfer } from "../storage/block-transfer.ts";
import type { VolumeAccess } from "../storage/volume-access.ts";
import type { BackupEventBody, BackupMethod, BackupOutcome } from "../trace/backup-events.ts";
import type { MachineBackupResult } from "../trace/backup-result.ts";
import { BackupCopy, type CopyPart } from "./backup-copy.ts";
import { untouched } from "./clients.ts";
import type { Storage } from "./storage.ts";
import type { Guest, World } from "./world.ts";

export interface MachineBackupOptions {
  readonly world: World;
  readonly storage: Storage;
  readonly entry: BackupEntry;
  /** The backup's index in the result. */
  readonly backup: number;
  readonly guest: Guest;
  /** The snapshot is made, or the machine's backup has come to nothing before that. */
  onSnapshot(): void;
  /** The machine, saved for the snapshot, runs again. */
  onRestored(): void;
  onOver(): void;
}

/** `owners`: the node takes its volumes over; `snapshot`: the guest runs on, or did not run. */
type Step = "to-come" | "owners" | "snapshot" | "stop" | "save" | "saved" | "restore" | "resume" | "copy" | "over";

export class MachineBackup implements EventHandler {
  /** The cluster shared volumes, then the others that hold its disks. */
  readonly volumes: readonly VolumeAccess[];
  private readonly options: MachineBackupOptions;
  private step: Step = "to-come";
  private node: string | null = null;
  private method: BackupMethod | null = null;
  private outcome: BackupOutcome = "not-finished";
  private reason = "";
  private startSeconds: number | null = null;
  private endSeconds: number | null = null;
  private stepStartSeconds = 0;
  private stoppedSeconds = Number.NaN;
  private ranSeconds = Number.NaN;
  private frozenSeconds = 0;
  private ticket: EventTicket | null = null;
  /** Of its state. */
  private transfer: BlockTransfer | null = null;
  private readonly parts: readonly CopyPart[];
  private blocks: BackupCopy | null = null;

  constructor(options: MachineBackupOptions) {
    const { guest, storage } = options;
    this.options = options;
    const disks = backedUpDisks(guest.scenario);
    this.volumes = [...new Set(disks)].map((name) => storage.access(name));
    this.parts = this.volumes.map((access) => ({
      access,
      bytes: (options.entry.bytesEach * disks.filter((disk) => disk === access.volume.name).length) / disks.length,
    }));
  }

  get guest(): Guest {
    return this.options.guest;
  }

  /** The node that backs it up; null before it has begun. */
  get at(): string | null {
    return this.node;
  }

  /** The node that the machine is on backs it up. */
  start(): void {
    const { world, backup, guest } = this.options;
    const { machine } = guest;
    const { backupLocksMachines, backupMovesOwner, ownerMoveSeconds } = world.environment;
    const node = machine.node.name;
    this.node = node;
    this.startSeconds = world.simulation.now;
    if (!machine.node.isUp) {
      this.end("failed", `${node} is down.`);
      return;
    }
    this.method = this.methodNow();
    this.record({ type: "backup.machineStarted", backup, vm: machine.name, node, method: this.method });
    if (backupLocksMachines) machine.lockedBy = "is being backed up, and stays where it is until that is over";
    let isMoving = false;
    for (const access of backupMovesOwner ? this.volumes : []) {
      if (access.volume.kind !== "csv" || access.whyNotOwner(node) !== null) continue;
      access.moveOwner(node, "backup");
      isMoving = true;
    }
    this.step = "owners";
    if (isMoving) this.after(ownerMoveSeconds);
    else this.prepare();
  }

  /** The node is dead: what it backs up there ends. Whether the machine stands still with its state saved on disk. */
  nodeLost(reason: string): boolean {
    const hasSavedState = this.step === "saved" || this.step === "restore" || this.step === "resume";
    this.fail(reason);
    return hasSavedState;
  }

  /** For the kernel: a step of a known length is over. */
  onEvent(): void {
    this.ticket = null;
    const { world, storage, guest } = this.options;
    const { machine } = guest;
    switch (this.step) {
      case "owners":
        this.prepare();
        return;
      case "snapshot":
        if (this.method === "online") {
          this.frozenSeconds = world.simulation.now - this.stepStartSeconds;
          storage.freezeWrites(machine.name, false);
          const { frozenSeconds: seconds } = this;
          this.record({ type: "vm.writesThawed", vm: machine.name, node: machine.node.name, seconds });
        }
        this.copy();
        return;
      case "stop":
        this.moveState("save", "vm.stateSaved", () => {
          this.step = "saved";
          this.after(world.environment.backupSnapshotSeconds);
        });
        return;
      case "saved":
        this.moveState("restore", "vm.stateRestored", () => {
          this.step = "resume";
          this.after(world.environment.resumeSeconds);
        });
        return;
      default:
        this.ranSeconds = world.simulation.now;
        guest.activity.runOn();
        machine.start();
        this.options.onRestored();
        this.copy();
    }
  }

  private methodNow(): BackupMethod {
    const { world, guest } = this.options;
    if (!guest.machine.running) return "as-it-is";
    if (guest.scenario.integrationServices !== false) return guest.machine.hung ? "crash-consistent" : "online";
    return world.environment.backupSavesState ? "saved-state" : "crash-consistent";
  }

  private prepare(): void {
    const { world, storage, guest } = this.options;
    const { machine } = guest;
    const { backupFreezeSeconds, backupSnapshotSeconds, stopSeconds } = world.environment;
    // It may have been stopped while volumes changed their owners.
    this.method = this.methodNow();
    if (this.method === "saved-state") {
      this.step = "stop";
      this.stoppedSeconds = world.simulation.now;
      guest.activity.standStill(this.stoppedSeconds);
      guest.announcement?.stop();
      machine.stop();
      this.after(stopSeconds);
      return;
    }
    this.step = "snapshot";
    if (this.method === "online") {
      storage.freezeWrites(machine.name, true);
      this.record({ type: "vm.writesFrozen", vm: machine.name, node: machine.node.name });
    }
    this.after(this.method === "online" ? backupFreezeSeconds : backupSnapshotSeconds);
  }

  /** The memory goes to the volume of its first disk, or comes from there. */
  private moveState(step: "save" | "restore", type: "vm.stateSaved" | "vm.stateRestored", then: () => void): void {
    const { world, guest } = this.options;
    const { name: vm, memoryBytes: bytes, node } = guest.machine;
    const { blocks } = (this.volumes[0] as VolumeAccess).volume;
    const cap = world.environment.savedStateRateShare * blocks.capacityBytesPerSecond;
    const { now: since } = world.simulation;
    this.step = step;
    this.transfer = new BlockTransfer(world.simulation, blocks, bytes, cap, () => {
      this.transfer = null;
      this.record({ type, vm, node: node.name, bytes, seconds: world.simulation.now - since });
      then();
    });
  }

  private copy(): void {
    const { world, entry, backup, guest } = this.options;
    const node = this.node as string;
    const { name: vm } = guest.machine;
    this.step = "copy";
    this.options.onSnapshot();
    this.blocks = new BackupCopy({
      world,
      node,
      parts: this.parts,
      capBytesPerSecond: entry.rateBytesPerSecond ?? Number.POSITIVE_INFINITY,
      onPart: ({ access, bytes }) =>
        this.record({ type: "backup.copyStarted", backup, vm, volume: access.volume.name, node, bytes }),
      onOver: (unreached) => {
        if (unreached === null) this.end("completed", "Its blocks are at the backup server.");
        else this.end("failed", `${node} did not reach ${unreached}.`);
      },
    });
    this.blocks.start();
  }

  private fail(reason: string): void {
    const { world, storage, guest } = this.options;
    if (this.ticket !== null) world.simulation.cancel(this.ticket);
    this.ticket = null;
    if (this.step === "snapshot" && this.method === "online") storage.freezeWrites(guest.machine.name, false);
    this.transfer?.cancel();
    this.blocks?.cancel();
    if (this.step !== "copy") this.options.onSnapshot();
    this.end("failed", reason);
  }

  private end(outcome: BackupOutcome, reason: string): void {
    const { world, backup, guest } = this.options;
    const { machine } = guest;
    const bytes = this.blocks?.bytesAt(world.simulation.now) ?? 0;
    this.step = "over";
    this.outcome = outcome;
    this.reason = reason;
    this.endSeconds = world.simulation.now;
    machine.lockedBy = null;
    const seconds = this.endSeconds - (this.startSeconds ?? this.endSeconds);
    this.record({ type: "backup.machineEnded", backup, vm: machine.name, outcome, reason, bytes, seconds });
    this.options.onOver();
  }

  /** At the run's end. */
  result(endSeconds: number): MachineBackupResult {
    const { guest } = this.options;
    const { scenario, clients: all } = guest;
    const { stoppedSeconds, ranSeconds } = this;
    const stood = !Number.isNaN(stoppedSeconds);
    const until = Number.isNaN(ranSeconds) ? endSeconds : ranSeconds;
    const clients = stood
      ? all.map((client) => client.resultOf(stoppedSeconds, until, endSeconds))
      : scenario.clients.map(untouched);
    return {
      vm: scenario.name,
      node: this.node,
      method: this.method,
      outcome: this.outcome,
      reason: this.outcome === "not-finished" ? `The run ended at ${endSeconds} s.` : this.reason,
      startSeconds: this.startSeconds,
      endSeconds: this.endSeconds,
      bytes: this.blocks?.bytesAt(endSeconds) ?? 0,
      frozenSeconds: this.frozenSeconds,
      standstillSeconds: stood ? until - stoppedSeconds : 0,
      clientOutageSeconds:
        clients.length === 0 ? null : clients.reduce((worst, { outageSeconds }) => Math.max(worst, outageSeconds), 0),
      clients,
    };
  }

  private after(seconds: number): void {
    const { simulation } = this.options.world;
    this.stepStartSeconds = simulation.now;
    this.ticket = simulation.schedule(simulation.now + seconds, this, 0);
  }

  private record(event: BackupEventBody): void {
    const { recorder, simulation } = this.options.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}
