import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../sim/index.ts";
import { Conditions } from "../../viz/model/conditions.ts";
import { listOf } from "../../viz/model/event-list.ts";
import { frameFields } from "../../viz/model/frame-fields.ts";
import { loadAt, migrationLoad } from "../../viz/model/migration-load.ts";
import type { MigrationSummary } from "../../viz/model/migrations.ts";
import { runVerdict } from "../../viz/model/run-verdict.ts";
import { TERMS } from "../../viz/model/terms.ts";
import { TraceIndex } from "../../viz/model/trace-index.ts";
import { fitInto, lengthOf, pageOf, panned, stretched, zoomed } from "../../viz/model/zoom.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

const indexOf = (events: unknown[]): TraceIndex => new TraceIndex(listOf(events as TraceEvent[]));

describe("conditions", () => {
  it("last from one event to the other, each subject for itself, to the end where nothing ends them", () => {
    const index = indexOf([
      { t: 1, type: "csv.redirected", volume: "V", node: "A", coordinator: "B", reason: "path-lost" },
      { t: 2, type: "csv.redirected", volume: "V", node: "C", coordinator: "B", reason: "path-lost" },
      { t: 3, type: "node.failed", node: "A", machines: 2 },
      { t: 4, type: "csv.directAgain", volume: "V", node: "A" },
      { t: 5, type: "link.cut", network: "N", node: null },
      { t: 6, type: "link.restored", network: "N", node: null },
    ]);
    const told = new Conditions(index)
      .until(9)
      .map((each) => [each.subject, each.kind, each.startSeconds, each.endSeconds]);
    expect(told).toEqual([
      ["V on A", "redirected", 1, 4],
      ["V on C", "redirected", 2, 9],
      ["A", "failed", 3, 9],
      ["N", "cut", 5, 6],
    ]);
  });
});

describe("machines of a host that failed", () => {
  const index = indexOf([
    { t: 1, type: "vm.stopped", vm: "moved", node: "A" },
    { t: 2, type: "vm.started", vm: "moved", node: "B" },
    { t: 10, type: "node.failed", node: "A", machines: 2 },
    { t: 10, type: "vm.stopped", vm: "back", node: "A" },
    { t: 10, type: "vm.stopped", vm: "never", node: "A" },
    { t: 15, type: "vm.restartQueued", vm: "back", from: "A", to: "B", priority: 2000, reason: "" },
    { t: 15, type: "vm.notRestarted", vm: "never", reason: "" },
    { t: 20, type: "vm.restartQueued", vm: "never", from: "A", to: "B", priority: 2000, reason: "" },
    { t: 40, type: "vm.booted", vm: "back", node: "B", downSeconds: 30 },
    { t: 50, type: "node.recovered", node: "A" },
  ]);
  const conditions = new Conditions(index).until(60);

  it("are down from when they stopped, not from when the cluster knew; what was moved was not down", () => {
    const told = conditions.map((each) => [each.subject, each.kind, each.startSeconds, each.endSeconds]);
    expect(told).toEqual([
      ["A", "failed", 10, 50],
      ["back", "down", 10, 40],
      ["never", "down", 10, 60],
    ]);
  });

  it("are what the verdict on a run without a migration counts", () => {
    const { good, text, numbers } = runVerdict({ conditions, endSeconds: 60 });
    expect(numbers.map((number) => text.slice(number.start, number.start + number.text.length))).toEqual([
      "2 machines",
      "1",
      "30.0 s",
    ]);
    expect(good).toBe(false);
    expect(text).toBe(
      "Nothing migrates in this run. A failed. 2 machines were down; 1 came back, the last after 30.0 s.",
    );
    const back = conditions.filter((each) => each.subject === "back");
    expect(runVerdict({ conditions: back, endSeconds: 60 }).good).toBe(true);
    expect(runVerdict({ conditions: [], endSeconds: 60 })).toEqual({
      good: true,
      text: "Nothing migrates in this run.",
      numbers: [],
    });
  });
});

describe("the load of migrations", () => {
  it("counts each once: it waits, is under way, is over", () => {
    const migration = fc
      .tuple(fc.nat(50), fc.option(fc.nat(50)), fc.option(fc.nat(50)))
      .map(([requested, wait, length]) => ({
        requestedSeconds: requested,
        startSeconds: wait === null ? null : requested + wait,
        endSeconds: length === null ? null : requested + (wait ?? 0) + length,
      }));
    fc.assert(
      fc.property(fc.array(migration, { maxLength: 20 }), fc.nat(160), (list, t) => {
        const load = loadAt(migrationLoad(list as MigrationSummary[]), t);
        const by = (time: number | null): boolean => time !== null && time <= t;
        const done = list.filter((each) => by(each.endSeconds)).length;
        const begun = list.filter((each) => by(each.startSeconds) && !by(each.endSeconds)).length;
        expect(load).toMatchObject({ done, underWay: begun });
        expect(load.waiting).toBe(list.filter((each) => by(each.requestedSeconds)).length - done - begun);
      }),
    );
  });
});

describe("the stretch that is shown while it plays", () => {
  const whole = { startSeconds: 0, endSeconds: 100 };
  const time = fc.double({ min: 0, max: 100, noNaN: true });

  it("lies in the run and holds the moment, whatever was chosen", () => {
    fc.assert(
      fc.property(time, fc.double({ min: 0.001, max: 60, noNaN: true }), time, (start, length, t) => {
        const chosen = fitInto({ startSeconds: start, endSeconds: start + length }, whole);
        const shown = pageOf(whole, chosen, t) ?? whole;
        expect(shown.startSeconds).toBeGreaterThanOrEqual(0);
        expect(shown.endSeconds).toBeLessThanOrEqual(100 + 1e-9);
        expect(t).toBeGreaterThanOrEqual(shown.startSeconds - 1e-9);
        expect(t).toBeLessThanOrEqual(shown.endSeconds + 1e-9);
      }),
    );
  });

  it("keeps what is pointed at where it is, and becomes all of the run when it is as long", () => {
    const inner = zoomed(whole, whole, 0.5, 30);
    expect(inner).toEqual({ startSeconds: 15, endSeconds: 65 });
    expect(zoomed(inner ?? whole, whole, 4, 30)).toBeNull();
    const moved = panned(inner ?? whole, whole, 10) ?? whole;
    expect(moved.endSeconds).toBe(100);
    expect(lengthOf(moved)).toBe(50);
  });

  it("keeps under two fingers what was under them", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, (a, b, toA, toB) => {
        const span = { startSeconds: 40, endSeconds: 60 };
        const pin = (from: number, to: number) => ({ seconds: span.startSeconds + from * 20, share: to });
        const [one, other] = [pin(a, toA), pin(b, toB)];
        const shown = stretched(one, other, whole);
        if (shown === undefined || shown === null) return;
        expect(shown.startSeconds).toBeGreaterThanOrEqual(0);
        expect(shown.endSeconds).toBeLessThanOrEqual(100 + 1e-9);
        // At the ends of the run there is nothing more to show.
        if (shown.startSeconds < 1e-9 || shown.endSeconds > 100 - 1e-9 || lengthOf(shown) < 1e-6) return;
        for (const { seconds, share: at } of [one, other]) {
          expect(shown.startSeconds + at * lengthOf(shown)).toBeCloseTo(seconds, 6);
        }
      }),
    );
    expect(stretched({ seconds: 1, share: 0.5 }, { seconds: 2, share: 0.5 }, whole)).toBeUndefined();
    expect(stretched({ seconds: 1, share: 0.6 }, { seconds: 2, share: 0.4 }, whole)).toBeUndefined();
  });
});

describe("what the page explains", () => {
  it("leads to headings that the documentation has", () => {
    for (const term of Object.values(TERMS)) {
      const file = fileURLToPath(new URL(`../../${term.page}`, import.meta.url));
      expect(existsSync(file), term.page).toBe(true);
      const headings = readFileSync(file, "utf8").match(/^#+ .*$/gm) ?? [];
      expect(
        headings.map((each) => each.replace(/^#+ /, "")),
        term.name,
      ).toContain(term.heading);
    }
  });

  it("opens frames to the fields that are on the wire, and says what it can of a damaged one", () => {
    const event = fixtureTrace().events.find((each) => each.type === "arp.sent");
    if (event?.type !== "arp.sent") throw new Error("the fixture announces");
    const fields = new Map(frameFields(event));
    expect(fields.get("type")).toBe("0x0806 (ARP)");
    expect(fields.get("destination")).toBe("ff:ff:ff:ff:ff:ff");
    expect(fields.get("bytes")).toMatch(/^ff ff ff ff ff ff 00 15 5d 00 01 0a 08 06/);
    expect(new Map(frameFields({ ...event, frame: "rarp", ip: null })).get("operation")).toBe("3 (reverse request)");
    expect(new Map(frameFields({ ...event, mac: "<b>" })).get("address")).toBe("<b>");
  });
});
