/** One run of a scenario: its world, and all that its timeline has happen there. */
import type { EventHandler } from "../kernel/simulation.ts";
import type { PolicyDefinition } from "../migration/own-policy.ts";
import { isMigrationEntry } from "../scenario/migration-entries.ts";
import type { TimelineEntry } from "../scenario/scenario.ts";
import type { MigrationResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";
import { Incidents, type IncidentsResult } from "./incidents.ts";
import { MigrationCommand } from "./migration-command.ts";
import { MigrationRun } from "./migration-run.ts";
import type { MigrationPlan, Plan } from "./plan.ts";
import { World } from "./world.ts";

export interface ScenarioRunOptions {
  readonly seed: string;
  readonly recorder: Recorder;
  readonly dirtyLog: "statistical" | "bitmap";
  /** A rule of one's own for all migrations; null where there is none. */
  readonly policy: PolicyDefinition | null;
}

export interface RunOutcome {
  readonly migrations: MigrationResult[];
  /** Null where nothing happened but migrations. */
  readonly incidents: IncidentsResult | null;
  readonly warnings: string[];
}

const NOTHING: EventHandler = { onEvent() {} };

export class ScenarioRun {
  readonly world: World;
  /** Of the timeline's own migrations, in its order. */
  readonly runs: readonly MigrationRun[];
  private readonly plan: Plan;
  private readonly warnings: string[];
  /** Null where nothing happens but migrations: not to make it saves a short run 1 us, which is 4 KiB. */
  private readonly incidents: Incidents | null;

  /** Everything is scheduled; nothing has happened. */
  constructor(plan: Plan, { seed, recorder, dirtyLog, policy }: ScenarioRunOptions) {
    const { scenario } = plan;
    const warnings = [...plan.warnings];
    const world = new World(plan, seed, recorder, dirtyLog, policy);
    this.world = world;
    this.plan = plan;
    this.warnings = warnings;
    this.incidents = plan.hasOnlyMigrations ? null : new Incidents(world, plan, warnings);
    const runs: MigrationRun[] = [];
    this.runs = runs;
    for (const entry of scenario.timeline) this.schedule(entry, runs);
  }

  /** To the horizon, and to what ends there. */
  run(): RunOutcome {
    const { world, runs, warnings, incidents } = this;
    const { horizonSeconds } = this.plan.scenario;
    world.simulation.run(horizonSeconds);
    // What is left waits for nothing, and ends at the horizon: not at the last event, which may be anybody's.
    if (world.runs.open.size > 0) {
      world.simulation.schedule(horizonSeconds, NOTHING, 0);
      world.simulation.run(horizonSeconds);
    }
    for (const run of [...world.runs.open, ...runs]) run.atHorizon(horizonSeconds);
    const migrations = world.runs.requested.map((run) => run.result(horizonSeconds));
    return { migrations, incidents: incidents?.result(migrations, horizonSeconds) ?? null, warnings };
  }

  private schedule(entry: TimelineEntry, runs: MigrationRun[]): void {
    const { world } = this;
    const { simulation } = world;
    if (!isMigrationEntry(entry)) this.incidents?.schedule(entry);
    else if (entry.kind === "migrate") {
      const run = new MigrationRun(world, this.plan.migrations[runs.length] as MigrationPlan);
      runs.push(run);
      simulation.schedule(entry.atSeconds, run, 0);
    } else {
      const command = new MigrationCommand(simulation, world.runs.requested, entry, this.warnings);
      simulation.schedule(entry.atSeconds, command, 0);
    }
  }
}
