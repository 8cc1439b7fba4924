/** How machines are migrated, as every entry that migrates some says it: mode, profile, what is set over it, manager. */
import type { MigrationMode } from "../trace/migration-events.ts";
import { toManager } from "./managers.ts";
import type { KnownModels, KnownProfile } from "./models.ts";
import { readOverrides, writeOverrides } from "./parameters.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { MigrateEntry, Overrides } from "./scenario.ts";
import { suggestion } from "./suggest.ts";

export type MigrationMeans = Pick<MigrateEntry, "mode" | "profile" | "overrides" | "manager">;

interface WrittenMeans {
  readonly mode: MigrationMode;
  readonly profile: string;
  readonly manager?: Parameters<typeof toManager>[0];
}

/** @param values what else the entry holds: parameters of the profile, by their names */
export function toMeans(
  { mode, profile: profileName, manager: writtenManager }: WrittenMeans,
  values: Readonly<Record<string, unknown>>,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): MigrationMeans {
  const profile: KnownProfile | undefined = models.profiles.find(({ name }) => name === profileName);
  if (profile === undefined) {
    const names = models.profiles.map(({ name }) => name);
    problems.add(
      [...path, "profile"],
      `there is no profile "${profileName}"`,
      suggestion(profileName, names, "profiles"),
    );
  } else if (!profile.modes.includes(mode)) {
    problems.add(
      [...path, "mode"],
      `profile ${profile.name} does not migrate in mode ${mode}`,
      `modes of ${profile.name}: ${profile.modes.join(", ")}`,
    );
  }
  const overrides: Overrides =
    profile === undefined
      ? {}
      : readOverrides(
          profile.parameters,
          values as Record<string, string | number | boolean>,
          `profile ${profile.name}`,
          path,
          problems,
        );
  const conflict = profile?.conflict?.(overrides) ?? null;
  if (conflict !== null) problems.add([...path, conflict.parameter], conflict.problem, conflict.remedy);
  const manager = toManager(writtenManager, profile, models, [...path, "manager"], problems);
  return { mode, profile: profileName, overrides, ...(manager === undefined ? {} : { manager }) };
}

/** The other way round, values as SI numbers. An object: the type of a file's entry gives that of its further keys to all. */
export function writeMeans({ mode, profile: name, overrides, manager }: MigrationMeans, models: KnownModels): object {
  const profile = models.profiles.find((candidate) => candidate.name === name);
  const manages = models.managers?.find((candidate) => candidate.name === manager?.name);
  return {
    mode,
    profile: name,
    ...writeOverrides(overrides, profile?.parameters),
    ...(manager === undefined
      ? {}
      : { manager: { name: manager.name, ...writeOverrides(manager.overrides, manages?.parameters) } }),
  };
}
