import { describe, expect, it } from "vitest";
import { describeEvent } from "../../viz/model/describe.ts";
import type { MigrationTimeline } from "../../viz/model/migration-timeline.ts";
import { buildTimeline } from "../../viz/model/timeline.ts";
import { readTrace } from "../../viz/model/trace-reader.ts";
import { verdict } from "../../viz/model/verdict.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";

const fixture = fixtureTrace();

function migrationOf(changes: Partial<MigrationTimeline> = {}): MigrationTimeline {
  const reading = readTrace(fixture.text);
  if (!reading.ok) throw new Error(reading.problem);
  return { ...(buildTimeline(reading.trace).look(0) as MigrationTimeline), ...changes };
}

describe("the verdict", () => {
  it("gives total, downtime and what clients noticed", () => {
    expect(verdict(migrationOf())).toMatchObject({
      good: true,
      text: "web01 moved from HV01 to HV02 in 21.6 s. The guest stood still for 302 ms; its clients had no answer for 500 ms.",
    });
  });

  it("knows where its numbers stand, and what each of them means", () => {
    const { text, numbers } = verdict(migrationOf());
    expect(numbers.map((number) => [number.text, number.term])).toEqual([
      ["21.6 s", "total"],
      ["302 ms", "blackout"],
      ["500 ms", "outage"],
    ]);
    for (const number of numbers) expect(text.slice(number.start)).toMatch(new RegExp(`^${number.text}`));
    expect(verdict(migrationOf({ vm: "302 ms" })).numbers.map((number) => number.text)).toHaveLength(3);
  });

  it("gives the same from the events alone, where the result is missing", () => {
    expect(verdict(migrationOf({ result: null })).text).toContain(
      "stood still for 302 ms; its clients had no answer for 500 ms",
    );
  });

  it("says that no client lost an answer, and leaves clients out where there are none", () => {
    const result = migrationOf().result;
    if (result === null) throw new Error("the fixture has a result");
    expect(verdict(migrationOf({ result: { ...result, clientOutageSeconds: 0 } })).text).toContain(
      "no client lost an answer",
    );
    expect(verdict(migrationOf({ result: { ...result, clientOutageSeconds: null } })).text).toMatch(/302 ms\.$/);
  });

  it.each([
    ["failed", "The migration of web01 failed. The link broke."],
    ["cancelled", "The migration of web01 was cancelled. The link broke."],
    ["not-converged", "web01 did not move: pre-copy did not converge. The link broke."],
    ["lost", "web01 was lost on its way. The link broke."],
  ] as const)("of a migration that %s is bad news with its reason", (outcome, text) => {
    const told = verdict(migrationOf({ outcome, reason: "the link broke" }));
    expect(told.good).toBe(false);
    expect(told.text).toContain(text);
  });

  it("does not pretend to know what a cut trace does not hold", () => {
    expect(verdict(migrationOf({ outcome: null }))).toMatchObject({
      good: false,
      text: expect.stringContaining("when the trace ended"),
    });
  });
});

describe("an event's sentence", () => {
  it("names machines, counts and units", () => {
    const sentences = fixture.events.map(describeEvent);
    expect(sentences).toContain("web01 is asked to move from HV01 to HV02 (live, hyper-v-2008r2)");
    expect(sentences).toContain("Round 1 starts: 524,288 pages wait");
    expect(sentences).toContain("Done handing over storage, in 118 ms");
    expect(sentences).toContain("desk01 has answers again after 500 ms, 1 lost");
  });

  it("is there for every event, and no two different ones of a moment share it", () => {
    for (const event of fixture.events) {
      expect(describeEvent(event)).not.toContain("undefined");
      expect(describeEvent(event)).not.toBe(event.type);
    }
    const told = fixture.events.map((event) => `${event.t} ${describeEvent(event)}`);
    expect(new Set(told).size).toBe(told.length);
  });

  it("of a type from a later version is the type", () => {
    expect(describeEvent({ t: 1, type: "vm.sang" } as never)).toBe("vm.sang");
  });
});
