/** The events of a trace as a list that need not hold them: a million lines are read when they are looked at. */
import type { TraceEvent } from "../simulator.ts";
import { countUpTo } from "./bisect.ts";

export interface EventList extends Iterable<TraceEvent> {
  readonly length: number;
  timeAt(index: number): number;
  typeAt(index: number): string;
  /** The event whole. */
  at(index: number): TraceEvent;
  /** The text of a field that holds a name or a number, without reading the event; null where there is none. */
  fieldAt(index: number, name: string): string | null;
}

/** Events that are there as objects: a run of the page itself. */
export function listOf(events: readonly TraceEvent[]): EventList {
  const at = (index: number): TraceEvent => events[index] as TraceEvent;
  return {
    length: events.length,
    timeAt: (index) => at(index).t,
    typeAt: (index) => at(index).type,
    at,
    fieldAt(index, name) {
      const value: unknown = (at(index) as unknown as Record<string, unknown>)[name];
      return typeof value === "string" || typeof value === "number" ? String(value) : null;
    },
    [Symbol.iterator]: () => events[Symbol.iterator](),
  };
}

/** How many events there are up to t, those at t included. */
export function eventsUpTo(events: EventList, t: number): number {
  return countUpTo(events.length, t, (index) => events.timeAt(index));
}
