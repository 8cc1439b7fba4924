/** Parameters of QEMU's multifd: pages over several connections, in packets. */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const MULTIFD_PARAMETERS = {
  multifd: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability multifd: off by default.",
    meaning: "Pages go over several connections, in packets; zero pages as the version has it.",
  },
  multifdChannels: {
    value: 2,
    kind: "count",
    provenance: "documented",
    source: "QEMU, migration parameter multifd-channels: 2 by default, 255 at most.",
    meaning: "Connections for pages under multifd, each with a thread of its own.",
    least: 1,
    greatest: 255,
  },
  multifdPacketPages: {
    value: 128,
    kind: "pages",
    provenance: "documented",
    source: "QEMU 7.2 migration/multifd.h, MULTIFD_PACKET_SIZE: 512 KiB.",
    meaning: "Pages of a full packet.",
    least: 1,
    greatest: 4096,
  },
  multifdPacketHeaderBytes: {
    value: 1344,
    kind: "bytes",
    provenance: "documented",
    source: "QEMU 7.2 migration/multifd.h, MultiFDPacket_t: 320 bytes, and an offset of 8 bytes for each of 128 pages.",
    meaning: "Header of a packet, of full length even where the packet is not full or only synchronises its channel.",
    least: 0,
    greatest: 1e6,
  },
  multifdFlushAfterEachSection: {
    value: true as boolean,
    kind: "flag",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, ram_save_iterate; from 8.1 on once a pass (multifd-flush-after-each-section).",
    meaning: "All channels are synchronised at the end of every section; false: once a pass.",
  },
  multifdZeroPageDetection: {
    value: false as boolean,
    kind: "flag",
    provenance: "documented",
    source:
      "QEMU 7.2: found by the migration thread, sent on the main channel; from 9.0 on zero-page-detection=multifd.",
    meaning: "The channels find zero pages, whose offsets ride in packets; false: the one migration thread does.",
  },
  multifdQueuePageSeconds: {
    value: 0.158e-6,
    kind: "seconds",
    provenance: "assumed",
    source:
      "4.143 s for 100 GiB of zero pages with 4 channels (qemu-devel, zero page checking on the multifd threads, 2024), taken " +
      "as the migration thread's own pace, on one machine.",
    meaning: "The migration thread's time to hand a page to a channel.",
    least: 0,
    greatest: 1,
  },
} as const satisfies ParameterTable;
