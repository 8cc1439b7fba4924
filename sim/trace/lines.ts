/**
 * A trace as JSON Lines: the one place that decides the bytes of a line, so that the command line and the page write
 * the same file for the same run. Lines come without their line feed; a file ends every line, the last too, with one.
 */
import { SCHEMA_VERSION, type TraceEnd, type TraceEvent, type TraceHeader } from "./events.ts";
import type { RunResult } from "./result.ts";

/** The first line: what ran, under which seed, by which version. */
export function headerLine(
  scenario: TraceHeader["scenario"],
  seed: string,
  engineVersion: string,
  policy: string | null = null,
): string {
  const header: TraceHeader = {
    type: "header",
    schemaVersion: SCHEMA_VERSION,
    engineVersion,
    scenario,
    seed,
    ...(policy === null ? {} : { policy }),
  };
  return JSON.stringify(header);
}

/** An event's line: time and type first, then the other fields in the order in which the event was built. */
export function eventLine(event: TraceEvent): string {
  const { t, type, ...fields } = event;
  return JSON.stringify({ t, type, ...fields });
}

/** The last line: without it a reader takes the trace as cut. `t` is the simulated time at which the run ended. */
export function endLine(t: number, result: RunResult): string {
  const end: TraceEnd = { type: "end", t, result };
  return JSON.stringify(end);
}
