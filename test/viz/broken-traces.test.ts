import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventLogOf } from "../../sim/index.ts";
import { describeEvent } from "../../viz/model/describe.ts";
import { frameFields } from "../../viz/model/frame-fields.ts";
import { MemoryMap } from "../../viz/model/memory-map.ts";
import { noMigration } from "../../viz/model/no-migration.ts";
import { fittingSpeed, nextChapterTime, nextEventTime, slowMotionOf } from "../../viz/model/playback.ts";
import { runVerdict } from "../../viz/model/run-verdict.ts";
import { stateAt } from "../../viz/model/state-at.ts";
import { buildTimeline, type Timeline } from "../../viz/model/timeline.ts";
import { looksLikeTrace, readTrace } from "../../viz/model/trace-reader.ts";
import { traceText } from "../../viz/model/trace-text.ts";
import { verdict } from "../../viz/model/verdict.ts";
import { whatIfOf } from "../../viz/model/what-if.ts";
import { brokenTraces, HOSTILE } from "../support/broken-trace.ts";
import { exampleTrace } from "../support/example-trace.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

const examples = [
  "hyper-v-2008r2-web-server",
  "failover-while-migrating",
  "backup-csv-2008r2",
  "network-session-lost",
  "link-cut-postcopy-recovery",
];

/** What no sentence that a reader sees may hold, unless the trace itself says it. */
const NONSENSE = /undefined|\bNaN\b|\[object|Infinity|native code/;

/** Everything that the page works out of a trace, without drawing it. */
function workOut(timeline: Timeline): { sentences: string[]; numbers: number[] } {
  const { trace, startSeconds, endSeconds, migrations } = timeline;
  const sentences = [runVerdict(timeline).text, timeline.name];
  const numbers = [startSeconds, endSeconds, fittingSpeed(timeline, 20)];
  for (let index = 0; index < Math.min(trace.events.length, 300); index += 1) {
    const event = trace.events.at(index);
    sentences.push(describeEvent(event));
    if (event.type === "arp.sent") sentences.push(frameFields(event).flat().join());
  }
  for (const entry of eventLogOf(trace.events)) sentences.push(entry.text);
  const looked = migrations.slice(0, 3).map(({ index }) => timeline.look(index));
  for (const migration of looked.length > 0 ? looked : [noMigration(trace)]) {
    if (migration === null) throw new Error("a migration of the list cannot be looked at");
    sentences.push(verdict(migration).text);
    numbers.push(slowMotionOf(migration)?.speed ?? 0, nextChapterTime(timeline, migration, 0));
    whatIfOf(trace.scenario, migration.vm, trace.header.seed);
    const map = new MemoryMap(migration);
    for (const share of [0, 0.3, 0.9, 1]) {
      const state = stateAt(timeline, migration, nextEventTime(timeline, share * endSeconds));
      for (const value of Object.values(state)) if (typeof value === "number") numbers.push(value);
      if (share === 0.9) map.kinds(state);
    }
  }
  traceText(trace);
  return { sentences, numbers };
}

describe("a broken trace", () => {
  it.each(examples)("of %s is refused with a sentence, or all that is worked out of it makes sense", (name) => {
    let drawn = 0;
    fc.assert(
      fc.property(brokenTraces(exampleTrace(name)), (text) => {
        looksLikeTrace(text);
        const reading = readTrace(text);
        if (!reading.ok) {
          expect(reading.problem).toMatch(/^(Line \d+|The ).*\. (Write|Open|Run) .*\.$/);
          return;
        }
        drawn += 1;
        const { sentences, numbers } = workOut(buildTimeline(reading.trace));
        const own = JSON.stringify(reading.trace.text);
        for (const sentence of sentences) if (!NONSENSE.test(own)) expect(sentence).not.toMatch(NONSENSE);
        expect(numbers.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 40 },
    );
    expect(drawn).toBeGreaterThan(10);
  });

  it("as its writer made it is read without a warning, of every example here", () => {
    for (const name of examples) expect(readTrace(exampleTrace(name))).toMatchObject({ ok: true, warning: null });
  });
});

describe("events that cannot be read", () => {
  const { text, events } = fixtureTrace();
  const lines = text.split("\n");
  const at = events.findIndex((event) => event.type === "migration.roundEnded") + 1;
  const withLine = (index: number, line: string): string =>
    [...lines.slice(0, index), line, ...lines.slice(index + 1)].join("\n");

  it.each([
    [
      (line: string) => line.replace(/"bytesSent":\d+/, '"bytesSent":"many"'),
      `bytesSent must be a number from 0 to 2^53, and is "many"`,
    ],
    [(line: string) => line.replace(/"bytesSent":\d+/, '"bytesSent":-4'), "and is -4"],
    [(line: string) => line.replace(/"bytesSent":\d+/, '"bytesSent":1e999'), "and is larger than any number"],
    [(line: string) => line.replace(/"bytesSent":\d+,/, ""), "and is missing"],
    [(line: string) => line.replace(/"final":\w+/, '"final":[[1]]'), "final must be true or false, and is [[1]]"],
    [
      (line: string) => line.replace(/"thresholdBytes":[^,]*/, '"thresholdBytes":{}'),
      "a number from 0 to 2^53 or null",
    ],
  ])("are left out, and told with their line and what is wrong (%#)", (change, words) => {
    const reading = readTrace(withLine(at, change(lines[at] as string)));
    expect(reading).toMatchObject({ ok: true });
    const warning = reading.ok ? reading.warning : "";
    expect(warning).toContain(`line ${at + 1}: of migration.roundEnded,`);
    expect(warning).toContain(words);
    expect(reading.ok && describeEvent(reading.trace.events.at(at - 1))).toContain("cannot be read");
  });

  it("of a nested list are told by their place in it", () => {
    const line =
      '{"t":2,"type":"team.connectionsPlaced","network":"n","migration":0,"from":"a","to":"b","members":[{"from":1,"to":"x"}]}';
    const reading = readTrace([lines[0], line].join("\n"));
    expect(reading.ok && reading.warning).toContain("members[0].to must be a number");
  });

  it.each([
    ['"t":-1', "a time that is none: -1 s"],
    ['"t":1e300', "a time that is none: 1e+300 s"],
    ['"t":"2"', "without a time"],
  ])("have a time from 0 on (%s)", (t, words) => {
    const reading = readTrace(withLine(1, (lines[1] as string).replace(/"t":[^,]*/, t)));
    expect(reading.ok ? "" : reading.problem).toContain(words);
  });
});

describe("a trace's header and end", () => {
  const { text } = fixtureTrace();

  it.each([
    ['"vms":[', '"vms":[null,', "scenario.vms[0] must be an object, and is null"],
    ['"intervalSeconds":', '"intervalSeconds":"often","was":', "clients[0].intervalSeconds must be a number"],
    ['"carries":[', '"carries":[7,', "carries[0] must be a text, and is 7"],
    ['"overrides":{}', '"overrides":[]', "overrides must be an object, and is []"],
    ['"seed":', '"seed":4,"was":', "must be a text, and is 4"],
  ])("that hold no scenario are told with what is wrong: %s becomes %s", (found, put, words) => {
    expect(text).toContain(found);
    const first = text.indexOf('"timeline"');
    const from = found.includes("overrides") ? first : 0;
    const reading = readTrace(text.slice(0, from) + text.slice(from).replace(found, put));
    expect(reading.ok ? "" : reading.problem).toContain(words);
  });

  it("whose results are broken are left out, and the verdict follows from the events", () => {
    const reading = readTrace(text.replace(/"downtimeSeconds":[\d.]+/, '"downtimeSeconds":"long"'));
    expect(reading).toMatchObject({ ok: true, warning: expect.stringContaining("end line is left out") });
    if (!reading.ok) return;
    const migration = buildTimeline(reading.trace).look(0);
    expect(migration !== null && verdict(migration).text).toContain("stood still for 302 ms");
  });

  it("names stay text, whatever they hold", () => {
    const reading = readTrace(fixtureTrace({ vm: HOSTILE, from: "__proto__", to: "constructor" }).text);
    expect(reading).toMatchObject({ ok: true, warning: null });
    if (!reading.ok) return;
    const migration = buildTimeline(reading.trace).look(0);
    expect(migration !== null && verdict(migration).text).toContain(`${HOSTILE} moved from __proto__ to constructor`);
  });
});
