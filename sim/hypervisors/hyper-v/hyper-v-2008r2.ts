/** Windows Server 2008 R2 Hyper-V: ten passes, then the guest is stopped whatever is left. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import { DrainingSender } from "../../migration/draining-sender.ts";
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../migration/policy.ts";
import { type AnnouncementSchedule, HYPER_V_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";
import { slowStartLagSeconds } from "../../network/tcp.ts";
import type { Profile } from "../profile.ts";

const PARAMETERS = {
  passLimit: {
    value: 10,
    kind: "count",
    provenance: "documented",
    source: "Directions on Microsoft, June 2009: ten passes, then the guest is suspended anyway.",
    meaning: "Passes over memory while the guest runs, the full copy included.",
    least: 1,
    greatest: 10_000,
  },
  switchoverPages: {
    value: 256,
    kind: "pages",
    provenance: "assumed",
    source: "Passes end early once few pages are left; no document says how few.",
    meaning: "The guest is stopped before the pass limit once no more pages than this are dirty.",
    least: 0,
    greatest: 1e9,
  },
  pageHeaderBytes: {
    value: 16,
    kind: "bytes",
    provenance: "assumed",
    source: "The wire format is not published; an address and flags.",
    meaning: "Sent with each page, beside its 4096 bytes.",
    least: 0,
    greatest: 4096,
  },
  migrationsPerNode: {
    value: 1,
    kind: "count",
    provenance: "documented",
    source: "Principled Technologies 2011: a node takes part in one live migration at a time, as source or as target.",
    meaning: "Live migrations that a node takes part in at a time.",
    least: 1,
    greatest: 1000,
  },
  ...HYPER_V_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;

function passPolicy(passLimit: number, switchoverPages: number): PrecopyPolicy {
  return ({ round, pendingPages }) => {
    if (pendingPages <= switchoverPages) {
      return {
        kind: "stop-guest",
        rule: "few-pages-left",
        reason: `${pendingPages} dirty pages left after pass ${round}, no more than ${switchoverPages}`,
      };
    }
    if (round >= passLimit) {
      return {
        kind: "stop-guest",
        rule: "pass-limit",
        reason: `pass ${round}, the last of ${passLimit} allowed, and ${pendingPages} pages were still dirty`,
      };
    }
    return ANOTHER_ROUND;
  };
}

export const hyperV2008R2: Profile = {
  name: "hyper-v-2008r2",
  title: "Windows Server 2008 R2 Hyper-V",
  modes: ["live"],
  parameters: PARAMETERS,
  announcementFrame: "gratuitous-arp",
  announcement: (values): AnnouncementSchedule => resolveParameters(PARAMETERS, values),
  migrationsPerNode: (values) => resolveParameters(PARAMETERS, values).migrationsPerNode,
  setUp(values, environment) {
    const { passLimit, switchoverPages, pageHeaderBytes } = resolveParameters(PARAMETERS, values);
    const pageBytes = PAGE_BYTES + pageHeaderBytes;
    return {
      makePolicy: () => passPolicy(passLimit, switchoverPages),
      rearm: environment.tracksByChunk ? { kind: "by-chunk", chunkPages: 262_144 } : { kind: "at-sync" },
      setupSeconds: environment.setupSeconds,
      finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
      blackout: environment,
      reportsAtLastByteWritten: false,
      makeSender: (log, link) =>
        new DrainingSender(log, {
          wire: { pageBytes, zeroPageBytes: pageBytes, sectionBytes: 0 },
          capBytesPerSecond: environment.copyRateBytesPerSecond,
          latencySeconds: link.latencySeconds,
          slowStartLagSeconds: slowStartLagSeconds(link.capacityBytesPerSecond, 2 * link.latencySeconds),
        }),
    };
  },
};
