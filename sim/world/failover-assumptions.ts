/** The failover constants in force that no document or measurement backs: those alone that some failure depends on. */
import type { FAILOVER_PARAMETERS } from "../orchestration/failover/parameters.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { failoverPlanOf } from "./failover-plan.ts";

type Name = keyof typeof FAILOVER_PARAMETERS;

const ON_STARTS: readonly Name[] = ["startSeconds", "startsPerNode"];
const ON_NODES: readonly Name[] = [
  "heartbeatIntervalSeconds",
  "missedHeartbeats",
  "reformSeconds",
  "needsMajority",
  "witness",
];
const ON_GUESTS: readonly Name[] = [
  "guestTimeoutSeconds",
  "restartsInPlace",
  "restartPeriodSeconds",
  "movesHungGuests",
];

/** Names of parameters of the scenario's preset that have a say. */
export function failoverParametersWithASay(scenario: Scenario): ReadonlySet<string> {
  const entries = scenario.timeline.filter(isFailoverEntry);
  const { preset, settings } = failoverPlanOf(scenario);
  const happens = (kind: (typeof entries)[number]["kind"]) => entries.some((entry) => entry.kind === kind);
  const found = new Set<Name>();
  const add = (names: readonly Name[]) => {
    for (const name of names) found.add(name);
  };
  if (happens("recover")) add(["nodeBootSeconds"]);
  if (!preset.restarts) return found;
  const guestsAreWatched = happens("hang") && settings.watchesGuests;
  if (happens("hang")) add(["watchesGuests"]);
  if (guestsAreWatched) add(ON_GUESTS);
  if (happens("fail")) add(ON_NODES);
  if (!happens("fail") && !guestsAreWatched) return found;
  add(ON_STARTS);
  if (scenario.vms.some(({ bootSeconds }) => bootSeconds === undefined)) add(["bootSeconds"]);
  return found;
}
