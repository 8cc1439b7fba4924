/** Hyper-V hosts of 2012 R2 on one network of 10 Gbit/s that carries everything. */
import type { Scenario } from "../../sim/index.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";

export interface LanCluster {
  nodes: object[];
  vms: object[];
  timeline: object[];
  horizon: string;
}

export function readLanCluster(cluster: LanCluster) {
  return parseScenario({
    schemaVersion: 1,
    name: "cluster",
    environment: "hyper-v-2012r2-hosts",
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", carries: ["migration", "client"] }],
    ...cluster,
  });
}

/** The result of a scenario that makes sense, with its events. */
export function runRead(parsed: ReturnType<typeof readLanCluster>) {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const scenario: Scenario = parsed.value;
  const events: TraceEvent[] = [];
  return { ...simulate(scenario, { onEvent: (event) => events.push(event) }), events };
}
