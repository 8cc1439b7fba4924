/** Predicts a measured run from what could be known before it: memory in use, settings, network, and calc-dirty-rate. */
import {
  exp,
  log,
  type MigrationResult,
  PAGE_BYTES,
  type PolicyDefinition,
  PreparedScenario,
  RandomStreams,
} from "../../../sim/index.ts";
import type { MeasuredRun } from "../../sources/measured-run.ts";
import type { Interval } from "../measures.ts";
import { LEVEL, type Prediction, predictionOf } from "../predict-run.ts";
import { quantile } from "../quantile.ts";
import { isUnlimited, scenarioOfRun } from "../scenario-of-run.ts";
import { fitGuests, type LikelyGuest } from "./fit-guests.ts";
import { leastErringPoint } from "./least-erring-point.ts";

/**
 * What the simulator is off by where the guest is known, as a share: nine runs in ten of the measured set are within it
 * (docs/measured-runs.md); of those with auto-converge nine in ten are within 5 %; where processors alone are the limit, runs of
 * one scenario differ by about 10 %.
 */
const MODEL_ERROR_SHARE = 0.008;
const THROTTLED_MODEL_ERROR_SHARE = 0.05;
const UNLIMITED_MODEL_ERROR_SHARE = 0.1;
/** 32-bit words that a write changes: from one to a whole page of them, on a logarithmic scale. Matters to XBZRLE alone. */
const MOST_WORDS_PER_WRITE = 1024;
/**
 * How long a stall a guest makes up for, on a logarithmic scale; matters where it is throttled. Most guests that write fast
 * enough to be throttled have a processor to themselves and lose what they are denied: assumed, seven in ten. The others serve
 * requests or a clock, and make up for anything from a tick to all that a throttle denies.
 */
const BOUND_SHARE = 0.7;
const BOUND_CATCH_UP_MS = [0.5, 4] as const;
const OPEN_CATCH_UP_MS = [4, 500] as const;

/** Why a run cannot be predicted from the planner's figures; null where it can. */
export function whyNotPlanned({ planner }: MeasuredRun): string | null {
  return planner?.calcDirtyRate.length ? null : "it has no calc-dirty-rate figures (planner.calcDirtyRate)";
}

/**
 * Each of `draws` guests that agree with the figures is simulated once. The outcome is the majority's; total time and bytes
 * are the points that err least over the guests with that outcome, all else their median. The intervals of total time and
 * bytes are those of all guests, whatever their outcome, and a little wider: the simulator errs too. The write classes of the
 * run are not looked at.
 */
export function predictFromPlanner(
  run: MeasuredRun,
  draws: number,
  policy: PolicyDefinition | null = null,
): Prediction {
  const { memoryBytes, usedBytes } = run.scenario;
  const readings = run.planner?.calcDirtyRate ?? [];
  const { guests } = fitGuests({ memoryBytes, usedBytes, readings }, draws, PLANNER_SEED);
  const places = new RandomStreams(PLANNER_SEED).stream("places");
  const results = guests.map((guest, index) => {
    const prepared = new PreparedScenario(scenarioOfRun(withGuest(run, guest, places.next(), habitsOf(index))));
    return prepared.run({ seed: String(index + 1), policy }).migrations[0] as MigrationResult;
  });
  const prediction = predictionOf(results);
  const typical = results.filter(({ outcome }) => (outcome === "completed") === (prediction.outcome === "completed"));
  const error = modelErrorShare(run);
  const summarise = (pick: (result: MigrationResult) => number | null) => ({
    point: pointOf(typical.map(pick)),
    interval: intervalOf(results.map(pick), error),
  });
  const total = summarise((result) => result.totalSeconds);
  const bytes = summarise((result) => result.transferredBytes);
  return {
    ...prediction,
    totalSeconds: total.point,
    transferredBytes: bytes.point === null ? null : Math.round(bytes.point),
    interval: { ...prediction.interval, totalSeconds: total.interval, transferredBytes: bytes.interval },
  };
}

function modelErrorShare({ scenario }: MeasuredRun): number {
  if (isUnlimited(scenario)) return UNLIMITED_MODEL_ERROR_SHARE;
  return scenario.capabilities.includes("auto-converge") ? THROTTLED_MODEL_ERROR_SHARE : MODEL_ERROR_SHARE;
}

/** Fixed: the same figures give the same guests, whatever else is predicted. */
const PLANNER_SEED = "planner";

/** What no answer tells of a guest. */
interface Habits {
  readonly wordsPerWrite: number;
  readonly writeDebtCapMs: number;
}

/** The real root of x^3 = x + 1: multiples of its inverse and of that one's square fill a square evenly (Roberts 2018, R2). */
const PLASTIC_NUMBER = 1.324717957244746;

/**
 * Of the guest with this number. Evenly spread rather than drawn: the fitted guests come in order of how much they dirty, and
 * any stretch of them should meet all habits.
 */
function habitsOf(index: number): Habits {
  const spread = (step: number) => (0.5 + index * step) % 1;
  const wordsPerWrite = Math.floor(logUniformAt(spread(1 / PLASTIC_NUMBER ** 2), 1, MOST_WORDS_PER_WRITE));
  const which = spread(1 / PLASTIC_NUMBER);
  const writeDebtCapMs =
    which < BOUND_SHARE
      ? logUniformAt(which / BOUND_SHARE, ...BOUND_CATCH_UP_MS)
      : logUniformAt((which - BOUND_SHARE) / (1 - BOUND_SHARE), ...OPEN_CATCH_UP_MS);
  return { wordsPerWrite, writeDebtCapMs };
}

/** The run with another guest in it: its classes one behind the other from a page on, which is the share `place` of where it may be. */
function withGuest(run: MeasuredRun, { classes }: LikelyGuest, place: number, habits: Habits): MeasuredRun {
  const { wordsPerWrite, writeDebtCapMs } = habits;
  const pages = classes.reduce((sum, written) => sum + written.pages, 0);
  const usedPages = Math.floor(run.scenario.usedBytes / PAGE_BYTES);
  let firstPage = Math.floor(place * (usedPages - pages));
  const writeClasses = classes.map((written) => {
    const placed = { ...written, firstPage, startMs: 0, endMs: 0, wordsPerWrite };
    firstPage += written.pages;
    return placed;
  });
  return { ...run, scenario: { ...run.scenario, writeClasses, writeDebtCapMs, migrationStartGuestMs: 0 } };
}

function logUniformAt(share: number, low: number, high: number): number {
  return low * exp(share * log(high / low));
}

function pointOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : leastErringPoint(known);
}

function intervalOf(values: readonly (number | null)[], error: number): Interval | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  const low = quantile(known, (1 - LEVEL) / 2);
  const high = quantile(known, (1 + LEVEL) / 2);
  return [low * (1 - error), high * (1 + error)];
}
