/** The events of a trace as lines of its text: a line is parsed when its event is asked for. */
import type { TraceEvent } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";
import { eventMisfit } from "./event-fields.ts";
import type { EventList } from "./event-list.ts";
import { GrowingNumbers } from "./growing-numbers.ts";
import { parseObject } from "./json-line.ts";
import { unreadable } from "./unreadable-event.ts";

/** Characters of a line of a usual trace: lists are made for so many, and grow where lines are shorter. */
const USUAL_LINE = 150;

/** A text that holds lines, and the event whose line is the first of them. */
interface Piece {
  text: string;
  firstEvent: number;
}

/** Grows: the texts that were taken stay as they are, and so do the events in them. */
export class EventLines implements EventList {
  length = 0;
  private readonly pieces: Piece[] = [];
  private readonly times = new GrowingNumbers((length) => new Float64Array(length));
  /** Places in the text of the event's piece. */
  private readonly starts = new GrowingNumbers((length) => new Uint32Array(length));
  private readonly ends = new GrowingNumbers((length) => new Uint32Array(length));
  /** Places in `types`: one text for each type, not one for each line. */
  private readonly codes = new GrowingNumbers((length) => new Uint32Array(length));
  private readonly types: string[] = [];
  private readonly codeOf = new Map<string, number>();
  /** The piece that was looked at last: who goes through events stays in it. */
  private place = 0;

  /** The events that are pushed from now on have their lines in this text. */
  begin(text: string, from: number): void {
    const before = this.pieces.at(-1);
    if (before !== undefined && before.firstEvent === this.length) this.pieces.pop();
    this.pieces.push({ text, firstEvent: this.length });
    const expected = Math.ceil((text.length - from) / USUAL_LINE);
    for (const list of [this.times, this.starts, this.ends, this.codes]) list.expect(expected);
  }

  push(t: number, type: string, start: number, end: number): void {
    let code = this.codeOf.get(type);
    if (code === undefined) {
      // Not a part of the text, which it would keep.
      const own = type.split("").join("");
      code = this.types.length;
      this.types.push(own);
      this.codeOf.set(own, code);
    }
    this.times.push(t);
    this.starts.push(start);
    this.ends.push(end);
    this.codes.push(code);
    this.length += 1;
  }

  timeAt(index: number): number {
    return this.times.values[index] as number;
  }

  typeAt(index: number): string {
    return this.types[this.codes.values[index] as number] as string;
  }

  at(index: number): TraceEvent {
    const record = parseObject(this.textOf(index).slice(this.starts.values[index], this.ends.values[index]));
    if (record === null) return unreadable(this.timeAt(index), "it is not a JSON object");
    // A field that is there twice is found by its first and parsed by its last: all readers go by what was found.
    record.t = this.timeAt(index);
    record.type = this.typeAt(index);
    const problem = eventMisfit(record);
    return problem === null ? (record as unknown as TraceEvent) : unreadable(this.timeAt(index), problem);
  }

  fieldAt(index: number, name: string): string | null {
    const text = this.textOf(index);
    const mark = `"${name}":`;
    const end = this.ends.values[index] as number;
    // A line ends soon: within it the search is short, and what is found behind it does not count.
    const at = text.indexOf(mark, this.starts.values[index]);
    if (at < 0 || at >= end) return null;
    const from = at + mark.length;
    if (text.charCodeAt(from) !== 34) {
      const comma = text.indexOf(",", from);
      return text.slice(from, comma < 0 || comma >= end ? end - 1 : comma);
    }
    const quote = text.indexOf('"', from + 1);
    const plain = text.slice(from + 1, quote);
    if (!plain.includes("\\")) return plain;
    const value: unknown = (this.at(index) as unknown as Record<string, unknown>)[name];
    return typeof value === "string" ? value : null;
  }

  *[Symbol.iterator](): Iterator<TraceEvent> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  private textOf(index: number): string {
    const { pieces } = this;
    let piece = pieces[this.place] as Piece;
    const after = pieces[this.place + 1];
    if (index < piece.firstEvent || (after !== undefined && index >= after.firstEvent)) {
      this.place = bisectRight(pieces, index, (each) => each.firstEvent) - 1;
      piece = pieces[this.place] as Piece;
    }
    return piece.text;
  }
}
