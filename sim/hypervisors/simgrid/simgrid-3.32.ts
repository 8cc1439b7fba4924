/** SimGrid 3.32's live-migration plugin: its model, not a hypervisor, for comparing the two simulators on equal terms. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import type { LinearSettings } from "../../migration/linear-migration.ts";
import type { LinearProfile } from "../profile.ts";

const CHECKED = "Every row of SimGrid 3.32's own answers (docs/simgrid.md) is reproduced.";

const PARAMETERS = {
  latencyFactor: {
    value: 13.01,
    kind: "count",
    provenance: "documented",
    source: `SimGrid, network model LV08 (its default): 13.01; CM02: 1. ${CHECKED}`,
    meaning: "A transfer waits so many times the link's latency before its bytes flow.",
    least: 0,
    greatest: 1000,
  },
  bandwidthFactor: {
    value: 0.97,
    kind: "share",
    provenance: "documented",
    source: `SimGrid, network model LV08 (its default): 0.97; CM02: 1. ${CHECKED}`,
    meaning: "Share of the link's rate that transfers can use.",
    least: 0.01,
    greatest: 1,
  },
  migrationSpeedBytesPerSecond: {
    value: 0,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "SimGrid, VM property mig_speed: no limit unless set.",
    meaning: "The most that a migration takes of the link; 0 for no limit.",
    least: 0,
    greatest: 1e15,
  },
  maxDowntimeSeconds: {
    value: 0.03,
    kind: "seconds",
    provenance: "documented",
    source: "SimGrid 3.32, src/plugins/vm/VmLiveMigration.cpp: 30 ms, without a setter.",
    meaning: "The guest is stopped once what is dirty can be sent within this time at the last transfer's speed.",
    least: 0,
    greatest: 2000,
  },
  workingSetBytes: {
    value: 0,
    kind: "bytes",
    provenance: "documented",
    source: "SimGrid 3.32, src/plugins/vm/VmLiveMigration.cpp: 90 % of the memory unless set.",
    meaning: "The most that can be dirty at a time; 0 for 90 % of the memory.",
    least: 0,
    greatest: 1e15,
  },
  migrationsPerNode: {
    value: 0,
    kind: "count",
    provenance: "documented",
    source: "SimGrid does not limit migrations; its users admit so many at a time.",
    meaning: "Migrations that a node takes part in at a time, first come, first served; 0 for no limit.",
    least: 0,
    greatest: 100_000,
  },
} as const satisfies ParameterTable;

export const simgrid332: LinearProfile = {
  name: "simgrid-3.32",
  title: "SimGrid 3.32, for comparison",
  modes: ["live"],
  parameters: PARAMETERS,
  migrationsPerNode: (values) => {
    const { migrationsPerNode } = resolveParameters(PARAMETERS, values);
    return migrationsPerNode === 0 ? Number.POSITIVE_INFINITY : migrationsPerNode;
  },
  linear: (values): LinearSettings => {
    const parameters = resolveParameters(PARAMETERS, values);
    const { latencyFactor, bandwidthFactor, maxDowntimeSeconds } = parameters;
    const { migrationSpeedBytesPerSecond: speed, workingSetBytes } = parameters;
    return {
      latencyFactor,
      bandwidthFactor,
      maxDowntimeSeconds,
      speedBytesPerSecond: speed === 0 ? Number.POSITIVE_INFINITY : speed,
      workingSetBytes: workingSetBytes === 0 ? null : workingSetBytes,
    };
  },
};
