/** What could be set otherwise, each with its values from the smallest step to the greatest. */
import {
  formatBitsPerSecond,
  knownModels,
  type MigrateEntry,
  type Parameter,
  type Scenario,
  scenarioKey,
} from "../../../sim/index.ts";
import {
  migratedVm,
  migrationEntry,
  migrationNetwork,
  profileValue,
  type ScenarioChange,
  timelineIndex,
  withEntry,
  withMigrationNetwork,
  withParameter,
  withProfile,
  withWritesScaled,
} from "../scenario-changes.ts";
import { roundNumbersBetween } from "./search.ts";

export interface Step {
  /** As a person would write it. */
  readonly text: string;
  readonly change: ScenarioChange;
  /** For `--set`, path and value; null where no single key sets it. The timeline is counted in order of time. */
  readonly setting: { path: string; value: string | number | boolean } | null;
}

export interface Knob {
  /** Stable: a parameter's key in the scenario, or `link`, `writes`, `mode`, `profile`. */
  readonly name: string;
  /** What it is, as a sentence has it. */
  readonly title: string;
  /** What it is set to now. */
  readonly now: string;
  /** From the smallest step to the greatest; each is one change of the scenario. */
  readonly steps: readonly Step[];
}

const MIB = 2 ** 20;
const MEGABIT = 1e6 / 8;

/** Speeds that links are sold in, bits a second. */
const LINK_SPEEDS = [1e8, 1e9, 2.5e9, 5e9, 1e10, 2.5e10, 4e10, 5e10, 1e11, 2e11, 4e11];

/** Nobody would accept a longer standstill and still call it a live migration. */
const LONGEST_DOWNTIME_LIMIT_SECONDS = 60;

/** Parameters with a number whose rise may cure, and how far it makes sense. */
const RISING: Readonly<Record<string, number>> = {
  downtimeLimitSeconds: LONGEST_DOWNTIME_LIMIT_SECONDS,
  passLimit: 1000,
  completionTimeoutSeconds: 86_400,
  multifdChannels: 64,
};

export function knobsOf(scenario: Scenario, migration: number): Knob[] {
  const entry = migrationEntry(scenario, migration);
  const prefix = `timeline.${timelineIndex(scenario, migration)}.migrate`;
  const profile = knownModels.profiles.find(({ name }) => name === entry.profile);
  const knobs: (Knob | null)[] = [rateLimitKnob(entry, migration, prefix)];
  for (const [name, parameter] of Object.entries(profile?.parameters ?? {})) {
    const key = scenarioKey(name, parameter.kind);
    const path = `${prefix}.${key}`;
    if (parameter.kind === "flag") knobs.push(flagKnob(entry, migration, name, parameter, path));
    else if (name in RISING) knobs.push(risingKnob(entry, migration, name, parameter, path));
  }
  knobs.push(
    linkKnob(scenario),
    writesKnob(scenario, migration),
    ...modeKnobs(entry, migration, profile?.modes ?? [], prefix),
    ...profileKnobs(entry, migration, prefix),
  );
  return knobs.filter((knob) => knob !== null && knob.steps.length > 0) as Knob[];
}

/** A rate as the scenario has it: in bits where it is a round number of those, else in bytes. */
function rateWriter(bytesPerSecond: number): { unit: number; text: (amount: number) => string } {
  const inBits = bytesPerSecond % MEGABIT === 0 && bytesPerSecond % MIB !== 0;
  const [unit, name, large] = inBits ? [MEGABIT, "Mbit/s", "Gbit/s"] : [MIB, "MiB/s", null];
  return {
    unit,
    text: (amount) =>
      large !== null && amount >= 1000 ? `${round(amount / 1000)} ${large}` : `${round(amount)} ${name}`,
  };
}

/** Without the last digits of binary fractions. */
const round = (amount: number) => Number(amount.toPrecision(4));

function rateLimitKnob(entry: MigrateEntry, migration: number, prefix: string): Knob | null {
  const name = "maxBandwidthBytesPerSecond";
  const now = profileValue(entry, name);
  if (typeof now !== "number" || now === 0) return null;
  const { unit, text } = rateWriter(now);
  const steps = roundNumbersBetween(now / unit, Math.max(1e5, (now / unit) * 100)).map((amount): Step => {
    return {
      text: text(amount),
      change: withParameter(migration, name, amount * unit),
      setting: { path: `${prefix}.maxBandwidth`, value: text(amount) },
    };
  });
  return { name: "maxBandwidth", title: "rate limit", now: text(now / unit), steps };
}

/** `300 ms`, `1.2 s`, `2 min`: round numbers exactly. */
function secondsText(seconds: number): string {
  if (seconds < 1) return `${round(seconds * 1000)} ms`;
  return `${round(seconds)} s`;
}

function risingKnob(
  entry: MigrateEntry,
  migration: number,
  name: string,
  parameter: Parameter,
  path: string,
): Knob | null {
  const now = profileValue(entry, name);
  if (typeof now !== "number") return null;
  const greatest = Math.min(RISING[name] as number, parameter.greatest ?? Number.POSITIVE_INFINITY);
  const isTime = parameter.kind === "seconds";
  const values = isTime
    ? roundNumbersBetween(Math.max(now, 0.001), greatest)
    : roundNumbersBetween(Math.max(now, 0.9), greatest).filter((value) => Number.isInteger(value));
  const text = isTime ? secondsText : String;
  return {
    name: scenarioKey(name, parameter.kind),
    title: scenarioKey(name, parameter.kind),
    now: isTime ? secondsText(now) : String(now),
    steps: values.map((value) => ({
      text: text(value),
      change: withParameter(migration, name, value),
      setting: { path, value: isTime ? text(value) : value },
    })),
  };
}

function flagKnob(
  entry: MigrateEntry,
  migration: number,
  name: string,
  parameter: Parameter,
  path: string,
): Knob | null {
  const now = profileValue(entry, name);
  if (typeof now !== "boolean") return null;
  const text = now ? "off" : "on";
  return {
    name: scenarioKey(name, parameter.kind),
    title: scenarioKey(name, parameter.kind),
    now: now ? "on" : "off",
    steps: [{ text, change: withParameter(migration, name, !now), setting: { path, value: !now } }],
  };
}

function linkKnob(scenario: Scenario): Knob {
  const { name, bytesPerSecond } = migrationNetwork(scenario);
  const bits = bytesPerSecond * 8;
  return {
    name: "link",
    title: `link ${name}`,
    now: formatBitsPerSecond(bytesPerSecond),
    steps: LINK_SPEEDS.filter((speed) => speed > bits).map((speed): Step => {
      const text = speed >= 1e9 ? `${speed / 1e9} Gbit/s` : `${speed / 1e6} Mbit/s`;
      return {
        text,
        change: withMigrationNetwork({ bytesPerSecond: speed / 8 }),
        setting: { path: `networks.${name}.bandwidth`, value: text },
      };
    }),
  };
}

/** The guest writes less: to 95 %, 90 %, ... of what it writes, and nothing at all. */
function writesKnob(scenario: Scenario, migration: number): Knob | null {
  const { classes } = migratedVm(scenario, migration);
  if (!classes.some(({ writesPerSecond }) => writesPerSecond > 0)) return null;
  const steps = Array.from({ length: 20 }, (_, index): Step => {
    const percent = 95 - 5 * index;
    const text = percent === 0 ? "none" : `${percent} %`;
    return { text, change: withWritesScaled(migration, percent / 100), setting: null };
  });
  return { name: "writes", title: "what the guest writes", now: "100 %", steps };
}

/** The profile's other ways of migrating, each for itself; quick migration, which is no live one, left out. */
function modeKnobs(
  entry: MigrateEntry,
  migration: number,
  modes: readonly MigrateEntry["mode"][],
  prefix: string,
): Knob[] {
  return modes
    .filter((mode) => mode !== entry.mode && mode !== "quick")
    .map((mode) => ({
      name: "mode",
      title: "mode",
      now: entry.mode,
      steps: [
        {
          text: mode,
          change: withEntry(migration, (changed) => ({ ...changed, mode })),
          setting: { path: `${prefix}.mode`, value: mode },
        },
      ],
    }));
}

/** Other versions of the same hypervisor, each for itself: those whose names begin alike. */
function profileKnobs(entry: MigrateEntry, migration: number, prefix: string): Knob[] {
  const family = (name: string) => name.replace(/-?\d.*$/, "");
  return knownModels.profiles
    .filter(
      ({ name, modes }) =>
        name !== entry.profile && family(name) === family(entry.profile) && modes.includes(entry.mode),
    )
    .map(({ name }) => ({
      name: "profile",
      title: "profile",
      now: entry.profile,
      steps: [
        { text: name, change: withProfile(migration, name), setting: { path: `${prefix}.profile`, value: name } },
      ],
    }));
}
