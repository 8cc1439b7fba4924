import type { EventHandler, Simulation } from "../../sim/kernel/simulation.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import type { Recorder } from "../../sim/trace/recorder.ts";

/** A recorder that keeps its events. */
export class KeepingRecorder implements Recorder {
  readonly recording = true;
  readonly events: TraceEvent[] = [];

  record(event: TraceEvent): void {
    this.events.push(event);
  }

  /** The events of one type, in order. */
  of<Type extends TraceEvent["type"]>(type: Type): Extract<TraceEvent, { type: Type }>[] {
    return this.events.filter((event) => event.type === type) as Extract<TraceEvent, { type: Type }>[];
  }
}

/** Calls `action` at a simulated time. */
export function at(simulation: Simulation, seconds: number, action: () => void): void {
  const handler: EventHandler = { onEvent: action };
  simulation.schedule(seconds, handler, 0);
}
