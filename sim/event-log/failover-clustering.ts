/** What a failover cluster and Hyper-V log of shared volumes, whatever moves: such volumes are theirs alone. */
import { formatBytes } from "../kernel/format-units.ts";
import type { TraceEvent } from "../trace/events.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const CLUSTERING = "Microsoft-Windows-FailoverClustering (System log)";
const VMMS = "Microsoft-Windows-Hyper-V-VMMS-Admin";
const MANIFEST =
  "The provider's manifest, as catalogued from Windows; 5120 also: Microsoft's failover clustering blog (2014).";
const MEMBERSHIP =
  "Microsoft, askcore blog, Having a problem with nodes being removed from active failover cluster membership: on all nodes but the one removed.";
const QUORUM = "Microsoft, Event ID 1177, Quorum and connectivity needed for quorum (Windows Server 2008).";
const ARMSTRONG =
  "Armstrong, Why is my virtual machine Paused-Critical (2009): warnings below 2 GB free, pause below 200 MB; the ids are from memory.";

export const CLUSTERING_EVENTS = {
  paused: {
    source: CLUSTERING,
    id: 5120,
    level: "warning",
    text: "Cluster Shared Volume '{volume}' has entered a paused state ({reason}). I/O is queued until a path to it is there again.",
    provenance: "documented",
    reference: MANIFEST,
  },
  redirected: {
    source: CLUSTERING,
    id: 5121,
    level: "warning",
    text: "Cluster Shared Volume '{volume}' is no longer directly accessible from this node. I/O goes over the network to '{coordinator}'.",
    provenance: "documented",
    reference: MANIFEST,
  },
  redirectedForBackup: {
    source: CLUSTERING,
    id: null,
    level: "information",
    text: "Cluster Shared Volume '{volume}' is in redirected access for a backup. I/O goes over the network to '{coordinator}'.",
    provenance: "assumed",
    reference: "No id could be found in a document.",
  },
  nodeRemoved: {
    source: CLUSTERING,
    id: 1135,
    level: "critical",
    text: "Cluster node '{node}' was removed from the active failover cluster membership.",
    provenance: "documented",
    reference: MEMBERSHIP,
  },
  quorumLost: {
    source: CLUSTERING,
    id: 1177,
    level: "critical",
    text: "The Cluster service is shutting down because quorum was lost: {votes} of {ofVotes} votes are left.",
    provenance: "documented",
    reference: QUORUM,
  },
  unexpectedShutdown: {
    source: "Microsoft-Windows-Kernel-Power (System log)",
    id: 41,
    level: "critical",
    text: "The system has rebooted without cleanly shutting down first.",
    provenance: "documented",
    reference: "Microsoft, Advanced troubleshooting for Event ID 41: logged at the next start after a loss of power.",
  },
  resourceFailed: {
    source: CLUSTERING,
    id: null,
    level: "error",
    text: "Cluster resource 'Virtual Machine {vm}' failed: its guest does not answer.",
    provenance: "assumed",
    reference:
      "That a guest's missed heartbeat fails its resource is documented (MSCS reference, CheckHeartbeat); the id, 1069, is from memory.",
  },
  notOnline: {
    source: CLUSTERING,
    id: null,
    level: "error",
    text: "'{vm}' was not brought online: {reason}",
    provenance: "assumed",
    reference: "No id could be found in a document.",
  },
  online: {
    source: CLUSTERING,
    id: null,
    level: "information",
    text: "'{vm}' is brought online on '{node}'.",
    provenance: "assumed",
    reference: "No id could be found in a document.",
  },
  spaceLow: {
    source: VMMS,
    id: null,
    level: "warning",
    text: "Volume '{volume}' is running out of space: {free} free.",
    provenance: "assumed",
    reference: ARMSTRONG,
  },
  spaceCritical: {
    source: VMMS,
    id: null,
    level: "critical",
    text: "Machines with a disk on volume '{volume}' are paused: {free} free.",
    provenance: "assumed",
    reference: ARMSTRONG,
  },
} as const satisfies Record<string, KnownEvent>;

/** The lines that an event of no migration brings. */
export function clusteringEntries(event: TraceEvent): EventLogEntry[] {
  const { t } = event;
  switch (event.type) {
    case "csv.paused": {
      const { volume, node, reason } = event;
      // It has nowhere to log that.
      if (reason === "node-failed") return [];
      return [entryOf(CLUSTERING_EVENTS.paused, t, node, null, { volume, reason: reason.replace("-", " ") })];
    }
    case "csv.redirected": {
      const { volume, node, coordinator, reason } = event;
      const known = reason === "backup" ? CLUSTERING_EVENTS.redirectedForBackup : CLUSTERING_EVENTS.redirected;
      return [entryOf(known, t, node, null, { volume, coordinator })];
    }
    case "volume.spaceLow": {
      const { volume, freeBytes } = event;
      return [entryOf(CLUSTERING_EVENTS.spaceLow, t, "cluster", null, { volume, free: formatBytes(freeBytes) })];
    }
    case "volume.spaceCritical": {
      const { volume, freeBytes, eventId } = event;
      const known = { ...CLUSTERING_EVENTS.spaceCritical, id: eventId };
      return [entryOf(known, t, "cluster", null, { volume, free: formatBytes(freeBytes) })];
    }
    case "node.declaredDown":
    case "node.recovered":
    case "cluster.quorumLost":
    case "vm.hangNoticed":
    case "vm.restartStarted":
    case "vm.notRestarted":
      return event.by.startsWith("failover-clustering-") ? failureEntries(event) : [];
    default:
      return [];
  }
}

type FailureEvent = Extract<
  TraceEvent,
  { readonly by: string; readonly type: `${"node" | "cluster" | "vm"}.${string}` }
>;

/** Of nodes and guests that fail, where the cluster is Microsoft's. */
function failureEntries(event: FailureEvent): EventLogEntry[] {
  const { t } = event;
  switch (event.type) {
    case "node.declaredDown":
      return [entryOf(CLUSTERING_EVENTS.nodeRemoved, t, "cluster", null, { node: event.node })];
    case "node.recovered":
      return [entryOf(CLUSTERING_EVENTS.unexpectedShutdown, t, event.node, null)];
    case "cluster.quorumLost": {
      const { votes, ofVotes } = event;
      const counts = { votes: String(votes), ofVotes: String(ofVotes) };
      return [entryOf(CLUSTERING_EVENTS.quorumLost, t, "cluster", null, counts)];
    }
    case "vm.hangNoticed":
      return [entryOf(CLUSTERING_EVENTS.resourceFailed, t, event.node, event.vm)];
    case "vm.restartStarted":
      return [entryOf(CLUSTERING_EVENTS.online, t, event.node, event.vm, { node: event.node })];
    case "vm.notRestarted":
      return [entryOf(CLUSTERING_EVENTS.notOnline, t, "cluster", event.vm, { reason: event.reason })];
  }
}
