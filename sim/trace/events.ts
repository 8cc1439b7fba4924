/**
 * What can be observed of a run: the vocabulary of the trace.
 *
 * Every event has a time `t` in simulated seconds and a `type` named `subject.verb`. Types and fields are added,
 * never changed or removed, within one `schemaVersion`.
 */

import type { BackupEventBody } from "./backup-events.ts";
import type { DiskEventBody } from "./disk-events.ts";

/** Version of the trace, of the scenario and of the JSON results. Raised only when a reader of the old form would be misled. */
export const SCHEMA_VERSION = 1;

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

/** A flow over a network: what it carries. */
export type FlowKind = "migration";

/** An operation on a volume's name space, done by its coordinator node. */
export type MetadataOperation = "close-handle" | "open-handle";

/** How a drain ended; `not-finished` where the run ended before it. */
export type DrainOutcome = "completed" | "incomplete" | "not-finished";

/** Why a cluster shared volume has another coordinator. */
export type OwnerChangeReason = "timeline" | "path-lost" | "node-failed" | "backup" | "balancing";

/** The events of a trace without their time. `migration` is the migration's index in the result's `migrations`. */
export type TraceEventBody =
  | BackupEventBody
  | DiskEventBody
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
  | { type: "node.maintenanceEnded"; node: string }
  /** The node has lost its power, and with it so many machines. */
  | { type: "node.failed"; node: string; machines: number }
  | {
      type: "node.declaredDown";
      node: string;
      /** Heartbeats in a row that did not come; null where the node itself told of its death as it came back. */
      missedHeartbeats: number | null;
      /** Since its failure. */
      seconds: number;
      /** The cluster's preset. */
      by: string;
    }
  /** The node has its power again, and boots. */
  | { type: "node.recovering"; node: string }
  /** It takes machines again. */
  | { type: "node.recovered"; node: string; downSeconds: number; by: string }
  /** Too few votes are left: all machines are stopped. */
  | { type: "cluster.quorumLost"; votes: number; ofVotes: number; by: string }
  | { type: "cluster.quorumRegained"; votes: number; ofVotes: number }
  /** The guest answers nobody any more; its virtual machine stays on. */
  | { type: "vm.hung"; vm: string; node: string }
  /** Its heartbeats are missed, so many seconds after it hung. */
  | { type: "vm.hangNoticed"; vm: string; node: string; seconds: number; by: string }
  /** It is to be started, and has a place for that. */
  | { type: "vm.restartQueued"; vm: string; from: string; to: string; priority: number; reason: string }
  /** Its turn has come: its disks go online, then it is powered on. */
  | { type: "vm.restartStarted"; vm: string; node: string; by: string }
  /** Its guest answers again. */
  | { type: "vm.booted"; vm: string; node: string; downSeconds: number }
  | { type: "vm.notRestarted"; vm: string; reason: string; by: string }
  /** A network carries nothing any more: at one node's port, or, `node` being null, at all. */
  | { type: "link.cut"; network: string; node: string | null }
  | { type: "link.restored"; network: string; node: string | null }
  | { type: "vm.stopped"; vm: string; node: string }
  | { type: "vm.started"; vm: string; node: string }
  /** The guest is denied this share of its processor time from now on, 0 to 1; 0 lets it run freely again. */
  | { type: "vm.throttled"; vm: string; node: string; deniedShare: number }
  /** Dynamic memory: the machine has so much from now on, and should have `wantedBytes`. */
  | { type: "vm.memoryAssigned"; vm: string; node: string; bytes: number; wantedBytes: number }
  | { type: "blackout.partStarted"; migration: number; part: BlackoutPart }
  | { type: "blackout.partEnded"; migration: number; part: BlackoutPart; seconds: number }
  | {
      type: "link.flowStarted";
      network: string;
      flow: number;
      kind: FlowKind;
      migration: number;
      bytesPerSecond: number;
    }
  | {
      type: "team.connectionsPlaced";
      network: string;
      migration: number;
      from: string;
      to: string;
      /** Of each connection the member by which it leaves and that by which it arrives, from 1. */
      members: { from: number; to: number }[];
    }
  | { type: "link.flowRateChanged"; network: string; flow: number; bytesPerSecond: number }
  | { type: "link.flowEnded"; network: string; flow: number; bytes: number }
  | {
      type: "csv.metadataSent";
      volume: string;
      vm: string;
      node: string;
      coordinator: string;
      operation: MetadataOperation;
      /** Time until the coordinator's answer is back at the node. */
      seconds: number;
    }
  | { type: "csv.handedOver"; volume: string; vm: string; from: string; to: string; coordinator: string }
  /** The node's I/O goes over the cluster network to the coordinator from now on. */
  | { type: "csv.redirected"; volume: string; node: string; coordinator: string; reason: "path-lost" | "backup" }
  | { type: "csv.directAgain"; volume: string; node: string }
  /** The node's I/O waits. */
  | {
      type: "csv.paused";
      volume: string;
      node: string;
      reason: "no-coordinator" | "no-network" | "no-path" | "node-failed";
    }
  | { type: "csv.resumed"; volume: string; node: string }
  | {
      type: "csv.ownerChanged";
      volume: string;
      from: string;
      to: string;
      reason: OwnerChangeReason;
      /** How long there was no coordinator: metadata and redirected I/O waited. */
      seconds: number;
    }
  /** What a running machine's disk I/O comes to from now on; `standing`: its processors stand still. */
  | {
      type: "vm.ioChanged";
      vm: string;
      volume: string;
      node: string;
      access: "direct" | "redirected" | "paused" | "standing";
      readBytesPerSecond: number;
      writeBytesPerSecond: number;
    }
  | { type: "volume.spaceLow"; volume: string; freeBytes: number }
  /** Machines with a disk there are paused; the id is that of the event which Hyper-V logs. */
  | { type: "volume.spaceCritical"; volume: string; freeBytes: number; eventId: number }
  | {
      type: "lun.ownerChanged";
      volume: string;
      /** The virtual machine for whose sake it moved. */
      vm: string;
      from: string;
      to: string;
      /** How long neither node could use it. */
      seconds: number;
    }
  | {
      type: "arp.sent";
      /** What announces the move: a gratuitous ARP (Ethernet type 0x0806) or a RARP request (0x8035). */
      frame: "gratuitous-arp" | "rarp";
      network: string;
      node: string;
      vm: string;
      mac: string;
      /** Address announced; null in a RARP frame, which holds none. */
      ip: string | null;
      /** 1 for the first announcement. */
      attempt: number;
      lost: boolean;
      /** The guest itself sent it; absent: its host did. */
      by?: "guest";
      /** The VLAN whose tag the guest put on it; absent: none. */
      vlan?: number;
      /** It is in another VLAN than the guest's frames: no switch learns from it for those. */
      inOtherVlan?: true;
    }
  /** `switch` where the network has several. */
  | {
      type: "switch.macMoved";
      network: string;
      switch?: string;
      vm: string;
      mac: string;
      fromPort: string;
      toPort: string;
    }
  /** The guest answers a client's ARP question to everyone; from here on the switches on the way know where it is. */
  | {
      type: "neighbour.answered";
      client: string;
      vm: string;
      mac: string;
      /** When the first question to the known address was sent, which nobody answered. */
      probedSinceSeconds: number;
    }
  /** One side of a TCP connection sends again what was not acknowledged. */
  | {
      type: "tcp.retransmitted";
      client: string;
      vm: string;
      by: "client" | "guest";
      /** 1 for the first of the stall. */
      attempt: number;
      /** When it left; the event's time is when it arrives, or would have. */
      sentSeconds: number;
      lost: boolean;
    }
  /** A client gave its connection up: it had made no progress for too long. */
  | { type: "client.gaveUp"; client: string; vm: string; stalledSeconds: number; retransmissions: number }
  | {
      type: "client.unreachable";
      client: string;
      vm: string;
      /** The last answer; of a TCP connection the last progress. */
      lastReplySeconds: number;
      /** Of a TCP connection in which the client sends: when what is not answered was first sent. */
      sentSeconds?: number;
    }
  | { type: "client.reachable"; client: string; vm: string; outageSeconds: number; lost: number };

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
