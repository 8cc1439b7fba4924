/** What can be observed of a migration. `migration` is its index in the result's `migrations`. */

/** How a migration moves its virtual machine. */
export type MigrationMode = "live" | "quick" | "post-copy";

/** How a migration ended. */
export type MigrationOutcome = "completed" | "failed" | "cancelled" | "not-converged" | "lost";

/** The parts of a blackout, in the order in which they happen. Their seconds add up to the downtime. */
export type BlackoutPart =
  | "stop"
  /** The guest was stopped for the rest of pre-copy. */
  | "paused"
  /** It waits to be told to go on. */
  | "pre-switchover"
  | "final-copy"
  /** Post-copy: the target is told which pages to throw away. */
  | "discard"
  | "device-state"
  /** Quick migration: the machines' states are written to disk. */
  | "save-state"
  /** The group's resources go offline. */
  | "offline"
  | "storage-handover"
  /** The group's resources come online. */
  | "online"
  | "restore-state"
  | "resume"
  | "announce";

export type MigrationEventBody =
  | {
      type: "migration.requested";
      migration: number;
      vm: string;
      from: string;
      to: string;
      mode: MigrationMode;
      profile: string;
    }
  | { type: "migration.queued"; migration: number; reason: string }
  /** It waits still, and goes to another node than was asked for. */
  | { type: "migration.retargeted"; migration: number; to: string; reason: string }
  | { type: "migration.started"; migration: number; network: string; memoryPages: number; zeroPages: number }
  | {
      type: "migration.roundStarted";
      migration: number;
      round: number;
      /** Pages waiting to be sent as the round starts. */
      pendingPages: number;
      /** Of those, pages known to be zero. */
      zeroPages: number;
      /** The final copy, made while the guest stands still. */
      final: boolean;
    }
  | {
      type: "migration.roundEnded";
      migration: number;
      round: number;
      durationSeconds: number;
      /** Pages sent whole. */
      pagesSent: number;
      zeroPagesSent: number;
      bytesSent: number;
      /** Pages carried over: waiting before this round's bitmap was read. */
      unsentPages: number;
      /** Pages that the bitmap read at the end of the round added. */
      newlyDirtyPages: number;
      /** Pages waiting after that: unsent + newly dirty. */
      dirtyPagesAtEnd: number;
      /** Remaining bytes below which the profile would stop the guest now; null where it has no such rule. */
      thresholdBytes: number | null;
      /** Share of its processor time that the guest was denied, 0 to 1. */
      throttle: number;
      final: boolean;
    }
  | {
      type: "migration.limitsChanged";
      migration: number;
      /** The downtime limit from now on; null where it stays as it was. */
      downtimeLimitSeconds: number | null;
      /** The rate limit from now on, 0 for none; null where it stays as it was. */
      maxBandwidthBytesPerSecond: number | null;
      /** Who changed them: a manager's name, `policy` or `timeline`. */
      by: string;
    }
  /** Pages that waited in the round and were passed over because they were dirty again; a later round sends them. */
  | { type: "migration.pagesSkipped"; migration: number; round: number; pages: number }
  /** Its network is cut: nothing gets through from now on, and neither side knows. */
  | { type: "migration.stalled"; migration: number }
  /** Its connection goes on, with the nth retransmission. */
  | { type: "migration.wentOn"; migration: number; seconds: number; retransmissions: number }
  /** Its connection broke in post-copy: both sides wait to be connected anew, the guest for its pages. */
  | { type: "migration.postcopyPaused"; migration: number; reason: string }
  /** It goes on over a new connection, after so long without one. */
  | { type: "migration.postcopyRecovered"; migration: number; seconds: number }
  | { type: "migration.precopyEnded"; migration: number; rule: string; reason: string }
  /** The guest runs at the target; of its pages, so many are not there yet. */
  | { type: "migration.postcopyStarted"; migration: number; pagesLeft: number }
  | {
      type: "migration.postcopyEnded";
      migration: number;
      /** Since the guest ran at the target. */
      seconds: number;
      /** Pages that were sent after the guest had been stopped, and their bytes on the wire. */
      pages: number;
      bytes: number;
      /** How often the guest waited for a page, and how long in all. */
      faults: number;
      waitSeconds: number;
    }
  | { type: "migration.ended"; migration: number; outcome: MigrationOutcome; reason: string }
  | { type: "blackout.partStarted"; migration: number; part: BlackoutPart }
  | { type: "blackout.partEnded"; migration: number; part: BlackoutPart; seconds: number };
