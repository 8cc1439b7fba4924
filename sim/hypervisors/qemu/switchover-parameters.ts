/** QEMU's stop before the switchover (migration/migration.c, migration_maybe_pause). */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const SWITCHOVER_PARAMETERS = {
  pauseBeforeSwitchover: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability pause-before-switchover: off by default.",
    meaning: "The stopped guest waits, in state pre-switchover, until it is told to go on (migrate-continue).",
  },
  pauseBeforeSwitchoverWaitSeconds: {
    value: 0,
    kind: "seconds",
    provenance: "assumed",
    source: "libvirt goes on as soon as it has made the disks ready, which nothing here takes time for.",
    meaning: "With pauseBeforeSwitchover: how long until the manager tells it to go on, unless continue does.",
    least: 0,
    greatest: 1e6,
  },
} as const satisfies ParameterTable;
