/**
 * A normalised scenario: templates expanded, presets resolved by name, every quantity in SI units. It is plain data
 * (JSON), goes into a trace's header as it is, and its SHA-256 names it.
 */

import type { Edition, PlatformName } from "../cluster/platform-limits.ts";
import type { AnnouncingDriver } from "../network/guest-announcement.ts";
import type { NeighbourKind } from "../network/neighbour-cache.ts";
import type { Offload } from "../network/packet-work.ts";
import type { TcpStack } from "../network/retransmission.ts";
import type { TeamOptions } from "../network/team.ts";
import type { DemandStep } from "../orchestration/processor-demand.ts";
import type { SanTransport } from "../storage/transports.ts";
import type { SCHEMA_VERSION } from "../trace/events.ts";
import type { MigrationMode } from "../trace/migration-events.ts";
import type { TcpRole } from "../trace/migration-result.ts";
import type { BackupEntry } from "./backup.ts";
import type { DiskTimelineEntry } from "./disk-changes.ts";
import type { FailoverTimelineEntry, ScenarioFailover } from "./failover.ts";
import type { LoadTimelineEntry } from "./load.ts";
import type { MaintenanceTimelineEntry } from "./maintenance.ts";
import type { NetworkFaultEntry } from "./network-faults.ts";
import type { ScenarioDiskKinds, ScenarioIo, StorageTimelineEntry } from "./storage.ts";

/** Values set over a table of parameters (kernel/parameter.ts), by full name. */
export type Overrides = Record<string, number | boolean>;

export interface Scenario {
  schemaVersion: typeof SCHEMA_VERSION;
  name: string;
  description: string;
  /** The seed of every random stream; a number in the file becomes its decimal form. */
  seed: string;
  /** Simulated time after which the run ends, with outcomes stated. */
  horizonSeconds: number;
  environment: { preset: string; overrides: Overrides };
  /** How what fails is noticed and restarted; absent: nobody restarts anything. */
  failover?: ScenarioFailover;
  nodes: ScenarioNode[];
  networks: ScenarioNetwork[];
  volumes: ScenarioVolume[];
  vms: ScenarioVm[];
  timeline: TimelineEntry[];
}

export interface ScenarioNode {
  name: string;
  memoryBytes: number;
  cpuVendor: "intel" | "amd";
  /** Drive letter of the system volume, `C:`; all nodes of a cluster shared volume must agree. */
  systemDrive: string;
  /** Memory that placement leaves free; absent: none. */
  reserveBytes?: number;
  /** Of the processors; absent: not said, and nothing is checked. */
  cpuGeneration?: string;
  /** Absent: not said. */
  logicalProcessors?: number;
  /** The release that it runs; absent: its limits are not checked. */
  platform?: PlatformName;
  edition?: Edition;
  /** What its network adapters take off its processors; absent: not said, and not modelled. */
  nic?: { offload: Offload[] };
  /** Whether its processors virtualise memory themselves; absent: not said, and tracking costs nothing. */
  slat?: boolean;
}

/** What a network is for. */
export type Traffic = "migration" | "cluster" | "client" | "backup";

export interface ScenarioNetwork {
  name: string;
  /** Signalling rate of one direction, bytes per second, framing included. */
  bytesPerSecond: number;
  /** One way. */
  latencySeconds: number;
  /** Largest IP packet, bytes. */
  mtuBytes: number;
  /** Share of announcement frames lost, 0 to 1. */
  frameLossShare: number;
  /** What waits before the network's slowest part; absent: not known, enough for TCP's buffers to fill. */
  queueBytes?: number;
  /** Share of packets lost at random; absent: none. */
  packetLossShare?: number;
  /** Its switches, a tree, the top one first; absent: one for all. */
  switches?: ScenarioSwitch[];
  /** The VLAN whose tag its frames carry; absent: they carry none. */
  vlan?: number;
  /** Adapters that connect each node, with this rate each; absent: one. */
  team?: TeamOptions;
  carries: Traffic[];
}

export interface ScenarioSwitch {
  name: string;
  /** The switch above it; null for the first. */
  uplink: string | null;
  /** Nodes connected to it; those of no switch are connected to the first. */
  nodes: string[];
}

export interface ScenarioVolume {
  name: string;
  kind: "csv" | "lun";
  /** The coordinator of a cluster shared volume, the owner of a LUN: a node's name. */
  coordinator: string;
  /** How hosts reach it; absent: over the usual one. */
  transport?: SanTransport;
  /** What its disks give at most, where that is less than its transport carries; absent: as much. */
  throughputBytesPerSecond?: number;
  /** Nodes with a path to it; absent: all. */
  reachedBy?: string[];
  /** Room for disks to grow; absent: more than they need. */
  freeBytes?: number;
}

/** Pages that are written in one way. Addresses count from the start of the used memory, which comes before the zero pages. */
export interface ScenarioPageClass {
  name: string;
  firstPage: number;
  pages: number;
  /** Of the whole class, at full processor share. */
  writesPerSecond: number;
  /** `uniform`: a random page each write; `sweep`: page after page, cyclic. */
  pattern: "uniform" | "sweep";
  /** Simulated time at which the class starts and stops writing; end null is never. */
  startSeconds: number;
  endSeconds: number | null;
  /** How far throttling the guest slows it: 1 bound by the processor, 0 not at all. */
  cpuBoundShare: number;
  /** 32-bit words that one write changes, at 64-byte steps; absent: the hosts' default. */
  wordsPerWrite?: number;
}

export interface ScenarioVm {
  name: string;
  node: string;
  memoryBytes: number;
  /** Assigned memory follows demand, `memoryBytes` being the most; absent: all of it, all the time. */
  dynamicMemory?: ScenarioDynamicMemory;
  /** Not zero at the start; a whole number of pages. */
  usedBytes: number;
  /** Virtual processors; absent: not said. */
  vcpus?: number;
  /** Logical processors that it would keep busy, in rising order of time; absent: not said. */
  cpuDemand?: DemandStep[];
  /** Newer features of the processors are hidden from it; absent: not. */
  processorCompatibility?: true;
  /** Share of its size to which a page in use compresses; absent: the hosts' default. */
  compressedShare?: number;
  /** So much of a stall's writes it makes up once it runs again; absent: none. */
  catchUpSeconds?: number;
  /** Preset the classes came from, or null. */
  workload: string | null;
  classes: ScenarioPageClass[];
  /** Volume names. */
  disks: string[];
  /** Absent: all fixed. */
  diskKinds?: ScenarioDiskKinds;
  /** Absent: none that matters. */
  io?: ScenarioIo;
  /** Nothing in the guest helps its host, so that a backup saves it; absent: its integration services do. */
  integrationServices?: false;
  /** Where it may run, nodes' names; absent: anywhere. */
  possibleOwners?: string[];
  /** Placement keeps machines of one affinity group on one node, and those of an anti-affinity group apart. */
  affinity?: string;
  antiAffinity?: string;
  /** Higher moves, and is restarted, first; 0 is not restarted; absent: `MEDIUM_PRIORITY`. */
  priority?: number;
  /** From power on until its guest answers; absent: as the cluster says. */
  bootSeconds?: number;
  mac: string;
  ip: string;
  /** So long after it runs again at another node it neither hears nor is heard; absent: not at all. */
  deafSeconds?: number;
  /** The driver by which the guest announces itself where it runs elsewhere; absent: it does not. */
  announces?: AnnouncingDriver;
  /** The VLAN whose tag the guest itself puts on its frames; absent: none, and its host's frames are in the same. */
  guestVlan?: number;
  clients: ScenarioClient[];
}

export interface ScenarioDynamicMemory {
  minimumBytes: number;
  /** Assigned beside what is needed, as a share of it. */
  bufferShare: number;
  /** What the guest needs, by rising time, the first from 0 on. */
  demand: { fromSeconds: number; bytes: number }[];
}

export interface ScenarioClient {
  name: string;
  kind: "ping" | "tcp";
  /** Between two requests. */
  intervalSeconds: number;
  /** Of kind tcp: its connection. */
  tcp?: {
    role: TcpRole;
    /** Of whoever sends. */
    os: TcpStack;
    /** Absent: never. */
    giveUpAfterSeconds?: number;
    /** Over the retransmission timers of the system; absent: none. */
    overrides?: Overrides;
  };
  /** The switch that it is connected to; absent: the first. */
  switch?: string;
  /** The ARP cache on the way to the guest; absent: a Linux client's own. */
  neighbour?: { kind: NeighbourKind; overrides: Overrides };
}

export type TimelineEntry =
  | MigrateEntry
  | CommandEntry
  | MaintenanceTimelineEntry
  | LoadTimelineEntry
  | StorageTimelineEntry
  | DiskTimelineEntry
  | FailoverTimelineEntry
  | NetworkFaultEntry
  | BackupEntry;

/** Something that is done to a VM's migration. */
export type CommandEntry = CancelEntry | SetEntry | StartPostcopyEntry | RecoverPostcopyEntry | ContinueEntry;

export interface MigrateEntry {
  kind: "migrate";
  atSeconds: number;
  vm: string;
  to: string;
  mode: MigrationMode;
  profile: string;
  /** Over the profile's parameters. */
  overrides: Overrides;
  /** What manages the hypervisor, with values over its parameters; absent where nothing does. */
  manager?: { name: string; overrides: Overrides };
}

/** Cancels the VM's migration, if one is under way or waiting. */
export interface CancelEntry {
  kind: "cancel";
  atSeconds: number;
  vm: string;
}

/** Changes limits of the VM's migration while it is under way; what is absent stays. */
export interface SetEntry {
  kind: "set";
  atSeconds: number;
  vm: string;
  downtimeLimitSeconds?: number;
  /** 0 is no limit. */
  maxBandwidthBytesPerSecond?: number;
}

/** The VM goes to its target, and its memory follows. */
export interface StartPostcopyEntry {
  kind: "startPostcopy";
  atSeconds: number;
  vm: string;
}

/** Post-copy that has lost its connection goes on over a new one. */
export interface RecoverPostcopyEntry {
  kind: "recoverPostcopy";
  atSeconds: number;
  vm: string;
}

/** The VM, stopped before its switchover, goes on. */
export interface ContinueEntry {
  kind: "continue";
  atSeconds: number;
  vm: string;
}
