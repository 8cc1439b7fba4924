/** Virtual machines' states on disk: how fast they are written and read, and what a cluster takes around that. */
import type { ParameterTable } from "../kernel/parameter.ts";

export const SAVED_STATE_PARAMETERS = {
  savedStateRateShare: {
    value: 0.6,
    kind: "share",
    provenance: "assumed",
    source:
      "Derived from Microsoft's table of quick migration times (2008): about 64 MB/s each way over iSCSI on 1 GbE, 0.54 of " +
      "what it carries, and twice and four times as much over Fibre Channel of 2 and 4 Gbit/s, 0.62.",
    meaning: "Share of its storage's throughput at which one machine's state is saved or restored.",
    least: 0.001,
    greatest: 1,
  },
  groupOfflineSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; of the order of a second for the resources of one group.",
    meaning: "Taking a group's resources offline once its machines are saved, moving the LUN apart.",
    least: 0,
    greatest: 3600,
  },
  groupOnlineSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "assumed",
    source: "As groupOfflineSeconds.",
    meaning: "Bringing a group's resources online at another node, before its machines are restored.",
    least: 0,
    greatest: 3600,
  },
} as const satisfies ParameterTable;
