/** XenServer 5 and 6 (2008 to 2012): up to 29 rounds that pass over what is dirty again, and three times memory at most. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import type { AnnouncementSchedule } from "../../network/announcement.ts";
import type { Profile } from "../profile.ts";
import { XEN_ANNOUNCEMENT_PARAMETERS } from "./parameters.ts";
import { xenSetup } from "./setup.ts";
import { xenServerPolicy } from "./xenserver-policy.ts";

const SAVE = "Xen 4.1 tools/libxc/xc_domain_save.c";

const PARAMETERS = {
  roundLimit: {
    value: 29,
    kind: "count",
    provenance: "documented",
    source: `${SAVE}, DEF_MAX_ITERS.`,
    meaning: "Rounds while the guest runs, the full copy included; then it is suspended whatever is dirty.",
    least: 1,
    greatest: 10_000,
  },
  memoryFactor: {
    value: 3,
    kind: "count",
    provenance: "documented",
    source: `${SAVE}, DEF_MAX_FACTOR.`,
    meaning: "The guest is suspended after the round in which the pages sent exceed so many times its memory.",
    least: 1,
    greatest: 10_000,
  },
  fewPages: {
    value: 50,
    kind: "pages",
    provenance: "documented",
    source: `${SAVE}: sent_this_iter + skip_this_iter < 50.`,
    meaning: "A round of fewer pages than this, sent or passed over, is the last one.",
    least: 0,
    greatest: 1e9,
  },
  skipsDirtyPages: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: `${SAVE}, to_skip: XEN_DOMCTL_SHADOW_OP_PEEK before every batch.`,
    meaning: "Pages that are dirty again when their batch is made up are left for the next round.",
  },
  batchPages: {
    value: 1024,
    kind: "pages",
    provenance: "documented",
    source: `${SAVE}, MAX_BATCH_SIZE.`,
    meaning: "Pages in one batch of the stream, at most.",
    least: 1,
    greatest: 1e9,
  },
  batchHeaderBytes: {
    value: 4,
    kind: "bytes",
    provenance: "assumed",
    source: "A count before each batch; the stream of this era was not looked at byte by byte.",
    meaning: "Sent with each batch of pages.",
    least: 0,
    greatest: 1e6,
  },
  pageHeaderBytes: {
    value: 8,
    kind: "bytes",
    provenance: "assumed",
    source: "As in the present stream, a frame number and type for each page; 32-bit tools sent 4 bytes.",
    meaning: "Sent with each page, beside its 4096 bytes; zero pages are sent whole.",
    least: 0,
    greatest: 4096,
  },
  adaptiveRate: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: `${SAVE}: ADAPTIVE_SAVE is off in default builds, which send at full speed.`,
    meaning: "The rate starts low and follows what the guest dirties.",
  },
  startRateBytesPerSecond: {
    value: 12.5e6,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: `${SAVE}, START_MBIT_RATE of adaptive builds: 100 Mbit/s.`,
    meaning: "Rate of the first round, where the rate is adaptive.",
    least: 1e3,
    greatest: 1e15,
  },
  rateStepBytesPerSecond: {
    value: 6.25e6,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: `${SAVE}, print_stats in adaptive builds: 50 Mbit/s.`,
    meaning: "After a round that dirtied faster than it sent, the rate is what was dirtied and so much more.",
    least: 0,
    greatest: 1e15,
  },
  maxRateBytesPerSecond: {
    value: 62.5e6,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: `${SAVE}, MAX_MBIT_RATE of adaptive builds: 500 Mbit/s.`,
    meaning: "Greatest rate while the guest runs, where the rate is adaptive; the last copy has no limit.",
    least: 1e3,
    greatest: 1e15,
  },
  ...XEN_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;

export const xenServer5: Profile = {
  name: "xenserver-5",
  title: "XenServer 5 and 6 (Xen 3 to 4.1)",
  modes: ["live"],
  // Xen, doc/content/xenopsd/walkthroughs/live-migration.md: the domain is taken to its dynamic minimum first.
  squeezesMemory: true,
  parameters: PARAMETERS,
  announcementFrame: "gratuitous-arp",
  announcement: (values): AnnouncementSchedule => resolveParameters(PARAMETERS, values),
  migrationsPerNode: () => Number.POSITIVE_INFINITY,
  setUp(values, environment) {
    const parameters = resolveParameters(PARAMETERS, values);
    const { adaptiveRate, startRateBytesPerSecond, skipsDirtyPages } = parameters;
    return xenSetup(parameters, environment, {
      makePolicy: () => xenServerPolicy(parameters),
      peeks: skipsDirtyPages,
      ...(adaptiveRate ? { startRateBytesPerSecond } : {}),
    });
  },
};
