/** QEMU 7.2: the loop of migration/migration.c, with its rules and defaults. */
import { type ParameterTable, resolveParameters } from "../kernel/parameter.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import { ANOTHER_ROUND, type PrecopyPolicy } from "../migration/policy.ts";
import { WindowedSender } from "../migration/windowed-sender.ts";
import { type AnnouncementSchedule, QEMU_ANNOUNCEMENT_PARAMETERS } from "../network/announcement.ts";
import { SendSocket, slowStartLagSeconds } from "../network/tcp.ts";
import type { Profile } from "./profile.ts";

/** 2^clear_bitmap_shift pages: 1 GiB (QEMU 7.2 migration/migration.h). */
const CHUNK_PAGES = 262_144;

const PARAMETERS = {
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
  ...QEMU_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;

/**
 * Done when nothing is left, or less than the threshold (migration_iteration_run). It never gives up. As long as the
 * threshold is 0, in the first window, that nothing was left is enough: QEMU does not read the bitmap then.
 */
const belowThreshold: PrecopyPolicy = ({ round, unsentPages, pendingPages, pendingBytes, thresholdBytes }) => {
  if (pendingPages === 0 || (unsentPages === 0 && thresholdBytes === 0)) {
    return { kind: "stop-guest", rule: "nothing-left", reason: `nothing left after pass ${round}` };
  }
  if (thresholdBytes !== null && pendingBytes < thresholdBytes) {
    return {
      kind: "stop-guest",
      rule: "remaining-below-threshold",
      reason: `${pendingBytes} bytes left after pass ${round}, fewer than the threshold of ${Math.floor(thresholdBytes)}`,
    };
  }
  return ANOTHER_ROUND;
};

export const qemu72: Profile = {
  name: "qemu-7.2",
  title: "QEMU 7.2",
  modes: ["live"],
  parameters: PARAMETERS,
  announcementFrame: "rarp",
  announcement: (values): AnnouncementSchedule => resolveParameters(PARAMETERS, values),
  migrationsPerNode: () => Number.POSITIVE_INFINITY,
  setUp(values, environment) {
    const parameters = resolveParameters(PARAMETERS, values);
    const limit = parameters.maxBandwidthBytesPerSecond;
    const maxBandwidthBytesPerSecond = limit === 0 ? Number.POSITIVE_INFINITY : limit;
    return {
      policy: belowThreshold,
      rearm: environment.tracksByChunk ? { kind: "by-chunk", chunkPages: CHUNK_PAGES } : { kind: "at-sync" },
      setupSeconds: environment.setupSeconds,
      capBytesPerSecond: Math.min(maxBandwidthBytesPerSecond, environment.copyRateBytesPerSecond),
      finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
      blackout: environment,
      reportsAtLastByteWritten: true,
      makeSender: (log, link) =>
        new WindowedSender(log, new SendSocket(environment.socketBufferBytes), {
          wire: {
            pageBytes: PAGE_BYTES + parameters.pageHeaderBytes,
            zeroPageBytes: parameters.zeroPageBytes,
            sectionBytes: parameters.sectionFramingBytes,
          },
          pageSizeBytes: PAGE_BYTES,
          windowSeconds: parameters.windowSeconds,
          oversleepSeconds: environment.oversleepSeconds,
          sectionSeconds: parameters.sectionLimitSeconds,
          pagesPerClockCheck: parameters.pagesPerClockCheck,
          maxBandwidthBytesPerSecond,
          downtimeLimitSeconds: parameters.downtimeLimitSeconds,
          copyBytesPerSecond: environment.copyRateBytesPerSecond,
          finalCopyBytesPerSecond: environment.finalCopyRateBytesPerSecond,
          zeroPageSeconds: environment.zeroPageSeconds,
          linkBytesPerSecond: link.capacityBytesPerSecond,
          latencySeconds: link.latencySeconds,
          slowStartLagSeconds: slowStartLagSeconds(link.capacityBytesPerSecond, 2 * link.latencySeconds),
        }),
    };
  },
};
