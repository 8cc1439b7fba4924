/**
 * The events of a trace's text, found without being read: of each line only its time and type, which every writer puts first.
 * A line is parsed when its event is asked for. So a trace of a million events opens in the time that finding its lines takes.
 */
import type { TraceEvent } from "../simulator.ts";
import { eventMisfit } from "./event-fields.ts";
import type { EventList } from "./event-list.ts";
import { unreadable } from "./unreadable-event.ts";

const TIME_FIRST = '{"t":';
const THEN_TYPE = ',"type":"';
const BRACE = 125;

/** Some thirty thousand years: what is later is a mistake, and a time axis to there shows nothing. */
const GREATEST_SECONDS = 1e12;

export type LineReading =
  | { ok: true; events: EventList; cutLine: number | null; endLine: string | null }
  | { ok: false; problem: string };

/** A list that grows by doubling. */
class Numbers {
  values: Float64Array;
  length = 0;

  constructor(expected: number) {
    this.values = new Float64Array(Math.max(16, expected));
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }
}

/** Finds the events of `text` from `from` on, which is where line `firstLine` begins. */
export function findEventLines(text: string, from: number, firstLine: number): LineReading {
  const expected = Math.ceil((text.length - from) / 180);
  const times = new Numbers(expected);
  const starts = new Numbers(expected);
  const ends = new Numbers(expected);
  const types: string[] = [];
  const known = new Map<string, string>();
  let line = firstLine;
  let cutLine: number | null = null;
  let endLine: string | null = null;
  let last = 0;
  for (let start = from; start < text.length; line += 1) {
    const feed = text.indexOf("\n", start);
    const next = feed < 0 ? text.length : feed + 1;
    const end = trimmedEnd(text, start, feed < 0 ? text.length : feed);
    if (end > start) {
      const head = headOf(text, start, end);
      if (endLine !== null) return refuse(`Line ${line} comes after the trace's end line. Write the trace again.`);
      if (head === null) {
        // Only the last line can be a piece of one: anything after it means that the file is not a trace.
        if (text.slice(next).trim() !== "") {
          return refuse(`Line ${line} is not a JSON object. Open a trace written with --trace FILE.jsonl.`);
        }
        cutLine = line;
      } else if (head.type === "end") endLine = text.slice(start, end);
      else {
        const { t, type } = head;
        if (typeof t !== "number" || typeof type !== "string") {
          return refuse(`Line ${line} is an event without a time or without a type. Write the trace again.`);
        }
        if (!(t >= 0 && t <= GREATEST_SECONDS)) {
          return refuse(`Line ${line} has a time that is none: ${t} s. Write the trace again.`);
        }
        if (t < last) {
          return refuse(`Line ${line} is earlier than the line before it. Write the trace again.`);
        }
        last = t;
        times.push(t);
        starts.push(start);
        ends.push(end);
        // One string for each type, not one for each line.
        const own = known.get(type) ?? type.split("").join("");
        known.set(own, own);
        types.push(own);
      }
    }
    start = next;
  }
  return { ok: true, events: new EventLines(text, times, starts, ends, types), cutLine, endLine };
}

function refuse(problem: string): LineReading {
  return { ok: false, problem };
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) <= 32) at -= 1;
  return at;
}

/** Time and type of a line; null where it is no object. */
function headOf(text: string, start: number, end: number): { t: unknown; type: unknown } | null {
  if (text.startsWith(TIME_FIRST, start) && text.charCodeAt(end - 1) === BRACE) {
    const comma = text.indexOf(",", start);
    if (comma < end && text.startsWith(THEN_TYPE, comma)) {
      const typeStart = comma + THEN_TYPE.length;
      const quote = text.indexOf('"', typeStart);
      const t = Number(text.slice(start + TIME_FIRST.length, comma));
      // The end line holds the result, which readers need: it has to be whole.
      const type = text.slice(typeStart, quote);
      if (quote < end && !Number.isNaN(t) && type !== "end") return { t, type };
    }
  }
  const record = parseObject(text.slice(start, end));
  return record === null ? null : { t: record.t, type: record.type };
}

/** A line as an object; null where it is none. */
export function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

class EventLines implements EventList {
  readonly length: number;
  private readonly text: string;
  private readonly times: Float64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private readonly types: readonly string[];

  constructor(text: string, times: Numbers, starts: Numbers, ends: Numbers, types: readonly string[]) {
    this.text = text;
    this.length = times.length;
    this.times = times.values;
    this.starts = starts.values;
    this.ends = ends.values;
    this.types = types;
  }

  timeAt(index: number): number {
    return this.times[index] as number;
  }

  typeAt(index: number): string {
    return this.types[index] as string;
  }

  at(index: number): TraceEvent {
    const record = parseObject(this.text.slice(this.starts[index], this.ends[index]));
    if (record === null) return unreadable(this.timeAt(index), "it is not a JSON object");
    // A field that is there twice is found by its first and parsed by its last: all readers go by what was found.
    record.t = this.timeAt(index);
    record.type = this.typeAt(index);
    const problem = eventMisfit(record);
    return problem === null ? (record as unknown as TraceEvent) : unreadable(this.timeAt(index), problem);
  }

  fieldAt(index: number, name: string): string | null {
    const mark = `"${name}":`;
    const end = this.ends[index] as number;
    // A line ends soon: within it the search is short, and what is found behind it does not count.
    const at = this.text.indexOf(mark, this.starts[index]);
    if (at < 0 || at >= end) return null;
    const from = at + mark.length;
    if (this.text.charCodeAt(from) !== 34) {
      const comma = this.text.indexOf(",", from);
      return this.text.slice(from, comma < 0 || comma >= end ? end - 1 : comma);
    }
    const quote = this.text.indexOf('"', from + 1);
    const plain = this.text.slice(from + 1, quote);
    if (!plain.includes("\\")) return plain;
    const value: unknown = (this.at(index) as unknown as Record<string, unknown>)[name];
    return typeof value === "string" ? value : null;
  }

  *[Symbol.iterator](): Iterator<TraceEvent> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }
}
