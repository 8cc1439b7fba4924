/** An example of the repository, simulated and arranged as the page has it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import {
  endLine,
  eventLine,
  headerLine,
  parseScenario,
  type RunResult,
  type Scenario,
  simulate,
  type TraceEvent,
} from "../../sim/index.ts";
import { listOf } from "../../viz/model/event-list.ts";
import { buildTimeline, type Timeline } from "../../viz/model/timeline.ts";

export interface ExampleTimeline {
  scenario: Scenario;
  events: TraceEvent[];
  result: RunResult;
  /** The run as `--trace FILE.jsonl` writes it. */
  text: string;
  /** Arranged anew, so that nothing is left of what was looked at before. */
  timeline(): Timeline;
}

export function exampleTimeline(name: string): ExampleTimeline {
  const parsed = parseScenario(parse(readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8")));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const scenario = parsed.value;
  const events: TraceEvent[] = [];
  const result = simulate(scenario, { onEvent: (event) => events.push(event) });
  const header = headerLine({ ...scenario }, scenario.seed, "0.1.0");
  const end = endLine(events.at(-1)?.t ?? 0, result);
  const text = `${[header, ...events.map(eventLine), end].join("\n")}\n`;
  return { scenario, events, result, text, timeline: () => timelineOf(scenario, events, result) };
}

/** Events of a scenario, arranged as the page has them. */
export function timelineOf(scenario: Scenario, events: readonly TraceEvent[], result: RunResult | null): Timeline {
  const { seed } = scenario;
  return buildTimeline({
    header: { type: "header", schemaVersion: 1, engineVersion: "", scenario: { ...scenario }, seed },
    scenario,
    events: listOf(events),
    end: result === null ? null : { type: "end", t: events.at(-1)?.t ?? 0, result },
    text: null,
  });
}
