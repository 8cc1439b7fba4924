/** What a scenario may name: the profiles and environments that there are, with their parameters. */
import { managements } from "../hypervisors/managers/registry.ts";
import type { ProfileDescription } from "../hypervisors/profile.ts";
import { environments, linearProfiles, profiles, quickProfiles } from "../hypervisors/registry.ts";
import type { ParameterTable } from "../kernel/parameter.ts";
import { failoverPresets } from "../orchestration/failover/presets.ts";
import type { MigrationMode } from "../trace/migration-events.ts";

export interface KnownProfile {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
  readonly modes: readonly MigrationMode[];
  readonly conflict?: ProfileDescription["conflict"];
}

export interface KnownEnvironment {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
}

export interface KnownManager {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
}

export interface KnownFailover {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
}

export interface KnownModels {
  readonly profiles: readonly KnownProfile[];
  readonly environments: readonly KnownEnvironment[];
  /** Absent: none. */
  readonly managers?: readonly KnownManager[];
  /** How clusters fail over. Absent: none. */
  readonly failovers?: readonly KnownFailover[];
}

/** Those that this version has. */
export const registeredModels: KnownModels = {
  profiles: [...profiles, ...quickProfiles, ...linearProfiles],
  environments,
  managers: managements,
  failovers: failoverPresets,
};
