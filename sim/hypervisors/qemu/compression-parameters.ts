/** Parameters of QEMU's compression: that of multifd's channels, and the old one with its own threads. */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const COMPRESSION_PARAMETERS = {
  multifdZlib: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration parameter multifd-compression: none by default, zlib or zstd.",
    meaning: "Multifd's channels compress by zlib, each in its thread.",
  },
  multifdZstd: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration parameter multifd-compression: none by default, zlib or zstd.",
    meaning: "Multifd's channels compress by zstd, each in its thread.",
  },
  zlibBytesPerSecond: {
    value: 60e6,
    kind: "bytesPerSecond",
    provenance: "assumed",
    source:
      "zlib at level 1 does some tens of MB/s on one core; QEMU docs/multi-thread-compression.txt shows 8 threads keep up with 270 MB/s at least.",
    meaning: "Memory that one thread compresses by zlib.",
    least: 1e5,
    greatest: 1e12,
  },
  zstdBytesPerSecond: {
    value: 500e6,
    kind: "bytesPerSecond",
    provenance: "assumed",
    source:
      "zstd at level 1 does some hundreds of MB/s on one core; KubeVirt VEP 246 reports 0.4 cores for 1 Gbit/s at about 3 to 1.",
    meaning: "Memory that one thread compresses by zstd.",
    least: 1e5,
    greatest: 1e12,
  },
} as const satisfies ParameterTable;

/** Compression beside multifd, which later versions have no more. */
export const OLD_COMPRESSION_PARAMETERS = {
  compress: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU 7.2, migration capability compress: off by default; deprecated in 8.2, removed in 9.1.",
    meaning: "Pages are compressed by zlib in threads of their own; not used with multifd.",
  },
  compressThreads: {
    value: 8,
    kind: "count",
    provenance: "documented",
    source: "QEMU 7.2, migration parameter compress-threads: 8 by default.",
    meaning: "Threads that compress.",
    least: 1,
    greatest: 255,
  },
  compressedPageHeaderBytes: {
    value: 12,
    kind: "bytes",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, save_page_header: 8; qemu-file.c, qemu_put_compression_data: 4 for the length.",
    meaning: "Sent with each compressed page, beside its data.",
    least: 0,
    greatest: 4096,
  },
} as const satisfies ParameterTable;
