/** What decides how long a cluster takes to notice that a node or a guest is dead, and to have its machines running again. */
import type { ParameterTable, ParameterValues } from "../../kernel/parameter.ts";

/** Microsoft's failover clusters as of Windows Server 2008 R2; the other presets change what differs. */
export const FAILOVER_PARAMETERS = {
  heartbeatIntervalSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "documented",
    source: "Microsoft, failover cluster properties, SameSubnetDelay: 1000 ms by default, 250 to 2000 ms.",
    meaning: "Time between two heartbeats of a node.",
    least: 0.001,
    greatest: 1000,
  },
  missedHeartbeats: {
    value: 5,
    kind: "count",
    provenance: "documented",
    source: "Microsoft, failover cluster properties, SameSubnetThreshold: 5 by default on 2008 R2 and 2012.",
    meaning: "Heartbeats in a row that are missed before a node is declared down.",
    least: 1,
    greatest: 10_000,
  },
  reformSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; the survivors agree on who is left and who takes over in a few messages.",
    meaning: "From declaring a node down until its machines are taken over: regroup, arbitration for the witness.",
    least: 0,
    greatest: 3600,
  },
  needsMajority: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source:
      "Microsoft, Understanding quorum configurations in a failover cluster (2008 R2): more than half of the votes.",
    meaning: "Without more than half of the votes the cluster stops all its machines.",
  },
  witness: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source:
      "Microsoft, Understanding quorum configurations in a failover cluster (2008 R2): Node and Disk Majority is recommended " +
      "for an even number of nodes, Node Majority for an odd one.",
    meaning: "A witness that does not fail has a vote where the number of nodes is even.",
  },
  startSeconds: {
    value: 3,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; creating a virtual machine and its memory takes seconds on the hosts of the time.",
    meaning: "From a machine's turn to be started until its guest begins to boot; disks apart.",
    least: 0,
    greatest: 3600,
  },
  startsPerNode: {
    value: 0,
    kind: "count",
    provenance: "assumed",
    source: "No limit could be found in a document.",
    meaning: "Machines that a node starts at a time, their boot apart; 0 for no limit.",
    least: 0,
    greatest: 10_000,
  },
  bootSeconds: {
    value: 45,
    kind: "seconds",
    provenance: "assumed",
    source: "Half a minute to a minute is usual for a server's guest on the storage of the time; give your own.",
    meaning: "From a guest's power on until it answers its clients, unless the machine says otherwise (bootTime).",
    least: 0,
    greatest: 86_400,
  },
  nodeBootSeconds: {
    value: 180,
    kind: "seconds",
    provenance: "assumed",
    source: "Minutes for a server's firmware and its system; give your own.",
    meaning: "From a failed node's recovery until it is a member of the cluster again.",
    least: 0,
    greatest: 86_400,
  },
  watchesGuests: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "Microsoft, MSCS reference, CheckHeartbeat of virtual machines (2008 R2): 0 by default.",
    meaning: "A guest that stops answering is noticed by its heartbeat and restarted.",
  },
  guestTimeoutSeconds: {
    value: 60,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; a cluster looks thoroughly at a resource once a minute (IsAlive) by default.",
    meaning: "From a guest's last heartbeat until it is taken to hang.",
    least: 0,
    greatest: 86_400,
  },
  restartsInPlace: {
    value: 1,
    kind: "count",
    provenance: "assumed",
    source:
      "A cluster first restarts a resource where it is, then moves it (Syrewicze and Siron, Microsoft Hyper-V Cluster Design, " +
      "chapter 11); once in 15 minutes by default, from memory.",
    meaning: "Restarts of a hung guest on its node within the period; then it goes elsewhere, or is left alone.",
    least: 0,
    greatest: 1000,
  },
  restartPeriodSeconds: {
    value: 900,
    kind: "seconds",
    provenance: "assumed",
    source: "Policies of a resource: one restart in 15:00 minutes by default, from memory.",
    meaning: "Restarts further back than this are forgotten.",
    least: 0,
    greatest: 31_536_000,
  },
  movesHungGuests: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "Microsoft, properties of a virtual machine resource (2008 R2): the cluster restarts it or fails it over.",
    meaning: "A guest that hangs again after its restarts in place is started on another node.",
  },
  balancesVolumes: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source:
      "Microsoft, Use Cluster Shared Volumes in a failover cluster: ownership is spread evenly as of Windows Server 2012 R2.",
    meaning:
      "Shared volumes are spread evenly over the nodes that coordinate them as one fails over, and as nodes join, are emptied or are resumed.",
  },
} as const satisfies ParameterTable;

export type FailoverSettings = Readonly<ParameterValues<typeof FAILOVER_PARAMETERS>>;

/** How some cluster goes about it. */
export interface FailoverPreset {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
  /** False: nobody restarts what has died with a node. */
  readonly restarts: boolean;
}
