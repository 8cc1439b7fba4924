/**
 * What bounded a migration, by counterfactual: each constraint is taken away in turn, the scenario simulated again, and the
 * one named without which the answer is another.
 */
import type { Scenario } from "../../../sim/index.ts";
import {
  inTurn,
  migratedVm,
  migrationEntry,
  withoutClasses,
  withSetting,
  withWritesScaled,
} from "../scenario-changes.ts";
import { type Arithmetic, arithmeticOf } from "./arithmetic.ts";
import { type Constraint, type ConstraintName, carriers, constraintsOf, downtimeLimitSetting } from "./constraints.ts";
import { isBetter, type Tally, type Verdict } from "./verdict.ts";

/** What bounds: a constraint, or two at once. */
export type CauseName =
  | ConstraintName
  /** A set of pages is written again and again within a round, at half the rate as well: its size is what counts. */
  | "hot-set"
  /** Nothing but memory over bandwidth. */
  | "size"
  /** The downtime itself, where clients notice no more than that. */
  | "downtime"
  /** Nothing that is taken away alone, nor any two of what carries, makes a difference. */
  | "none-alone";

/** What a cause is the cause of. */
export type Bounded = "outcome" | "time" | "downtime" | "client-outage";

export interface Cause {
  of: Bounded;
  cause: CauseName;
  /** What carries too little beside it: `link`, `rate-limit`, `sender-cpu`; all of them would have to go at once. */
  against: ConstraintName[];
  /** Page classes that are written again and again. */
  classes: string[];
  /** The migration without the cause. */
  without: Lifted;
}

/** A migration with something taken away; seconds are medians, null where it did not end so. */
export interface Lifted {
  verdict: Verdict;
  elapsedSeconds: number | null;
  downtimeSeconds: number | null;
  clientOutageSeconds: number | null;
}

export interface LiftedConstraint extends Lifted {
  constraint: ConstraintName;
  title: string;
  /** Which answers are better without it. */
  changes: Bounded[];
}

export interface Diagnosis {
  causes: Cause[];
  lifted: LiftedConstraint[];
  arithmetic: Arithmetic;
}

/** Simulates a variant over the same seeds, or the first so many of them. */
export type Try = (variant: Scenario, atMostSeeds?: number) => Tally;

/** A gain of less than this share of the measure is none. */
const LEAST_GAIN_SHARE = 0.05;
/** Idling the guest must save this share of the time for its writes to be called the cause. */
const WRITES_SHARE_OF_TIME = 0.5;
/** Gains within this share of the greatest count as equal to it. */
const EQUAL_GAIN_SHARE = 0.9;
/** A class written so often in a round that each page of it is written again even at half the rate. */
const HOT_WRITES_PER_PAGE = 2;
/** A downtime limit raised to so many times its value is still one that people set. */
const NEAR_FACTOR = 4;
/** With half the writes at least this share of the remainder is still there: its size counts, not the rate. */
const SATURATED_SHARE = 0.75;

export function diagnose(scenario: Scenario, migration: number, base: Tally, tryVariant: Try): Diagnosis {
  const constraints = constraintsOf(scenario, migration).filter(
    ({ name }) =>
      (name !== "horizon" || base.verdict === "never") &&
      (name !== "throttling" || base.typical.rounds.some(({ throttle }) => throttle > 0)),
  );
  const lifted = constraints.map(({ name, title, lift }): LiftedConstraint => {
    // A run four times as long costs four times as much.
    const tally = tryVariant(lift(scenario), name === "horizon" ? 1 : undefined);
    const without = liftedOf(tally);
    return { constraint: name, title, ...without, changes: changesOf(liftedOf(base), without) };
  });
  const arithmetic = arithmeticOf(scenario, migration, base);
  const context: Context = { scenario, migration, base, constraints, lifted, arithmetic, tryVariant };
  const causes: Cause[] = [];
  if (base.verdict !== "converges") causes.push(causeOfOutcome(context));
  if (base.elapsedSeconds !== null) {
    causes.push(causeOfTime(context));
    causes.push(causeOfDowntime(context));
    if (base.clientOutageSeconds !== null) causes.push(causeOfOutage(context));
  }
  return { causes, lifted, arithmetic };
}

interface Context {
  readonly scenario: Scenario;
  readonly migration: number;
  readonly base: Tally;
  readonly constraints: readonly Constraint[];
  readonly lifted: readonly LiftedConstraint[];
  readonly arithmetic: Arithmetic;
  readonly tryVariant: Try;
}

function liftedOf(tally: Tally): Lifted {
  return {
    verdict: tally.verdict,
    elapsedSeconds: tally.elapsedSeconds?.median ?? null,
    downtimeSeconds: tally.downtimeSeconds?.median ?? null,
    clientOutageSeconds: tally.clientOutageSeconds?.median ?? null,
  };
}

function changesOf(base: Lifted, without: Lifted): Bounded[] {
  const changes: Bounded[] = [];
  if (isBetter(without.verdict, base.verdict)) changes.push("outcome");
  const gains = (before: number | null, after: number | null) =>
    before !== null && after !== null && before - after > LEAST_GAIN_SHARE * before;
  if (gains(base.elapsedSeconds, without.elapsedSeconds)) changes.push("time");
  if (gains(base.downtimeSeconds, without.downtimeSeconds)) changes.push("downtime");
  if (gains(base.clientOutageSeconds, without.clientOutageSeconds)) changes.push("client-outage");
  return changes;
}

const CARRIERS: readonly ConstraintName[] = ["rate-limit", "link", "sender-cpu"];

/** Those that one can name without naming the guest, the more special before the more general. */
const RULES: readonly ConstraintName[] = [
  "cancellation",
  "other-migrations",
  "time-out",
  "pass-limit",
  "horizon",
  "latency",
  "throttling",
];

/** What may be left for the guest to be stopped. */
const THRESHOLDS: readonly ConstraintName[] = ["downtime-limit", "few-pages"];

function causeOfOutcome(context: Context): Cause {
  const { lifted, arithmetic } = context;
  const changes = (name: ConstraintName) =>
    lifted.some(({ constraint, changes: changed }) => constraint === name && changed.includes("outcome"));
  const rule = RULES.find(changes);
  if (rule !== undefined) return single(context, "outcome", rule);
  // A guest that writes less than is carried is not held up by what carries.
  const isSlower =
    arithmetic.carriedBytesPerSecond !== null && arithmetic.writtenBytesPerSecond < arithmetic.carriedBytesPerSecond;
  const threshold = THRESHOLDS.find(changes);
  if (isSlower && threshold !== undefined) return single(context, "outcome", threshold);
  const carrier = CARRIERS.find(changes);
  if (carrier !== undefined && carrier !== "link") return single(context, "outcome", carrier);
  if (carrier === "link") return writesAgainst(context, "outcome", ["link"]);
  if (limitIsNear(context)) return single(context, "outcome", "downtime-limit");
  const joint = jointCarriers(context);
  if (joint !== null) return writesAgainst(context, "outcome", joint);
  if (changes("dirty-rate")) return writesAgainst(context, "outcome", []);
  if (threshold !== undefined) return single(context, "outcome", threshold);
  if (changes("manager")) return single(context, "outcome", "manager");
  return { of: "outcome", cause: "none-alone", against: [], classes: [], without: liftedOf(context.base) };
}

/** Whether a downtime limit raised by a little is enough, where no carrier alone is. */
function limitIsNear({ scenario, migration, base, tryVariant }: Context): boolean {
  const limit = downtimeLimitSetting(migrationEntry(scenario, migration));
  if (limit === null) return false;
  const raised = withSetting(migration, limit, NEAR_FACTOR * Number(limit.value));
  return isBetter(tryVariant(raised(scenario)).verdict, base.verdict);
}

/** The carriers that have to be taken away together, the slowest first, for the outcome to be another; null if all are too few. */
function jointCarriers({ scenario, migration, base, constraints, tryVariant }: Context): ConstraintName[] | null {
  const slowestFirst = carriers(scenario, migration)
    .sort((a, b) => a.bytesPerSecond - b.bytesPerSecond)
    .map(({ name }) => name);
  for (let count = 2; count <= slowestFirst.length; count++) {
    const names = slowestFirst.slice(0, count);
    const lifts = constraints.filter(({ name }) => names.includes(name)).map(({ lift }) => lift);
    if (isBetter(tryVariant(inTurn(lifts)(scenario)).verdict, base.verdict)) return names;
  }
  return null;
}

/** Memory over bandwidth, or what is written meanwhile, or a wait for others. */
function causeOfTime(context: Context): Cause {
  const { base, lifted } = context;
  const whole = base.elapsedSeconds?.median as number;
  const gainOf = (name: ConstraintName) => {
    const without = lifted.find(({ constraint }) => constraint === name)?.elapsedSeconds;
    return without === null || without === undefined ? 0 : (whole - without) / whole;
  };
  if (gainOf("dirty-rate") >= WRITES_SHARE_OF_TIME) {
    const against = bestOf(CARRIERS, gainOf);
    return writesAgainst(context, "time", against === null ? [] : [against]);
  }
  const special = bestOf(["other-migrations", "latency", "blackout-constants", "storage"], gainOf);
  const carrier = bestOf(CARRIERS, gainOf);
  if (special !== null && (carrier === null || gainOf(special) > EQUAL_GAIN_SHARE * gainOf(carrier))) {
    return single(context, "time", special);
  }
  const against = carrier !== null ? [carrier] : slowestTwo(context);
  return { of: "time", cause: "size", against, classes: [], without: withoutCarriers(context, against) };
}

function slowestTwo({ scenario, migration }: Context): ConstraintName[] {
  return carriers(scenario, migration)
    .sort((a, b) => a.bytesPerSecond - b.bytesPerSecond)
    .slice(0, 2)
    .map(({ name }) => name);
}

function withoutCarriers({ scenario, constraints, tryVariant }: Context, names: readonly ConstraintName[]): Lifted {
  const lifts = constraints.filter(({ name }) => names.includes(name)).map(({ lift }) => lift);
  return liftedOf(tryVariant(inTurn(lifts)(scenario)));
}

function causeOfDowntime(context: Context): Cause {
  const gainOf = gains(context, (lifted) => lifted.downtimeSeconds);
  const best = bestOf(["dirty-rate", "blackout-constants", "storage", "latency", ...CARRIERS], gainOf);
  if (best === null) return nothing(context, "downtime");
  // What the last copy carries may be no more than the downtime limit lets through, whatever the guest writes.
  if (best === "dirty-rate" || (best === "link" && gainOf("dirty-rate") >= LEAST_GAIN_SHARE)) {
    const carrier = bestOf(CARRIERS, gainOf);
    return writesAgainst(context, "downtime", carrier === null ? [] : [carrier]);
  }
  return single(context, "downtime", best);
}

function causeOfOutage(context: Context): Cause {
  const gainOf = gains(context, (lifted) => lifted.clientOutageSeconds);
  const best = bestOf(["announcements", "client-interval"], gainOf);
  const ofDowntime = bestOf(["dirty-rate", "blackout-constants", "storage", "latency", ...CARRIERS], gainOf);
  if (best !== null && (ofDowntime === null || gainOf(best) > gainOf(ofDowntime))) {
    return single(context, "client-outage", best);
  }
  return { ...nothing(context, "client-outage"), cause: "downtime" };
}

/** The share of a measure that goes with a constraint; 0 where it does not apply. */
function gains({ base, lifted }: Context, pick: (lifted: Lifted) => number | null) {
  const whole = pick(liftedOf(base)) ?? 0;
  return (name: ConstraintName): number => {
    const found = lifted.find(({ constraint }) => constraint === name);
    const without = found === undefined ? null : pick(found);
    return without === null || whole === 0 ? 0 : (whole - without) / whole;
  };
}

/** The first whose gain is close to the greatest; null where no gain is worth the name. */
function bestOf(names: readonly ConstraintName[], gainOf: (name: ConstraintName) => number): ConstraintName | null {
  const greatest = Math.max(...names.map(gainOf));
  if (greatest < LEAST_GAIN_SHARE) return null;
  return names.find((name) => gainOf(name) >= EQUAL_GAIN_SHARE * greatest) ?? null;
}

function single({ lifted }: Context, of: Bounded, name: ConstraintName): Cause {
  const { constraint, title, changes, ...without } = lifted.find(
    (each) => each.constraint === name,
  ) as LiftedConstraint;
  return { of, cause: constraint, against: [], classes: [], without };
}

function nothing({ base }: Context, of: Bounded): Cause {
  return { of, cause: "none-alone", against: [], classes: [], without: liftedOf(base) };
}

/** The guest's writes as a whole, or a hot set among them, beside what carries too little. */
function writesAgainst(context: Context, of: Bounded, against: ConstraintName[]): Cause {
  const { scenario, migration, base, arithmetic, tryVariant } = context;
  const classes = hotClasses(scenario, migration, arithmetic.lastRoundSeconds);
  if (classes.length > 0 && isSaturated(context)) {
    const idled = tryVariant(withoutClasses(migration, classes)(scenario));
    const without = liftedOf(idled);
    if (changesOf(liftedOf(base), without).includes(of)) return { of, cause: "hot-set", against, classes, without };
  }
  if (!context.constraints.some(({ name }) => name === "dirty-rate")) return { ...nothing(context, of), against };
  return { ...single(context, of, "dirty-rate"), against };
}

/** Whether half the writes leave nearly as much behind. */
function isSaturated({ scenario, migration, arithmetic, tryVariant }: Context): boolean {
  const { remainingBytes } = arithmetic;
  if (remainingBytes === null || remainingBytes === 0) return false;
  const halved = withWritesScaled(migration, 0.5)(scenario);
  const atHalf = arithmeticOf(halved, migration, tryVariant(halved)).remainingBytes;
  return atHalf !== null && atHalf >= SATURATED_SHARE * remainingBytes;
}

function hotClasses(scenario: Scenario, migration: number, roundSeconds: number | null): string[] {
  if (roundSeconds === null) return [];
  return migratedVm(scenario, migration)
    .classes.filter(({ pages, writesPerSecond }) => (writesPerSecond * roundSeconds) / pages >= HOT_WRITES_PER_PAGE)
    .map(({ name }) => name);
}
