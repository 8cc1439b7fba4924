/** What hosts draw and how long they take to come and go, and what a migration costs in energy. */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";

const SERVER = "A two-socket server of about 2010.";
/** Liu et al., "Performance and energy modeling for live migration of virtual machines", HPDC 2011, from memory. */
const MIGRATION = "Liu et al., HPDC 2011, from memory: 0.512 J a MB and 20.165 J a migration, both hosts together.";

export const POWER_PARAMETERS = {
  idleWatts: {
    value: 180,
    kind: "count",
    provenance: "assumed",
    source: SERVER,
    meaning: "What a host draws that does nothing, in watts, no core parked.",
    least: 0,
    greatest: 100_000,
  },
  fullWatts: {
    value: 320,
    kind: "count",
    provenance: "assumed",
    source: SERVER,
    meaning: "What a host draws with all its processors busy, in watts; also while it boots and shuts down.",
    least: 0,
    greatest: 100_000,
  },
  offWatts: {
    value: 6,
    kind: "count",
    provenance: "assumed",
    source: "The management controller stays on.",
    meaning: "What a host draws that is powered off, in watts.",
    least: 0,
    greatest: 100_000,
  },
  parkedShare: {
    value: 0.1,
    kind: "share",
    provenance: "assumed",
    source: "Windows Server 2008 R2 parks cores that have nothing to do; how much that saves depends on the machine.",
    meaning:
      "Share of the idle power that parking all cores saves; of fewer idle cores in proportion. 0 for no parking.",
    least: 0,
    greatest: 1,
  },
  bootSeconds: {
    value: 300,
    kind: "seconds",
    provenance: "assumed",
    source: "Self-test, operating system and joining the cluster.",
    meaning: "From powering a host on until it takes machines.",
    least: 0,
    greatest: 86_400,
  },
  shutdownSeconds: {
    value: 60,
    kind: "seconds",
    provenance: "assumed",
    source: "Services stop, and the power goes off.",
    meaning: "From an empty host's being told to shut down until it is off.",
    least: 0,
    greatest: 86_400,
  },
  processorLimitShare: {
    value: 0.7,
    kind: "share",
    provenance: "assumed",
    source: "As dynamic optimisation's limit: hosts that stay on are to need no balancing.",
    meaning: "Machines are packed on a host until so much of its logical processors is asked for.",
    least: 0.01,
    greatest: 1,
  },
  joulesPerMigration: {
    value: 20,
    kind: "count",
    provenance: "assumed",
    source: MIGRATION,
    meaning: "Energy of a migration, in joules, whatever it sends.",
    least: 0,
    greatest: 1e9,
  },
  joulesPerGigabyte: {
    value: 512,
    kind: "count",
    provenance: "assumed",
    source: MIGRATION,
    meaning: "Energy of 10^9 bytes sent by a migration, in joules.",
    least: 0,
    greatest: 1e9,
  },
} as const satisfies ParameterTable;

export type PowerValues = ParameterValues<typeof POWER_PARAMETERS>;

/**
 * What a running host draws, in watts: from idle to full in proportion to the share of its processors that is busy (as SPECpower
 * figures nearly are), less what parked cores save.
 */
export function runningWatts({ idleWatts, fullWatts, parkedShare }: PowerValues, busyShare: number): number {
  return idleWatts * (1 - parkedShare * (1 - busyShare)) + (fullWatts - idleWatts) * busyShare;
}
