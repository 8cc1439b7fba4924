/** Predicts one measured run from its inputs, over many seeds. */
import { type MigrationResult, type PolicyDefinition, PreparedScenario } from "../../sim/index.ts";
import type { MeasuredRun } from "../sources/measured-run.ts";
import type { Interval, Measures, Pass } from "./measures.ts";
import { lowerMedian, quantile } from "./quantile.ts";
import { scenarioOfRun } from "./scenario-of-run.ts";

export interface PredictedPass extends Pass {
  /** Zero pages included; null as `durationSeconds`. */
  pagesSent: number | null;
  /** Waiting once the bitmap was read at the beginning of the pass; null for the first, which sends all. */
  remainingPages: number | null;
}

export interface Prediction extends Measures {
  /** Share of the seeds that ended so. */
  outcomeProbabilities: { completed: number; "not-converged": number };
  /** The middle `level` of the seeds with the predicted outcome; null where that outcome has no such value. */
  interval: {
    level: number;
    totalSeconds: Interval | null;
    downtimeSeconds: Interval | null;
    reportedDowntimeSeconds: Interval | null;
    transferredBytes: Interval | null;
    rounds: Interval | null;
  };
  /** Each value the median over the seeds that have so many passes, as long as half of them do. */
  passes: PredictedPass[];
}

/** Of the intervals. */
export const LEVEL = 0.9;

/** The point is the median over `seeds` seeds, the outcome the majority's (completed where they are even). */
export function predictRun(run: MeasuredRun, seeds: number, policy: PolicyDefinition | null = null): Prediction {
  const prepared = new PreparedScenario(scenarioOfRun(run));
  const results: MigrationResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    results.push(prepared.run({ seed: String(seed), policy }).migrations[0] as MigrationResult);
  }
  return predictionOf(results);
}

/** From results that are all equally likely. */
export function predictionOf(results: readonly MigrationResult[]): Prediction {
  const completed = results.filter(({ outcome }) => outcome === "completed").length / results.length;
  const outcome = completed >= 0.5 ? "completed" : "not-converged";
  const typical = results.filter((result) => (result.outcome === "completed") === (outcome === "completed"));
  const summarise = (pick: (result: MigrationResult) => number | null) => {
    const values = typical.map(pick).filter((value) => value !== null);
    if (values.length < typical.length) return { point: null, interval: null };
    const interval: Interval = [quantile(values, (1 - LEVEL) / 2), quantile(values, (1 + LEVEL) / 2)];
    return { point: lowerMedian(values), interval };
  };
  const total = summarise((result) => result.totalSeconds);
  const downtime = summarise((result) => result.downtimeSeconds);
  const reported = summarise((result) => result.reportedDowntimeSeconds);
  const brownout = summarise(({ postcopy }) => postcopy?.waitSeconds ?? null);
  const bytes = summarise((result) => result.transferredBytes);
  const rounds = summarise((result) => result.bitmapSyncs);
  return {
    outcome,
    totalSeconds: total.point,
    downtimeSeconds: downtime.point,
    reportedDowntimeSeconds: reported.point,
    transferredBytes: bytes.point,
    rounds: rounds.point,
    brownoutSeconds: brownout.point,
    outcomeProbabilities: { completed, "not-converged": 1 - completed },
    interval: {
      level: LEVEL,
      totalSeconds: total.interval,
      downtimeSeconds: downtime.interval,
      reportedDowntimeSeconds: reported.interval,
      transferredBytes: bytes.interval,
      rounds: rounds.interval,
    },
    passes: typicalPasses(typical.map(passesOf)),
  };
}

/** The passes of one run, from its rounds. */
function passesOf({ rounds }: MigrationResult): PredictedPass[] {
  const passes: PredictedPass[] = [];
  let newDirtyPages = 0;
  let remainingPages: number | null = null;
  for (const round of rounds) {
    const { startSeconds, final } = round;
    passes.push({
      pass: round.round,
      startSeconds,
      durationSeconds: final ? null : round.durationSeconds,
      newDirtyPages,
      pagesSent: final ? null : round.pagesSent + round.zeroPagesSent,
      remainingPages,
    });
    newDirtyPages = round.newlyDirtyPages;
    remainingPages = round.dirtyPagesAtEnd;
  }
  return passes;
}

function typicalPasses(runs: readonly PredictedPass[][]): PredictedPass[] {
  const passes: PredictedPass[] = [];
  for (let index = 0; ; index++) {
    const present = runs.flatMap((run) => run[index] ?? []);
    if (present.length === 0 || present.length * 2 < runs.length) return passes;
    const median = (pick: (pass: PredictedPass) => number | null) => {
      const values = present.map(pick).filter((value) => value !== null);
      return values.length * 2 < present.length ? null : lowerMedian(values);
    };
    passes.push({
      pass: index + 1,
      startSeconds: lowerMedian(present.map(({ startSeconds }) => startSeconds)),
      durationSeconds: median((pass) => pass.durationSeconds),
      newDirtyPages: lowerMedian(present.map((pass) => pass.newDirtyPages)),
      pagesSent: median((pass) => pass.pagesSent),
      remainingPages: median((pass) => pass.remainingPages),
    });
  }
}
