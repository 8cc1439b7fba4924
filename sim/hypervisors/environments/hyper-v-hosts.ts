/** Hosts that run Hyper-V. */
import { ASSUMED, environmentPreset } from "./host-parameters.ts";

const NOT_FOUND = "No document or measurement was found; of the order that administrators report.";

export const HYPER_V_2008R2_HOSTS = environmentPreset("hyper-v-2008r2-hosts", "Windows Server 2008 R2 Hyper-V hosts", {
  copyRateBytesPerSecond: {
    value: 875e6,
    provenance: "documented",
    source: "Petri, A. Finn: 2008 R2 fills no more than about 70 % of 10 GbE even when tuned.",
  },
  finalCopyRateBytesPerSecond: {
    value: 875e6,
    provenance: "documented",
    source: "Petri, A. Finn: 2008 R2 fills no more than about 70 % of 10 GbE even when tuned.",
  },
  setupSeconds: { value: 2, provenance: ASSUMED, source: `Connection and a skeleton VM at the target. ${NOT_FOUND}` },
  stopSeconds: { value: 0.02, provenance: ASSUMED, source: NOT_FOUND },
  deviceStateBytes: { value: 2_097_152, provenance: ASSUMED, source: NOT_FOUND },
  deviceStateCollectionSeconds: { value: 0.15, provenance: ASSUMED, source: NOT_FOUND },
  resumeSeconds: { value: 0.25, provenance: ASSUMED, source: NOT_FOUND },
  alwaysDirtyPages: {
    value: 50,
    provenance: ASSUMED,
    source: "Kernel timers, statistics and logs of a running system.",
  },
  tracksByChunk: { value: false, provenance: ASSUMED, source: "Passes are taken to be armed at their beginning." },
});
