/** Reads a trace from JSON Lines: the whole of it, or a sentence that says why not. */
import { SCHEMA_VERSION, type Scenario, type TraceEnd, type TraceHeader } from "../simulator.ts";
import { findEventLines, parseObject } from "./event-lines.ts";
import type { EventList } from "./event-list.ts";

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
  const scenario = header.scenario;
  if (!isScenario(scenario)) {
    return refuse("The trace's header holds no whole scenario. Write the trace again with precopy run.");
  }
  const lines = findEventLines(text, headerEnd + 1, 2);
  if (!lines.ok) return lines;
  const { events, cutLine, endLine } = lines;
  const end = endLine === null ? null : (parseObject(endLine) as unknown as TraceEnd);
  const trace: Trace = { header: header as unknown as TraceHeader, scenario, events, end, text };
  return { ok: true, trace, warning: end === null ? cutSentence(cutLine) : null };
}

function cutSentence(line: number | null): string {
  const where = line === null ? "" : ` (line ${line} is incomplete)`;
  return `The trace was cut: it has no end line${where}. What follows its last event is unknown.`;
}

function isScenario(value: unknown): value is Scenario {
  if (typeof value !== "object" || value === null) return false;
  const scenario = value as Record<string, unknown>;
  const lists = ["nodes", "networks", "volumes", "vms", "timeline"];
  return typeof scenario.name === "string" && lists.every((name) => Array.isArray(scenario[name]));
}
