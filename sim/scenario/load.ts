/** Load of processors in a normalised scenario: what evens it out over the hosts, and what packs machines on few at night. */
import type { Evacuation } from "./maintenance.ts";
import type { Overrides } from "./scenario.ts";

/** Machines are moved from busy hosts to others, from time to time. */
export interface BalanceEntry extends Evacuation {
  kind: "balance";
  method: { name: string; overrides: Overrides };
  /** Absent: to the end of the run. */
  untilSeconds?: number;
}

/** Machines are packed on fewer hosts, and the others are powered off until a time. */
export interface ConsolidateEntry extends Evacuation {
  kind: "consolidate";
  untilSeconds: number;
  /** Hosts that stay powered on at least. */
  keep: number;
  moveBack: boolean;
  /** Over the parameters of power. */
  power: Overrides;
}

export type LoadTimelineEntry = BalanceEntry | ConsolidateEntry;

/** Whether an entry of the timeline is about the load of hosts. */
export function isLoadEntry<Entry extends { readonly kind: string }>(
  entry: Entry,
): entry is Extract<Entry, { readonly kind: LoadTimelineEntry["kind"] }> {
  return entry.kind === "balance" || entry.kind === "consolidate";
}
