/** Values that a scenario sets over a table of parameters: `downtimeLimit: 300 ms`. */

import { type Parameter, type ParameterKind, type ParameterTable, scenarioKey } from "../kernel/parameter.ts";
import type { Result } from "../kernel/result.ts";
import { parseBytes, parseBytesPerSecond, parseCount, parseSeconds, parseShare } from "../kernel/units.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import { withinLimits } from "./quantities.ts";
import type { Overrides } from "./scenario.ts";
import { suggestion } from "./suggest.ts";

const PARSERS: Readonly<Record<Exclude<ParameterKind, "flag">, (input: string | number) => Result<number>>> = {
  seconds: parseSeconds,
  bytes: parseBytes,
  bytesPerSecond: parseBytesPerSecond,
  pages: parseCount,
  count: parseCount,
  share: parseShare,
};

/** A value of each kind as a file would write it. */
export const EXAMPLE_OF_KIND: Readonly<Record<ParameterKind, string>> = {
  seconds: "300 ms",
  bytes: "64 MiB",
  bytesPerSecond: "1 Gbit/s",
  pages: "20k",
  count: "10",
  share: "70 %",
  flag: "true",
};

/** A table's keys as a file writes them, with the full name of each. */
function scenarioKeys(table: ParameterTable): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [fullName, parameter] of Object.entries(table)) keys.set(scenarioKey(fullName, parameter.kind), fullName);
  return keys;
}

function readValue(
  parameter: Parameter,
  value: string | number | boolean,
): number | boolean | { problem: string; remedy: string } {
  const example = EXAMPLE_OF_KIND[parameter.kind];
  if (parameter.kind === "flag") {
    if (typeof value === "boolean") return value;
    return {
      problem: `must be true or false, and is ${JSON.stringify(value)}`,
      remedy: "write true or false, without quotes",
    };
  }
  if (typeof value === "boolean")
    return { problem: `must be a quantity, and is ${value}`, remedy: `write it like ${example}` };
  const parsed = withinLimits(PARSERS[parameter.kind](value), {
    ...(parameter.least === undefined ? {} : { least: parameter.least }),
    ...(parameter.greatest === undefined ? {} : { greatest: parameter.greatest }),
  });
  return parsed.ok ? parsed.value : { problem: parsed.problem, remedy: parsed.remedy };
}

/** Reads values by their keys in the file; a key that `owner` does not have is a problem. Results are by full name, in the table's order. */
export function readOverrides(
  table: ParameterTable,
  values: Readonly<Record<string, string | number | boolean>>,
  owner: string,
  path: ScenarioPath,
  problems: ProblemList,
): Overrides {
  const keys = scenarioKeys(table);
  const found = new Map<string, number | boolean>();
  for (const [key, value] of Object.entries(values)) {
    const fullName = keys.get(key);
    if (fullName === undefined) {
      problems.add(
        [...path, key],
        `unknown key "${key}": ${owner} has no such parameter`,
        suggestion(key, [...keys.keys()], "parameters"),
      );
      continue;
    }
    const read = readValue(table[fullName] as Parameter, value);
    if (typeof read === "object") problems.add([...path, key], `${key}: ${read.problem}`, read.remedy);
    else found.set(fullName, read);
  }
  const overrides: Overrides = {};
  for (const fullName of keys.values()) {
    const value = found.get(fullName);
    if (value !== undefined) overrides[fullName] = value;
  }
  return overrides;
}

/** The other way round: values by their keys in the file, as SI numbers. */
export function writeOverrides(
  overrides: Overrides,
  parameters: ParameterTable | undefined,
): Record<string, number | boolean> {
  const written: Record<string, number | boolean> = {};
  for (const [fullName, value] of Object.entries(overrides)) {
    const parameter = parameters?.[fullName];
    written[parameter === undefined ? fullName : scenarioKey(fullName, parameter.kind)] = value;
  }
  return written;
}
