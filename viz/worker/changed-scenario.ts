/** A scenario with other numbers, as the simulator accepts it. */
import { applyWhatIf, usedPagesOf, type WhatIf } from "../model/what-if.ts";
import {
  formatPath,
  PAGE_BYTES,
  parseScenario,
  type Scenario,
  type ScenarioProblem,
  toScenarioFile,
} from "../simulator.ts";

export interface ScenarioChange {
  base: Scenario;
  /** The machine whose numbers they are. */
  vm: string;
  /** Null leaves the scenario as it is. */
  numbers: WhatIf | null;
}

export type ChangedScenario = { ok: true; scenario: Scenario } | { ok: false; problems: string[] };

/** The changed scenario, read again as a file would be: only so are all its checks made. */
export function changedScenario({ base, vm, numbers }: ScenarioChange): ChangedScenario {
  let classes: Scenario["vms"][number]["classes"] | null = null;
  if (numbers?.workload !== undefined) {
    const laid = layOutWorkload(base, vm, numbers, numbers.workload);
    if (!laid.ok) return { ok: false, problems: laid.problems };
    classes = laid.scenario.vms.find((machine) => machine.name === vm)?.classes ?? [];
  }
  const scenario = numbers === null ? base : applyWhatIf(base, vm, numbers, classes);
  const read = parseScenario(toScenarioFile(scenario));
  return read.ok ? { ok: true, scenario } : { ok: false, problems: read.problems.map(sentence) };
}

/** The base with the workload laid out in the changed memory; everything else is the base's own. */
function layOutWorkload(base: Scenario, vm: string, numbers: WhatIf, workload: string): ChangedScenario {
  const file = toScenarioFile(base);
  const used = usedPagesOf(numbers) * PAGE_BYTES;
  const vms = (file.vms ?? []).map((machine) =>
    machine.name === vm ? { ...machine, memory: numbers.memoryBytes, used, workload } : machine,
  );
  const read = parseScenario({ ...file, vms });
  return read.ok ? { ok: true, scenario: read.value } : { ok: false, problems: read.problems.map(sentence) };
}

/** A problem as the page tells it. */
export function sentence({ path, problem, remedy }: ScenarioProblem): string {
  return `${formatPath(path)}: ${problem}; ${remedy}.`;
}
