/** Processes and tracks of a Chrome trace: names in, numbers and sorted events out. */
import { compareSpans, nestOnTracks, type Span, toMicroseconds, toNanoseconds } from "./chrome-spans.ts";

/** One event of the trace event format. */
export interface ChromeEvent {
  ph: "M" | "X" | "C" | "i" | "s" | "f";
  name: string;
  cat: string;
  ts: number;
  pid: number;
  tid: number;
  [key: string]: unknown;
}

interface Place {
  process: string;
  track: string;
  t: number;
}

interface Track {
  spans: Span[];
  /** Events without length. */
  points: { nanoseconds: number; event: Omit<ChromeEvent, "ts" | "pid" | "tid"> }[];
}

interface Process {
  pid: number;
  tracks: Map<string, Track>;
  counters: { nanoseconds: number; name: string; values: Record<string, number> }[];
}

export class ChromeTracks {
  readonly #processes = new Map<string, Process>();

  /** Processes are shown in the order in which they are added. */
  addProcess(name: string): void {
    this.#process(name);
  }

  addSpan(
    process: string,
    track: string,
    startSeconds: number,
    endSeconds: number,
    name: string,
    category: string,
    facts: Record<string, unknown>,
  ): void {
    this.#track(process, track).spans.push({
      startNanoseconds: toNanoseconds(startSeconds),
      endNanoseconds: toNanoseconds(Math.max(startSeconds, endSeconds)),
      name,
      category,
      arguments: facts,
    });
  }

  addInstant(
    process: string,
    track: string,
    t: number,
    name: string,
    category: string,
    facts: Record<string, unknown>,
  ): void {
    const event = { ph: "i", name, cat: category, s: "t", args: facts } as const;
    this.#track(process, track).points.push({ nanoseconds: toNanoseconds(t), event });
  }

  addCounter(process: string, name: string, t: number, values: Record<string, number>): void {
    this.#process(process).counters.push({ nanoseconds: toNanoseconds(t), name, values });
  }

  /** An arrow between the spans that begin at both ends. */
  addArrow(id: number, from: Place, to: Place, name: string): void {
    const tail = { ph: "s", name, cat: "vm", id } as const;
    const head = { ph: "f", bp: "e", name, cat: "vm", id } as const;
    this.#track(from.process, from.track).points.push({ nanoseconds: toNanoseconds(from.t), event: tail });
    this.#track(to.process, to.track).points.push({ nanoseconds: toNanoseconds(to.t), event: head });
  }

  /** Names first, then everything by time; at one time spans come first, the longer before the shorter. */
  toEvents(): ChromeEvent[] {
    const names: ChromeEvent[] = [];
    const timed: { nanoseconds: number; span: Span | null; event: ChromeEvent }[] = [];
    for (const [processName, { pid, tracks, counters }] of this.#processes) {
      if (tracks.size === 0 && counters.length === 0) continue;
      names.push(nameEvent("process_name", processName, pid, 0), sortEvent(pid));
      let tid = 0;
      for (const [trackName, { spans, points }] of tracks) {
        const lines = nestOnTracks(spans);
        const firstTid = tid + 1;
        for (let line = 0; line < Math.max(1, lines.length); line += 1) {
          tid += 1;
          names.push(nameEvent("thread_name", line === 0 ? trackName : `${trackName} (${line + 1})`, pid, tid));
          for (const span of lines[line] ?? []) {
            timed.push({ nanoseconds: span.startNanoseconds, span, event: spanEvent(span, pid, tid) });
          }
        }
        for (const { nanoseconds, event } of points) {
          timed.push({
            nanoseconds,
            span: null,
            event: { ...event, ts: toMicroseconds(nanoseconds), pid, tid: firstTid } as ChromeEvent,
          });
        }
      }
      for (const { nanoseconds, name, values } of counters) {
        const event = {
          ph: "C",
          name,
          cat: "counter",
          ts: toMicroseconds(nanoseconds),
          pid,
          tid: 0,
          args: values,
        } as const;
        timed.push({ nanoseconds, span: null, event });
      }
    }
    timed.sort((a, b) => {
      if (a.nanoseconds !== b.nanoseconds) return a.nanoseconds - b.nanoseconds;
      if (a.span !== null && b.span !== null) return compareSpans(a.span, b.span);
      return (a.span === null ? 1 : 0) - (b.span === null ? 1 : 0);
    });
    return [...names, ...timed.map(({ event }) => event)];
  }

  #process(name: string): Process {
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const process: Process = { pid: this.#processes.size + 1, tracks: new Map(), counters: [] };
    this.#processes.set(name, process);
    return process;
  }

  #track(processName: string, name: string): Track {
    const { tracks } = this.#process(processName);
    const known = tracks.get(name);
    if (known !== undefined) return known;
    const track: Track = { spans: [], points: [] };
    tracks.set(name, track);
    return track;
  }
}

function nameEvent(kind: "process_name" | "thread_name", name: string, pid: number, tid: number): ChromeEvent {
  return { ph: "M", name: kind, cat: "__metadata", ts: 0, pid, tid, args: { name } };
}

function sortEvent(pid: number): ChromeEvent {
  return { ph: "M", name: "process_sort_index", cat: "__metadata", ts: 0, pid, tid: 0, args: { sort_index: pid } };
}

function spanEvent(span: Span, pid: number, tid: number): ChromeEvent {
  const { startNanoseconds, endNanoseconds } = span;
  return {
    ph: "X",
    name: span.name,
    cat: span.category,
    ts: toMicroseconds(startNanoseconds),
    dur: toMicroseconds(endNanoseconds - startNanoseconds),
    pid,
    tid,
    args: span.arguments,
  };
}
