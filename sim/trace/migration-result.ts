/** What a migration came to. Seconds, bytes, pages of 4096 bytes; null is "does not apply". */
import type { BlackoutPart, MigrationMode, MigrationOutcome } from "./migration-events.ts";

export interface RoundResult {
  /** 1 for the full copy. */
  round: number;
  startSeconds: number;
  durationSeconds: number;
  /** Pages sent whole. */
  pagesSent: number;
  zeroPagesSent: number;
  bytesSent: number;
  /** Pages that the read of the bitmap at the end of the round added. */
  newlyDirtyPages: number;
  /** Pages waiting once the bitmap was read at the end of the round. */
  dirtyPagesAtEnd: number;
  /** Share of its processor time that the guest was denied in the round, 0 to 1. */
  throttle: number;
  /** True for the copy made while the guest stood still. */
  final: boolean;
  /** Pages passed over because they were dirty again, to be sent later; absent where the hypervisor passes over none. */
  pagesSkipped?: number;
}

/**
 * What a TCP connection between client and guest does: the client uploads; it sends a request at an interval and the guest
 * answers; the guest sends all the time (`download`) or a little now and then (`push`).
 */
export type TcpRole = "upload" | "request" | "download" | "push";

export interface ClientResult {
  client: string;
  kind: "ping" | "tcp";
  /**
   * From the last answer before the outage to the first after it; 0 where none was lost. Of a TCP connection the stall: from
   * the last progress to the next, or until it was given up.
   */
  outageSeconds: number;
  /** Requests that got no answer; of a TCP connection retransmissions that were lost. */
  lost: number;
  /** Of a TCP connection: who sends. */
  role?: TcpRole;
  /** Of a TCP connection: how often the outage made it send again, the time that got through included. */
  retransmissions?: number;
  /** Of a TCP connection: whether it was given up. */
  broken?: boolean;
}

export interface BlackoutPartResult {
  part: BlackoutPart;
  seconds: number;
}

/** The phase of a migration in which the guest ran at the target before its memory was there. */
export interface PostcopyResult {
  /** When the guest began to run at the target. */
  startSeconds: number;
  /** From then until its last page was there. */
  seconds: number;
  /** Pages that were not there as it began to run. */
  pagesLeft: number;
  /** Pages sent after the guest had been stopped, and their bytes on the wire. */
  pages: number;
  bytes: number;
  /** How often the guest waited for a page, and how long in all; the mean of its processors where several write. */
  faults: number;
  waitSeconds: number;
}

/** What a quick migration wrote to disk and read back. */
export interface SavedStateResult {
  /** Of all machines of the group, each way. */
  bytes: number;
  /** Machines of the group, the one that was asked for included. */
  machines: number;
}

/** A machine that moved because it shares a LUN with the one that was asked for. */
export interface MovedAlongResult {
  vm: string;
  /** Stop to run; null where it did not run again within the run. */
  downtimeSeconds: number | null;
  /** The worst client's; null where it has no clients. */
  clientOutageSeconds: number | null;
  clients: ClientResult[];
}

/** The members of its hosts' teams by which a connection leaves and arrives; 1 is a node's first. */
export interface TeamMembers {
  from: number;
  to: number;
}

/** What the tracking of its writes cost the guest while pre-copy went on. */
export interface DirtyTrackingResult {
  /** First writes to tracked pages. */
  faults: number;
  /** Processor time that they took. */
  seconds: number;
  /** That, as a share of the time that the guest's processors had in pre-copy, 0 to 1. */
  share: number;
}

export interface MigrationResult {
  vm: string;
  from: string;
  to: string;
  mode: MigrationMode;
  profile: string;
  /** What managed the hypervisor; absent where nothing did. */
  manager?: string;
  outcome: MigrationOutcome;
  /** Why it ended so, a sentence. */
  reason: string;
  /** The rule that ended pre-copy (`remaining-below-threshold`, `pass-limit`, `nothing-left`, ...); null where none did. */
  endedBy: string | null;
  requestedSeconds: number;
  startSeconds: number | null;
  setupSeconds: number | null;
  /** From start to the end of the migration as its hypervisor counts it. */
  totalSeconds: number | null;
  /** Stop to run: how long the guest stood still. */
  downtimeSeconds: number | null;
  /** The downtime that the hypervisor would report. */
  reportedDowntimeSeconds: number | null;
  /** Time in which the guest ran but was held back: throttled, or waiting for pages in post-copy. */
  brownoutSeconds: number | null;
  /** The worst client's outage; null where the VM has no clients. */
  clientOutageSeconds: number | null;
  /**
   * From the stop until frames from outside reach the guest again; null where they did not within the run. Absent where the
   * machine has pings only and the gap is its downtime.
   */
  connectivityGapSeconds?: number | null;
  clients: ClientResult[];
  /** Memory that was assigned to the machine as the migration began, and moved; absent where that is not dynamic. */
  assignedBytes?: number;
  transferredBytes: number;
  rounds: RoundResult[];
  blackout: BlackoutPartResult[];
  /** How often the dirty bitmap was read, the first included (QEMU's dirty-sync-count); null before the start. */
  bitmapSyncs: number | null;
  /** Time in which nothing got through the network, connections' waits for their retransmissions included; absent where it was not cut. */
  stalledSeconds?: number;
  /** What tracking cost; absent where the source does not say whether it has SLAT. */
  dirtyTracking?: DirtyTrackingResult;
  /** By which members of teams its connections go, as it began; absent where its network has none. */
  teamMembers?: TeamMembers[];
  /** The post-copy phase; absent where there was none. */
  postcopy?: PostcopyResult;
  /** Of a quick migration; absent for the others. */
  savedState?: SavedStateResult;
  /** Machines that moved along with it; absent where there were none. */
  movedAlong?: MovedAlongResult[];
}
