/** Where events go. Producers ask `recording` first, so that a run without a trace builds no event at all. */
import type { TraceEvent } from "./events.ts";

export interface Recorder {
  /** False: do not even build the event. */
  readonly recording: boolean;
  record(event: TraceEvent): void;
}

/** Records nothing: the default. */
export const silentRecorder: Recorder = {
  recording: false,
  record() {},
};
