/** A machine's virtual processors, where a migration of it counts them. */
import type { KnownModels } from "./models.ts";
import type { ScenarioVm, TimelineEntry } from "./scenario.ts";

/** The parameter of profiles that count a guest's virtual processors (QEMU's dirty-limit). */
const PARAMETER = "vcpus";

/** The entry, with what its machine says of its virtual processors where the entry does not say so itself. */
export function withVirtualProcessors(
  entry: TimelineEntry,
  vms: ReadonlyMap<string, { readonly thing: ScenarioVm }>,
  models: KnownModels,
): TimelineEntry {
  if (entry.kind !== "migrate" || PARAMETER in entry.overrides) return entry;
  const vcpus = vms.get(entry.vm)?.thing.vcpus;
  if (vcpus === undefined) return entry;
  const profile = models.profiles.find(({ name }) => name === entry.profile);
  if (profile === undefined || !(PARAMETER in profile.parameters)) return entry;
  return { ...entry, overrides: { ...entry.overrides, [PARAMETER]: vcpus } };
}
