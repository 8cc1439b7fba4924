import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MigrationTimeline } from "../../viz/model/migration-timeline.ts";
import {
  advance,
  nextChapterTime,
  nextEventTime,
  previousChapterTime,
  previousEventTime,
  SPEEDS,
  slowMotionOf,
  speedLabel,
} from "../../viz/model/playback.ts";
import { buildTimeline } from "../../viz/model/timeline.ts";
import { readTrace } from "../../viz/model/trace-reader.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

const reading = readTrace(fixtureTrace().text);
if (!reading.ok) throw new Error(reading.problem);
const timeline = buildTimeline(reading.trace);
const migration = timeline.look(0) as MigrationTimeline;

describe("playback", () => {
  it("comes to the same place in one long frame as in many short ones, through slow motion", () => {
    const slow = slowMotionOf(migration);
    fc.assert(
      fc.property(fc.constantFrom(...SPEEDS), fc.integer({ min: 1, max: 400 }), (speed, frames) => {
        const start = (slow?.startSeconds as number) - 0.5;
        let t = start;
        for (let frame = 0; frame < frames; frame += 1) t = advance(t, 0.05, speed, slow);
        expect(t).toBeCloseTo(advance(start, 0.05 * frames, speed, slow), 6);
      }),
    );
  });

  it("gives the blackout's close-up several real seconds, at any speed", () => {
    const slow = slowMotionOf(migration);
    if (slow === null) throw new Error("no slow motion");
    for (const speed of SPEEDS) {
      expect(advance(slow.startSeconds, 5, speed, slow)).toBeLessThanOrEqual(slow.endSeconds);
    }
  });

  it("steps forward over every moment at which something happened, and back over the same", () => {
    const forward: number[] = [];
    for (let t = nextEventTime(timeline, 0); t < timeline.endSeconds; t = nextEventTime(timeline, t)) forward.push(t);
    expect(forward).toEqual([...timeline.eventTimes]);
    const back: number[] = [];
    for (let t = previousEventTime(timeline, timeline.endSeconds); t > 0; t = previousEventTime(timeline, t))
      back.unshift(t);
    expect(back).toEqual(forward);
  });

  it("steps by round through the starts of all rounds and into the blackout", () => {
    const stops: number[] = [];
    let t = 0;
    while (t < timeline.endSeconds) {
      t = nextChapterTime(timeline, migration, t);
      stops.push(t);
    }
    for (const round of migration.rounds) expect(stops).toContain(round.startSeconds);
    expect(stops).toContain(migration.blackouts[0]?.startSeconds);
    expect(previousChapterTime(timeline, migration, stops[3] as number)).toBe(stops[2]);
  });

  it("labels speeds as ratios of real time, from a thousandth to tenfold", () => {
    expect(SPEEDS.map(speedLabel).at(0)).toBe("1/1000× real time");
    expect(SPEEDS.map(speedLabel).at(-1)).toBe("10× real time");
    expect(speedLabel(1 / 20)).toBe("1/20× real time");
  });
});
