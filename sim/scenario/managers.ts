/** The manager of a migration: its name, and values over its parameters. */
import { takesManagers } from "../hypervisors/managers/registry.ts";
import type { KnownModels, KnownProfile } from "./models.ts";
import { readOverrides } from "./parameters.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { MigrateEntry } from "./scenario.ts";
import type { ManagerEntry } from "./schema.ts";
import { suggestion } from "./suggest.ts";

export function toManager(
  written: ManagerEntry,
  profile: KnownProfile | undefined,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): MigrateEntry["manager"] {
  if (written === undefined) return undefined;
  const isName = typeof written === "string";
  const { name, ...values } = isName ? { name: written } : written;
  const known = models.managers ?? [];
  const manager = known.find((candidate) => candidate.name === name);
  if (manager === undefined) {
    const names = known.map((candidate) => candidate.name);
    problems.add(
      isName ? path : [...path, "name"],
      `there is no manager "${name}"`,
      suggestion(name, names, "managers"),
    );
    return undefined;
  }
  if (profile !== undefined && !takesManagers(profile.parameters)) {
    const able = models.profiles.filter(({ parameters }) => takesManagers(parameters)).map((each) => each.name);
    problems.add(
      path,
      `${name} drives QEMU, and profile ${profile.name} is not QEMU's`,
      `leave manager out, or take a profile of QEMU (${able.join(", ")})`,
    );
  }
  const overrides = readOverrides(
    manager.parameters,
    values as Record<string, string | number | boolean>,
    `manager ${name}`,
    path,
    problems,
  );
  return { name, overrides };
}
