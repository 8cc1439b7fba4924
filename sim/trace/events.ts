/**
 * What can be observed of a run: the vocabulary of the trace.
 *
 * Every event has a time `t` in simulated seconds and a `type` named `subject.verb`. Types and fields are added,
 * never changed or removed, within one `schemaVersion`.
 */

import type { BackupEventBody } from "./backup-events.ts";
import type { DiskEventBody } from "./disk-events.ts";
import type { FailoverEventBody } from "./failover-events.ts";
import type { MachineEventBody } from "./machine-events.ts";
import type { MigrationEventBody } from "./migration-events.ts";
import type { NetworkEventBody } from "./network-events.ts";
import type { OrchestrationEventBody } from "./orchestration-events.ts";
import type { StorageEventBody } from "./storage-events.ts";

/** Version of the trace, of the scenario and of the JSON results. Raised only when a reader of the old form would be misled. */
export const SCHEMA_VERSION = 1;

/** The events of a trace without their time. `migration` is the migration's index in the result's `migrations`. */
export type TraceEventBody =
  | BackupEventBody
  | DiskEventBody
  | MigrationEventBody
  | OrchestrationEventBody
  | FailoverEventBody
  | MachineEventBody
  | NetworkEventBody
  | StorageEventBody;

export type TraceEventType = TraceEventBody["type"];

/** One line of a trace between header and end: what happened, and when (`t`, simulated seconds). */
export type TraceEvent = { t: number } & TraceEventBody;

/** The first line of a trace: enough to run it again and get the same bytes. */
export interface TraceHeader {
  type: "header";
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  /** The normalised scenario (sim/scenario). */
  scenario: Readonly<Record<string, unknown>>;
  seed: string;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
}

/** The last line of a trace. A trace without it was cut. */
export interface TraceEnd {
  type: "end";
  t: number;
  result: import("./result.ts").RunResult;
}
