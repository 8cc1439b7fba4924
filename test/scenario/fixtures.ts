/** A small scenario document, fake models, and problems as short lines. */
import type { Parameter, ParameterKind } from "../../sim/kernel/parameter.ts";
import type { KnownModels } from "../../sim/scenario/models.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { ScenarioProblem } from "../../sim/scenario/problem.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

function parameter(
  value: number | boolean,
  kind: ParameterKind,
  limits: { least?: number; greatest?: number } = {},
): Parameter {
  return { value, kind, provenance: "assumed", source: "made up for tests", meaning: "A test's parameter.", ...limits };
}

/** Models that no change of the real ones can move. */
export const fakeModels: KnownModels = {
  profiles: [
    {
      name: "patient",
      title: "Never gives up",
      modes: ["live"],
      parameters: {
        downtimeLimitSeconds: parameter(0.3, "seconds", { greatest: 2000 }),
        maxBandwidthBytesPerSecond: parameter(1e8, "bytesPerSecond"),
        compressed: parameter(false, "flag"),
        passLimit: parameter(10, "count", { least: 1 }),
      },
    },
    { name: "quick-one", title: "Saves and restores", modes: ["live", "quick"], parameters: {} },
  ],
  environments: [
    { name: "lab", title: "Two machines on a desk", parameters: { stopSeconds: parameter(0.01, "seconds") } },
    { name: "hall", title: "A hall of them", parameters: {} },
  ],
};

/** As the file form allows; loosely typed, since tests break it. */
// biome-ignore lint/suspicious/noExplicitAny: documents are unknown until they are read, and tests reach into them.
export type Document = any;

/** Two nodes, a shared volume, one machine that moves. */
export function goodDocument(): Document {
  return {
    schemaVersion: 1,
    name: "two nodes",
    environment: "lab",
    nodes: [
      { name: "HV01", memory: "32 GiB" },
      { name: "HV02", memory: "32 GiB" },
    ],
    networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["migration", "cluster", "client"] }],
    volumes: [{ name: "Volume1", kind: "csv", coordinator: "HV01" }],
    vms: [{ name: "web01", node: "HV01", memory: "4 GiB", used: "50 %", workload: "web-server", disks: ["Volume1"] }],
    timeline: [{ at: "5 s", migrate: { vm: "web01", to: "HV02", profile: "patient" } }],
  };
}

/** The good document, changed. */
export function documentWith(change: (document: Document) => void): Document {
  const document = goodDocument();
  change(document);
  return document;
}

export function problemsOf(document: unknown): ScenarioProblem[] {
  const parsed = parseScenario(document, { models: fakeModels });
  return parsed.ok ? [] : parsed.problems;
}

/** The scenario of a document that has no fault; a fault fails the test with its sentence. */
export function scenarioOf(document: unknown): Scenario {
  const parsed = parseScenario(document, { models: fakeModels });
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map(({ path, problem }) => `${path.join(".")}: ${problem}`).join("\n"));
}
