/**
 * Changes of a scenario, each a pure function from one normalised scenario to another: what `explain` takes away and cures,
 * what `plan` tabulates. A migration is named by its place among the timeline's migrations, as in a result.
 */
import {
  knownModels,
  type MigrateEntry,
  managedEntry,
  type Overrides,
  type Parameter,
  type Scenario,
  type ScenarioNetwork,
  type ScenarioVm,
} from "../../sim/index.ts";

export type ScenarioChange = (scenario: Scenario) => Scenario;

/** One change after the other. */
export function inTurn(changes: readonly ScenarioChange[]): ScenarioChange {
  return (scenario) => changes.reduce((changed, change) => change(changed), scenario);
}

export function migrationEntries(scenario: Scenario): MigrateEntry[] {
  return scenario.timeline.filter((entry) => entry.kind === "migrate");
}

/** The entry of this migration; asking for one that is not there is a bug. */
export function migrationEntry(scenario: Scenario, migration: number): MigrateEntry {
  return migrationEntries(scenario)[migration] as MigrateEntry;
}

/** Its place in the whole timeline. */
export function timelineIndex(scenario: Scenario, migration: number): number {
  return scenario.timeline.indexOf(migrationEntry(scenario, migration));
}

/** The network that migrations use: the first that carries them. */
export function migrationNetwork(scenario: Scenario): ScenarioNetwork {
  return (
    scenario.networks.find(({ carries }) => carries.includes("migration")) ?? (scenario.networks[0] as ScenarioNetwork)
  );
}

export function migratedVm(scenario: Scenario, migration: number): ScenarioVm {
  const { vm } = migrationEntry(scenario, migration);
  return scenario.vms.find(({ name }) => name === vm) as ScenarioVm;
}

/** Something that can be set of a migration: a parameter of its profile, or of what manages it. */
export interface Setting {
  readonly owner: "profile" | "manager";
  /** Full name in its table. */
  readonly name: string;
  readonly parameter: Parameter;
  /** In force: what the entry says, else what the manager sets, else the table's. */
  readonly value: number | boolean;
}

/** All that can be set, the profile's first. */
export function settingsOf(entry: MigrateEntry): Setting[] {
  const profile = knownModels.profiles.find(({ name }) => name === entry.profile);
  const manager = (knownModels.managers ?? []).find(({ name }) => name === entry.manager?.name);
  const found: Setting[] = [];
  // A manager's settings do not depend on the guest's memory.
  const overrides = profile === undefined ? {} : managedEntry(entry, profile.parameters, 0).overrides;
  for (const [name, parameter] of Object.entries(profile?.parameters ?? {})) {
    found.push({ owner: "profile", name, parameter, value: overrides[name] ?? parameter.value });
  }
  for (const [name, parameter] of Object.entries(manager?.parameters ?? {})) {
    found.push({ owner: "manager", name, parameter, value: entry.manager?.overrides[name] ?? parameter.value });
  }
  return found;
}

/** The profile's setting of this name; undefined where it has none. */
function profileSetting(entry: MigrateEntry, name: string): Setting | undefined {
  return settingsOf(entry).find((setting) => setting.owner === "profile" && setting.name === name);
}

export function profileParameter(entry: MigrateEntry, name: string): Parameter | undefined {
  return profileSetting(entry, name)?.parameter;
}

export function profileValue(entry: MigrateEntry, name: string): number | boolean | undefined {
  return profileSetting(entry, name)?.value;
}

/** A value in force of the hosts. */
export function environmentValue({ environment }: Scenario, name: string): number | boolean | undefined {
  const preset = knownModels.environments.find((candidate) => candidate.name === environment.preset);
  return environment.overrides[name] ?? preset?.parameters[name]?.value;
}

export function withEntry(migration: number, change: (entry: MigrateEntry) => MigrateEntry): ScenarioChange {
  return (scenario) => {
    const changed = migrationEntry(scenario, migration);
    return { ...scenario, timeline: scenario.timeline.map((entry) => (entry === changed ? change(changed) : entry)) };
  };
}

export function withParameter(migration: number, name: string, value: number | boolean): ScenarioChange {
  return withEntry(migration, (entry) => ({ ...entry, overrides: { ...entry.overrides, [name]: value } }));
}

export function withSetting(migration: number, { owner, name }: Setting, value: number | boolean): ScenarioChange {
  if (owner === "profile") return withParameter(migration, name, value);
  return withEntry(migration, (entry) => {
    const { manager } = entry;
    if (manager === undefined) return entry;
    return { ...entry, manager: { ...manager, overrides: { ...manager.overrides, [name]: value } } };
  });
}

export function withoutManager(migration: number): ScenarioChange {
  return withEntry(migration, ({ manager: _, ...entry }) => entry);
}

/** Another profile; of the values set, those stay that it knows. */
export function withProfile(migration: number, profile: string): ScenarioChange {
  return withEntry(migration, (entry) => {
    const table = knownModels.profiles.find(({ name }) => name === profile)?.parameters ?? {};
    const overrides: Overrides = {};
    for (const [name, value] of Object.entries(entry.overrides)) {
      if (name in table) overrides[name] = value;
    }
    return { ...entry, profile, overrides };
  });
}

export function withEnvironment(values: Overrides): ScenarioChange {
  return (scenario) => ({
    ...scenario,
    environment: { ...scenario.environment, overrides: { ...scenario.environment.overrides, ...values } },
  });
}

export function withMigrationNetwork(
  values: Partial<Pick<ScenarioNetwork, "bytesPerSecond" | "latencySeconds">>,
): ScenarioChange {
  return (scenario) => {
    const changed = migrationNetwork(scenario);
    return {
      ...scenario,
      networks: scenario.networks.map((network) => (network === changed ? { ...network, ...values } : network)),
    };
  };
}

export function withVm(migration: number, change: (vm: ScenarioVm) => ScenarioVm): ScenarioChange {
  return (scenario) => {
    const changed = migratedVm(scenario, migration);
    return { ...scenario, vms: scenario.vms.map((vm) => (vm === changed ? change(changed) : vm)) };
  };
}

/** All rates of writing times `scale`; 0 is a guest that writes nothing. */
export function withWritesScaled(migration: number, scale: number): ScenarioChange {
  return withVm(migration, (vm) => ({
    ...vm,
    classes: vm.classes.map((written) => ({ ...written, writesPerSecond: written.writesPerSecond * scale })),
  }));
}

/** The named page classes are not written any more. */
export function withoutClasses(migration: number, names: readonly string[]): ScenarioChange {
  return withVm(migration, (vm) => ({ ...vm, classes: vm.classes.filter(({ name }) => !names.includes(name)) }));
}

/** Nobody cancels the migrations of its machine. */
export function withoutCancellations(migration: number): ScenarioChange {
  return (scenario) => {
    const { vm } = migrationEntry(scenario, migration);
    return { ...scenario, timeline: scenario.timeline.filter((entry) => entry.kind !== "cancel" || entry.vm !== vm) };
  };
}

/** The other machines' migrations come as the run ends, too late to be in the way; places among migrations stay. */
export function withoutOtherMachines(migration: number): ScenarioChange {
  return (scenario) => {
    const { vm } = migrationEntry(scenario, migration);
    const { horizonSeconds: atSeconds } = scenario;
    return {
      ...scenario,
      timeline: scenario.timeline.map((entry) => ("vm" in entry && entry.vm === vm ? entry : { ...entry, atSeconds })),
    };
  };
}
