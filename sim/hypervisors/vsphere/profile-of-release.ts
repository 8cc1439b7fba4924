/** What vMotion of all releases has in common: traces, passes, what goes over the wire, how many at a time. */
import {
  type Parameter,
  type ParameterTable,
  type ParameterValues,
  resolveParameters,
} from "../../kernel/parameter.ts";
import { formatSeconds } from "../../kernel/units.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import { DrainingSender } from "../../migration/draining-sender.ts";
import type { PrecopyPolicy } from "../../migration/policy.ts";
import type { PostCopySetup } from "../../migration/post-copy-setup.ts";
import type { AnnouncementSchedule } from "../../network/announcement.ts";
import type { Link } from "../../network/link.ts";
import { slowStartLagSeconds } from "../../network/tcp.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";
import type { Profile, ProfileValues } from "../profile.ts";
import type { VSPHERE_PARAMETERS } from "./parameters.ts";

interface Release {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable & { readonly [Name in keyof typeof VSPHERE_PARAMETERS]: Parameter<number> };
  makePolicy(values: ProfileValues): PrecopyPolicy;
  readonly withoutEffect?: Profile["withoutEffect"];
  /** A stream for each adapter; absent: one in all. */
  readonly hasStreamForEachNic?: boolean;
  /** Absent where the guest never goes ahead of its memory; null where these values keep it from that. */
  readonly postCopy?: (values: ProfileValues, environment: EnvironmentValues) => PostCopySetup | null;
  /** The most that a migration takes of the link, where one stream gets `streamBytesPerSecond` out of its host. */
  capBytesPerSecond(
    streamBytesPerSecond: number,
    parameters: ParameterValues<typeof VSPHERE_PARAMETERS>,
    link: Link,
  ): number;
}

export function profileOfRelease(release: Release): Profile {
  const { name, title, parameters: table } = release;
  return {
    name,
    title,
    modes: ["live"],
    parameters: table,
    ...(release.withoutEffect === undefined ? {} : { withoutEffect: release.withoutEffect }),
    readsOfSending: () => ["zeroPageSeconds", "tracksByChunk"],
    announcementFrame: "rarp",
    announcement: (values): AnnouncementSchedule => resolveParameters(table, values),
    migrationsPerNode(values, network) {
      const { nics, fastNicBytesPerSecond, migrationsPerNode, migrationsPerFastNode } = resolveParameters(
        table,
        values,
      );
      const adapterBytesPerSecond = network.bytesPerSecond / (network.team === undefined ? nics : 1);
      return adapterBytesPerSecond >= fastNicBytesPerSecond ? migrationsPerFastNode : migrationsPerNode;
    },
    warnings(values, network) {
      const { roundTripLimitSeconds } = resolveParameters(table, values);
      const roundTripSeconds = 2 * network.latencySeconds;
      if (roundTripSeconds <= roundTripLimitSeconds) return [];
      return [
        `A round trip over network ${network.name} takes ${formatSeconds(roundTripSeconds)}; ${title} supports up to ` +
          `${formatSeconds(roundTripLimitSeconds)} (roundTripLimit).`,
      ];
    },
    setUp(values, environment) {
      const parameters = resolveParameters(table, values);
      const wire = {
        pageBytes: PAGE_BYTES + parameters.pageHeaderBytes,
        zeroPageBytes: parameters.zeroPageBytes,
        sectionBytes: 0,
      };
      return {
        makePolicy: () => release.makePolicy(values),
        rearm: environment.tracksByChunk ? { kind: "by-chunk", chunkPages: 262_144 } : { kind: "at-sync" },
        setupSeconds: environment.setupSeconds,
        setupSecondsPerPage: parameters.tracePageSeconds,
        finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
        ...(release.hasStreamForEachNic === true ? { streams: parameters.nics, hasStreamForEachAdapter: true } : {}),
        blackout: environment,
        reportsAtLastByteWritten: false,
        // Assumed: the source is told that the machine runs, and lets go of it then.
        commitsAfter: "resume",
        postCopy: release.postCopy?.(values, environment) ?? null,
        makeSender(log, link) {
          const { latencySeconds } = link;
          const { copyRateBytesPerSecond, finalCopyRateBytesPerSecond, zeroPageSeconds } = environment;
          const capBytesPerSecond = release.capBytesPerSecond(copyRateBytesPerSecond, parameters, link);
          const rateBytesPerSecond = Math.min(link.capacityBytesPerSecond, capBytesPerSecond);
          return new DrainingSender(log, {
            wire,
            capBytesPerSecond,
            finalCapBytesPerSecond: release.capBytesPerSecond(finalCopyRateBytesPerSecond, parameters, link),
            leastPageSeconds: zeroPageSeconds,
            latencySeconds,
            slowStartLagSeconds: slowStartLagSeconds(rateBytesPerSecond, 2 * latencySeconds),
          });
        },
      };
    },
  };
}
