/** Which of a scenario's networks carries what. */
import type { Scenario, ScenarioNetwork, Traffic } from "../scenario/scenario.ts";

/** The first network that carries this traffic; where none is said to, the first of all. */
export function networkFor(scenario: Scenario, traffic: Traffic): ScenarioNetwork {
  return (
    scenario.networks.find(({ carries }) => carries.includes(traffic)) ?? (scenario.networks[0] as ScenarioNetwork)
  );
}

/** The network of each kind of traffic. */
export type PlannedNetworks = Readonly<Record<"migration" | "client" | "cluster" | "backup", ScenarioNetwork>>;

export function plannedNetworks(scenario: Scenario): PlannedNetworks {
  return {
    migration: networkFor(scenario, "migration"),
    client: networkFor(scenario, "client"),
    cluster: networkFor(scenario, "cluster"),
    backup: networkFor(scenario, "backup"),
  };
}
