/** What all releases of Hyper-V have in common: passes, a full copy of all assigned memory, an ARP reply at resume. */
import { type Parameter, type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import type { GuestMemory } from "../../memory/page-class.ts";
import { DrainingSender } from "../../migration/draining-sender.ts";
import type { WireFormat } from "../../migration/page-sender.ts";
import { type AnnouncementSchedule, HYPER_V_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";
import type { Link } from "../../network/link.ts";
import { slowStartLagSeconds } from "../../network/tcp.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";
import type { Profile, ProfileValues } from "../profile.ts";
import type { HYPER_V_PARAMETERS } from "./parameters.ts";
import { passPolicy } from "./pass-policy.ts";

/** How a migration's pages get onto the wire. */
export interface Transport {
  readonly wire: WireFormat;
  /** The most that goes over the wire, while the guest runs and while it stands still. */
  readonly capBytesPerSecond: number;
  readonly finalCapBytesPerSecond: number;
  /** What a page takes of the sender's processors at least. */
  readonly leastPageSeconds: number;
  /** Whether it begins with TCP's slow start. */
  readonly slowStarts: boolean;
}

/** The ways of sending that a release's values come to. */
export interface Transports {
  /** For a migration. */
  over(link: Link, memory: GuestMemory): Transport;
  /** Whether adapters move pages by themselves. */
  readonly isSentByAdapters?: boolean;
}

interface Release {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable & { readonly [Name in keyof typeof HYPER_V_PARAMETERS]: Parameter<number> };
  readonly readsPageData?: Profile["readsPageData"];
  readonly withoutEffect?: Profile["withoutEffect"];
  /** Asked once for an entry of the timeline; what it returns is, for each of its migrations. */
  transports(values: ProfileValues, environment: EnvironmentValues): Transports;
}

export function profileOfRelease(release: Release): Profile {
  const { name, title, parameters, readsPageData, withoutEffect } = release;
  return {
    name,
    title,
    modes: ["live", "quick"],
    parameters,
    announcementFrame: "gratuitous-arp",
    announcement: (values): AnnouncementSchedule => resolveParameters(parameters, values),
    migrationsPerNode: (values) => resolveParameters(parameters, values).migrationsPerNode,
    ...(readsPageData === undefined ? {} : { readsPageData }),
    readsOfSending: (mode) => (mode === "quick" ? [] : ["tracksByChunk"]),
    withoutEffect: (values, mode) =>
      mode === "quick" ? Object.keys(parameters).filter(isOfLiveMigration) : (withoutEffect?.(values, mode) ?? []),
    setUp(values, environment) {
      const { passLimit, switchoverPages } = resolveParameters(parameters, values);
      const transports = release.transports(values, environment);
      return {
        makePolicy: () => passPolicy(passLimit, switchoverPages),
        rearm: environment.tracksByChunk ? { kind: "by-chunk", chunkPages: 262_144 } : { kind: "at-sync" },
        setupSeconds: environment.setupSeconds,
        finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
        blackout: environment,
        reportsAtLastByteWritten: false,
        ...(transports.isSentByAdapters === true ? { isSentByAdapters: true } : {}),
        // Assumed: the source can run the machine as long as it has its disks' handles; it is cleaned up last (Savill, ch. 7).
        commitsAfter: "storage-handover",
        makeSender(log, link, memory) {
          const transport = transports.over(link, memory);
          const { wire, capBytesPerSecond, finalCapBytesPerSecond, leastPageSeconds, slowStarts } = transport;
          const { latencySeconds } = link;
          const rateBytesPerSecond = Math.min(link.capacityBytesPerSecond, capBytesPerSecond);
          return new DrainingSender(log, {
            wire,
            capBytesPerSecond,
            finalCapBytesPerSecond,
            leastPageSeconds,
            latencySeconds,
            slowStartLagSeconds: slowStarts ? slowStartLagSeconds(rateBytesPerSecond, 2 * latencySeconds) : 0,
          });
        },
      };
    },
  };
}

/** A quick migration has nothing of a profile but its announcement. */
function isOfLiveMigration(name: string): boolean {
  return !(name in HYPER_V_ANNOUNCEMENT_PARAMETERS);
}
