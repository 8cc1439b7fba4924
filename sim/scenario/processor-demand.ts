/** What machines ask of processors: from the file to steps in time. */
import { formatSeconds } from "../kernel/units.ts";
import type { DemandStep } from "../orchestration/processor-demand.ts";
import type { DemandFileEntry } from "./load-schema.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";

/** What a machine asks of processors, in steps. */
export function toDemand(
  written: DemandFileEntry,
  name: string,
  path: ScenarioPath,
  problems: ProblemList,
): { cpuDemand?: DemandStep[] } {
  if (written === undefined) return {};
  if (typeof written === "number") return { cpuDemand: [{ fromSeconds: 0, processors: written }] };
  for (const [index, { from }] of written.entries()) {
    const before = written[index - 1];
    if (before === undefined || before.from < from) continue;
    problems.add(
      [...path, "cpuDemand", index, "from"],
      `a phase of "${name}" begins at ${formatSeconds(from)}, and the one before it at ${formatSeconds(before.from)}`,
      "list the phases in order of time",
    );
  }
  return { cpuDemand: written.map(({ from: fromSeconds, processors }) => ({ fromSeconds, processors })) };
}
