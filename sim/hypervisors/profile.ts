/** A hypervisor as the scenario names it: its parameters, and how they set up a migration. */
import type { ParameterTable } from "../kernel/parameter.ts";
import type { LinearSettings } from "../migration/linear-migration.ts";
import type { PrecopySetup } from "../migration/policy.ts";
import type { AnnouncementSchedule } from "../network/announcement.ts";
import type { TeamOptions } from "../network/team.ts";
import type { MigrationMode } from "../trace/migration-events.ts";
import type { EnvironmentValues } from "./environments/host-parameters.ts";
import type { POST_COPY_HOST_PARAMETERS } from "./environments/post-copy-hosts.ts";

/** Values of a profile's parameters, by full name. */
export type ProfileValues = Readonly<Record<string, number | boolean>>;

/** What hosts assume of the data in pages. */
export type PageDataParameter = "compressesToShare" | "wordsPerWrite";

/** What hosts say of sending that some hypervisors alone depend on: how they sleep, track writes, find zero pages, place pages. */
export type SendingParameter =
  | "oversleepSeconds"
  | "socketBufferBytes"
  | "zeroPageSeconds"
  | "tracksByChunk"
  | keyof typeof POST_COPY_HOST_PARAMETERS;

/** Values that exclude each other. */
export interface ParameterConflict {
  /** One of them, by full name. */
  readonly parameter: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The network that memory goes over. */
export interface MigrationNetwork {
  readonly name: string;
  /** Signalling rate. */
  readonly bytesPerSecond: number;
  /** One way. */
  readonly latencySeconds: number;
  /** Adapters at each node, with that rate each; absent: one. */
  readonly team?: TeamOptions;
}

/** What a scenario needs to know of a profile, whatever its mechanism. */
export interface ProfileDescription {
  readonly name: string;
  readonly title: string;
  readonly modes: readonly MigrationMode[];
  readonly parameters: ParameterTable;
  /** Why these values do not go together, and under which parameter to say so; null where they do. */
  readonly conflict?: (values: ProfileValues) => ParameterConflict | null;
  /** Migrations that a node takes part in at a time, as source or target; Infinity for no limit. */
  readonly migrationsPerNode: (values: ProfileValues, network: MigrationNetwork) => number;
  /** Machines that an evacuation asks to move at a time, the next ones once these are over; absent: all, as slots come free. */
  readonly evacuationBatch?: (values: ProfileValues) => number;
  /** What is to be said of a migration over this network beforehand, in whole sentences; absent: nothing. */
  readonly warnings?: (values: ProfileValues, network: MigrationNetwork) => readonly string[];
  /** Parameters of its own that these values leave without effect: no result stands on them. Absent: none. */
  readonly withoutEffect?: (values: ProfileValues, mode: MigrationMode) => readonly string[];
  /** The hosts' parameters on the data in pages that its migrations depend on; absent: none. */
  readonly readsPageData?: (values: ProfileValues) => readonly PageDataParameter[];
  /** The hosts' parameters on sending that its migrations depend on; absent: none. */
  readonly readsOfSending?: (mode: MigrationMode) => readonly SendingParameter[];
}

/** A model that knows bytes, not pages: see LinearMigration. */
export interface LinearProfile extends ProfileDescription {
  readonly linear: (values: ProfileValues) => LinearSettings;
}

/** A hypervisor without live migration: it saves, hands over and restores. */
export interface QuickProfile extends ProfileDescription {
  readonly announcementFrame: "rarp" | "gratuitous-arp";
  readonly announcement: (values: ProfileValues) => AnnouncementSchedule;
}

export interface Profile extends ProfileDescription {
  /** Memory that follows demand is squeezed out of a guest before it moves; absent: not. */
  readonly squeezesMemory?: true;
  /** What tells the network where the guest runs now. */
  readonly announcementFrame: "rarp" | "gratuitous-arp";
  /** Sent before the guest runs at the target (QEMU), or as it does. */
  readonly announcement: (values: ProfileValues) => AnnouncementSchedule;
  readonly setUp: (values: ProfileValues, environment: EnvironmentValues, mode: MigrationMode) => PrecopySetup;
}
