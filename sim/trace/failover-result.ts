/** What failed, and what became of it. */
import type { ClientResult } from "./migration-result.ts";

/** Why a machine was down. */
export type FailureCause = "node-failed" | "guest-hung" | "migration-lost" | "quorum-lost";

/** A node that failed. */
export interface FailedNodeResult {
  node: string;
  failedSeconds: number;
  /** When the cluster knew; null where there is none, or it did not within the run. */
  declaredDownSeconds: number | null;
  /** When it took machines again; null where it did not within the run. */
  recoveredSeconds: number | null;
}

/** One time that a machine was down without being migrated. */
export interface FailedMachineResult {
  vm: string;
  cause: FailureCause;
  /** Where it was. */
  node: string;
  /** When its guest stopped answering. */
  downSeconds: number;
  /** When the cluster knew; null where it did not. */
  noticedSeconds: number | null;
  /** When it was its turn to be started; null where it was not. */
  restartSeconds: number | null;
  /** When its guest answered again; null where it did not within the run. */
  runningSeconds: number | null;
  /** Where it was started; null where it was not. */
  to: string | null;
  outcome: "restarted" | "not-restarted" | "not-finished";
  /** Why it runs again, or does not: a sentence. */
  reason: string;
  /** The worst client's; null where it has no clients. */
  clientOutageSeconds: number | null;
  clients: ClientResult[];
}

/** What failed, and what became of it. */
export interface FailoverResult {
  preset: string;
  nodes: FailedNodeResult[];
  machines: FailedMachineResult[];
  /** Time without a quorum; absent where there was none. */
  withoutQuorumSeconds?: number;
}
