/** Reads a trace from JSON Lines: the whole of it, or a sentence that says why not. */
import { SCHEMA_VERSION, type Scenario, type TraceEnd, type TraceEvent, type TraceHeader } from "../simulator.ts";

export interface Trace {
  header: TraceHeader;
  /** The normalised scenario of the header. */
  scenario: Scenario;
  events: TraceEvent[];
  /** Null where the trace was cut. */
  end: TraceEnd | null;
}

export type TraceReading = { ok: true; trace: Trace; warning: string | null } | { ok: false; problem: string };

const refuse = (problem: string): TraceReading => ({ ok: false, problem });

/** Parses the text of a trace file. Never throws: what is wrong is told with its line and what to do. */
export function readTrace(text: string): TraceReading {
  const lines = text.split("\n");
  const records: Record<string, unknown>[] = [];
  let cutLine: number | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const record = parseObject(line);
    if (record === null) {
      // Only the last line can be a piece of one: anything after it means that the file is not a trace.
      if (records.length > 0 && lines.slice(index + 1).every((rest) => rest.trim() === "")) {
        cutLine = index + 1;
        break;
      }
      return refuse(`Line ${index + 1} is not a JSON object. Open a trace written with --trace FILE.jsonl.`);
    }
    records.push(record);
  }
  const header = records.shift();
  if (header === undefined) return refuse("The file is empty. Open a trace written with --trace FILE.jsonl.");
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
  const last = records.at(-1);
  const end = last?.type === "end" ? (records.pop() as unknown as TraceEnd) : null;
  const bad = records.findIndex((record) => typeof record.t !== "number" || typeof record.type !== "string");
  if (bad >= 0) return refuse(`Event ${bad + 1} of the trace has no time or no type. Write the trace again.`);
  const trace: Trace = {
    header: header as unknown as TraceHeader,
    scenario,
    events: records as unknown as TraceEvent[],
    end,
  };
  return { ok: true, trace, warning: end === null ? cutSentence(cutLine) : null };
}

function cutSentence(line: number | null): string {
  const where = line === null ? "" : ` (line ${line} is incomplete)`;
  return `The trace was cut: it has no end line${where}. What follows its last event is unknown.`;
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isScenario(value: unknown): value is Scenario {
  if (typeof value !== "object" || value === null) return false;
  const scenario = value as Record<string, unknown>;
  const lists = ["nodes", "networks", "volumes", "vms", "timeline"];
  return typeof scenario.name === "string" && lists.every((name) => Array.isArray(scenario[name]));
}
