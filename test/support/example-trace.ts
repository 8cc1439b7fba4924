/** The trace of an example, as the command line writes it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { endLine, eventLine, headerLine, parseScenario, simulate, type TraceEvent } from "../../sim/index.ts";

export function exampleTrace(name: string): string {
  const file = readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");
  const read = parseScenario(parse(file));
  if (!read.ok) throw new Error(name);
  const events: TraceEvent[] = [];
  const result = simulate(read.value, { onEvent: (event) => events.push(event) });
  const header = headerLine({ ...read.value }, read.value.seed, result.engineVersion);
  return `${[header, ...events.map(eventLine), endLine(events.at(-1)?.t ?? 0, result)].join("\n")}\n`;
}
