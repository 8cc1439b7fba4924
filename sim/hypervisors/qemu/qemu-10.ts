/** QEMU 10.0: what differs from 7.2. Pre-copy ends by the same comparison (10.2: with a remainder equal to the threshold too). */
import { resolveParameters } from "../../kernel/parameter.ts";
import { autoConverge } from "./auto-converge.ts";
import { belowThreshold } from "./below-threshold.ts";
import { DIRTY_LIMIT_PARAMETERS, dirtyLimit } from "./dirty-limit.ts";
import { QEMU_PARAMETERS } from "./parameters.ts";
import { profileOfVersion } from "./profile-of-version.ts";

const PARAMETERS = {
  ...QEMU_PARAMETERS,
  ...DIRTY_LIMIT_PARAMETERS,
  multifdFlushAfterEachSection: {
    ...QEMU_PARAMETERS.multifdFlushAfterEachSection,
    value: false,
    source: "QEMU 8.1 and later, machine property multifd-flush-after-each-section: off.",
  },
  multifdZeroPageDetection: {
    ...QEMU_PARAMETERS.multifdZeroPageDetection,
    value: true,
    source: "QEMU 9.0 and later, migration parameter zero-page-detection: multifd by default.",
  },
  leastReadsSeconds: {
    value: 5,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU 10.0 migration/cpu-throttle.c, CPU_THROTTLE_DIRTY_SYNC_TIMESLICE_MS: 5 s; since 9.2.",
    meaning:
      "With auto-converge, after so long without one the dirty bitmap is read within a pass, from the second pass on.",
    least: 0.1,
    greatest: 3600,
  },
  availSwitchoverBandwidthBytesPerSecond: {
    value: 0,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "QEMU, migration parameter avail-switchover-bandwidth (8.2 and later): 0 by default.",
    meaning:
      "What the last copy is taken to get, for the comparison with the downtime limit; 0 for what the last window got.",
    least: 0,
    greatest: 1e15,
  },
  returnPath: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability return-path: off by default; it is for its manager to turn on.",
    meaning: "The source's clock stops once the target has said that the guest runs, not as the last byte is written.",
  },
} as const;

export const qemu10 = profileOfVersion({
  name: "qemu-10",
  title: "QEMU 10",
  parameters: PARAMETERS,
  makePolicy: (parameters) => {
    if (parameters.autoConverge) return autoConverge(parameters, belowThreshold);
    return parameters.dirtyLimit ? dirtyLimit(parameters, belowThreshold) : belowThreshold;
  },
  differences: ({ autoConverge: throttles, leastReadsSeconds, returnPath }, mode) => ({
    ...(throttles ? { leastReadsSeconds } : {}),
    // Where pages follow the guest, its clock is the source's in any case.
    ...(returnPath && mode === "live" ? { reportsAtLastByteWritten: false, reportsOnceTold: true } : {}),
  }),
  conflict: (values) => {
    const { autoConverge: throttles, dirtyLimit: limits } = resolveParameters(PARAMETERS, values);
    if (!throttles || !limits) return null;
    return {
      parameter: "dirtyLimit",
      problem: "autoConverge and dirtyLimit cannot both be on: QEMU has one or the other",
      remedy: "leave one of them out",
    };
  },
});
