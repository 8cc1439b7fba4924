import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MigrationTimeline } from "../../viz/model/migration-timeline.ts";
import { stateAt } from "../../viz/model/state-at.ts";
import { buildTimeline, type Timeline } from "../../viz/model/timeline.ts";
import { readTrace } from "../../viz/model/trace-reader.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

function load(text = fixtureTrace().text): { timeline: Timeline; migration: MigrationTimeline } {
  const reading = readTrace(text);
  if (!reading.ok) throw new Error(reading.problem);
  const timeline = buildTimeline(reading.trace);
  return { timeline, migration: timeline.look(0) as MigrationTimeline };
}

describe("a timeline", () => {
  const { timeline, migration } = load();
  const fixture = fixtureTrace();

  it("has at both ends of every round the trace's own counts", () => {
    for (const round of migration.rounds) {
      const start = stateAt(timeline, migration, round.startSeconds);
      expect(start.round?.round).toBe(round.round);
      expect(start.dirtyPages).toBe(round.pendingPages);
      const nearEnd = stateAt(timeline, migration, round.endSeconds - (round.endSeconds - round.startSeconds) * 1e-9);
      expect(nearEnd.pendingPages).toBeCloseTo(round.unsentPages, 1);
      expect(nearEnd.newlyDirtyPages).toBeCloseTo(round.newlyDirtyPages, 1);
    }
  });

  it("never lets newly dirty pages shrink within a round, nor sent bytes at all", () => {
    const times = Array.from({ length: 4000 }, (_, k) => (timeline.endSeconds * k) / 4000);
    let before = stateAt(timeline, migration, 0);
    for (const t of times) {
      const now = stateAt(timeline, migration, t);
      expect(now.transferredBytes).toBeGreaterThanOrEqual(before.transferredBytes);
      if (now.round === before.round) expect(now.newlyDirtyPages).toBeGreaterThanOrEqual(before.newlyDirtyPages);
      before = now;
    }
  });

  it("never counts more dirty pages than there is memory", () => {
    for (let k = 0; k <= 4000; k += 1) {
      const { dirtyPages } = stateAt(timeline, migration, (timeline.endSeconds * k) / 4000);
      expect(dirtyPages).toBeLessThanOrEqual(migration.memoryPages);
    }
  });

  it("ends with the result's blackout, outage and bytes", () => {
    const end = stateAt(timeline, migration, timeline.endSeconds);
    const result = fixture.result.migrations[0];
    expect(end.blackoutSeconds).toBeCloseTo(result?.downtimeSeconds as number, 9);
    expect(end.clientOutageSeconds).toBeCloseTo(result?.clientOutageSeconds as number, 9);
    expect(end.lostPings).toBe(result?.clients[0]?.lost);
    expect(end.transferredBytes).toBe(result?.transferredBytes);
    expect(end).toMatchObject({ phase: "ended", vmNode: "HV02", macNode: "HV02", dirtyPages: 0, stopped: false });
  });

  it("tells in the middle of the blackout what stands still, since when, and who notices", () => {
    const part = migration.parts.find((each) => each.part === "device-state");
    const t = ((part?.startSeconds as number) + (part?.endSeconds as number)) / 2;
    const state = stateAt(timeline, migration, t);
    expect(state).toMatchObject({
      phase: "blackout",
      stopped: true,
      part: "device-state",
      vmNode: "HV01",
      macNode: "HV01",
    });
    expect(state.blackoutSeconds).toBeCloseTo(t - (migration.blackouts[0]?.startSeconds as number), 9);
    expect(state.clientsWaiting).toEqual(["desk01"]);
  });

  it("gives the same state for a time however it is reached", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: timeline.endSeconds, noNaN: true }),
        fc.array(fc.double({ min: 0, max: timeline.endSeconds, noNaN: true }), { maxLength: 20 }),
        (t, detour) => {
          const straight = JSON.stringify(stateAt(load().timeline, load().migration, t));
          for (const other of detour) stateAt(timeline, migration, other);
          expect(JSON.stringify(stateAt(timeline, migration, t))).toBe(straight);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("shows a blackout's close-up that holds the whole blackout and the client's wait", () => {
    const blackout = migration.blackouts[0];
    const outage = migration.clients[0]?.outages[0];
    expect(migration.closeUp?.startSeconds).toBeLessThan(
      Math.min(blackout?.startSeconds as number, outage?.lastReplySeconds as number),
    );
    expect(migration.closeUp?.endSeconds).toBeGreaterThan(
      Math.max(blackout?.endSeconds as number, outage?.endSeconds as number),
    );
  });

  it("draws a cut trace up to where it was cut", () => {
    const lines = fixture.text.split("\n");
    const stop = lines.findIndex((line) => line.includes('"vm.stopped"'));
    const cut = load(lines.slice(0, stop + 3).join("\n"));
    const state = stateAt(cut.timeline, cut.migration, cut.timeline.endSeconds);
    expect(cut.migration.outcome).toBeNull();
    expect(state).toMatchObject({ phase: "blackout", stopped: true, vmNode: "HV01" });
    expect(state.blackoutSeconds).toBeGreaterThan(0);
  });

  it("keeps two moves of one guest apart", () => {
    const there = fixture.events;
    const shift = 100;
    const back = there.map((event) => {
      const moved = { ...event, t: event.t + shift, ...("migration" in event ? { migration: 1 } : {}) };
      return "lastReplySeconds" in moved ? { ...moved, lastReplySeconds: moved.lastReplySeconds + shift } : moved;
    });
    const text = [fixture.text.split("\n")[0], ...[...there, ...back].map((event) => JSON.stringify(event))].join("\n");
    const both = load(text).timeline;
    const first = both.look(0) as MigrationTimeline;
    expect(both.migrations).toHaveLength(2);
    expect(first.clients[0]?.outages).toHaveLength(1);
    expect(first.clients[0]?.allOutages).toHaveLength(2);
    expect(first.blackouts).toHaveLength(1);
    expect(stateAt(both, first, both.endSeconds).blackoutSeconds).toBeCloseTo(
      fixture.result.migrations[0]?.downtimeSeconds as number,
      9,
    );
  });
});
