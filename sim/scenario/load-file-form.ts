/** Load as a scenario file writes it, every quantity an SI number. */
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { POWER_PARAMETERS } from "../orchestration/power.ts";
import type { LoadTimelineEntry } from "./load.ts";
import { writeMeans } from "./migration-means.ts";
import type { KnownModels } from "./models.ts";
import { writeOverrides } from "./parameters.ts";
import type { ScenarioVm } from "./scenario.ts";
import type { ScenarioFileInput } from "./schema.ts";

export function writeDemand({
  cpuDemand,
}: ScenarioVm): Pick<NonNullable<ScenarioFileInput["vms"]>[number], "cpuDemand"> {
  if (cpuDemand === undefined) return {};
  return { cpuDemand: cpuDemand.map(({ fromSeconds: from, processors }) => ({ from, processors })) };
}

/** Objects as wholes: the type of a file's entry gives that of its further keys to all. */
export function writeLoad(
  entry: LoadTimelineEntry,
  models: KnownModels,
): NonNullable<ScenarioFileInput["timeline"]>[number] {
  const { atSeconds: at, untilSeconds: until, slots } = entry;
  const means: object = { ...writeMeans(entry, models), ...(until === undefined ? {} : { until }), slots };
  if (entry.kind === "balance") {
    const { name, overrides } = entry.method;
    const method = BALANCING_METHODS.find((candidate) => candidate.name === name);
    const balance: object = { ...means, method: { name, ...writeOverrides(overrides, method?.parameters) } };
    return { at, balance: balance as { profile: string } };
  }
  const { keep, moveBack, power, order, wave } = entry;
  const consolidate: object = {
    ...means,
    keep,
    moveBack,
    order,
    ...(wave === undefined ? {} : { wave }),
    power: writeOverrides(power, POWER_PARAMETERS),
  };
  return { at, consolidate: consolidate as { profile: string; until: number } };
}
