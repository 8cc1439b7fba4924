/** The constants in force that no document or measurement backs. */
import type { Environment } from "../hypervisors/environments/host-parameters.ts";
import { managements } from "../hypervisors/managers/registry.ts";
import { profiles, quickProfiles } from "../hypervisors/registry.ts";
import { type ParameterTable, scenarioKey } from "../kernel/parameter.ts";
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { POWER_PARAMETERS } from "../orchestration/power.ts";
import { isLoadEntry, type LoadTimelineEntry } from "../scenario/load.ts";
import type { Overrides, Scenario } from "../scenario/scenario.ts";
import { workloads } from "../scenario/workloads.ts";
import { DEFAULT_TRANSPORT } from "../storage/transports.ts";
import type { Assumption } from "../trace/result.ts";
import { failoverParametersWithASay } from "./failover-assumptions.ts";
import { failoverPlanOf } from "./failover-plan.ts";
import { hostConstantsWithASay } from "./host-constants-with-a-say.ts";
import { managedEntry } from "./managed-entry.ts";
import { type MigratingEntry, migrates } from "./migrating-entry.ts";

export function assumptionsOf(scenario: Scenario, environment: Environment): Assumption[] {
  const entries = scenario.timeline.filter(migrates).map(withManagersSettings);
  const hasASay = hostConstantsWithASay(scenario, entries);
  const assumptions = assumed("environment", environment.parameters, scenario.environment.overrides).filter(
    ({ parameter }) => hasASay(parameter),
  );
  for (const profile of [...profiles, ...quickProfiles]) {
    const used = entries.filter((entry) => entry.profile === profile.name);
    const withoutEffect = used.map(({ overrides, mode }) => profile.withoutEffect?.(overrides, mode) ?? []);
    assumptions.push(
      ...assumedByAny(profile, used).filter(
        ({ parameter }) => !withoutEffect.every((names) => names.includes(parameter)),
      ),
    );
  }
  for (const manager of managements) {
    const used = entries.flatMap((entry) => (entry.manager?.name === manager.name ? [entry.manager] : []));
    assumptions.push(...assumedByAny(manager, used));
  }
  if (scenario.failover !== undefined) {
    const { parameters } = failoverPlanOf(scenario).preset;
    const withASay = failoverParametersWithASay(scenario);
    assumptions.push(
      ...assumed("failover", parameters, scenario.failover.overrides).filter(({ parameter }) =>
        withASay.has(parameter),
      ),
    );
  }
  assumptions.push(...ofLoads(scenario.timeline.filter(isLoadEntry)));
  const hasIo = scenario.vms.some(({ io }) => io !== undefined);
  const usesLuns = hasIo || entries.some(({ mode }) => mode === "quick");
  if (usesLuns && scenario.volumes.some(({ transport }) => transport === undefined)) {
    const note = "What connects hosts with a volume is not said: the usual transport of the time.";
    assumptions.push({ parameter: "transport", name: "volumes.transport", value: DEFAULT_TRANSPORT, note });
  }
  const list = assumptions.map(({ name, value, note }): Assumption => ({ name, value, note }));
  for (const workload of workloads) {
    if (workload.provenance !== "assumed" || !scenario.vms.some((vm) => vm.workload === workload.name)) continue;
    list.push({ name: `workload.${workload.name}`, value: workload.name, note: workload.source });
  }
  return list;
}

/** Methods of balancing, and the power of hosts. */
function ofLoads(entries: readonly LoadTimelineEntry[]) {
  const methods = entries.flatMap((entry) => (entry.kind === "balance" ? [entry.method] : []));
  const powers = entries.flatMap((entry) => (entry.kind === "consolidate" ? [{ overrides: entry.power }] : []));
  return [
    ...BALANCING_METHODS.flatMap((method) =>
      assumedByAny(
        method,
        methods.filter(({ name }) => name === method.name),
      ),
    ),
    ...assumedByAny({ name: "power", parameters: POWER_PARAMETERS }, powers),
  ];
}

/** What a manager sets of a profile is not assumed. */
function withManagersSettings(entry: MigratingEntry): MigratingEntry {
  const profile = profiles.find(({ name }) => name === entry.profile);
  return profile === undefined ? entry : { ...entry, overrides: managedEntry(entry, profile.parameters, 0).overrides };
}

/** A parameter is still assumed if any of its users leaves it so. */
function assumedByAny(
  { name, parameters }: { readonly name: string; readonly parameters: ParameterTable },
  used: readonly { readonly overrides: Overrides }[],
): (Assumption & { parameter: string })[] {
  if (used.length === 0) return [];
  const overriddenByAll: Overrides = {};
  for (const [parameter, value] of Object.entries(used[0]?.overrides ?? {})) {
    if (used.every(({ overrides }) => parameter in overrides)) overriddenByAll[parameter] = value;
  }
  return assumed(name, parameters, overriddenByAll);
}

function assumed(prefix: string, table: ParameterTable, overrides: Overrides): (Assumption & { parameter: string })[] {
  const found: (Assumption & { parameter: string })[] = [];
  for (const [parameter, { provenance, kind, value, source }] of Object.entries(table)) {
    if (provenance !== "assumed" || parameter in overrides) continue;
    found.push({ parameter, name: `${prefix}.${scenarioKey(parameter, kind)}`, value, note: source });
  }
  return found;
}
