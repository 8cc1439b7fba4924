/**
 * The lines of a trace's text, found without being read: of each only its time and type, which every writer puts first. So a
 * trace of a million events opens in the time that finding its lines takes, and one that is still being written costs what is new.
 */
import { EventLines } from "./event-lines.ts";
import { parseObject } from "./json-line.ts";

const TIME_FIRST = '{"t":';
const THEN_TYPE = ',"type":"';
const BRACE = 125;

/** Some thirty thousand years: what is later is a mistake, and a time axis to there shows nothing. */
const GREATEST_SECONDS = 1e12;

export class LineReader {
  readonly events = new EventLines();
  /** The last line, where it is that of a trace that has come to its end. */
  endLine: string | null = null;
  /** The line that is no object, where it is the last so far: a piece of one. */
  cutLine: number | null = null;
  private line: number;
  private readonly firstLine: number;
  private lastSeconds = 0;
  /** How many events come before each blank line. */
  private readonly eventsBeforeBlank: number[] = [];

  /** @param firstLine the number of the first line that it gets */
  constructor(firstLine: number) {
    this.firstLine = firstLine;
    this.line = firstLine;
  }

  /**
   * Takes the text's lines from `from` on; the last may lack its end only if nothing follows.
   * @returns what is wrong with one of them, as a sentence
   */
  read(text: string, from: number): string | null {
    const { events } = this;
    events.begin(text, from);
    for (let start = from; start < text.length; this.line += 1) {
      const feed = text.indexOf("\n", start);
      const end = trimmedEnd(text, start, feed < 0 ? text.length : feed);
      if (end === start) this.eventsBeforeBlank.push(events.length);
      else {
        const problem = this.take(text, start, end);
        if (problem !== null) return problem;
      }
      start = feed < 0 ? text.length : feed + 1;
    }
    return null;
  }

  /** The line of an event. */
  lineOf(index: number): number {
    const blanks = this.eventsBeforeBlank;
    let passed = 0;
    while (passed < blanks.length && (blanks[passed] as number) <= index) passed += 1;
    return this.firstLine + index + passed;
  }

  private take(text: string, start: number, end: number): string | null {
    const { line } = this;
    if (this.cutLine !== null) {
      // Only the last line can be a piece of one: anything after it means that the file is not a trace.
      return `Line ${this.cutLine} is not a JSON object. Open a trace written with --trace FILE.jsonl.`;
    }
    const head = headOf(text, start, end);
    if (this.endLine !== null) return `Line ${line} comes after the trace's end line. Write the trace again.`;
    if (head === null) {
      this.cutLine = line;
      return null;
    }
    const { t, type } = head;
    if (type === "end") {
      this.endLine = text.slice(start, end);
      return null;
    }
    if (typeof t !== "number" || typeof type !== "string") {
      return `Line ${line} is an event without a time or without a type. Write the trace again.`;
    }
    if (!(t >= 0 && t <= GREATEST_SECONDS)) {
      return `Line ${line} has a time that is none: ${t} s. Write the trace again.`;
    }
    if (t < this.lastSeconds) return `Line ${line} is earlier than the line before it. Write the trace again.`;
    this.lastSeconds = t;
    this.events.push(t, type, start, end);
    return null;
  }
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
