/** What QEMU's versions share, and the little in which they differ: each profile is made here. */

import {
  type Parameter,
  type ParameterTable,
  type ParameterValues,
  resolveParameters,
} from "../../kernel/parameter.ts";
import type { Rearm } from "../../memory/dirty-log.ts";
import type { PrecopyPolicy, PrecopySetup } from "../../migration/policy.ts";
import { postCopyAfter } from "../../migration/post-copy-setup.ts";
import type { AnnouncementSchedule } from "../../network/announcement.ts";
import type { MigrationMode } from "../../trace/migration-events.ts";
import { POST_COPY_HOST_PARAMETERS } from "../environments/post-copy-hosts.ts";
import type { Profile, SendingParameter } from "../profile.ts";
import { THROTTLED_RUN_SECONDS } from "./auto-converge.ts";
import { compressionConflict, compressionWarnings } from "./compression-checks.ts";
import { QEMU_PARAMETERS } from "./parameters.ts";
import { postCopySetupOf } from "./post-copy-parameters.ts";
import { makeQemuSender, streamsOf } from "./sender.ts";
import { compresses, deltaCompresses, parametersWithoutEffect } from "./without-effect.ts";

/** 2^clear_bitmap_shift pages: 1 GiB (QEMU 7.2 migration/migration.h). */
const CHUNK_PAGES = 262_144;

const READS_OF_SENDING: readonly SendingParameter[] = [
  "oversleepSeconds",
  "socketBufferBytes",
  "zeroPageSeconds",
  "tracksByChunk",
];
const READS_OF_POST_COPY = Object.keys(POST_COPY_HOST_PARAMETERS) as (keyof typeof POST_COPY_HOST_PARAMETERS)[];

/** The parameters that all versions share, each with a version's own value. */
export type QemuTable = ParameterTable & {
  readonly [Name in keyof typeof QEMU_PARAMETERS]: Parameter<
    (typeof QEMU_PARAMETERS)[Name]["value"] extends boolean ? boolean : number
  >;
};

/** A version of QEMU: what is its own. */
export interface QemuVersion<Table extends QemuTable> {
  readonly name: string;
  readonly title: string;
  /** Those that all versions share, and its own. */
  readonly parameters: Table;
  /** Called once for each migration. */
  readonly makePolicy: (parameters: ParameterValues<Table>) => PrecopyPolicy;
  /** How its setup differs from what all share; absent: not. */
  readonly differences?: (parameters: ParameterValues<Table>, mode: MigrationMode) => Partial<PrecopySetup>;
  /** Values of its own that exclude each other, beside those of all versions. */
  readonly conflict?: Profile["conflict"];
}

export function profileOfVersion<Table extends QemuTable>(version: QemuVersion<Table>): Profile {
  return {
    name: version.name,
    title: version.title,
    modes: ["live", "post-copy"],
    parameters: version.parameters,
    conflict: (values) => compressionConflict(values) ?? version.conflict?.(values) ?? null,
    warnings: compressionWarnings,
    announcementFrame: "rarp",
    announcement: (values): AnnouncementSchedule => resolveParameters(QEMU_PARAMETERS, values),
    withoutEffect: parametersWithoutEffect,
    readsPageData: (values) => [
      ...(compresses(values) ? (["compressesToShare"] as const) : []),
      ...(deltaCompresses(values) ? (["wordsPerWrite"] as const) : []),
    ],
    readsOfSending: (mode) => (mode === "post-copy" ? [...READS_OF_SENDING, ...READS_OF_POST_COPY] : READS_OF_SENDING),
    migrationsPerNode: () => Number.POSITIVE_INFINITY,
    setUp(values, environment, mode) {
      const own = resolveParameters(version.parameters, values);
      // The same values: whatever a version's table says, the kinds of those that all share are the same.
      const parameters = own as unknown as ParameterValues<typeof QEMU_PARAMETERS>;
      const postCopy = mode === "post-copy" ? postCopySetupOf(parameters, parameters.windowSeconds, environment) : null;
      const rearm: Rearm = environment.tracksByChunk
        ? { kind: "by-chunk", chunkPages: CHUNK_PAGES }
        : { kind: "at-sync" };
      return {
        makePolicy: () => postCopyAfter(postCopy?.afterRounds ?? Number.POSITIVE_INFINITY, version.makePolicy(own)),
        rearm,
        setupSeconds: environment.setupSeconds,
        finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
        streams: streamsOf(parameters),
        blackout: environment,
        ...(parameters.autoConverge ? { throttledRunSeconds: THROTTLED_RUN_SECONDS } : {}),
        reportsAtLastByteWritten: true,
        postCopy,
        ...(parameters.pauseBeforeSwitchover
          ? { preSwitchoverSeconds: parameters.pauseBeforeSwitchoverWaitSeconds }
          : {}),
        makeSender: (log, link, memory) => makeQemuSender(parameters, environment, rearm, log, link, memory),
        ...version.differences?.(own, mode),
      };
    },
  };
}
