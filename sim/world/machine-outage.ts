/** One time that a machine is down without being migrated, from its guest's stop until it answers again. */
import type { ClusterNode } from "../cluster/node.ts";
import type { FailedMachineResult, FailureCause } from "../trace/failover-result.ts";
import type { Guest } from "./world.ts";

export class MachineOutage {
  readonly guest: Guest;
  readonly cause: FailureCause;
  /** Where it was. */
  readonly node: string;
  readonly downSeconds: number;
  /** Its state is on disk: it is restored, not booted. */
  readonly hasSavedState: boolean;
  /** The dead node whose loss the cluster has to notice first; null where there is none. */
  awaits: ClusterNode | null;
  noticedSeconds: number | null = null;
  restartSeconds: number | null = null;
  runningSeconds: number | null = null;
  /** The node that it starts on; null while it has none. */
  to: string | null = null;
  /** Nobody starts it any more. */
  isGivenUp = false;
  /** Why it runs again or does not, a sentence. */
  reason: string;

  constructor(
    guest: Guest,
    cause: FailureCause,
    reason: string,
    nowSeconds: number,
    options: { readonly awaits?: ClusterNode; readonly hasSavedState?: boolean } = {},
  ) {
    const { machine } = guest;
    this.guest = guest;
    this.cause = cause;
    this.reason = reason;
    this.node = machine.node.name;
    this.downSeconds = machine.working ? nowSeconds : machine.stoppedSeconds;
    this.awaits = options.awaits ?? null;
    this.hasSavedState = options.hasSavedState ?? false;
  }

  get isOver(): boolean {
    return this.runningSeconds !== null;
  }

  /** It is not started as was meant. */
  loseTurn(): void {
    this.restartSeconds = null;
    this.to = null;
  }

  result(endSeconds: number): FailedMachineResult {
    const { guest, cause, node, downSeconds, noticedSeconds, restartSeconds, runningSeconds, to, isGivenUp } = this;
    const clients = guest.clients.map((client) =>
      client.resultOf(downSeconds, runningSeconds ?? endSeconds, endSeconds),
    );
    const isUnderWay = restartSeconds !== null || (to !== null && !isGivenUp);
    return {
      vm: guest.machine.name,
      cause,
      node,
      downSeconds,
      noticedSeconds,
      restartSeconds,
      runningSeconds,
      to,
      outcome: this.isOver ? "restarted" : isUnderWay ? "not-finished" : "not-restarted",
      reason: this.reason,
      clientOutageSeconds:
        clients.length === 0 ? null : clients.reduce((worst, { outageSeconds }) => Math.max(worst, outageSeconds), 0),
      clients,
    };
  }
}
