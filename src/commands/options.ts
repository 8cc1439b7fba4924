/** Options that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Result } from "../../sim/index.ts";
import { type Attempt, badInput, succeeded } from "../failure.ts";

/** Values by dotted path. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** What commands that read a scenario let the command line change in it. */
export interface ScenarioFlags {
  seed?: string;
  set?: Settings;
}

export function addScenarioOptions(command: Command): void {
  command
    .addOption(
      new Option("--seed <seed>", "seed of every random stream, instead of the scenario's")
        .env("PRECOPY_SEED")
        .argParser(parseSeed),
    )
    .option("--set <path=value>", "set a value over the scenario's, as vms.web01.memory=8GiB (repeatable)", addSetting);
}

/** What commands that simulate let the command line put in place of the hypervisors' rules. */
export interface PolicyFlags {
  policy?: string;
}

export function addPolicyOption(command: Command): void {
  command.option(
    "--policy <file>",
    "decide with a convergence rule of your own, a JavaScript module (docs/policies.md)",
  );
}

/** What the flags of both come to, as requests hold it; `text` is what the scenario's file holds. */
export function scenarioRequest(scenario: string, text: string, { seed, set, policy }: ScenarioFlags & PolicyFlags) {
  return { scenario, text, seed: seed ?? null, settings: set ?? {}, policy: policy ?? null };
}

export function addOutputOption(command: Command): void {
  command.option("-o, --output <file>", "write the result to a file; - is standard output");
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

const MOST_SEEDS = 1_000_000;

export function parseSeedCount(text: string): number {
  const seeds = Number(text);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS) {
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_SEEDS}.`);
  }
  return seeds;
}

/**
 * A flag's quantity; null where the flag was not given. The parser is the simulator's, which a command loads only when it is
 * called.
 */
export function parseQuantity(
  text: string | undefined,
  flag: string,
  parse: (text: string) => Result<number>,
): Attempt<number | null> {
  if (text === undefined) return succeeded(null);
  const parsed = parse(text);
  return parsed.ok ? succeeded(parsed.value) : badInput(`${flag}: ${parsed.problem}; ${parsed.remedy}.`);
}

/** A flag's list of quantities, with commas between them; null where the flag was not given. */
export function parseQuantities(
  list: string | undefined,
  flag: string,
  parse: (text: string) => Result<number>,
): Attempt<number[] | null> {
  if (list === undefined) return succeeded(null);
  const values: number[] = [];
  for (const text of list.split(",")) {
    const parsed = parseQuantity(text.trim(), flag, parse);
    if (!parsed.ok) return parsed;
    values.push(parsed.value as number);
  }
  return succeeded(values);
}

function parseSeed(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("A seed is a number or a word, not nothing.");
  return text;
}

function addSetting(text: string, before: Settings = {}): Settings {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write a path, an equals sign and a value: vms.web01.memory=8GiB.");
  return { ...before, [text.slice(0, equals)]: parseValue(text.slice(equals + 1)) };
}

/** Numbers and truth values as YAML has them; all else is text. */
function parseValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}
