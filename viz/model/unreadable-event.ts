/** Lines that begin as events and turn out to be none: nothing that reads events knows them, and the list of events says why. */
import type { TraceEvent } from "../simulator.ts";

const UNREADABLE = "event.unreadable";

interface UnreadableEvent {
  t: number;
  type: typeof UNREADABLE;
  /** What is wrong with the line, as the rest of a sentence. */
  problem: string;
}

export function unreadable(t: number, problem: string): TraceEvent {
  const event: UnreadableEvent = { t, type: UNREADABLE, problem };
  return event as unknown as TraceEvent;
}

/** What is wrong with an event; null where nothing is. */
export function problemOf(event: TraceEvent): string | null {
  const { type, problem } = event as unknown as UnreadableEvent;
  return type === UNREADABLE ? problem : null;
}
