/** The planner's table: bandwidth by downtime limit, how long a migration takes, and whether it ends at all. */
import {
  ENGINE_VERSION,
  goodputBytesPerSecond,
  type Parameter,
  type PolicyDefinition,
  SCHEMA_VERSION,
  type Scenario,
  scenarioKey,
  scenarioSha256,
} from "../../sim/index.ts";
import type { Progress } from "../progress.ts";
import { quantile } from "./quantile.ts";
import {
  migrationEntry,
  migrationNetwork,
  profileParameter,
  profileValue,
  type ScenarioChange,
  withMigrationNetwork,
  withoutCancellations,
  withParameter,
} from "./scenario-changes.ts";
import { resultsOf, seedsFrom } from "./trials.ts";

/** Seconds; the quantiles are those of the seeds that completed. */
export interface PlanSpread {
  median: number;
  p95: number;
}

export interface PlanCell {
  /** Of the axis `bandwidth`: bytes a second, 0 for a rate limit that is none. */
  bandwidthBytesPerSecond: number;
  /** Of the axis `limit`, in its own unit; null where the profile has no such limit. */
  limit: number | null;
  /** Seeds that completed, as a share of all. */
  completedShare: number;
  /** From start to end, as the hypervisor counts it; null where no seed completed. */
  totalSeconds: PlanSpread | null;
  /** Stop to run. */
  downtimeSeconds: PlanSpread | null;
}

/** What a row sets: the profile's rate limit, or the link where the profile has none. */
export interface BandwidthAxis {
  of: "rate-limit" | "link";
  /** The parameter's key, or the network's name. */
  name: string;
  /** Bytes a second (of a link its signalling rate), 0 for no rate limit. */
  values: number[];
  /** As the scenario has it. */
  own: number;
}

/** What a column sets. */
export interface LimitAxis {
  of: "downtime-limit" | "pass-limit";
  /** The parameter's key. */
  name: string;
  unit: "seconds" | "count";
  values: number[];
  own: number;
}

export interface Plan {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  scenario: { name: string; sha256: string };
  seed: string;
  seeds: number;
  vm: string;
  from: string;
  to: string;
  profile: string;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
  /** The run's end: what has not completed by then counts as never. */
  horizonSeconds: number;
  bandwidth: BandwidthAxis;
  /** Null where the profile has neither limit. */
  limit: LimitAxis | null;
  /** Row by row, in the order of the axes. */
  cells: PlanCell[];
  warnings: string[];
}

/** Values for the axes; null for those about the scenario's own. */
export interface PlanAxes {
  bandwidths: number[] | null;
  downtimeLimits: number[] | null;
  passLimits: number[] | null;
}

const RATE_LIMIT = "maxBandwidthBytesPerSecond";
const DOWNTIME_LIMIT = "downtimeLimitSeconds";
const PASS_LIMIT = "passLimit";

/** The quantile beside the median. */
const HIGH_QUANTILE = 0.95;
/** With fewer seeds than this none need lie above the high quantile: it would be the greatest value seen. */
const LEAST_SEEDS = Math.round(1 / (1 - HIGH_QUANTILE));

export type PlannedAxes =
  | { ok: true; bandwidth: BandwidthAxis; limit: LimitAxis | null }
  | { ok: false; problem: string };

/** The table's axes, or why the profile cannot have those asked for. */
export function planAxes(scenario: Scenario, migration: number, axes: PlanAxes): PlannedAxes {
  const entry = migrationEntry(scenario, migration);
  const { profile } = entry;
  const has = (name: string) => profileParameter(entry, name) !== undefined;
  if (axes.downtimeLimits !== null && !has(DOWNTIME_LIMIT)) {
    const instead = has(PASS_LIMIT) ? "Give --pass-limit instead" : "Leave it out";
    return { ok: false, problem: `--downtime-limit: profile ${profile} has no downtime limit. ${instead}.` };
  }
  if (axes.passLimits !== null && !has(PASS_LIMIT)) {
    const instead = has(DOWNTIME_LIMIT) ? "Give --downtime-limit instead" : "Leave it out";
    return { ok: false, problem: `--pass-limit: profile ${profile} has no pass limit. ${instead}.` };
  }
  if (axes.downtimeLimits !== null && axes.passLimits !== null) {
    return { ok: false, problem: "--downtime-limit and --pass-limit: a table has two axes. Give one of them." };
  }
  const bandwidth = bandwidthAxis(scenario, migration, axes.bandwidths);
  const limit = limitAxis(scenario, migration, axes);
  const objection =
    outOfRange(
      "--bandwidth",
      bandwidth.values,
      bandwidth.of === "link" ? LINK_RANGE : (profileParameter(entry, RATE_LIMIT) as Parameter),
    ) ??
    (limit === null
      ? null
      : outOfRange(`--${limit.of}`, limit.values, profileParameter(entry, LIMIT_PARAMETERS[limit.of]) as Parameter));
  return objection === null ? { ok: true, bandwidth, limit } : { ok: false, problem: objection };
}

const LIMIT_PARAMETERS = { "downtime-limit": DOWNTIME_LIMIT, "pass-limit": PASS_LIMIT } as const;

/** 1 byte a second to 10 Tbit/s. */
const LINK_RANGE = { least: 1, greatest: 1.25e12 };

function outOfRange(
  flag: string,
  values: readonly number[],
  { least, greatest }: { least?: number; greatest?: number },
) {
  const wrong = values.find((value) => value < (least ?? value) || value > (greatest ?? value));
  if (wrong === undefined) return null;
  return `${flag}: ${wrong} is out of range. Give values from ${least ?? 0} to ${greatest ?? "any"}, in SI units.`;
}

/** Without the last digits of binary fractions: a third of 0.3 is 0.1. */
const exact = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(12)));

function bandwidthAxis(scenario: Scenario, migration: number, asked: number[] | null): BandwidthAxis {
  const entry = migrationEntry(scenario, migration);
  const network = migrationNetwork(scenario);
  const limit = profileValue(entry, RATE_LIMIT);
  if (typeof limit !== "number") {
    const own = network.bytesPerSecond;
    return {
      of: "link",
      name: network.name,
      own,
      values: asked ?? exact([own / 4, own / 2, own, own * 2.5, own * 10]),
    };
  }
  const link = goodputBytesPerSecond(network.bytesPerSecond, network.mtuBytes, network.vlan !== undefined);
  const around = limit === 0 ? link / 2 : limit;
  // Rates above the link's are all alike.
  const values = [around / 4, around / 2, around, around * 2, around * 4].filter(
    (value) => value < link || value === limit,
  );
  return {
    of: "rate-limit",
    name: scenarioKey(RATE_LIMIT, "bytesPerSecond"),
    own: limit,
    values: asked ?? [...values, 0],
  };
}

function limitAxis(scenario: Scenario, migration: number, axes: PlanAxes): LimitAxis | null {
  const entry = migrationEntry(scenario, migration);
  const downtime = profileValue(entry, DOWNTIME_LIMIT);
  if (typeof downtime === "number" && axes.passLimits === null) {
    const around = downtime === 0 ? 0.3 : downtime;
    const values = axes.downtimeLimits ?? exact([around / 3, around, around * 3, around * 10]);
    return { of: "downtime-limit", name: "downtimeLimit", unit: "seconds", own: downtime, values };
  }
  const passes = profileValue(entry, PASS_LIMIT);
  if (typeof passes !== "number") return null;
  const own = [Math.ceil(passes / 2), passes, passes * 2, passes * 5];
  return { of: "pass-limit", name: PASS_LIMIT, unit: "count", own: passes, values: axes.passLimits ?? own };
}

export interface PlanOptions {
  seed: string;
  seeds: number;
  bandwidth: BandwidthAxis;
  limit: LimitAxis | null;
  /** A convergence rule of one's own; null or absent for the hypervisor's. */
  policy?: PolicyDefinition | null;
}

export function plan(
  scenario: Scenario,
  migration: number,
  { seed, seeds: count, bandwidth, limit, policy = null }: PlanOptions,
  report: (progress: Progress) => void,
): Plan {
  const seeds = seedsFrom(seed, count);
  // A cell says how long a migration takes there. The moment of a cancellation was chosen for the scenario's own setting.
  const uncancelled = withoutCancellations(migration)(scenario);
  const cells: PlanCell[] = [];
  const columns = limit?.values ?? [null];
  const total = bandwidth.values.length * columns.length;
  for (const bandwidthBytesPerSecond of bandwidth.values) {
    for (const limitValue of columns) {
      report({ done: cells.length, total, of: "settings" });
      let variant = bandwidthChange(migration, bandwidth, bandwidthBytesPerSecond)(uncancelled);
      if (limit !== null && limitValue !== null) {
        variant = withParameter(migration, LIMIT_PARAMETERS[limit.of], limitValue)(variant);
      }
      cells.push({ bandwidthBytesPerSecond, limit: limitValue, ...outcomeOf(variant, migration, seeds, policy) });
    }
  }
  const { vm, to, profile } = migrationEntry(scenario, migration);
  const from = scenario.vms.find(({ name }) => name === vm)?.node ?? "";
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    scenario: { name: scenario.name, sha256: scenarioSha256(scenario) },
    seed,
    seeds: count,
    ...(policy === null ? {} : { policy: policy.name }),
    ...{ vm, from, to, profile, horizonSeconds: scenario.horizonSeconds, bandwidth, limit, cells },
    warnings: [
      ...cancellationsLeftOut(vm, scenario.timeline.length - uncancelled.timeline.length),
      ...warningsOf(count),
    ],
  };
}

function bandwidthChange(migration: number, { of }: BandwidthAxis, value: number): ScenarioChange {
  return of === "link" ? withMigrationNetwork({ bytesPerSecond: value }) : withParameter(migration, RATE_LIMIT, value);
}

function outcomeOf(
  variant: Scenario,
  migration: number,
  seeds: readonly string[],
  policy: PolicyDefinition | null,
): Pick<PlanCell, "completedShare" | "totalSeconds" | "downtimeSeconds"> {
  const results = [...resultsOf(variant, migration, seeds, policy)].filter(({ outcome }) => outcome === "completed");
  const spread = (values: readonly (number | null)[]): PlanSpread | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : { median: quantile(known, 0.5), p95: quantile(known, HIGH_QUANTILE) };
  };
  return {
    completedShare: results.length / seeds.length,
    totalSeconds: spread(results.map(({ totalSeconds }) => totalSeconds)),
    downtimeSeconds: spread(results.map(({ downtimeSeconds }) => downtimeSeconds)),
  };
}

function cancellationsLeftOut(vm: string, entries: number): string[] {
  if (entries === 0) return [];
  return [
    `${entries === 1 ? "A cancel entry" : `${entries} cancel entries`} of ${vm} in the timeline ${entries === 1 ? "is" : "are"} left out: the table says what each setting comes to where nobody cancels.`,
  ];
}

function warningsOf(seeds: number): string[] {
  if (seeds >= LEAST_SEEDS) return [];
  return [
    `A 95th percentile of ${seeds} ${seeds === 1 ? "seed" : "seeds"} is little more than the greatest value: give --seeds ${LEAST_SEEDS} or more.`,
  ];
}
