/** What can be observed of drains, maintenance, balancing and consolidation. */

/** How a drain ended; `not-finished` where the run ended before it. */
export type DrainOutcome = "completed" | "incomplete" | "not-finished";

export type OrchestrationEventBody =
  /** A node is to be emptied. `drain` is the drain's index in the result's `drains`. */
  | { type: "drain.started"; drain: number; node: string; machines: number }
  | {
      type: "drain.ended";
      drain: number;
      node: string;
      /** `incomplete`: machines are left on the node. */
      outcome: DrainOutcome;
      moved: number;
      failed: number;
      /** Since its start. */
      seconds: number;
      /** Why it could not go on; absent where every machine had its turn. */
      reason?: string;
    }
  /**
   * A host is out of balance for long enough, and a tip says so; it is carried out at that time. Shares are of its logical
   * processors that are asked for, and of its memory. `balance` is the index in the result's `balances`.
   */
  | {
      type: "balance.tipRaised";
      balance: number;
      node: string;
      processorShare: number;
      memoryShare: number;
      carriedOutSeconds: number;
    }
  /** Hosts were looked at; `deviation` is the standard deviation of how near they are to their limits, before any move. */
  | { type: "balance.looked"; balance: number; moves: number; deviation: number }
  /** A machine is to move. How near its hosts are to their limits, 1 being at them, before and after. */
  | {
      type: "balance.moveChosen";
      balance: number;
      vm: string;
      from: string;
      to: string;
      fromBefore: number;
      fromAfter: number;
      toAfter: number;
    }
  /** An empty host has shut down. */
  | { type: "node.poweredOff"; node: string }
  /** It is switched on, and boots for so long. */
  | { type: "node.poweredOn"; node: string; bootSeconds: number }
  /** It takes machines again. */
  | { type: "node.booted"; node: string }
  /** Empty, the node is taken for maintenance. */
  | { type: "node.maintenanceStarted"; node: string }
  /** The node takes machines again. */
  | { type: "node.maintenanceEnded"; node: string };
