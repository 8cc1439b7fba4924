/** Hosts that run ESX and ESXi. */
import { ESX_CONNECTION } from "./connections.ts";
import { ASSUMED, type Changes, environmentPreset } from "./host-parameters.ts";

const NOT_FOUND = "No document or measurement was found; of the order that administrators report.";
const STUN = "Stuns of 100 to 500 ms are told of; how they divide is not known.";

/** What nothing tells of any release. */
const UNDOCUMENTED = {
  ...ESX_CONNECTION,
  setupSeconds: { value: 1, provenance: ASSUMED, source: `Connection and a skeleton VM at the target. ${NOT_FOUND}` },
  stopSeconds: { value: 0.01, provenance: ASSUMED, source: STUN },
  deviceStateBytes: { value: 4_194_304, provenance: ASSUMED, source: `Video memory is the most of it. ${NOT_FOUND}` },
  deviceStateCollectionSeconds: { value: 0.05, provenance: ASSUMED, source: STUN },
  resumeSeconds: { value: 0.1, provenance: ASSUMED, source: STUN },
  alwaysDirtyPages: {
    value: 50,
    provenance: ASSUMED,
    source: "Kernel timers, statistics and logs of a running system.",
  },
  tracksByChunk: { value: false, provenance: ASSUMED, source: "Traces are taken to be set again as a pass begins." },
} as const satisfies Changes;

const COPY_RATE_5 = {
  value: 1.25e9,
  provenance: ASSUMED,
  source: "No document or measurement was found: one stream for each 10 GbE adapter, which it fills.",
} as const;

const COPY_RATE_4 = {
  value: 875e6,
  provenance: ASSUMED,
  source: "5.0 is said to take 30 % less time than 4.1; taken as 0.7 of what a stream of 5.0 is taken to push.",
} as const;

export const VSPHERE_4_HOSTS = environmentPreset("vsphere-4-hosts", "VMware ESX and ESXi 4 hosts", "ESX", {
  ...UNDOCUMENTED,
  copyRateBytesPerSecond: COPY_RATE_4,
  finalCopyRateBytesPerSecond: COPY_RATE_4,
});

export const VSPHERE_5_HOSTS = environmentPreset("vsphere-5-hosts", "VMware ESXi 5 hosts and later", "ESX", {
  ...UNDOCUMENTED,
  copyRateBytesPerSecond: COPY_RATE_5,
  finalCopyRateBytesPerSecond: COPY_RATE_5,
});
