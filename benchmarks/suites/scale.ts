/** What many machines cost: at once on one link, and one after the other through a whole cluster. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { PreparedScenario, type Scenario } from "../../sim/index.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";
import { planOf } from "../../sim/world/plan.ts";
import { ScenarioRun } from "../../sim/world/scenario-run.ts";
import { liveBytes } from "../heap.ts";
import { measureByTurns, type Timing, turnOf } from "../measure.ts";
import { allAtOnce, scenarioOf } from "../scenarios.ts";
import { type Figure, middleFigure, type Suite, timeFigure, timeRatio } from "../suite.ts";

const AT_ONCE = 1000;
const MORE_AT_ONCE = 10_000;
/** A run takes long: few of them tell enough. */
const TURN = { turnSeconds: 0.2, leastSamples: 2 };
const TURNS = 9;

export const scaleSuite: Suite = {
  name: "scale",
  title: "Many machines: at once on one link, and through a cluster",
  run: () => ({ figures: [...atOnceFigures(), ...maintenanceFigures()], skipped: [] }),
};

function atOnceFigures(): Figure[] {
  const scenario = allAtOnce(AT_ONCE, "simgrid-3.32", 0.2e6);
  const linear = new PreparedScenario(scenario);
  const busier = new PreparedScenario(allAtOnce(AT_ONCE, "simgrid-3.32", 0.5e6));
  // The same load on the link for each count: 10,000 that dirty a tenth each.
  const more = new PreparedScenario(allAtOnce(MORE_AT_ONCE, "simgrid-3.32", 0.02e6));
  const qemu = new PreparedScenario(allAtOnce(AT_ONCE, "qemu-7.2", 0.2e6));
  const [linearTime, busierTime, moreTime, qemuTime] = measureByTurns(
    [linear, busier, more, qemu].map((prepared) => turnOf("at once", () => completed(prepared), TURN)),
    TURNS,
  ) as [Timing, Timing, Timing, Timing];
  return [
    timeFigure(`simgrid-3.32: ${AT_ONCE} at once, 0.2 MB/s dirtied each`, "run", linearTime),
    timeFigure(`simgrid-3.32: ${AT_ONCE} at once, 0.5 MB/s dirtied each`, "run", busierTime),
    timeFigure(`simgrid-3.32: ${MORE_AT_ONCE} at once`, "run", moreTime),
    timeRatio(`simgrid-3.32: time, ${MORE_AT_ONCE} / ${AT_ONCE} at once`, moreTime, linearTime),
    timeFigure(`qemu-7.2: ${AT_ONCE} at once, 0.2 MB/s dirtied each`, "run", qemuTime),
    middleFigure(
      "bytes",
      `simgrid-3.32: memory held a machine, ${AT_ONCE} at once, half of them over`,
      Array.from({ length: TURNS }, () => heldUnderWay(scenario) / AT_ONCE),
    ),
  ];
}

/** One migration of a cluster's maintenance against one between two nodes of its kind. */
function maintenanceFigures(): Figure[] {
  const document = parse(readFileSync("examples/rolling-maintenance.yaml", "utf8"));
  const cluster = new PreparedScenario(scenarioOf(document));
  document.nodes[0].count = 2;
  // Room for what the other one empties.
  document.nodes[0].memory = "512 GiB";
  for (const vm of document.vms) vm.count = 2;
  document.timeline[0].maintenance.atOnce = 1;
  const pair = new PreparedScenario(scenarioOf(document));
  const [clusterTime, pairTime] = measureByTurns(
    [cluster, pair].map((prepared) => {
      const operations = completed(prepared);
      return turnOf("maintenance", () => completed(prepared), { ...TURN, operations });
    }),
    TURNS,
  ) as [Timing, Timing];
  return [
    timeFigure("rolling maintenance of 300 hosts, 8,000 machines", "migration", clusterTime),
    timeFigure("rolling maintenance of 2 such hosts", "migration", pairTime),
    timeRatio("time a migration, 300 hosts / 2", clusterTime, pairTime),
  ];
}

/** Runs it with a seed of its own; returns how many migrations there were. */
let seed = 0;
function completed(prepared: PreparedScenario): number {
  const { migrations } = prepared.run({ seed: String(seed++) });
  const failed = migrations.find(({ outcome }) => outcome !== "completed");
  if (failed !== undefined) throw new Error(`a migration of the benchmark did not complete: ${failed.reason}`);
  return migrations.length;
}

/**
 * Bytes that a run holds when half of its migrations are over, beyond what is left when all are: of a run without a trace,
 * like those whose time is taken.
 */
function heldUnderWay(scenario: Scenario): number {
  const seed = "1";
  const ends = new PreparedScenario(scenario)
    .run({ seed })
    .migrations.map(({ startSeconds, totalSeconds }) => (startSeconds ?? 0) + (totalSeconds ?? 0))
    .sort((one, other) => one - other);
  const options = { seed, recorder: silentRecorder, dirtyLog: "statistical", policy: null } as const;
  let run: ScenarioRun | null = new ScenarioRun(planOf(scenario), options);
  let during = 0;
  const look = {
    onEvent() {
      during = liveBytes();
    },
  };
  run.world.simulation.schedule(ends[AT_ONCE / 2] as number, look, 0);
  run.run();
  run = null;
  return during - liveBytes();
}
