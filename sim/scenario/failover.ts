/** What a scenario says of nodes that fail and guests that hang, and of the cluster that restarts them. */
import type { Overrides } from "./scenario.ts";

export interface ScenarioFailover {
  preset: string;
  /** Over the preset's parameters. */
  overrides: Overrides;
}

/** A node loses its power: all that runs there is gone at once. */
export interface FailEntry {
  kind: "fail";
  atSeconds: number;
  node: string;
  /** What had passed since its last heartbeat; absent: drawn, up to the interval. */
  sinceHeartbeatSeconds?: number;
}

/** A failed node has its power again, and begins to boot. */
export interface RecoverEntry {
  kind: "recover";
  atSeconds: number;
  node: string;
}

/** A guest stops: it does nothing, and answers nobody. */
export interface HangEntry {
  kind: "hang";
  atSeconds: number;
  vm: string;
}

export type FailoverTimelineEntry = FailEntry | RecoverEntry | HangEntry;

export const FAILOVER_KINDS = ["fail", "recover", "hang"] as const satisfies FailoverTimelineEntry["kind"][];

export function isFailoverEntry(entry: { readonly kind: string }): entry is FailoverTimelineEntry {
  return (FAILOVER_KINDS as readonly string[]).includes(entry.kind);
}
