/** Evacuations in a normalised scenario: one node's drain, maintenance that goes round the cluster, and the end of a node's. */
import type { PlacementGoal } from "../orchestration/placement.ts";
import type { QueueOrder } from "../orchestration/queue-order.ts";
import type { MigrationMode } from "../trace/migration-events.ts";
import type { Overrides } from "./scenario.ts";

/** Migrations that may be under way at a time, beside what the hypervisor allows a node; what is absent is not limited. */
export interface EvacuationSlots {
  source?: number;
  target?: number;
  network?: number;
  cluster?: number;
}

/** How a node is emptied. */
export interface Evacuation {
  atSeconds: number;
  mode: MigrationMode;
  profile: string;
  /** Over the profile's parameters. */
  overrides: Overrides;
  /** What manages the hypervisor, with values over its parameters; absent where nothing does. */
  manager?: { name: string; overrides: Overrides };
  order: QueueOrder;
  slots: EvacuationSlots;
  /** So many are asked for at a time, the next once all of them are over; absent: the profile's batch, or all at once. */
  wave?: number;
  placement: PlacementGoal;
  /** The nodes that may receive; absent: all others. */
  targets?: string[];
}

/** A node is emptied and goes into maintenance. */
export interface DrainEntry extends Evacuation {
  kind: "drain";
  node: string;
  /** How long it is in maintenance once it is empty; absent: until it is resumed, or to the end. */
  durationSeconds?: number;
  /** Its machines come back afterwards. */
  moveBack: boolean;
}

/** Maintenance of one node after the other. */
export interface MaintenanceEntry extends Evacuation {
  kind: "maintenance";
  /** In this order; absent: all, in the scenario's order. */
  nodes?: string[];
  /** Nodes that are emptied or in maintenance at a time. */
  atOnce: number;
  durationSeconds: number;
  moveBack: boolean;
}

/** A node in maintenance takes machines again. */
export interface ResumeEntry {
  kind: "resume";
  atSeconds: number;
  node: string;
}

export type NodeEntryKind = "drain" | "maintenance" | "resume";
export type MaintenanceTimelineEntry = DrainEntry | MaintenanceEntry | ResumeEntry;

const NODE_ENTRY_KINDS: readonly string[] = ["drain", "maintenance", "resume"] satisfies NodeEntryKind[];

/** Whether an entry of the timeline is about nodes and their maintenance. */
export function isMaintenanceEntry<Entry extends { readonly kind: string }>(
  entry: Entry,
): entry is Extract<Entry, { readonly kind: NodeEntryKind }> {
  return NODE_ENTRY_KINDS.includes(entry.kind);
}
