import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTimeline, type Timeline, TimelineBuilder } from "../../viz/model/timeline.ts";
import { readTrace, TraceReader } from "../../viz/model/trace-reader.ts";
import { traceText } from "../../viz/model/trace-text.ts";
import { brokenTraces } from "../support/broken-trace.ts";
import { exampleTrace } from "../support/example-trace.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

/** All that is drawn of a trace, as plain data. */
function contents(timeline: Timeline) {
  const { trace, index, endSeconds, eventTimes, migrations, conditions, load } = timeline;
  const { nodes, networks, vms } = trace.scenario;
  return {
    text: traceText(trace),
    events: [...trace.events],
    types: Array.from(trace.events, (_, place) => [trace.events.timeAt(place), trace.events.typeAt(place)]),
    vmFields: Array.from(trace.events, (_, place) => trace.events.fieldAt(place, "vm")),
    end: trace.end,
    endSeconds,
    times: [...eventTimes],
    migrations,
    whole: migrations.map((each) => timeline.look(each.index)),
    conditions,
    load,
    groups: [
      ...vms.map((vm) => index.ofMachine(vm.name)),
      ...networks.map((network) => index.ofNetwork(network.name)),
      ...nodes.map(() => index.cluster),
    ],
  };
}

/** Places at which a text is cut. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

function pieces(text: string, at: readonly number[]): string[] {
  const places = [0, ...at.map((share) => Math.floor(share * text.length)), text.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

describe("a trace that comes in pieces", () => {
  const texts = [
    fixtureTrace().text,
    ...["failover-while-migrating", "link-cut-postcopy-recovery", "backup-csv-2008r2"].map(exampleTrace),
  ];

  it("is, looked at after any of them or after none, what it is when it is read whole", () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, fc.boolean(), (text, at, looks) => {
        const reader = new TraceReader();
        let builder: TimelineBuilder | null = null;
        for (const piece of pieces(text, at)) {
          reader.take(piece);
          const reading = reader.reading();
          if (!looks || !reading.ok) continue;
          builder ??= new TimelineBuilder(reading.trace);
          // A part is as a file that was cut after its last whole line.
          const before = reader.events;
          const part = builder.timeline(reading.trace);
          expect(part.trace.events.length).toBe(before);
          for (const { index } of part.migrations) part.look(index);
        }
        reader.finish();
        const grown = reader.reading();
        const whole = readTrace(text);
        expect(grown.ok && whole.ok && grown.warning).toBe(null);
        if (!grown.ok || !whole.ok) return;
        builder ??= new TimelineBuilder(grown.trace);
        expect(contents(builder.timeline(grown.trace))).toEqual(contents(buildTimeline(whole.trace)));
      }),
      { numRuns: 60 },
    );
  });

  it("is, at each of them, what the lines so far are by themselves", () => {
    const text = exampleTrace("failover-while-migrating");
    const reader = new TraceReader();
    let builder: TimelineBuilder | null = null;
    let read = 0;
    for (const piece of pieces(text, [0.3, ...Array.from({ length: 30 }, (_, step) => 0.4 + step * 0.02)])) {
      reader.take(piece);
      read += piece.length;
      const reading = reader.reading();
      const so = readTrace(text.slice(0, text.lastIndexOf("\n", read - 1) + 1));
      if (!reading.ok || !so.ok) throw new Error("no header yet");
      builder ??= new TimelineBuilder(reading.trace);
      expect(contents(builder.timeline(reading.trace))).toEqual(contents(buildTimeline(so.trace)));
    }
  });

  it("is refused, or warned of, as the whole of it is, however it is broken and cut", () => {
    fc.assert(
      fc.property(brokenTraces(exampleTrace("hyper-v-2008r2-web-server")), cuts, (text, at) => {
        const reader = new TraceReader();
        for (const piece of pieces(text, at)) {
          reader.take(piece);
          reader.reading();
        }
        reader.finish();
        const [grown, whole] = [reader.reading(), readTrace(text)];
        expect({ ...grown, trace: null }).toEqual({ ...whole, trace: null });
        if (!grown.ok || !whole.ok) return;
        expect(contents(buildTimeline(grown.trace))).toEqual(contents(buildTimeline(whole.trace)));
      }),
      { numRuns: 80 },
    );
  });

  it("is not read again: a line more costs the same after thirty lines as after ten", () => {
    const [header = "", ...lines] = exampleTrace("hyper-v-2008r2-web-server").split("\n");
    const reader = new TraceReader();
    reader.take(`${header}\n`);
    const reading = reader.reading();
    if (!reading.ok) throw new Error(reading.problem);
    const { events } = reading.trace;
    const builder = new TimelineBuilder(reading.trace);
    builder.timeline(reading.trace);
    let asked = 0;
    const typeAt = events.typeAt.bind(events);
    events.typeAt = (place) => {
      asked += 1;
      return typeAt(place);
    };
    const costs = lines.slice(0, 30).map((line) => {
      asked = 0;
      reader.take(`${line}\n`);
      builder.timeline(reading.trace);
      return asked;
    });
    expect(Math.max(...costs)).toBeLessThanOrEqual(Math.max(...costs.slice(0, 10)));
  });
});
