/** Scenario documents around storage, loosely typed, since tests add to them and break them. */
import { parseScenario, type Scenario, type ScenarioProblem, simulate, type TraceEvent } from "../../sim/index.ts";

export interface StorageDocument {
  nodes?: object[];
  networks?: object[];
  environment?: object;
  failover?: string | object;
  volumes: object[];
  vms: object[];
  timeline: object[];
  horizon?: string;
}

/** Three nodes of 64 GiB, a network each for migration, cluster and clients unless others are given. */
function storageDocument({ environment, ...document }: StorageDocument): object {
  return {
    schemaVersion: 1,
    name: "storage",
    environment: { preset: "hyper-v-2008r2-hosts", ...environment },
    horizon: "30 min",
    nodes: ["HV01", "HV02", "HV03"].map((name) => ({ name, memory: "64 GiB" })),
    networks: ["migration", "cluster", "client"].map((name) => ({ name, bandwidth: "1 Gbit/s", carries: [name] })),
    ...document,
  };
}

export function storageScenario(document: StorageDocument): Scenario {
  const parsed = parseScenario(storageDocument(document));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

export function storageProblems(document: StorageDocument): ScenarioProblem[] {
  const parsed = parseScenario(storageDocument(document));
  return parsed.ok ? [] : parsed.problems;
}

export function storageRun(document: StorageDocument) {
  const events: TraceEvent[] = [];
  const result = simulate(storageScenario(document), { onEvent: (event) => events.push(event) });
  return { result, events };
}
