/** Predicts one measured run from its inputs, over many seeds. */
import { type MigrationResult, PreparedScenario } from "../../sim/index.ts";
import type { MeasuredRun } from "../sources/measured-run.ts";
import { lowerMedian, quantile } from "./quantile.ts";
import { scenarioOfRun } from "./scenario-of-run.ts";

/** What is compared. Seconds and bytes; null where it was not measured or does not apply. */
export interface Measures {
  outcome: "completed" | "not-converged" | null;
  totalSeconds: number | null;
  /** Stop to run. */
  downtimeSeconds: number | null;
  /** As QEMU says. */
  reportedDowntimeSeconds: number | null;
  transferredBytes: number | null;
  /** Reads of the dirty bitmap, QEMU's dirty-sync-count. */
  rounds: number | null;
}

export type Interval = [low: number, high: number];

export interface PredictedPass {
  pass: number;
  startSeconds: number;
  durationSeconds: number;
  pagesSent: number;
  /** Waiting once the bitmap was read at the pass's end. */
  remainingPages: number;
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
  /** Of the run whose total time is the median. */
  passes: PredictedPass[];
}

const LEVEL = 0.9;

export function measuresOf({ measured }: MeasuredRun): Measures {
  const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1000);
  const outcomes = { completed: "completed", "completed-postcopy": "completed", cancelled: "not-converged" } as const;
  return {
    outcome: measured.outcome ? outcomes[measured.outcome] : null,
    totalSeconds: seconds(measured.totalTimeMs),
    downtimeSeconds: seconds(measured.stopToResumeMs),
    reportedDowntimeSeconds: seconds(measured.downtimeMs),
    transferredBytes: measured.transferredBytes ?? null,
    rounds: measured.dirtySyncCount ?? null,
  };
}

/** The point is the median over `seeds` seeds, the outcome the majority's (completed where they are even). */
export function predictRun(run: MeasuredRun, seeds: number): Prediction {
  const prepared = new PreparedScenario(scenarioOfRun(run));
  const results: MigrationResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    results.push(prepared.run({ seed: String(seed) }).migrations[0] as MigrationResult);
  }
  const completed = results.filter(({ outcome }) => outcome === "completed").length / seeds;
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
  const bytes = summarise((result) => result.transferredBytes);
  const rounds = summarise((result) => result.bitmapSyncs);
  const median = typical.find(({ totalSeconds }) => totalSeconds === total.point);
  return {
    outcome,
    totalSeconds: total.point,
    downtimeSeconds: downtime.point,
    reportedDowntimeSeconds: reported.point,
    transferredBytes: bytes.point,
    rounds: rounds.point,
    outcomeProbabilities: { completed, "not-converged": 1 - completed },
    interval: {
      level: LEVEL,
      totalSeconds: total.interval,
      downtimeSeconds: downtime.interval,
      reportedDowntimeSeconds: reported.interval,
      transferredBytes: bytes.interval,
      rounds: rounds.interval,
    },
    passes: (median?.rounds ?? []).map((round) => ({
      pass: round.round,
      startSeconds: round.startSeconds,
      durationSeconds: round.durationSeconds,
      pagesSent: round.pagesSent + round.zeroPagesSent,
      remainingPages: round.dirtyPagesAtEnd,
    })),
  };
}
