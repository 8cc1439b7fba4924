/** Parameters of QEMU's loop that all its versions share. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { QEMU_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";
import { AUTO_CONVERGE_PARAMETERS } from "./auto-converge.ts";
import { COMPRESSION_PARAMETERS } from "./compression-parameters.ts";
import { MULTIFD_PARAMETERS } from "./multifd-parameters.ts";
import { POST_COPY_PARAMETERS } from "./post-copy-parameters.ts";
import { SWITCHOVER_PARAMETERS } from "./switchover-parameters.ts";
import { XBZRLE_PARAMETERS } from "./xbzrle-parameters.ts";

export const QEMU_PARAMETERS = {
  maxBandwidthBytesPerSecond: {
    value: 134_217_728,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "QEMU, migration parameter max-bandwidth: 128 MiB/s by default.",
    meaning: "Rate limit while the guest runs, lifted for the last copy; 0 for none.",
    least: 0,
    greatest: 1e15,
  },
  downtimeLimitSeconds: {
    value: 0.3,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU, migration parameter downtime-limit: 300 ms by default, 2000 s at most.",
    meaning: "The guest is stopped once what is left can be sent within this time at the bandwidth last seen.",
    least: 0,
    greatest: 2000,
  },
  windowSeconds: {
    value: 0.1,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU 7.2 migration/migration.c, BUFFER_DELAY: 100 ms.",
    meaning: "Window of the rate limit and of the bandwidth estimate.",
    least: 0.001,
    greatest: 10,
  },
  sectionLimitSeconds: {
    value: 0.05,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, MAX_WAIT: 50 ms.",
    meaning: "Longest time for which pages are sent before the loop turns.",
    least: 0.001,
    greatest: 10,
  },
  pagesPerClockCheck: {
    value: 64,
    kind: "count",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, ram_save_iterate: the clock is looked at after every 64th page.",
    meaning: "Pages sent between two looks at the clock.",
    least: 1,
    greatest: 1e6,
  },
  pageHeaderBytes: {
    value: 8,
    kind: "bytes",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, save_page_header: offset and flags.",
    meaning: "Sent with each page, beside its 4096 bytes.",
    least: 0,
    greatest: 4096,
  },
  zeroPageBytes: {
    value: 9,
    kind: "bytes",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c, save_zero_page: header and one byte.",
    meaning: "Sent for a page that is zero.",
    least: 0,
    greatest: 4096,
  },
  sectionFramingBytes: {
    value: 18,
    kind: "bytes",
    provenance: "measured",
    source:
      "measured: qemu-7.2 runs, 13,424,202 bytes in a window of 3,271 pages of 4,104; section header, end mark and footer " +
      "of migration/savevm.c and ram.c: 5 + 8 + 5.",
    meaning: "Sent with each section of pages.",
    least: 0,
    greatest: 4096,
  },
  ...AUTO_CONVERGE_PARAMETERS,
  ...MULTIFD_PARAMETERS,
  ...COMPRESSION_PARAMETERS,
  ...XBZRLE_PARAMETERS,
  ...POST_COPY_PARAMETERS,
  ...SWITCHOVER_PARAMETERS,
  ...QEMU_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;
