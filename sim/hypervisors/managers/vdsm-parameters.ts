/** What vdsm is configured with, whatever policy it follows. */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const VDSM_PARAMETERS = {
  maxBandwidthBytesPerSecond: {
    value: 54_525_952,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_max_bandwidth: 52 MiB/s.",
    meaning: "Rate limit while the guest runs; 0 for none.",
    least: 0,
    greatest: 1e15,
  },
  monitorIntervalSeconds: {
    value: 10,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_monitor_interval: 10 s.",
    meaning: "Time between two looks at the migration.",
    least: 0.1,
    greatest: 3600,
  },
} as const satisfies ParameterTable;
