import { array, assert, constantFrom, integer, oneof, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "../../sim/kernel/event-queue.ts";

const nobody = { onEvent: () => {} };

interface Listed {
  readonly time: number;
  readonly priority: number;
  readonly code: number;
  readonly ticket: number;
}

/** What the queue is held against: a list, sorted whole each time. Codes count up, so they are the sequence. */
class SortedList {
  events: Listed[] = [];

  take(): Listed | undefined {
    this.events.sort((a, b) => a.time - b.time || a.priority - b.priority || a.code - b.code);
    return this.events.shift();
  }
}

const operations = array(
  oneof(
    record({
      kind: constantFrom("add" as const),
      // Few values, so that times and priorities often tie.
      time: oneof(integer({ min: 0, max: 6 }), constantFrom(0.5, 1 + 2 ** -52, 1e300)),
      priority: integer({ min: -2, max: 2 }),
    }),
    record({ kind: constantFrom("take" as const) }),
    record({ kind: constantFrom("cancel" as const), which: integer({ min: 0, max: 400 }) }),
  ),
  { maxLength: 400 },
);

describe("EventQueue", () => {
  it("behaves as a sorted list, whatever is added, taken and cancelled", () => {
    assert(
      property(operations, (steps) => {
        const queue = new EventQueue();
        const list = new SortedList();
        const tickets: number[] = [];
        const takeBoth = () => {
          const expected = list.take();
          expect(queue.firstTime).toBe(expected?.time ?? Number.POSITIVE_INFINITY);
          if (expected === undefined) return;
          queue.take();
          expect([queue.takenTime, queue.takenCode]).toEqual([expected.time, expected.code]);
        };
        for (const step of steps) {
          if (step.kind === "add") {
            const code = tickets.length;
            const ticket = queue.add(step.time, step.priority, nobody, code);
            expect(tickets).not.toContain(ticket);
            tickets.push(ticket);
            list.events.push({ time: step.time, priority: step.priority, code, ticket });
          } else if (step.kind === "take") {
            takeBoth();
          } else if (tickets.length > 0) {
            // Any ticket ever given: pending, run or cancelled.
            const ticket = tickets[step.which % tickets.length];
            const wasPending = list.events.some((event) => event.ticket === ticket);
            expect(queue.isPending(ticket)).toBe(wasPending);
            expect(queue.cancel(ticket)).toBe(wasPending);
            list.events = list.events.filter((event) => event.ticket !== ticket);
          }
          expect(queue.size).toBe(list.events.length);
        }
        while (list.events.length > 0) takeBoth();
        expect(queue.size).toBe(0);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("keeps the order of thousands", () => {
    const queue = new EventQueue();
    let state = 1;
    const times: number[] = [];
    for (let i = 0; i < 5000; i += 1) {
      state = (state * 48271) % 2147483647;
      times.push(state % 1000);
      queue.add(state % 1000, 0, nobody, i);
    }
    const expected = times.map((time, code) => ({ time, code })).sort((a, b) => a.time - b.time || a.code - b.code);
    const taken: { time: number; code: number }[] = [];
    while (queue.size > 0) {
      queue.take();
      taken.push({ time: queue.takenTime, code: queue.takenCode });
    }
    expect(taken).toEqual(expected);
  });

  it("knows a ticket that no queue has given as not pending", () => {
    const queue = new EventQueue();
    const ticket = queue.add(1, 0, nobody, 0);
    for (const stranger of [-1, NaN, 12345, 0.5, ticket + 2 ** 25]) expect(queue.cancel(stranger)).toBe(false);
    expect(queue.size).toBe(1);
  });

  it("lets go of a handler whose event has left", () => {
    const queue = new EventQueue();
    const ticket = queue.add(1, 0, nobody, 0);
    queue.cancel(ticket);
    queue.add(2, 0, { onEvent: () => {} }, 0);
    queue.take();
    expect(queue.takenHandler).not.toBe(nobody);
  });
});
