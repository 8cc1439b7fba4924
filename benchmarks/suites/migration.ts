/** What one migration costs: the whole of a run, and the engine without the world around it. */
import { PreparedScenario, simulate } from "../../sim/index.ts";
import { bareEngine } from "../bare-engine.ts";
import { measureByTurns, type Timing, turnOf } from "../measure.ts";
import { PROFILE_NAMES, type ProfileName, tenRounds } from "../scenarios.ts";
import { type Figure, type Suite, timeFigure } from "../suite.ts";

const RUNS_COUNTED = 200;

export const migrationSuite: Suite = {
  name: "migration",
  title: "A ten-round migration, statistical log, no trace",
  run: () => ({ figures: [...PROFILE_NAMES.flatMap(figuresOf), ...linearFigures()], skipped: [] }),
};

function figuresOf(profile: ProfileName): Figure[] {
  const scenario = tenRounds(profile);
  const prepared = new PreparedScenario(scenario);
  const engine = bareEngine(scenario);
  // Another seed each time: the course of a single one would be learnt by the processor's branch prediction.
  let seed = 0;
  const [engineAlone, preparedRun, simulated] = measureByTurns([
    turnOf("engine", () => engine(String(seed++))),
    turnOf("prepared", () => prepared.run({ seed: String(seed++) })),
    turnOf("simulate", () => simulate(scenario, { seed: String(seed++) })),
  ]) as [Timing, Timing, Timing];
  return [
    timeFigure(`${profile}: engine alone`, "migration", engineAlone),
    timeFigure(`${profile}: PreparedScenario.run()`, "migration", preparedRun),
    timeFigure(`${profile}: simulate()`, "migration", simulated),
    { kind: "count", name: `${profile}: rounds before the final copy, mean`, value: meanRounds(prepared) },
  ];
}

/** SimGrid's own model, which SimGrid 3.32 takes 60 us for. */
function linearFigures(): Figure[] {
  const prepared = new PreparedScenario(tenRounds("simgrid-3.32"));
  const [run] = measureByTurns([turnOf("prepared", () => prepared.run())]) as [Timing];
  return [
    timeFigure("simgrid-3.32: PreparedScenario.run()", "migration", run),
    { kind: "count", name: "simgrid-3.32: rounds before the final copy", value: meanRounds(prepared) },
  ];
}

function meanRounds(prepared: PreparedScenario): number {
  let rounds = 0;
  for (let run = 0; run < RUNS_COUNTED; run++) {
    const [migration] = prepared.run({ seed: String(run) }).migrations;
    if (migration?.outcome !== "completed") throw new Error(`the migration of the benchmark did not complete`);
    rounds += migration.rounds.filter(({ final }) => !final).length;
  }
  return rounds / RUNS_COUNTED;
}
