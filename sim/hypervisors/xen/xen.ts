/** Xen as it is now: five rounds, or fewer than fifty pages; no rate limit, no estimate, no downtime target. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../migration/policy.ts";
import type { AnnouncementSchedule } from "../../network/announcement.ts";
import type { Profile } from "../profile.ts";
import { XEN_ANNOUNCEMENT_PARAMETERS } from "./parameters.ts";
import { xenSetup } from "./setup.ts";

const SAVE = "tools/libs/guest/xg_sr_save.c";

const PARAMETERS = {
  roundLimit: {
    value: 5,
    kind: "count",
    provenance: "documented",
    source: `Xen (xen-project/xen c447b7308b) ${SAVE}, SPP_MAX_ITERATIONS.`,
    meaning: "Rounds while the guest runs, the full copy included; then it is suspended whatever is dirty.",
    least: 1,
    greatest: 10_000,
  },
  fewPages: {
    value: 50,
    kind: "pages",
    provenance: "documented",
    source: `Xen (xen-project/xen c447b7308b) ${SAVE}, SPP_TARGET_DIRTY_COUNT.`,
    meaning: "A round of fewer pages than this is the last one; it is still sent while the guest runs.",
    least: 0,
    greatest: 1e9,
  },
  batchPages: {
    value: 1024,
    kind: "pages",
    provenance: "documented",
    source: `Xen (xen-project/xen c447b7308b) ${SAVE}, write_batch: MAX_BATCH_SIZE 1024.`,
    meaning: "Pages in one record of the stream, at most.",
    least: 1,
    greatest: 1e9,
  },
  batchHeaderBytes: {
    value: 16,
    kind: "bytes",
    provenance: "documented",
    source: `Xen (xen-project/xen c447b7308b) ${SAVE}, write_batch: record header, count and padding.`,
    meaning: "Sent with each record of pages.",
    least: 0,
    greatest: 1e6,
  },
  pageHeaderBytes: {
    value: 8,
    kind: "bytes",
    provenance: "documented",
    source: `Xen (xen-project/xen c447b7308b) ${SAVE}, write_batch: a 64-bit frame number and type for each page.`,
    meaning: "Sent with each page, beside its 4096 bytes; zero pages are sent whole.",
    least: 0,
    greatest: 4096,
  },
  ...XEN_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;

/**
 * simple_precopy_policy as send_memory_live asks it: before a round, knowing how many pages it has, and after it, before the
 * bitmap is read. A round of few pages is sent and then found to have been the last; so is the one that reaches the limit.
 */
function simplePrecopyPolicy(roundLimit: number, fewPages: number): PrecopyPolicy {
  return ({ round, roundPages }) => {
    if (roundPages < fewPages) {
      return {
        kind: "stop-guest",
        rule: "few-pages-left",
        reason: `round ${round}, of ${roundPages} dirty pages, fewer than ${fewPages}`,
      };
    }
    if (round >= roundLimit) {
      return { kind: "stop-guest", rule: "round-limit", reason: `round ${round}, the last of ${roundLimit} allowed` };
    }
    return ANOTHER_ROUND;
  };
}

export const xen: Profile = {
  name: "xen",
  title: "Xen",
  modes: ["live"],
  // Xen, doc/content/xenopsd/walkthroughs/live-migration.md: the domain is taken to its dynamic minimum first.
  squeezesMemory: true,
  parameters: PARAMETERS,
  announcementFrame: "gratuitous-arp",
  announcement: (values): AnnouncementSchedule => resolveParameters(PARAMETERS, values),
  migrationsPerNode: () => Number.POSITIVE_INFINITY,
  // Citrix, "Migrate VMs": a host is evacuated in parallel batches of 10, in the current release.
  evacuationBatch: () => 10,
  setUp(values, environment) {
    const parameters = resolveParameters(PARAMETERS, values);
    const { roundLimit, fewPages } = parameters;
    return xenSetup(parameters, environment, { makePolicy: () => simplePrecopyPolicy(roundLimit, fewPages) });
  },
};
