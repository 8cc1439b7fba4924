/** The clusters that scenarios can name. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { FAILOVER_PARAMETERS, type FailoverPreset } from "./parameters.ts";

const THRESHOLD_10 =
  "Windows IT Pro (2017): thresholds are 10 on 2012 R2 with the Hyper-V role and on 2016 and later, 5 before.";
const HA_HEARTBEATS =
  "VMware, Failure Detection and Host Network Isolation: heartbeats every second; a host without any for 15 s that does not answer pings is declared failed.";
const VM_MONITORING = "VMware, vSphere Availability, VM and Application Monitoring";
const CITRIX_2009 =
  "Citrix blog, HA of XenServer (2009): heartbeats every 5 s, a failure is noticed after 40 s, 45 s at most.";
const NO_QUORUM_RULE = "No rule of a majority is documented; who still reaches the shared storage goes on.";

const NO_COORDINATORS = {
  ...FAILOVER_PARAMETERS.balancesVolumes,
  provenance: "assumed",
  source: "Shared volumes with coordinators are Microsoft's; nothing was found that spreads them in other clusters.",
} as const;

const failoverClustering2008R2: FailoverPreset = {
  name: "failover-clustering-2008r2",
  title: "Failover clustering of Windows Server 2008 R2",
  parameters: FAILOVER_PARAMETERS,
  restarts: true,
};

const CLUSTERING_2012R2 = {
  ...FAILOVER_PARAMETERS,
  missedHeartbeats: { ...FAILOVER_PARAMETERS.missedHeartbeats, value: 10, source: THRESHOLD_10 },
  watchesGuests: {
    ...FAILOVER_PARAMETERS.watchesGuests,
    value: true,
    source: "N. Akerlund, Hyper-V Cluster Heartbeat (2015): a guest whose heartbeat stops is restarted by default.",
  },
  balancesVolumes: {
    ...FAILOVER_PARAMETERS.balancesVolumes,
    value: true,
    source:
      "Microsoft, Use Cluster Shared Volumes in a failover cluster: as of 2012 R2 ownership is spread evenly by the number of " +
      "volumes, and again on failover, and as a node joins or restarts. That draining does so too is assumed.",
  },
} as const satisfies ParameterTable;

const failoverClustering2012R2: FailoverPreset = {
  name: "failover-clustering-2012r2",
  title: "Failover clustering of Windows Server 2012 R2 with Hyper-V",
  parameters: CLUSTERING_2012R2,
  restarts: true,
};

const failoverClustering2016: FailoverPreset = {
  name: "failover-clustering-2016",
  title: "Failover clustering of Windows Server 2016 and later",
  parameters: CLUSTERING_2012R2,
  restarts: true,
};

const vmwareHa: FailoverPreset = {
  name: "vmware-ha",
  title: "VMware HA",
  parameters: {
    ...FAILOVER_PARAMETERS,
    heartbeatIntervalSeconds: { ...FAILOVER_PARAMETERS.heartbeatIntervalSeconds, source: HA_HEARTBEATS },
    missedHeartbeats: { ...FAILOVER_PARAMETERS.missedHeartbeats, value: 15, source: HA_HEARTBEATS },
    needsMajority: {
      ...FAILOVER_PARAMETERS.needsMajority,
      value: false,
      provenance: "assumed",
      source: `${NO_QUORUM_RULE} The hosts that are left elect a master.`,
    },
    witness: { ...FAILOVER_PARAMETERS.witness, value: false, provenance: "assumed", source: NO_QUORUM_RULE },
    startsPerNode: {
      ...FAILOVER_PARAMETERS.startsPerNode,
      value: 32,
      source: "32 concurrent failovers a host, from memory.",
    },
    watchesGuests: {
      ...FAILOVER_PARAMETERS.watchesGuests,
      source: "vSphere API, ClusterDasConfigInfo.vmMonitoring: vmMonitoringDisabled by default.",
    },
    guestTimeoutSeconds: {
      ...FAILOVER_PARAMETERS.guestTimeoutSeconds,
      value: 120,
      provenance: "documented",
      source: `${VM_MONITORING}: 30 s without heartbeats, and no disk or network activity for 120 s (das.iostatsinterval); a guest that hangs does none from then on.`,
    },
    restartsInPlace: {
      ...FAILOVER_PARAMETERS.restartsInPlace,
      value: 3,
      provenance: "documented",
      source: `${VM_MONITORING}: reset three times at most within the period.`,
    },
    restartPeriodSeconds: {
      ...FAILOVER_PARAMETERS.restartPeriodSeconds,
      value: 3600,
      provenance: "documented",
      source: `${VM_MONITORING}: 1 hour with high sensitivity.`,
    },
    movesHungGuests: {
      ...FAILOVER_PARAMETERS.movesHungGuests,
      value: false,
      source: `${VM_MONITORING}: the machine is reset on its host, and left alone after that.`,
    },
    balancesVolumes: NO_COORDINATORS,
  },
  restarts: true,
};

const xenServerHa: FailoverPreset = {
  name: "xenserver-ha",
  title: "High availability of XenServer",
  parameters: {
    ...FAILOVER_PARAMETERS,
    heartbeatIntervalSeconds: { ...FAILOVER_PARAMETERS.heartbeatIntervalSeconds, value: 5, source: CITRIX_2009 },
    missedHeartbeats: { ...FAILOVER_PARAMETERS.missedHeartbeats, value: 9, source: CITRIX_2009 },
    needsMajority: {
      ...FAILOVER_PARAMETERS.needsMajority,
      value: false,
      provenance: "assumed",
      source: `${NO_QUORUM_RULE} XenServer's heartbeat also goes over a volume.`,
    },
    witness: { ...FAILOVER_PARAMETERS.witness, value: false, provenance: "assumed", source: NO_QUORUM_RULE },
    watchesGuests: {
      ...FAILOVER_PARAMETERS.watchesGuests,
      provenance: "assumed",
      source: "High availability is described for hosts alone: nothing was found that looks at guests.",
    },
    balancesVolumes: NO_COORDINATORS,
  },
  restarts: true,
};

/** What holds where a scenario names none, too. */
export const noCluster: FailoverPreset = {
  name: "none",
  title: "No cluster: what dies with a node stays down",
  parameters: { nodeBootSeconds: FAILOVER_PARAMETERS.nodeBootSeconds },
  restarts: false,
};

/** In the order in which they are listed. */
export const failoverPresets: readonly FailoverPreset[] = [
  failoverClustering2008R2,
  failoverClustering2012R2,
  failoverClustering2016,
  vmwareHa,
  xenServerHa,
  noCluster,
];
