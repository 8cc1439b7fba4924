/** What a backup does to machines and volumes, by the release of the hosts. */
import type { ParameterTable } from "../kernel/parameter.ts";

export const BACKUP_PARAMETERS = {
  backupFreezeSeconds: {
    value: 2,
    kind: "seconds",
    provenance: "assumed",
    source:
      "Microsoft, CVssWriter::OnFreeze: 60 s at most between freeze and thaw. How long it takes is not documented; a few seconds are usual.",
    meaning: "How long a guest's integration services hold its writes while the snapshot is made; it runs on.",
    least: 0,
    greatest: 60,
  },
  backupSnapshotSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; of the order that administrators report.",
    meaning: "Making the snapshot of a machine that stands still, or whose writes nobody holds.",
    least: 0,
    greatest: 3600,
  },
  backupSavesState: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source:
      "Veeam and Altaro on Hyper-V's VSS writer: without integration services the machine is saved, the snapshot made, and the machine restored.",
    meaning:
      "Machines without integration services are saved for the snapshot and stand still; false: they run on, and the copy is as after a loss of power.",
  },
  backupRedirectsVolumes: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "Microsoft, Use Cluster Shared Volumes in a failover cluster: since 2012 a backup needs no redirection.",
    meaning: "A cluster shared volume is in file-system redirection while it is backed up.",
  },
  backupMovesOwner: {
    value: false,
    kind: "flag",
    provenance: "assumed",
    source: "Since 2012 snapshots are coordinated over all nodes; that no ownership moves for them is inferred.",
    meaning: "The node that backs a machine up becomes the coordinator of its cluster shared volumes first.",
  },
  backupUsesHardwareSnapshots: {
    value: false,
    kind: "flag",
    provenance: "assumed",
    source: "The system provider is what every host has; a disk array's own is bought beside it.",
    meaning:
      "The disk array makes the snapshots: where volumes are redirected, only until the snapshot is made; false: until the copy is over.",
  },
  backupLocksMachines: {
    value: true,
    kind: "flag",
    provenance: "assumed",
    source:
      "That the cluster refuses to move a machine under backup is as administrators know it (a resource that is locked); no document was read.",
    meaning: "A machine under backup is not migrated: a migration is refused; false: it moves, and the copy goes on.",
  },
} as const satisfies ParameterTable;
