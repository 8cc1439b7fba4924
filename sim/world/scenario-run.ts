/** One run of a scenario: its world, and all that its timeline has happen there. */
import type { PolicyDefinition } from "../migration/own-policy.ts";
import { isDiskEntry } from "../scenario/disk-changes.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import { isLoadEntry } from "../scenario/load.ts";
import { isMaintenanceEntry } from "../scenario/maintenance.ts";
import { isNetworkFault } from "../scenario/network-faults.ts";
import type { TimelineEntry } from "../scenario/scenario.ts";
import { isStorageEntry } from "../scenario/storage.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { RunResult } from "../trace/result.ts";
import { Backups } from "./backups.ts";
import { DiskChanges } from "./disk-changes.ts";
import { Evacuations } from "./evacuations.ts";
import { Failover } from "./failover.ts";
import { Loads } from "./loads.ts";
import { MigrationCommand } from "./migration-command.ts";
import { MigrationRun } from "./migration-run.ts";
import { NetworkFaults } from "./network-faults.ts";
import type { MigrationPlan, Plan } from "./plan.ts";
import { Storage } from "./storage.ts";
import { balanceVolumes } from "./volume-balancing.ts";
import { World } from "./world.ts";

export interface ScenarioRunOptions {
  readonly seed: string;
  readonly recorder: Recorder;
  readonly dirtyLog: "statistical" | "bitmap";
  /** A rule of one's own for all migrations; null where there is none. */
  readonly policy: PolicyDefinition | null;
}

/** What a run answers beside what it is a run of. */
export type RunOutcome = Omit<
  RunResult,
  "schemaVersion" | "engineVersion" | "scenario" | "seed" | "policy" | "assumptions"
>;

export class ScenarioRun {
  readonly world: World;
  /** Of the timeline's own migrations, in its order. */
  readonly runs: readonly MigrationRun[];
  private readonly plan: Plan;
  private readonly warnings: string[];
  private readonly storage: Storage;
  private readonly diskChanges: DiskChanges;
  private readonly networkFaults: NetworkFaults;
  private readonly evacuations: Evacuations;
  private readonly loads: Loads;
  private readonly backups: Backups;
  private readonly failover: Failover;

  /** Everything is scheduled; nothing has happened. */
  constructor(plan: Plan, { seed, recorder, dirtyLog, policy }: ScenarioRunOptions) {
    const { scenario } = plan;
    const warnings = [...plan.warnings];
    const world = new World(plan, seed, recorder, dirtyLog, policy);
    this.world = world;
    this.plan = plan;
    this.warnings = warnings;
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
    const runs: MigrationRun[] = [];
    this.runs = runs;
    for (const entry of scenario.timeline) this.schedule(entry, runs);
  }

  /** To the horizon, and to what ends there. */
  run(): RunOutcome {
    const { world, runs } = this;
    const { horizonSeconds } = this.plan.scenario;
    world.simulation.run(horizonSeconds);
    for (const run of [...world.runs.open, ...runs]) run.atHorizon(horizonSeconds);
    const migrations = world.runs.requested.map((run) => run.result(horizonSeconds));
    return {
      migrations,
      ...this.evacuations.result(),
      ...this.loads.result(migrations),
      ...this.backups.result(horizonSeconds),
      ...this.storage.result(horizonSeconds),
      ...this.failover.result(horizonSeconds),
      warnings: this.warnings,
    };
  }

  private schedule(entry: TimelineEntry, runs: MigrationRun[]): void {
    const { world, warnings } = this;
    const { simulation } = world;
    if (isMaintenanceEntry(entry)) this.evacuations.schedule(entry);
    else if (isNetworkFault(entry)) this.networkFaults.schedule(entry);
    else if (isLoadEntry(entry)) this.loads.schedule(entry);
    else if (isStorageEntry(entry)) this.storage.schedule(entry);
    else if (isDiskEntry(entry)) this.diskChanges.schedule(entry);
    else if (isFailoverEntry(entry)) this.failover.schedule(entry);
    else if (entry.kind === "backup") this.backups.schedule(entry);
    else if (entry.kind === "migrate") {
      const run = new MigrationRun(world, this.plan.migrations[runs.length] as MigrationPlan);
      runs.push(run);
      simulation.schedule(entry.atSeconds, run, 0);
    } else {
      const command = new MigrationCommand(simulation, world.runs.requested, entry, warnings);
      simulation.schedule(entry.atSeconds, command, 0);
    }
  }
}
