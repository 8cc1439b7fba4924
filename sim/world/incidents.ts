/** All that can happen in a run beside the migrations that its timeline asks for one by one. */
import { isDiskEntry } from "../scenario/disk-changes.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import { isLoadEntry } from "../scenario/load.ts";
import { isMaintenanceEntry } from "../scenario/maintenance.ts";
import type { MigrationEntry } from "../scenario/migration-entries.ts";
import { isNetworkFault } from "../scenario/network-faults.ts";
import type { TimelineEntry } from "../scenario/scenario.ts";
import { isStorageEntry } from "../scenario/storage.ts";
import type { MigrationResult } from "../trace/migration-result.ts";
import type { RunResult } from "../trace/result.ts";
import { Backups } from "./backups.ts";
import { DiskChanges } from "./disk-changes.ts";
import { Evacuations } from "./evacuations.ts";
import { Failover } from "./failover.ts";
import { Loads } from "./loads.ts";
import { NetworkFaults } from "./network-faults.ts";
import type { Plan } from "./plan.ts";
import { Storage } from "./storage.ts";
import { balanceVolumes } from "./volume-balancing.ts";
import type { World } from "./world.ts";

/** What is told of them; each part absent where it did not happen. */
export type IncidentsResult = Pick<
  RunResult,
  "drains" | "maintenance" | "balances" | "consolidations" | "backups" | "storage" | "failover"
>;

export class Incidents {
  private readonly storage: Storage;
  private readonly diskChanges: DiskChanges;
  private readonly networkFaults: NetworkFaults;
  private readonly evacuations: Evacuations;
  private readonly loads: Loads;
  private readonly backups: Backups;
  private readonly failover: Failover;

  /** Warnings are added to `warnings`, which is the run's. */
  constructor(world: World, plan: Plan, warnings: string[]) {
    const { scenario } = plan;
    this.storage = new Storage(world, scenario, warnings);
    this.diskChanges = new DiskChanges(world, scenario, this.storage, warnings);
    this.networkFaults = new NetworkFaults(world, this.storage, warnings);
    this.evacuations = new Evacuations(world, plan, warnings);
    this.loads = new Loads(this.evacuations, plan);
    const { storage, evacuations } = this;
    balanceVolumes({ world, settings: plan.failover.settings, evacuations, storage });
    const backups = new Backups(
      world,
      storage,
      scenario.vms.map(({ name }) => name),
    );
    this.backups = backups;
    this.failover = new Failover(world, plan.failover, { storage, evacuations, backups }, warnings);
  }

  schedule(entry: Exclude<TimelineEntry, MigrationEntry>): void {
    if (isMaintenanceEntry(entry)) this.evacuations.schedule(entry);
    else if (isNetworkFault(entry)) this.networkFaults.schedule(entry);
    else if (isLoadEntry(entry)) this.loads.schedule(entry);
    else if (isStorageEntry(entry)) this.storage.schedule(entry);
    else if (isDiskEntry(entry)) this.diskChanges.schedule(entry);
    else if (isFailoverEntry(entry)) this.failover.schedule(entry);
    else this.backups.schedule(entry);
  }

  /** @param migrations What the run's migrations came to. */
  result(migrations: readonly MigrationResult[], endSeconds: number): IncidentsResult {
    return {
      ...this.evacuations.result(),
      ...this.loads.result(migrations),
      ...this.backups.result(endSeconds),
      ...this.storage.result(endSeconds),
      ...this.failover.result(endSeconds),
    };
  }
}
