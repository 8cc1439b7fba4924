/** The backups of a run: which machines they are of, and what each of them has to wait for. */
import type { EventHandler } from "../kernel/simulation.ts";
import { type BackupEntry, backedUpDisks } from "../scenario/backup.ts";
import type { BackupEventBody } from "../trace/backup-events.ts";
import type { RunResult } from "../trace/result.ts";
import { BackupRun } from "./backup-run.ts";
import type { MachineBackup } from "./machine-backup.ts";
import type { MigrationRunsObserver } from "./migration-runs.ts";
import type { Storage } from "./storage.ts";
import type { Guest, World } from "./world.ts";

export interface RestoreWatcher {
  /** A machine that was saved for its backup runs again. */
  machineRuns(guest: Guest): void;
}

export class Backups implements MigrationRunsObserver {
  readonly world: World;
  readonly storage: Storage;
  #watcher: RestoreWatcher | null = null;
  readonly #runs: BackupRun[] = [];
  readonly #machines: readonly string[];

  /** @param machines All machines by name, in the scenario's order. */
  constructor(world: World, storage: Storage, machines: readonly string[]) {
    this.world = world;
    this.storage = storage;
    this.#machines = machines;
  }

  /** There is one watcher. */
  watch(watcher: RestoreWatcher): void {
    this.#watcher = watcher;
  }

  /** For BackupRun. */
  restored(guest: Guest): void {
    this.#watcher?.machineRuns(guest);
  }

  schedule(entry: BackupEntry): void {
    const handler: EventHandler = { onEvent: () => this.#start(entry) };
    this.world.simulation.schedule(entry.atSeconds, handler, 0);
  }

  guestsOf({ vms, volume }: BackupEntry): Guest[] {
    const guests = (vms ?? this.#machines).map((name) => this.world.guest(name));
    return volume === undefined ? guests : guests.filter(({ scenario }) => backedUpDisks(scenario).includes(volume));
  }

  /**
   * Whether this machine has to wait for another's backup: of itself, or, where a volume is redirected for its backup, of one
   * on the same cluster shared volume (2008 R2 backs such a volume up for one node at a time; assumed to be for one machine).
   */
  isTaken(wanting: MachineBackup): boolean {
    const { backupRedirectsVolumes } = this.world.environment;
    for (const { underWay } of this.#runs) {
      for (const other of underWay) {
        if (other.guest === wanting.guest) return true;
        if (!backupRedirectsVolumes) continue;
        if (other.volumes.some((access) => access.volume.kind === "csv" && wanting.volumes.includes(access)))
          return true;
      }
    }
    return false;
  }

  /** Something that a backup may have waited for is over. */
  goOn(): void {
    for (const run of this.#runs) run.goOn();
  }

  onMigrationBegun(): void {}

  onMigrationOver(): void {
    this.goOn();
  }

  /** A node is dead, at the present simulated time: what it backs up ends. Returns the machines whose state is saved on disk. */
  nodeLost(node: string, reason: string): Guest[] {
    const saved: Guest[] = [];
    for (const { underWay } of this.#runs) {
      for (const machine of [...underWay]) {
        if (machine.at !== node) continue;
        if (machine.nodeLost(reason)) saved.push(machine.guest);
      }
    }
    return saved;
  }

  record(event: BackupEventBody): void {
    const { recorder, simulation } = this.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }

  /** At the run's end. */
  result(endSeconds: number): Pick<RunResult, "backups"> {
    return this.#runs.length === 0 ? {} : { backups: this.#runs.map((run) => run.result(endSeconds)) };
  }

  #start(entry: BackupEntry): void {
    if (this.#runs.length === 0) this.world.runs.observe(this);
    const run = new BackupRun(this, entry, this.#runs.length);
    this.#runs.push(run);
    run.goOn();
  }
}
