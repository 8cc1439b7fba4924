/** A scenario's world, run by the test itself, so that it can reach into it at any moment. */
import type { Scenario } from "../../sim/scenario/scenario.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import type { IncidentsResult } from "../../sim/world/incidents.ts";
import type { MigrationRun } from "../../sim/world/migration-run.ts";
import { planOf } from "../../sim/world/plan.ts";
import { type RunOutcome, ScenarioRun } from "../../sim/world/scenario-run.ts";
import type { World } from "../../sim/world/world.ts";

export interface OpenWorld {
  readonly world: World;
  readonly runs: readonly MigrationRun[];
  readonly events: readonly TraceEvent[];
  /** Calls back at this simulated time, after the timeline's entries of that time. */
  at(seconds: number, action: () => void): void;
  /** To the horizon. */
  run(): Omit<RunOutcome, "incidents"> & IncidentsResult;
}

export function openWorld(scenario: Scenario): OpenWorld {
  const events: TraceEvent[] = [];
  const recorder = { recording: true, record: (event: TraceEvent) => void events.push(event) };
  const of = new ScenarioRun(planOf(scenario), {
    seed: scenario.seed,
    recorder,
    dirtyLog: "statistical",
    policy: null,
  });
  const { world, runs } = of;
  return {
    world,
    runs,
    events,
    at: (seconds, action) => void world.simulation.schedule(seconds, { onEvent: action }, 0),
    run: () => {
      const { incidents, ...outcome } = of.run();
      return { ...outcome, ...incidents };
    },
  };
}
