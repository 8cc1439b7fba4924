/** Hosts that run QEMU: the measured machine, and KVM hosts as far as they are known. */
import { ASSUMED, environmentPreset, MEASURED } from "./host-parameters.ts";

/** The machine on which the measured runs of test/measured were taken. */
export const QEMU_TCG_2_CORE = environmentPreset(
  "qemu-tcg-2-core",
  "QEMU 7.2 under TCG on a 2-core machine, one vCPU",
  "measured machine",
  {
    extraPages: {
      value: 130,
      provenance: MEASURED,
      source: "measured: qemu-7.2 runs, total RAM less the guest's memory: the pc machine's ROMs.",
    },
    extraUsedPages: {
      value: 118,
      provenance: MEASURED,
      source: "measured: qemu-7.2 runs, pages that are not zero beside usedBytes: firmware and the guest's program.",
    },
    tracksByChunk: {
      value: false,
      provenance: MEASURED,
      source: "measured: qemu-7.2 runs, README item 11: TCG arms all pages at the read.",
    },
    guestAnswerSeconds: {
      value: 0.01,
      provenance: MEASURED,
      source:
        "measured: qemu-7.2 runs with clients: a client's first retransmission 210 ms after the stop, 10 ms over Linux's least.",
    },
    guestFirstAnswerSeconds: {
      value: 0.0155,
      provenance: MEASURED,
      source:
        "measured: qemu-7.2 runs with clients that ping every 10 ms: the gap is stop-to-run and 20.5 ms (median; 11 to 29), " +
        "10 of which are the interval, 5 before and 5 after; the first answer came 5 to 20 ms after the run.",
    },
  },
);

export const QEMU_KVM_HOSTS = environmentPreset("qemu-kvm-hosts", "KVM hosts, small guests", "KVM", {
  placingRateBytesPerSecond: {
    value: 1.15e9,
    provenance: "documented",
    source: "Xu et al., M3U (OSDI 2026), figure 4: QEMU's userfault path reached 9.2 % of a 100 Gbit/s link.",
  },
  deviceStateBytes: {
    value: 262_144,
    provenance: ASSUMED,
    source: "A few virtio devices and vCPUs; 64 and more vCPUs with pass-through devices need far more.",
  },
  deviceStateCollectionSeconds: {
    value: 0.005,
    provenance: ASSUMED,
    source: "Device state and start-up take 5 to 30 ms together on small KVM guests; no document splits them.",
  },
  resumeSeconds: {
    value: 0.01,
    provenance: ASSUMED,
    source: "Device state and start-up take 5 to 30 ms together on small KVM guests; no document splits them.",
  },
  alwaysDirtyPages: {
    value: 50,
    provenance: ASSUMED,
    source: "Kernel timers, statistics and logs of a running system.",
  },
});
