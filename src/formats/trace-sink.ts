/** Where a run's events go while it runs. */
import type { RunResult, Scenario, TraceEvent } from "../../sim/index.ts";

/** What opens a trace: enough to make the run again. */
export interface TraceOpening {
  scenario: Scenario;
  seed: string;
  engineVersion: string;
  /** The name of a convergence rule of one's own; null or absent for the hypervisors' rules. */
  policy?: string | null;
}

export interface TraceSink {
  record(event: TraceEvent): void;
  /** The run is over, at `t` simulated seconds. */
  close(t: number, result: RunResult): void;
}

/** Writes text or bytes onwards; the caller decides where to. */
export type WriteText = (piece: string | Uint8Array) => void;

export type OpenTraceSink = (opening: TraceOpening, write: WriteText) => TraceSink;
