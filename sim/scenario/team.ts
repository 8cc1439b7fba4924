/** Several adapters of each node on one network: the file form, and its sense. */
import { z } from "zod";
import { linearProfiles } from "../hypervisors/registry.ts";
import { TEAM_HASHES, TEAM_MODES } from "../network/team.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import { count } from "./quantities.ts";
import type { Overrides, ScenarioNetwork, TimelineEntry } from "./scenario.ts";

const GREATEST_MEMBERS = 32;

export const teamSchema = z
  .strictObject({
    members: count({ least: 2, greatest: GREATEST_MEMBERS }).meta({
      description: "Adapters at each node, 2 to 32, each with the network's bandwidth.",
      examples: [2],
    }),
    mode: z.enum(TEAM_MODES).default("switch-independent").meta({
      description:
        "`switch-independent`: spreads what is sent, receives by the first member; `lacp`: the switch spreads what is received too; `standby`: the first member carries all.",
    }),
    hash: z.enum(TEAM_HASHES).default("connections").meta({
      description:
        "What chooses a member: `connections`, addresses and ports; `hosts`, addresses alone, so that all between two nodes has one.",
    }),
  })
  .meta({
    title: "Team",
    description: "Physical adapters that connect each node together; no connection is split. Default: one adapter.",
  });

/** What is asked of adapters is what the migration network's team has, and a model that knows no teams is not asked. */
export function checkTeam(
  events: readonly { readonly event: TimelineEntry; readonly path: ScenarioPath }[],
  networks: readonly ScenarioNetwork[],
  problems: ProblemList,
): void {
  const network = networks.find(({ carries }) => carries.includes("migration"));
  if (network?.team === undefined) return;
  const { members } = network.team;
  for (const { event, path } of events) {
    if (!("profile" in event)) continue;
    const { profile } = event;
    if (linearProfiles.some(({ name }) => name === profile)) {
      problems.add(
        [...path, "profile"],
        `the model of ${profile} knows one adapter a node, and network "${network.name}" has a team`,
        "leave team out, or name another profile",
        "team-unknown-to-model",
      );
    }
    const { nics } = (event as { readonly overrides: Overrides }).overrides;
    if (typeof nics !== "number") continue;
    const most = profile === "vsphere-4" ? 1 : members;
    if (nics <= most) continue;
    problems.add(
      [...path, "nics"],
      `${profile} is to use ${nics} adapters for a migration, and of the ${members} of network "${network.name}" it can use ${most}`,
      `give nics at most ${most}`,
      "team-too-small",
    );
  }
}
