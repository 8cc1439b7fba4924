/** Hosts that run Xen or XenServer. */
import { ASSUMED, environmentPreset } from "./host-parameters.ts";

const NOT_FOUND =
  "No document or measurement was found that tells the parts apart; of the order that administrators report.";
const COPIES = "The control domain maps and copies the guest's pages in one thread; no measurement was found.";

export const XEN_HOSTS = environmentPreset("xen-hosts", "Xen and XenServer hosts", "Xen", {
  copyRateBytesPerSecond: { value: 800e6, provenance: ASSUMED, source: COPIES },
  finalCopyRateBytesPerSecond: { value: 800e6, provenance: ASSUMED, source: COPIES },
  setupSeconds: {
    value: 1.5,
    provenance: ASSUMED,
    source: `Metadata imported, a paused domain made at the target, handshakes. ${NOT_FOUND}`,
  },
  stopSeconds: { value: 0.03, provenance: ASSUMED, source: `The guest suspends itself when asked. ${NOT_FOUND}` },
  deviceStateBytes: { value: 262_144, provenance: ASSUMED, source: NOT_FOUND },
  deviceStateCollectionSeconds: { value: 0.02, provenance: ASSUMED, source: NOT_FOUND },
  resumeSeconds: {
    value: 0.1,
    provenance: ASSUMED,
    source: `The domain is built, its devices are plugged in, it is unpaused. ${NOT_FOUND}`,
  },
  alwaysDirtyPages: {
    value: 50,
    provenance: ASSUMED,
    source: "Kernel timers, statistics and logs of a running system.",
  },
  tracksByChunk: {
    value: false,
    provenance: "documented",
    source:
      "Xen tools/libs/guest/xg_sr_save.c: the bitmap is read and cleaned in one operation. The Xen profiles know no other.",
  },
});
