/** What hosts add to post-copy; the values are those of the measured machine. */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const POST_COPY_HOST_PARAMETERS = {
  placingRateBytesPerSecond: {
    value: 2.9e9,
    kind: "bytesPerSecond",
    provenance: "measured",
    source: "measured: qemu-7.2 post-copy runs on loopback, 214 MB in 74 ms and 38 MB in 13.9 ms.",
    meaning: "Post-copy: what sender and target can do together, the target putting each page in its place by itself.",
    least: 1e6,
    greatest: 1e12,
  },
  receiveBufferBytes: {
    value: 3.1e6,
    kind: "bytes",
    provenance: "measured",
    source:
      "measured: the qemu-7.2 post-copy run without a limit, 2.2 ms from request to request at 2.9 GB/s, less what the " +
      "source's socket holds (Linux, tcp_rmem maximum 6 MiB, half of it payload).",
    meaning: "Post-copy: what the target's socket holds where the target is slower than the link.",
    least: 0,
    greatest: 1e9,
  },
  pageRequestSeconds: {
    value: 0.25e-3,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU commit adb13d6e42 (2025), postcopy-preempt: faults of 232 to 268 microseconds on average.",
    meaning: "Post-copy: a fault beside what network and queues take: noticing, asking, placing, waking the guest.",
    least: 0,
    greatest: 10,
  },
  discardPageSeconds: {
    value: 0.1e-6,
    kind: "seconds",
    provenance: "measured",
    source:
      "measured: qemu-7.2 post-copy runs on loopback, 4.7 ms for 45,000 pages and 6.5 ms for 52,000. Xu et al., M3U " +
      "(OSDI 2026), section 2.2: over 3 s for 128 GB, as much.",
    meaning: "Post-copy: throwing away one page at the target that was sent and has been written since.",
    least: 0,
    greatest: 1,
  },
} as const satisfies ParameterTable;
