/** What the page reads of a trace beside its events: of the scenario in its header, and of the results at its end. */
import type { MigrationResult, Scenario, ScenarioNetwork, ScenarioPageClass, ScenarioVm } from "../simulator.ts";
import { misfit, type Shape, type ShapeOf } from "./shape.ts";

type Client = ScenarioVm["clients"][number];

const CLIENT: ShapeOf<Pick<Client, "name" | "kind" | "intervalSeconds">> = {
  name: "text",
  kind: "text",
  intervalSeconds: "number",
};

const PAGE_CLASS: ShapeOf<ScenarioPageClass> = {
  name: "text",
  firstPage: "number",
  pages: "number",
  writesPerSecond: "number",
  pattern: "text",
  startSeconds: "number",
  endSeconds: "number|null",
  cpuBoundShare: "number",
  wordsPerWrite: "number?",
};

const MACHINE: ShapeOf<Pick<ScenarioVm, "name" | "node" | "memoryBytes" | "usedBytes" | "mac">> = {
  name: "text",
  node: "text",
  memoryBytes: "number",
  usedBytes: "number",
  mac: "text",
};

const NETWORK: ShapeOf<Pick<ScenarioNetwork, "name" | "bytesPerSecond" | "mtuBytes" | "packetLossShare" | "carries">> =
  {
    name: "text",
    bytesPerSecond: "number",
    mtuBytes: "number",
    packetLossShare: "number?",
    carries: ["text"],
  };

const VOLUME: ShapeOf<Pick<Scenario["volumes"][number], "name" | "kind" | "coordinator">> = {
  name: "text",
  kind: "text",
  coordinator: "text",
};

const NODE: ShapeOf<Pick<Scenario["nodes"][number], "name" | "memoryBytes">> = { name: "text", memoryBytes: "number" };

const SCENARIO: Shape = {
  name: "text",
  seed: "text",
  nodes: [NODE],
  networks: [NETWORK],
  volumes: [VOLUME],
  vms: [{ ...MACHINE, classes: [PAGE_CLASS], clients: [CLIENT] }],
  timeline: [{ kind: "text" }],
};

/** Entries that move machines have these; all others have none of them. */
const MOVING_ENTRY: Shape = { profile: "text", mode: "text", overrides: {} };

const MIGRATION_RESULT: ShapeOf<Pick<MigrationResult, "totalSeconds" | "downtimeSeconds" | "clientOutageSeconds">> = {
  totalSeconds: "number|null",
  downtimeSeconds: "number|null",
  clientOutageSeconds: "number|null",
};

/** What keeps a header's scenario from being drawn, as the rest of a sentence; null where nothing does. */
export function scenarioMisfit(scenario: unknown): string | null {
  const wrong = misfit(scenario, SCENARIO, "scenario");
  if (wrong !== null) return wrong;
  for (const [index, entry] of (scenario as Scenario).timeline.entries()) {
    if (!("profile" in entry)) continue;
    const wrongEntry = misfit(entry, MOVING_ENTRY, `scenario.timeline[${index}]`);
    if (wrongEntry !== null) return wrongEntry;
  }
  return null;
}

/** What keeps an end line's results from being told; null where nothing does. */
export function resultMisfit(result: unknown): string | null {
  return misfit(result, { migrations: [MIGRATION_RESULT] }, "result");
}
