/** Hosts that run Hyper-V. */
import { WINDOWS_CONNECTION } from "./connections.ts";
import { ASSUMED, type Changes, environmentPreset } from "./host-parameters.ts";

const NOT_FOUND = "No document or measurement was found; of the order that administrators report.";

export const HYPER_V_2008R2_HOSTS = environmentPreset(
  "hyper-v-2008r2-hosts",
  "Windows Server 2008 R2 Hyper-V hosts",
  "Hyper-V",
  {
    ...WINDOWS_CONNECTION,
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
    backupRedirectsVolumes: {
      value: true,
      provenance: "documented",
      source: "Microsoft, Use Cluster Shared Volumes in a failover cluster: 2008 R2 redirects all I/O for a backup.",
    },
    backupMovesOwner: {
      value: true,
      provenance: ASSUMED,
      source:
        "As administrators know it: on 2008 R2 the snapshot is made where the volume is mounted, so that it moves to the node with the machine.",
    },
  },
);

const AS_2008R2 = "Taken over from 2008 R2, where it is assumed as well.";

/** What nothing tells of any release: as assumed of 2008 R2. */
function takenOverFrom2008R2(): Changes {
  const { parameters } = HYPER_V_2008R2_HOSTS;
  const names = [
    "setupSeconds",
    "stopSeconds",
    "deviceStateBytes",
    "deviceStateCollectionSeconds",
    "resumeSeconds",
    "alwaysDirtyPages",
    "tracksByChunk",
  ] as const;
  return Object.fromEntries(
    names.map((name) => [name, { value: parameters[name].value, provenance: ASSUMED, source: AS_2008R2 }]),
  );
}

const COPY_RATE_2012R2 = {
  value: 875e6,
  provenance: ASSUMED,
  source: "One TCP connection, as far as 2008 R2 could fill 10 GbE; one small VM on 2012 was seen at 338 MB/s.",
};

export const HYPER_V_2012R2_HOSTS = environmentPreset(
  "hyper-v-2012r2-hosts",
  "Windows Server 2012 R2 Hyper-V hosts",
  "Hyper-V",
  {
    ...WINDOWS_CONNECTION,
    ...takenOverFrom2008R2(),
    copyRateBytesPerSecond: COPY_RATE_2012R2,
    finalCopyRateBytesPerSecond: COPY_RATE_2012R2,
  },
);

const COPY_RATE_2016 = {
  value: 1.15e9,
  provenance: ASSUMED,
  source: "No document or measurement was found: one TCP connection, offloads on, close to filling 10 GbE.",
};

export const HYPER_V_2016_HOSTS = environmentPreset(
  "hyper-v-2016-hosts",
  "Windows Server 2016 Hyper-V hosts and later",
  "Hyper-V",
  {
    ...WINDOWS_CONNECTION,
    ...takenOverFrom2008R2(),
    backupSavesState: {
      value: false,
      provenance: "documented",
      source: "Veeam, on Hyper-V backup: Windows Server 2016 does not save machines for a backup any more.",
    },
    copyRateBytesPerSecond: COPY_RATE_2016,
    finalCopyRateBytesPerSecond: COPY_RATE_2016,
  },
);
