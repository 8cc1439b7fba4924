/** What drains, maintenance, balancing and consolidations came to. */
import type { DrainOutcome } from "./orchestration-events.ts";

/** A node emptied by live migration. */
export interface DrainResult {
  node: string;
  outcome: DrainOutcome;
  startSeconds: number;
  /** From then until the last of its migrations was over; null where the run ended before that. */
  makespanSeconds: number | null;
  /** On the node as it began, and those that came later. */
  machines: number;
  moved: number;
  failed: number;
  /** Of its migrations, over the network. */
  transferredBytes: number;
  /** That, as a share of what the node could have sent over the migration network in the makespan; null without one. */
  linkUtilisation: number | null;
  /** Its migrations' indices in `migrations`. */
  migrations: number[];
  /** Those that brought machines back; absent where they were not to come back. */
  movedBack?: number[];
  /** The node in maintenance; null where it did not come to that, or where it was not over within the run. */
  maintenanceStartSeconds: number | null;
  maintenanceEndSeconds: number | null;
  /** Why it could not go on, a sentence; absent where every machine had its turn. */
  reason?: string;
}

/** Maintenance of one node after the other. */
export interface MaintenanceResult {
  startSeconds: number;
  /** Until the last node was back; null where the run ended before that. */
  makespanSeconds: number | null;
  nodes: number;
  /** Nodes that had their maintenance. */
  done: number;
  /** Nodes that had none, since machines were left on them. */
  incomplete: number;
}

/** Load balancing while it was in force. */
export interface BalanceResult {
  method: string;
  startSeconds: number;
  /** Null where it went on to the end of the run. */
  untilSeconds: number | null;
  /** How often hosts were looked at with something out of balance. */
  looks: number;
  /** Of a method that gives tips. */
  tips?: number;
  moved: number;
  failed: number;
  /** Its migrations' indices in `migrations`. */
  migrations: number[];
  /** Logical processors times seconds that machines asked for beyond what their hosts have. */
  unmetProcessorSeconds: number;
  /** The same, had all machines stayed where they were as it began. */
  unmetUnmovedProcessorSeconds: number;
  /** Standard deviation of how near hosts are to their limits, 1 being at them. */
  deviationAtStart: number;
  deviationAtEnd: number;
}

/** A host in a consolidation. */
export interface ConsolidatedNodeResult {
  node: string;
  /** `powered-off`, or why not: it `kept` its machines, or was empty too late for its power to go off. */
  outcome: "powered-off" | "kept-machines" | "too-late";
  /** Null where it was not. */
  offSeconds: number | null;
}

/** Machines packed on fewer hosts, and what that saved. */
export interface ConsolidationResult {
  startSeconds: number;
  untilSeconds: number;
  /** Until the last machine was back; null where the run ended before that. */
  endSeconds: number | null;
  /** Those that were to be emptied. */
  nodes: ConsolidatedNodeResult[];
  /** Its migrations' indices in `migrations`, those that brought machines back included. */
  migrations: number[];
  moved: number;
  failed: number;
  /** Energy of all hosts had no machine moved and all stayed on, and as it was, from its start to its end. */
  baselineJoules: number;
  hostsJoules: number;
  /** What the migrations took beside that. */
  migrationsJoules: number;
  /** Baseline less both. */
  savedJoules: number;
  /** Logical processors times seconds asked for beyond what there is; and the same had no machine moved. */
  unmetProcessorSeconds: number;
  unmetUnmovedProcessorSeconds: number;
  /** Of the migrations: sum of the downtimes, and the worst client's outage (null where no machine has clients). */
  downtimeSeconds: number;
  worstClientOutageSeconds: number | null;
}
