import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceEvent } from "../../sim/index.ts";
import { type EventList, eventsUpTo, listOf } from "../../viz/model/event-list.ts";
import { LineReader } from "../../viz/model/line-reader.ts";
import { TraceIndex } from "../../viz/model/trace-index.ts";
import "../support/fixed-seed.ts";

const name = fc.oneof(fc.constantFrom("web01", "db07"), fc.string());
const event: fc.Arbitrary<TraceEvent> = fc
  .record({
    gap: fc.constantFrom(0, 0, 0.1, 1, 1e-9),
    made: fc.oneof(
      fc.record({ type: fc.constant("vm.stopped"), vm: name, node: name }),
      fc.record({ type: fc.constant("migration.queued"), migration: fc.nat(5), reason: name }),
      fc.record({ type: fc.constant("link.flowEnded"), network: name, flow: fc.nat(9), bytes: fc.nat() }),
      fc.record({ type: fc.constant("drain.started"), drain: fc.nat(3), node: name, machines: fc.nat() }),
      fc.record({ type: fc.constant("moon.rose"), vm: name, over: name }),
    ),
  })
  .map(({ gap, made }) => ({ t: gap, ...made }) as unknown as TraceEvent);

/** Events at ascending times. */
const events = fc.array(event, { maxLength: 40 }).map((list) => {
  let t = 0;
  return list.map((each) => {
    t += each.t;
    return { ...each, t };
  });
});

function linesOf(list: readonly TraceEvent[]): EventList {
  const reader = new LineReader(1);
  expect(reader.read(list.map((each) => `${JSON.stringify(each)}\n`).join(""), 0)).toBe(null);
  return reader.events;
}

describe("events found in a text", () => {
  it("are those that parsing every line gives, whatever the names are", () => {
    fc.assert(
      fc.property(events, (list) => {
        const found = linesOf(list);
        expect([...found]).toEqual(list);
        const objects = listOf(list);
        for (let index = 0; index < list.length; index += 1) {
          expect(found.timeAt(index)).toBe(objects.timeAt(index));
          expect(found.typeAt(index)).toBe(objects.typeAt(index));
          for (const field of ["vm", "migration", "network", "node", "bytes", "reason", "absent"]) {
            expect(found.fieldAt(index, field)).toBe(objects.fieldAt(index, field));
          }
        }
      }),
    );
  });

  it("are grouped by what they name, each group in the trace's order", () => {
    fc.assert(
      fc.property(events, (list) => {
        const index = new TraceIndex(linesOf(list));
        for (let migration = 0; migration < 7; migration += 1) {
          const own = list.filter((each) => "migration" in each && each.migration === migration);
          expect(index.read(index.ofMigration(migration))).toEqual(own);
        }
        const vms = new Set(list.flatMap((each) => ("vm" in each ? [each.vm] : [])));
        for (const vm of vms) {
          expect(index.read(index.ofMachine(vm))).toEqual(list.filter((each) => "vm" in each && each.vm === vm));
        }
        const others = list.filter((each) => each.type === "drain.started" || (each.type as string) === "moon.rose");
        expect(index.read(index.cluster)).toEqual(others);
      }),
    );
  });

  it("are counted up to a time, those at the time included", () => {
    fc.assert(
      fc.property(events, fc.double({ min: -1, max: 50, noNaN: true }), (list, t) => {
        expect(eventsUpTo(linesOf(list), t)).toBe(list.filter((each) => each.t <= t).length);
      }),
    );
  });

  it("that begin as lines of a trace and are broken behind that are passed over, not thrown", () => {
    const reader = new LineReader(1);
    expect(reader.read('{"t":1,"type":"vm.stopped","vm":}\n', 0)).toBe(null);
    expect(reader.events.at(0)).toEqual({
      t: 1,
      type: "event.unreadable",
      problem: "it is not a JSON object",
    });
  });
});
