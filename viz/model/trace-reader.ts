/** Reads a trace from JSON Lines: the whole of it, or a sentence that says why not. */
import { SCHEMA_VERSION, type Scenario, type TraceEnd, type TraceHeader } from "../simulator.ts";
import { findEventLines, parseObject } from "./event-lines.ts";
import type { EventList } from "./event-list.ts";
import { resultMisfit, scenarioMisfit } from "./scenario-fields.ts";
import { misfit, type ShapeOf } from "./shape.ts";
import { problemOf } from "./unreadable-event.ts";

export interface Trace {
  header: TraceHeader;
  /** The normalised scenario of the header. */
  scenario: Scenario;
  events: EventList;
  /** Null where the trace was cut. */
  end: TraceEnd | null;
  /** The file that it was read from; null where the page simulated it. */
  text: string | null;
}

export type TraceReading = { ok: true; trace: Trace; warning: string | null } | { ok: false; problem: string };

/** Whether a file is meant as a trace: its first line is one of JSON Lines, or nothing else is known of it. */
export function looksLikeTrace(text: string): boolean {
  const first = text.trimStart().split("\n", 1)[0] as string;
  // YAML has keys; a scenario or lesson in JSON is more than its first line, or has no type.
  if (/^(#|---|[A-Za-z][\w-]*:)/.test(first)) return false;
  if (!first.startsWith("{")) return true;
  const record = parseObject(first);
  return record !== null && "type" in record;
}

const HEADER: ShapeOf<Pick<TraceHeader, "seed" | "engineVersion">> = { seed: "text", engineVersion: "text" };
const END: ShapeOf<Pick<TraceEnd, "t">> = { t: "number" };

const refuse = (problem: string): TraceReading => ({ ok: false, problem });

/** Reads the text of a trace file. Never throws: what is wrong is told with its line and what to do. */
export function readTrace(text: string): TraceReading {
  const from = text.search(/\S/);
  if (from < 0) return refuse("The file is empty. Open a trace written with --trace FILE.jsonl.");
  const feed = text.indexOf("\n", from);
  const headerEnd = feed < 0 ? text.length : feed;
  const header = parseObject(text.slice(from, headerEnd));
  if (header === null) return refuse("Line 1 is not a JSON object. Open a trace written with --trace FILE.jsonl.");
  if (header.type !== "header") {
    return refuse("The file does not start with a trace's header line. Open a trace written with --trace FILE.jsonl.");
  }
  if (header.schemaVersion !== SCHEMA_VERSION) {
    return refuse(
      `The trace has schema version ${String(header.schemaVersion)}; this page reads version ${SCHEMA_VERSION}. ` +
        "Run its scenario again with this page's version of precopy.",
    );
  }
  const wrong = misfit(header, HEADER, "") ?? scenarioMisfit(header.scenario);
  if (wrong !== null) {
    return refuse(
      `The trace's header (line 1) holds no whole scenario: ${wrong}. Write the trace again with precopy run.`,
    );
  }
  const lines = findEventLines(text, headerEnd + 1, 2);
  if (!lines.ok) return lines;
  const { events, cutLine, endLine } = lines;
  const end = endLine === null ? null : endOf(endLine);
  const warnings = [
    end === null ? cutSentence(cutLine) : end.ok ? null : end.problem,
    unreadableSentence(text, headerEnd + 1, events),
  ];
  const trace: Trace = {
    header: header as unknown as TraceHeader,
    scenario: header.scenario as Scenario,
    events,
    end: end?.ok ? end.end : null,
    text,
  };
  const told = warnings.filter((each) => each !== null);
  return { ok: true, trace, warning: told.length === 0 ? null : told.join(" ") };
}

function endOf(line: string): { ok: true; end: TraceEnd } | { ok: false; problem: string } {
  const end = parseObject(line) ?? {};
  const wrong = misfit(end, END, "") ?? resultMisfit(end.result);
  if (wrong === null) return { ok: true, end: end as unknown as TraceEnd };
  return {
    ok: false,
    problem: `The trace's end line is left out: ${wrong}. What is told follows from the events alone.`,
  };
}

function cutSentence(line: number | null): string {
  const where = line === null ? "" : ` (line ${line} is incomplete)`;
  return `The trace was cut: it has no end line${where}. What follows its last event is unknown.`;
}

/** So many events are read at once to warn of those that cannot be; beyond them the list of events alone tells. */
const MOST_CHECKED = 20_000;

/** @param from where line 2 begins */
function unreadableSentence(text: string, from: number, events: EventList): string | null {
  let count = 0;
  let first: { index: number; problem: string } | null = null;
  const most = Math.min(events.length, MOST_CHECKED);
  for (let index = 0; index < most; index += 1) {
    const problem = problemOf(events.at(index));
    if (problem === null) continue;
    count += 1;
    first ??= { index, problem };
  }
  if (first === null) return null;
  const where = `line ${lineOfEvent(text, from, first.index)}: ${first.problem}`;
  return count === 1
    ? `One event cannot be read and is left out, ${where}. Write the trace again with precopy run.`
    : `${count} events cannot be read and are left out; the first is ${where}. Write the trace again with precopy run.`;
}

/** The line of the event, blank lines counted. */
function lineOfEvent(text: string, from: number, index: number): number {
  let line = 2;
  let passed = 0;
  for (let start = from; start < text.length; line += 1) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    if (text.slice(start, end).trim() !== "") {
      if (passed === index) break;
      passed += 1;
    }
    start = end + 1;
  }
  return line;
}
