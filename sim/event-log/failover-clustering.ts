/** What a failover cluster and Hyper-V log of shared volumes, whatever moves: such volumes are theirs alone. */
import { formatBytes } from "../kernel/format-units.ts";
import type { TraceEvent } from "../trace/events.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const CLUSTERING = "Microsoft-Windows-FailoverClustering (System log)";
const VMMS = "Microsoft-Windows-Hyper-V-VMMS-Admin";
const MANIFEST =
  "The provider's manifest, as catalogued from Windows; 5120 also: Microsoft's failover clustering blog (2014).";
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
    default:
      return [];
  }
}
