/** Why migrations went as they did, and what would cure them: the questions behind `precopy explain`. */
import {
  ENGINE_VERSION,
  type PolicyDefinition,
  SCHEMA_VERSION,
  type Scenario,
  scenarioSha256,
} from "../../../sim/index.ts";
import type { Progress } from "../../progress.ts";
import { migratedVm, migrationEntries, type ScenarioChange } from "../scenario-changes.ts";
import { resultsOf, seedsFrom } from "../trials.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { carriers } from "./constraints.ts";
import { type Cure, type Cures, findCures, type Goal, meets, type NoCure } from "./cures.ts";
import { type Cause, diagnose, type LiftedConstraint } from "./diagnose.ts";
import { type Spread, type Tally, tallyOf, type Verdict } from "./verdict.ts";
import { whyOf } from "./words.ts";

/** What the migrations should come to, beside ending; null for no objective. Seconds. */
export interface Objectives {
  downtimeSeconds: number | null;
  /** From the request to the end. */
  totalSeconds: number | null;
}

/** Seconds; null is "does not apply". */
export interface ExplainedMigration {
  vm: string;
  from: string;
  to: string;
  mode: string;
  profile: string;
  verdict: Verdict;
  /** How many of the seeds had each verdict. */
  verdicts: Record<Verdict, number>;
  /** Of the typical run, as a result has them. */
  outcome: string;
  reason: string;
  endedBy: string | null;
  /** Whether pages followed once the guest ran at the target. */
  postcopy: boolean;
  rounds: number;
  /** Request to end, the wait for its turn included. */
  elapsedSeconds: Spread | null;
  totalSeconds: Spread | null;
  downtimeSeconds: Spread | null;
  clientOutageSeconds: Spread | null;
  /** Whether all seeds met the objectives; null without any. */
  meetsObjectives: boolean | null;
  causes: Cause[];
  /** The same in words. */
  why: string[];
  arithmetic: Arithmetic;
  /** Each constraint taken away alone. */
  lifted: LiftedConstraint[];
  /** What the cures cure; null where nothing is ill. */
  goal: Goal | null;
  cures: Cure[];
  notCures: NoCure[];
}

export interface Explanation {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  scenario: { name: string; sha256: string };
  seed: string;
  seeds: number;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
  objectives: Objectives;
  migrations: ExplainedMigration[];
}

export interface ExplainOptions {
  seed: string;
  seeds: number;
  objectives: Objectives;
  /** This machine's migrations alone; null for all. */
  vm: string | null;
  /** A convergence rule of one's own; null or absent for the hypervisor's. */
  policy?: PolicyDefinition | null;
}

/** Seeds over which a constraint is taken away: the verdict is a majority, so a few are enough. */
const MOST_DIAGNOSIS_SEEDS = 3;

export function explain(
  scenario: Scenario,
  options: ExplainOptions,
  report: (progress: Progress) => void,
): Explanation {
  const { seed, seeds: count, objectives, vm, policy = null } = options;
  const seeds = seedsFrom(seed, count);
  const entries = migrationEntries(scenario);
  const asked = [...entries.keys()].filter((index) => vm === null || entries[index]?.vm === vm);
  const migrations = asked.map((migration, index) =>
    explainMigration(scenario, migration, { seeds, objectives, policy }, (share) =>
      report({ done: Math.round((index + share) * 100), total: asked.length * 100, of: null }),
    ),
  );
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    scenario: { name: scenario.name, sha256: scenarioSha256(scenario) },
    seed,
    seeds: count,
    ...(policy === null ? {} : { policy: policy.name }),
    objectives,
    migrations,
  };
}

function explainMigration(
  scenario: Scenario,
  migration: number,
  { seeds, objectives, policy }: { seeds: readonly string[]; objectives: Objectives; policy: PolicyDefinition | null },
  report: (share: number) => void,
): ExplainedMigration {
  const results = [...resultsOf(scenario, migration, seeds, policy)];
  const base = tallyOf(results);
  const diagnosisSeeds = seeds.slice(0, MOST_DIAGNOSIS_SEEDS);
  const patience = patienceWith(scenario, migration, base);
  const diagnosis = diagnose(scenario, migration, base, (variant, atMost) =>
    tallyOf([...resultsOf(patience(variant), migration, diagnosisSeeds.slice(0, atMost), policy)]),
  );
  report(0.3);
  const hasObjectives = objectives.downtimeSeconds !== null || objectives.totalSeconds !== null;
  const wanted = wantedOf(base, objectives, hasObjectives);
  const isMet = results.every((result) => meets(wanted, result));
  const { cures, notCures }: Cures = isMet
    ? { cures: [], notCures: [] }
    : findCures(scenario, migration, wanted, { seeds, policy, patience }, (done, all) =>
        report(0.3 + (0.7 * done) / all),
      );
  const { typical, verdict, verdicts, elapsedSeconds, totalSeconds, downtimeSeconds, clientOutageSeconds } = base;
  const { vm, from, to, mode, profile, outcome, reason, endedBy, rounds } = typical;
  return {
    ...{ vm, from, to, mode, profile, verdict, verdicts, outcome, reason, endedBy },
    postcopy: typical.postcopy !== undefined,
    rounds: rounds.filter(({ final }) => !final).length,
    ...{ elapsedSeconds, totalSeconds, downtimeSeconds, clientOutageSeconds },
    meetsObjectives: hasObjectives ? isMet : null,
    causes: diagnosis.causes,
    why: whyOf(scenario, migration, base, diagnosis),
    arithmetic: diagnosis.arithmetic,
    lifted: diagnosis.lifted,
    goal: isMet ? null : wanted,
    cures,
    notCures,
  };
}

/** A migration that takes so many times as long as one copy of all memory is no migration that anybody waits for. */
const MOST_COPIES = 10;
const LEAST_PATIENCE_SECONDS = 120;

/**
 * How long a variant of what does not end is looked at: what ends by then ends so in the whole run too, and what does not
 * would cost as much as the run itself.
 */
function patienceWith(scenario: Scenario, migration: number, base: Tally): ScenarioChange {
  const { startSeconds, requestedSeconds } = base.typical;
  if (base.verdict !== "never" || startSeconds === null) return (variant) => variant;
  const slowest = Math.min(...carriers(scenario, migration).map(({ bytesPerSecond }) => bytesPerSecond));
  const [firstRound] = base.typical.rounds;
  // A round trip or loss can hold a connection far below what carries it.
  const copySeconds = Math.max(migratedVm(scenario, migration).memoryBytes / slowest, firstRound?.durationSeconds ?? 0);
  const lastsSeconds = Math.max(LEAST_PATIENCE_SECONDS, MOST_COPIES * copySeconds);
  const endSeconds = Math.max(startSeconds, requestedSeconds) + lastsSeconds;
  return (variant) => {
    // A horizon that was moved is a question of its own.
    if (variant.horizonSeconds !== scenario.horizonSeconds || endSeconds >= variant.horizonSeconds) return variant;
    const timeline = variant.timeline.map((entry) =>
      entry.atSeconds <= endSeconds ? entry : { ...entry, atSeconds: endSeconds },
    );
    return { ...variant, horizonSeconds: endSeconds, timeline };
  };
}

/** Objectives say what is wanted; without any, a migration that ends by itself, or in post-copy, which always does. */
function wantedOf(
  { verdict, typical }: Tally,
  { downtimeSeconds, totalSeconds }: Objectives,
  hasObjectives: boolean,
): Goal {
  return {
    mustConverge: verdict === "forced" && typical.postcopy === undefined && !hasObjectives,
    downtimeSeconds,
    elapsedSeconds: totalSeconds,
  };
}
