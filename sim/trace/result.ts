/** What a run answers: the fields of `precopy run --json`. Seconds, bytes, pages of 4096 bytes; null is "does not apply". */
import type { BackupResult } from "./backup-result.ts";
import type { BlackoutPart, DrainOutcome, MigrationMode, MigrationOutcome, SCHEMA_VERSION } from "./events.ts";

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

/** A machine's disk I/O on one volume. */
export interface GuestIoResult {
  vm: string;
  volume: string;
  /** What it wanted to read and write while it ran. */
  askedBytes: number;
  readBytes: number;
  writtenBytes: number;
  /** Time in which it ran and its I/O went over the network, or waited. */
  redirectedSeconds: number;
  pausedSeconds: number;
}

export interface VolumeResult {
  volume: string;
  /** Where all nodes see it; null for a LUN. */
  path: string | null;
  /** At the end: the coordinator, or a LUN's owner. */
  coordinator: string;
  ownerChanges: number;
  /** Time without a coordinator. */
  withoutCoordinatorSeconds: number;
  askedBytes: number;
  readBytes: number;
  writtenBytes: number;
  /** Of those, what went over the network. */
  redirectedBytes: number;
  /** Free at the end; absent where the scenario does not say how much there was. */
  freeBytes?: number;
}

/** What guests' disk I/O came to, and how their volumes fared. */
export interface StorageResult {
  volumes: VolumeResult[];
  io: GuestIoResult[];
}

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

/** A constant in force that no document or measurement backs. */
export interface Assumption {
  /** Dotted name, as a scenario would override it. */
  name: string;
  value: number | string | boolean;
  note: string;
}

export interface RunResult {
  schemaVersion: typeof SCHEMA_VERSION;
  engineVersion: string;
  scenario: { name: string; sha256: string };
  seed: string;
  /** The convergence rule of one's own that was in force; absent where there was none. */
  policy?: string;
  migrations: MigrationResult[];
  /** Absent where no machine has disk I/O and nothing happens to a volume. */
  storage?: StorageResult;
  /** In the order in which they began; absent where there was none. */
  backups?: BackupResult[];
  /** Nodes that were emptied, in the order in which that began; absent where none was. */
  drains?: DrainResult[];
  /** Rounds of maintenance through the cluster; absent where there was none. */
  maintenance?: MaintenanceResult[];
  /** Absent where no node fails and no guest hangs. */
  failover?: FailoverResult;
  /** Absent where no load was balanced. */
  balances?: BalanceResult[];
  /** Absent where none was. */
  consolidations?: ConsolidationResult[];
  assumptions: Assumption[];
  /** Things worth knowing before the numbers are trusted. */
  warnings: string[];
}
