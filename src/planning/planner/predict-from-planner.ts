/** Predicts a measured run from what could be known before it: memory in use, settings, network, and calc-dirty-rate. */
import {
  exp,
  log,
  type MigrationResult,
  PAGE_BYTES,
  type PolicyDefinition,
  PreparedScenario,
  type RandomStream,
  RandomStreams,
} from "../../../sim/index.ts";
import type { MeasuredRun } from "../../sources/measured-run.ts";
import type { Interval } from "../measures.ts";
import { LEVEL, type Prediction, predictionOf } from "../predict-run.ts";
import { quantile } from "../quantile.ts";
import { isUnlimited, scenarioOfRun } from "../scenario-of-run.ts";
import { fitGuests, type LikelyGuest } from "./fit-guests.ts";

/**
 * What the simulator is off by where the guest is known, as a share: nine runs in ten of the measured set are within it
 * (docs/measured-runs.md); where processors alone are the limit, runs of one scenario differ by about that much.
 */
const MODEL_ERROR_SHARE = 0.008;
const UNLIMITED_MODEL_ERROR_SHARE = 0.1;
/** 32-bit words that a write changes: from one to a whole page of them, on a logarithmic scale. Matters to XBZRLE alone. */
const MOST_WORDS_PER_WRITE = 1024;
/**
 * How long a stall a guest makes up for, on a logarithmic scale; matters where it is throttled. Most guests that write fast
 * enough to be throttled have a processor to themselves and lose what they are denied: assumed, seven in ten.
 */
const BOUND_SHARE = 0.7;
const BOUND_CATCH_UP_MS = [0.5, 4] as const;
const OPEN_CATCH_UP_MS = [4, 30] as const;

/** Why a run cannot be predicted from the planner's figures; null where it can. */
export function whyNotPlanned({ planner }: MeasuredRun): string | null {
  return planner?.calcDirtyRate.length ? null : "it has no calc-dirty-rate figures (planner.calcDirtyRate)";
}

/**
 * The point is the median over `draws` guests that agree with the figures, of those with the majority's outcome; the
 * intervals of total time and bytes are those of all of them, whatever their outcome, and a little wider: the simulator errs
 * too. The write classes of the run are not looked at.
 */
export function predictFromPlanner(
  run: MeasuredRun,
  draws: number,
  policy: PolicyDefinition | null = null,
): Prediction {
  const { memoryBytes, usedBytes } = run.scenario;
  const readings = run.planner?.calcDirtyRate ?? [];
  const { guests } = fitGuests({ memoryBytes, usedBytes, readings }, draws, PLANNER_SEED);
  const habits = new RandomStreams(PLANNER_SEED).stream("habits");
  const results = guests.map((guest, index) => {
    const prepared = new PreparedScenario(scenarioOfRun(withGuest(run, guest, habits)));
    return prepared.run({ seed: String(index + 1), policy }).migrations[0] as MigrationResult;
  });
  const prediction = predictionOf(results);
  const error = isUnlimited(run.scenario) ? UNLIMITED_MODEL_ERROR_SHARE : MODEL_ERROR_SHARE;
  return {
    ...prediction,
    interval: {
      ...prediction.interval,
      totalSeconds: intervalOf(
        results.map((result) => result.totalSeconds),
        error,
      ),
      transferredBytes: intervalOf(
        results.map((result) => result.transferredBytes),
        error,
      ),
    },
  };
}

/** Fixed: the same figures give the same guests, whatever else is predicted. */
const PLANNER_SEED = "planner";

/** The run with another guest in it: its classes one behind the other from a random page on. */
function withGuest(run: MeasuredRun, { classes }: LikelyGuest, habits: RandomStream): MeasuredRun {
  const pages = classes.reduce((sum, written) => sum + written.pages, 0);
  const usedPages = Math.floor(run.scenario.usedBytes / PAGE_BYTES);
  let firstPage = Math.floor(habits.next() * (usedPages - pages));
  const wordsPerWrite = Math.floor(logUniform(habits, 1, MOST_WORDS_PER_WRITE));
  const catchUp = habits.next() < BOUND_SHARE ? BOUND_CATCH_UP_MS : OPEN_CATCH_UP_MS;
  const writeDebtCapMs = logUniform(habits, catchUp[0], catchUp[1]);
  const writeClasses = classes.map((written) => {
    const placed = { ...written, firstPage, startMs: 0, endMs: 0, wordsPerWrite };
    firstPage += written.pages;
    return placed;
  });
  return { ...run, scenario: { ...run.scenario, writeClasses, writeDebtCapMs, migrationStartGuestMs: 0 } };
}

function logUniform(random: RandomStream, low: number, high: number): number {
  return low * exp(random.next() * log(high / low));
}

function intervalOf(values: readonly (number | null)[], error: number): Interval | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  const low = quantile(known, (1 - LEVEL) / 2);
  const high = quantile(known, (1 + LEVEL) / 2);
  return [low * (1 - error), high * (1 + error)];
}
