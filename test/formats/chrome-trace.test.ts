import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseScenario, simulate, type TraceEvent } from "../../sim/index.ts";
import { compareSpans, nestOnTracks, type Span } from "../../src/formats/chrome-spans.ts";
import { openChromeTrace } from "../../src/formats/chrome-trace.ts";
import { makeEvents, makeResult, makeScenario } from "../support/fixtures.ts";
import { SMALL_SCENARIO } from "../support/scenario-text.ts";

interface ChromeEvent {
  ph: string;
  name: string;
  cat: string;
  ts: number;
  dur: number;
  pid: number;
  tid: number;
  id: number;
  args: Record<string, unknown>;
}

function write(
  events: TraceEvent[],
  t = events.at(-1)?.t ?? 0,
): { traceEvents: ChromeEvent[]; displayTimeUnit: string; otherData: unknown } {
  let text = "";
  const sink = openChromeTrace({ scenario: makeScenario(), seed: "1", engineVersion: "0.1.0" }, (piece) => {
    text += piece;
  });
  for (const event of events) sink.record(event);
  sink.close(t, makeResult());
  return JSON.parse(text);
}

/** The rules by which viewers read the form; returns what breaks them. */
function breaches(events: readonly ChromeEvent[]): string[] {
  const found: string[] = [];
  const named = new Set<string>();
  const open = new Map<string, number[]>();
  let last: ChromeEvent | null = null;
  for (const event of events) {
    const told = JSON.stringify(event);
    if (!Number.isInteger(event.pid) || !Number.isInteger(event.tid)) found.push(`pid or tid is no number: ${told}`);
    if (typeof event.cat !== "string" || event.cat === "") found.push(`no cat: ${told}`);
    if (!Number.isFinite(event.ts) || event.ts < 0) found.push(`no time: ${told}`);
    const track = `${event.pid}/${event.tid}`;
    if (event.ph === "M") {
      named.add(event.name === "process_name" ? String(event.pid) : track);
      if (last !== null && last.ph !== "M") found.push(`a name after events: ${told}`);
    } else {
      if (!named.has(String(event.pid))) found.push(`process without name: ${told}`);
      if (event.ph !== "C" && !named.has(track)) found.push(`track without name: ${told}`);
      if (last !== null && last.ph !== "M" && last.ts > event.ts) found.push(`not by time: ${told}`);
    }
    if (event.ph === "X") {
      if (!(event.dur >= 0)) found.push(`a span without length: ${told}`);
      const ends = open.get(track) ?? [];
      open.set(track, ends);
      const nanoseconds = (microseconds: number) => Math.round(microseconds * 1000);
      while (ends.length > 0 && (ends.at(-1) as number) <= nanoseconds(event.ts)) ends.pop();
      const end = nanoseconds(event.ts) + nanoseconds(event.dur);
      if (ends.length > 0 && end > (ends.at(-1) as number)) found.push(`not nested: ${told}`);
      ends.push(end);
    } else if (!["M", "C", "i", "s", "f"].includes(event.ph)) {
      found.push(`unknown phase: ${told}`);
    }
    last = event;
  }
  for (const event of events.filter(({ ph }) => ph === "s" || ph === "f")) {
    const other = events.find(({ ph, id }) => id === event.id && ph === (event.ph === "s" ? "f" : "s"));
    if (other === undefined) found.push(`half an arrow: ${JSON.stringify(event)}`);
    const around = events.some((span) => {
      return (
        span.ph === "X" &&
        span.pid === event.pid &&
        span.tid === event.tid &&
        span.ts <= event.ts &&
        event.ts < span.ts + span.dur
      );
    });
    if (!around) found.push(`an arrow from or to no span: ${JSON.stringify(event)}`);
  }
  return found;
}

describe("a Chrome trace", () => {
  const trace = write(makeEvents(), 40);

  it("keeps the rules of the form", () => {
    expect(breaches(trace.traceEvents)).toEqual([]);
    expect(trace.displayTimeUnit).toBe("ms");
    expect(trace.otherData).toMatchObject({ seed: "1", schemaVersion: 1, engineVersion: "0.1.0" });
  });

  it("is refused by the rules when it is spoilt", () => {
    const spoilt = structuredClone(trace.traceEvents);
    const span = spoilt.find(({ name }) => name === "final-copy") as ChromeEvent;
    span.dur += 1e9;
    expect(breaches(spoilt).join()).toContain("not nested");
  });

  it("shows rounds and parts within the migration, at their times in microseconds", () => {
    const span = (name: string) => trace.traceEvents.find((event) => event.ph === "X" && event.name === name);
    expect(span("round 1")).toMatchObject({ ts: 5.5e6, dur: 25e6, args: { pagesSent: 262_144 } });
    expect(span("blackout")).toMatchObject({ ts: 33.5e6, dur: 1.24e6 });
    expect(span("migration")).toMatchObject({ ts: 5e6, dur: 31.2e6, args: { outcome: "completed" } });
    expect(new Set(["round 1", "blackout", "migration", "storage-handover"].map((name) => span(name)?.tid)).size).toBe(
      1,
    );
    expect(span("no answer")).toMatchObject({ ts: 33e6, dur: 1.9e6, args: { lost: 2 } });
  });

  it("shows the guest on one node, then on the other, with an arrow between", () => {
    const runs = trace.traceEvents.filter(({ name }) => name === "web01 runs");
    expect(runs.map(({ ts, dur }) => [ts, dur])).toEqual([
      [0, 33.5e6],
      [34.74e6, 5.26e6],
    ]);
    expect(runs[0]?.pid).not.toBe(runs[1]?.pid);
    expect(trace.traceEvents.filter(({ ph }) => ph === "s" || ph === "f").map(({ ph, ts }) => [ph, ts])).toEqual([
      ["s", 33.5e6],
      ["f", 34.74e6],
    ]);
  });

  it("counts the link's rate and the pages to send", () => {
    const counts = trace.traceEvents.filter(({ ph }) => ph === "C");
    expect(counts.filter(({ name }) => name === "bytes per second").map(({ args }) => args.bytesPerSecond)).toEqual([
      1e8, 0,
    ]);
    expect(counts.filter(({ name }) => name.startsWith("pages to send")).map(({ args }) => args.pages)).toEqual([
      393_216, 20_000, 20_000, 2_000, 2_000, 0,
    ]);
  });

  it("keeps the rules wherever the run is cut", () => {
    const events = makeEvents();
    for (let length = 0; length <= events.length; length += 1) {
      expect(breaches(write(events.slice(0, length), 60).traceEvents)).toEqual([]);
    }
  });

  it("keeps the rules for a simulated run", () => {
    const scenario = parseScenario(parse(SMALL_SCENARIO));
    if (!scenario.ok) throw new Error("the small scenario is refused");
    const events: TraceEvent[] = [];
    let text = "";
    const sink = openChromeTrace({ scenario: scenario.value, seed: "1", engineVersion: "0.1.0" }, (piece) => {
      text += piece;
    });
    const result = simulate(scenario.value, { onEvent: (event) => events.push(event) });
    for (const event of events) sink.record(event);
    sink.close(events.at(-1)?.t ?? 0, result);
    const { traceEvents } = JSON.parse(text) as { traceEvents: ChromeEvent[] };
    expect(breaches(traceEvents)).toEqual([]);
    expect(traceEvents.filter(({ ph, name }) => ph === "X" && /round/.test(name))).toHaveLength(
      result.migrations[0]?.rounds.length ?? 0,
    );
  });
});

describe("nestOnTracks", () => {
  const spans = fc.array(
    fc.tuple(fc.nat(40), fc.nat(12)).map(([start, length]): Span => {
      return { startNanoseconds: start, endNanoseconds: start + length, name: "", category: "", arguments: {} };
    }),
    { maxLength: 30 },
  );

  it("keeps every span, and on each track any two are apart or one within the other", () => {
    fc.assert(
      fc.property(spans, (given) => {
        const tracks = nestOnTracks(given);
        expect(tracks.flat().sort(compareSpans)).toEqual([...given].sort(compareSpans));
        for (const track of tracks) {
          for (const a of track) {
            for (const b of track) {
              const overlap =
                Math.min(a.endNanoseconds, b.endNanoseconds) - Math.max(a.startNanoseconds, b.startNanoseconds);
              const shorter = Math.min(a.endNanoseconds - a.startNanoseconds, b.endNanoseconds - b.startNanoseconds);
              expect(overlap <= 0 || overlap === shorter).toBe(true);
            }
          }
        }
      }),
      { seed: 1 },
    );
  });

  it("needs one track for spans that nest", () => {
    const span = (start: number, end: number): Span => {
      return { startNanoseconds: start, endNanoseconds: end, name: "", category: "", arguments: {} };
    };
    expect(nestOnTracks([span(0, 10), span(0, 4), span(4, 10), span(5, 6), span(10, 12)])).toHaveLength(1);
    expect(nestOnTracks([span(0, 10), span(5, 12)])).toHaveLength(2);
  });
});
