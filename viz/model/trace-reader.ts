/** Reads a trace from JSON Lines: the whole of it, or a sentence that says why not. */
import { SCHEMA_VERSION, type Scenario, type TraceEnd, type TraceHeader } from "../simulator.ts";
import type { EventLines } from "./event-lines.ts";
import type { EventList } from "./event-list.ts";
import { parseObject } from "./json-line.ts";
import { LineReader } from "./line-reader.ts";
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
  const reader = new TraceReader();
  reader.take(text);
  reader.finish();
  return reader.reading();
}

/**
 * Reads a trace piece by piece, as it is written or loaded; the same comes out however it is cut. What was read is not read
 * again: the events of a reading grow with the next piece.
 */
export class TraceReader {
  private header: { header: TraceHeader; scenario: Scenario } | null = null;
  private problem: string | null = null;
  private readonly lines = new LineReader(2);
  private readonly readable = new ReadableEvents(this.lines);
  private readonly pieces: string[] = [];
  /** What has come of a line that is not whole. */
  private rest = "";

  /** How many events have been read. */
  get events(): number {
    return this.lines.events.length;
  }

  /** Nothing has come yet but, at most, a piece of the first line. */
  get empty(): boolean {
    return this.header === null && this.problem === null;
  }

  take(piece: string): void {
    const feed = piece.lastIndexOf("\n");
    if (feed < 0) {
      this.rest += piece;
      return;
    }
    const whole = this.rest + piece.slice(0, feed + 1);
    this.rest = piece.slice(feed + 1);
    this.takeLines(whole);
  }

  /** Nothing more comes: what waits for the rest of its line is all there is of it. */
  finish(): void {
    const { rest } = this;
    this.rest = "";
    if (rest !== "") this.takeLines(rest);
  }

  reading(): TraceReading {
    if (this.problem !== null) return refuse(this.problem);
    if (this.header === null) return refuse("The file is empty. Open a trace written with --trace FILE.jsonl.");
    const { header, scenario } = this.header;
    const { events, endLine, cutLine } = this.lines;
    const end = endLine === null ? null : endOf(endLine);
    const { pieces } = this;
    const trace: Trace = {
      header,
      scenario,
      events,
      end: end?.ok ? end.end : null,
      get text() {
        if (pieces.length > 1) pieces.splice(0, pieces.length, pieces.join(""));
        return pieces[0] ?? "";
      },
    };
    const warnings = [end === null ? cutSentence(cutLine) : end.ok ? null : end.problem, this.readable.warning()];
    const told = warnings.filter((each) => each !== null);
    return { ok: true, trace, warning: told.length === 0 ? null : told.join(" ") };
  }

  private takeLines(text: string): void {
    if (this.problem !== null) return;
    this.pieces.push(text);
    let from = 0;
    if (this.header === null) {
      from = text.search(/\S/);
      if (from < 0) return;
      const feed = text.indexOf("\n", from);
      const end = feed < 0 ? text.length : feed;
      const read = headerOf(text.slice(from, end));
      if (!read.ok) {
        this.problem = read.problem;
        return;
      }
      this.header = read;
      from = end + 1;
    }
    this.problem = this.lines.read(text, from);
  }
}

function headerOf(
  line: string,
): { ok: true; header: TraceHeader; scenario: Scenario } | { ok: false; problem: string } {
  const no = (problem: string) => ({ ok: false as const, problem });
  const header = parseObject(line);
  if (header === null) return no("Line 1 is not a JSON object. Open a trace written with --trace FILE.jsonl.");
  if (header.type !== "header") {
    return no("The file does not start with a trace's header line. Open a trace written with --trace FILE.jsonl.");
  }
  if (header.schemaVersion !== SCHEMA_VERSION) {
    return no(
      `The trace has schema version ${String(header.schemaVersion)}; this page reads version ${SCHEMA_VERSION}. ` +
        "Run its scenario again with this page's version of precopy.",
    );
  }
  const wrong = misfit(header, HEADER, "") ?? scenarioMisfit(header.scenario);
  if (wrong !== null) {
    return no(`The trace's header (line 1) holds no whole scenario: ${wrong}. Write the trace again with precopy run.`);
  }
  return { ok: true, header: header as unknown as TraceHeader, scenario: header.scenario as Scenario };
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

/** Goes through events as they come, once, for those that cannot be read. */
class ReadableEvents {
  private readonly lines: LineReader;
  private checked = 0;
  private count = 0;
  private first: { index: number; problem: string } | null = null;

  constructor(lines: LineReader) {
    this.lines = lines;
  }

  warning(): string | null {
    const { events } = this.lines;
    for (; this.checked < Math.min(events.length, MOST_CHECKED); this.checked += 1) this.check(events, this.checked);
    if (this.first === null) return null;
    const where = `line ${this.lines.lineOf(this.first.index)}: ${this.first.problem}`;
    return this.count === 1
      ? `One event cannot be read and is left out, ${where}. Write the trace again with precopy run.`
      : `${this.count} events cannot be read and are left out; the first is ${where}. Write the trace again with precopy run.`;
  }

  private check(events: EventLines, index: number): void {
    const problem = problemOf(events.at(index));
    if (problem === null) return;
    this.count += 1;
    this.first ??= { index, problem };
  }
}
