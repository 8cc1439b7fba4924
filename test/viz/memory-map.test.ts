import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryMap, shareOut } from "../../viz/model/memory-map.ts";
import type { MigrationTimeline } from "../../viz/model/migration-timeline.ts";
import { stateAt } from "../../viz/model/state-at.ts";
import { buildTimeline } from "../../viz/model/timeline.ts";
import { readTrace } from "../../viz/model/trace-reader.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

const reading = readTrace(fixtureTrace().text);
if (!reading.ok) throw new Error(reading.problem);
const timeline = buildTimeline(reading.trace);
const migration = timeline.look(0) as MigrationTimeline;
const sum = (pages: Float64Array): number => pages.reduce((all, each) => all + each, 0);

describe("pages shared out to groups", () => {
  it("are as many as there are, never more than a group has room for, and whole", () => {
    const group = fc.record({ weight: fc.constantFrom(0, 0.001, 1, 50), room: fc.integer({ min: 0, max: 64 }) });
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 40 }), fc.nat(2000), (groups, count) => {
        const room = Float64Array.from(groups, (each) => each.room);
        const pages = shareOut(
          Float64Array.from(groups, (each) => each.weight),
          room,
          count,
        );
        expect(sum(pages)).toBe(Math.min(count, sum(room)));
        for (const [k, each] of pages.entries()) {
          expect(Number.isInteger(each)).toBe(true);
          expect(each).toBeGreaterThanOrEqual(0);
          expect(each).toBeLessThanOrEqual(room[k] as number);
        }
      }),
    );
  });
});

describe("a map of memory", () => {
  it("has in all groups together the counts of the trace, at any time and in any order", () => {
    const map = new MemoryMap(migration);
    const { startSeconds, endSeconds } = timeline;
    fc.assert(
      fc.property(fc.double({ min: startSeconds, max: endSeconds, noNaN: true }), (t) => {
        const state = stateAt(timeline, migration, t);
        expect(sum(map.waiting(state))).toBeCloseTo(state.pendingPages, 3);
        expect(sum(map.dirtied(state))).toBe(Math.round(state.newlyDirtyPages));
        // A map that came from elsewhere shows the same.
        expect(new MemoryMap(migration).kinds(state)).toEqual(map.kinds(state));
      }),
      { numRuns: 60 },
    );
  });

  it("dirties where the page classes lie, and knows the hot ones", () => {
    const map = new MemoryMap(migration);
    const round = migration.rounds[1];
    if (round === undefined) throw new Error("the fixture has rounds");
    const state = stateAt(timeline, migration, round.endSeconds - 1e-9);
    const classes = 40_900 / map.pagesAGroup;
    expect(
      map
        .dirtied(state)
        .slice(Math.ceil(classes))
        .every((pages) => pages === 0),
    ).toBe(true);
    expect(map.kinds(state)[0]).toBe("hot");
    expect(map.kinds(state).at(-1)).toBe("clean");
  });
});
