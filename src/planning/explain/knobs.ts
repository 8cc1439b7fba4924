/** What could be set otherwise, each with its values from the smallest step to the greatest. */
import { formatBitsPerSecond, knownModels, type MigrateEntry, type Scenario, scenarioKey } from "../../../sim/index.ts";
import {
  inTurn,
  migratedVm,
  migrationEntry,
  migrationNetwork,
  type ScenarioChange,
  type Setting,
  settingsOf,
  timelineIndex,
  withEntry,
  withMigrationNetwork,
  withProfile,
  withSetting,
  withWritesScaled,
} from "../scenario-changes.ts";
import { roundNumbersBetween } from "./search.ts";

export interface Step {
  /** As a person would write it. */
  readonly text: string;
  readonly change: ScenarioChange;
  /** For `--set`; empty where no key sets it. The timeline is counted in order of time. */
  readonly settings: readonly { path: string; value: string | number | boolean }[];
}

export interface Knob {
  /** Stable: a setting's key in the scenario, or `link`, `writes`, `mode`, `profile`. */
  readonly name: string;
  /** What it is, as a sentence has it. */
  readonly title: string;
  /** What it is set to now. */
  readonly now: string;
  /** The switch that it belongs to and that each step switches on as well; null for none. */
  readonly belongsTo: string | null;
  /** From the smallest step to the greatest; each is one change of the scenario. */
  readonly steps: readonly Step[];
}

const MIB = 2 ** 20;
const MEGABIT = 1e6 / 8;

/** Speeds that links are sold in, bits a second. */
const LINK_SPEEDS = [1e8, 1e9, 2.5e9, 5e9, 1e10, 2.5e10, 4e10, 5e10, 1e11, 2e11, 4e11];

/** Nobody would accept a longer standstill and still call it a live migration. */
const LONGEST_DOWNTIME_LIMIT_SECONDS = 60;

/** Below this the limit hardly matters any more. */
const LEAST_DOWNTIME_LIMIT_SECONDS = 0.001;

/** Settings with a number whose rise may cure, and how far it makes sense. */
const RISING: Readonly<Record<string, number>> = {
  downtimeLimitSeconds: LONGEST_DOWNTIME_LIMIT_SECONDS,
  switchoverSeconds: LONGEST_DOWNTIME_LIMIT_SECONDS,
  maxDowntimeSeconds: LONGEST_DOWNTIME_LIMIT_SECONDS,
  downtimeSeconds: LONGEST_DOWNTIME_LIMIT_SECONDS,
  passLimit: 1000,
  roundLimit: 1000,
  memoryFactor: 100,
  completionTimeoutSeconds: 86_400,
  maxTimePerGibSeconds: 86_400,
  progressTimeoutSeconds: 86_400,
  multifdChannels: 64,
  compressThreads: 64,
  nics: 16,
};

/** Rate limits: 0 is none. */
const RATES: ReadonlySet<string> = new Set([
  "maxBandwidthBytesPerSecond",
  "migrationSpeedBytesPerSecond",
  "bandwidthBytesPerSecond",
]);

/** `towardsShortDowntime`: lower limits on the downtime are of use too. */
export function knobsOf(scenario: Scenario, migration: number, towardsShortDowntime: boolean): Knob[] {
  const entry = migrationEntry(scenario, migration);
  const prefix = `timeline.${timelineIndex(scenario, migration)}.migrate`;
  const settings = settingsOf(entry);
  const knobs: (Knob | null)[] = [];
  for (const setting of settings) {
    const { owner, name, parameter } = setting;
    const key = scenarioKey(name, parameter.kind);
    const place = owner === "profile" ? prefix : `${prefix}.manager`;
    const switched = switchOf(setting, settings);
    const context: KnobContext = {
      setting,
      key,
      path: `${place}.${key}`,
      set: (value) =>
        inTurn([...switched.map((on) => withSetting(migration, on, true)), withSetting(migration, setting, value)]),
      belongsTo: switched[0] === undefined ? null : scenarioKey(switched[0].name, switched[0].parameter.kind),
      also: switched.map((on) => ({ path: `${place}.${scenarioKey(on.name, on.parameter.kind)}`, value: true })),
    };
    if (RATES.has(name)) knobs.push(rateKnob(context));
    else if (parameter.kind === "flag") knobs.push(flagKnob(context));
    else if (name in RISING) {
      knobs.push(risingKnob(context), towardsShortDowntime && DOWNTIMES.has(name) ? fallingKnob(context) : null);
    }
  }
  const profile = knownModels.profiles.find(({ name }) => name === entry.profile);
  knobs.push(
    linkKnob(scenario),
    writesKnob(scenario, migration),
    ...modeKnobs(entry, migration, profile?.modes ?? [], prefix),
    ...profileKnobs(entry, migration, prefix),
  );
  return knobs.filter((knob) => knob !== null && knob.steps.length > 0) as Knob[];
}

interface KnobContext {
  readonly setting: Setting;
  readonly key: string;
  readonly path: string;
  /** Sets it, and switches on what it belongs to. */
  readonly set: (value: number | boolean) => ScenarioChange;
  readonly also: Step["settings"];
  readonly belongsTo: string | null;
}

/** The switch that a setting belongs to, where it is off: `multifd` of `multifdChannels`. */
function switchOf({ owner, name }: Setting, settings: readonly Setting[]): Setting[] {
  return settings.filter(
    (other) =>
      other.owner === owner &&
      other.parameter.kind === "flag" &&
      other.value === false &&
      name.length > other.name.length &&
      name.startsWith(other.name),
  );
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

function rateKnob({ setting: { value: now }, key, path, set, also, belongsTo }: KnobContext): Knob | null {
  if (typeof now !== "number" || now === 0) return null;
  const { unit, text } = rateWriter(now);
  const steps = roundNumbersBetween(now / unit, Math.max(1e5, (now / unit) * 100)).map(
    (amount): Step => ({
      text: text(amount),
      change: set(amount * unit),
      settings: [...also, { path, value: text(amount) }],
    }),
  );
  return { name: key, title: key, now: text(now / unit), belongsTo, steps };
}

/** `300 ms`, `1.2 s`, `2 min`: round numbers exactly. */
function secondsText(seconds: number): string {
  if (seconds < 1) return `${round(seconds * 1000)} ms`;
  return `${round(seconds)} s`;
}

function risingKnob({ setting, key, path, set, also, belongsTo }: KnobContext): Knob | null {
  const { name, parameter, value: now } = setting;
  const isTime = parameter.kind === "seconds";
  // A time-out of 0 is none.
  if (typeof now !== "number" || (isTime && now === 0 && !DOWNTIMES.has(name))) return null;
  const greatest = Math.min(RISING[name] as number, parameter.greatest ?? Number.POSITIVE_INFINITY);
  const values = isTime
    ? roundNumbersBetween(Math.max(now, 0.001), greatest)
    : roundNumbersBetween(Math.max(now, 0.9), greatest).filter((value) => Number.isInteger(value));
  const text = isTime ? secondsText : String;
  return {
    name: key,
    title: key,
    now: text(now),
    belongsTo,
    steps: values.map((value) => ({
      text: text(value),
      change: set(value),
      settings: [...also, { path, value: isTime ? text(value) : value }],
    })),
  };
}

/** A downtime limit lowered: of use where the downtime is what is too long. */
function fallingKnob({ setting: { value: now }, key, path, set, also, belongsTo }: KnobContext): Knob | null {
  if (typeof now !== "number" || now === 0) return null;
  const values = roundNumbersBetween(LEAST_DOWNTIME_LIMIT_SECONDS, now).filter((value) => value < now);
  return {
    name: key,
    title: key,
    now: secondsText(now),
    belongsTo,
    steps: values.reverse().map((value) => ({
      text: secondsText(value),
      change: set(value),
      settings: [...also, { path, value: secondsText(value) }],
    })),
  };
}

/** Limits on the downtime, of which 0 is one. */
const DOWNTIMES: ReadonlySet<string> = new Set(["downtimeLimitSeconds", "switchoverSeconds", "maxDowntimeSeconds"]);

function flagKnob({ setting: { value: now }, key, path, set, also, belongsTo }: KnobContext): Knob | null {
  if (typeof now !== "boolean") return null;
  const text = now ? "off" : "on";
  return {
    name: key,
    title: key,
    now: now ? "on" : "off",
    belongsTo,
    steps: [{ text, change: set(!now), settings: [...also, { path, value: !now }] }],
  };
}

function linkKnob(scenario: Scenario): Knob {
  const { name, bytesPerSecond } = migrationNetwork(scenario);
  const bits = bytesPerSecond * 8;
  return {
    name: "link",
    title: `link ${name}`,
    now: formatBitsPerSecond(bytesPerSecond),
    belongsTo: null,
    steps: LINK_SPEEDS.filter((speed) => speed > bits).map((speed): Step => {
      const text = speed >= 1e9 ? `${speed / 1e9} Gbit/s` : `${speed / 1e6} Mbit/s`;
      return {
        text,
        change: withMigrationNetwork({ bytesPerSecond: speed / 8 }),
        settings: [{ path: `networks.${name}.bandwidth`, value: text }],
      };
    }),
  };
}

/** The guest writes less: to 95 %, 90 %, ... 5 % of what it writes. */
function writesKnob(scenario: Scenario, migration: number): Knob | null {
  const { classes } = migratedVm(scenario, migration);
  if (!classes.some(({ writesPerSecond }) => writesPerSecond > 0)) return null;
  const steps = Array.from({ length: 19 }, (_, index): Step => {
    const percent = 95 - 5 * index;
    const text = `${percent} %`;
    return { text, change: withWritesScaled(migration, percent / 100), settings: [] };
  });
  return { name: "writes", title: "what the guest writes", now: "100 %", belongsTo: null, steps };
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
      belongsTo: null,
      steps: [
        {
          text: mode,
          change: withEntry(migration, (changed) => ({ ...changed, mode })),
          settings: [{ path: `${prefix}.mode`, value: mode }],
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
      belongsTo: null,
      steps: [
        {
          text: name,
          change: withProfile(migration, name),
          // What is set of this profile alone would have to go as well.
          settings: keepsOverrides(entry, name) ? [{ path: `${prefix}.profile`, value: name }] : [],
        },
      ],
    }));
}

function keepsOverrides(entry: MigrateEntry, profile: string): boolean {
  const kept = settingsOf({ ...entry, profile, overrides: {} }).map(({ name }) => name);
  return Object.keys(entry.overrides).every((name) => kept.includes(name));
}
