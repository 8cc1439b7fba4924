/** A scenario's world, run by the test itself, so that it can reach into it at any moment. */
import type { MigrateEntry, Scenario } from "../../sim/scenario/scenario.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { MigrationRun } from "../../sim/world/migration-run.ts";
import { type MigrationPlan, planOf } from "../../sim/world/plan.ts";
import { World } from "../../sim/world/world.ts";

export interface OpenWorld {
  readonly world: World;
  readonly runs: readonly MigrationRun[];
  readonly events: readonly TraceEvent[];
  /** Calls back at this simulated time, after the timeline's entries of that time. */
  at(seconds: number, action: () => void): void;
  /** To the horizon. */
  run(): void;
}

/** The timeline's migrations are scheduled; its other entries are left out. */
export function openWorld(scenario: Scenario): OpenWorld {
  const plan = planOf(scenario);
  const events: TraceEvent[] = [];
  const recorder = { recording: true, record: (event: TraceEvent) => void events.push(event) };
  const world = new World(plan, scenario.seed, recorder, "statistical");
  const { simulation } = world;
  const entries = scenario.timeline.filter((entry): entry is MigrateEntry => entry.kind === "migrate");
  const runs = entries.map((entry, index) => {
    const run = new MigrationRun(world, plan.migrations[index] as MigrationPlan);
    simulation.schedule(entry.atSeconds, run, 0);
    return run;
  });
  return {
    world,
    runs,
    events,
    at: (seconds, action) => void simulation.schedule(seconds, { onEvent: action }, 0),
    run() {
      simulation.run(scenario.horizonSeconds);
      for (const run of runs) run.atHorizon(scenario.horizonSeconds);
    },
  };
}
