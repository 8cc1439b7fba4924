/** Several hypervisors in one inventory: an entry's profile drives the nodes that it moves machines off, and machines stay with theirs. */
import { differInHypervisor, hypervisorOf } from "../cluster/hypervisor.ts";
import type { Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm, TimelineEntry } from "./scenario.ts";

interface PlacedEvent {
  readonly event: TimelineEntry;
  readonly path: ScenarioPath;
}

interface Things {
  readonly nodes: Named<ScenarioNode>;
  readonly vms: Named<ScenarioVm>;
}

export function checkHypervisors(events: readonly PlacedEvent[], things: Things, problems: ProblemList): void {
  for (const { event, path } of events) {
    if (!("profile" in event)) continue;
    const wrong = driven(event, things).find(({ platform }) => differInHypervisor(platform, event.profile));
    if (wrong !== undefined) {
      problems.add(
        [...path, "profile"],
        `profile ${event.profile} is ${hypervisorOf(event.profile)}'s, and "${wrong.name}" runs ${wrong.platform}`,
        event.kind === "migrate" || event.kind === "drain"
          ? `name a profile of ${hypervisorOf(wrong.platform)}`
          : "list the nodes of one hypervisor, where the entry takes nodes, and make an entry for each of the others",
        "profile-of-another-hypervisor",
      );
    }
    if (event.kind !== "migrate") continue;
    const from = nodeOf(event.vm, things);
    const to = things.nodes.byName.get(event.to)?.thing;
    if (from === null || to === undefined || !differInHypervisor(from.platform, to.platform)) continue;
    problems.add(
      [...path, "to"],
      `"${event.vm}" runs under ${hypervisorOf(from.platform)} on "${from.name}", and "${to.name}" runs ${to.platform}: a running machine keeps its hypervisor`,
      `name a node that runs ${hypervisorOf(from.platform)}`,
      "another-hypervisor",
    );
  }
}

/** The nodes whose hypervisor an entry drives. */
function driven(event: TimelineEntry, things: Things): ScenarioNode[] {
  const named = (names: readonly string[]) => names.flatMap((name) => things.nodes.byName.get(name)?.thing ?? []);
  if (event.kind === "drain") return named([event.node]);
  if (event.kind === "migrate") {
    const from = nodeOf(event.vm, things);
    return from === null ? [] : [from];
  }
  if (event.kind === "maintenance" && event.nodes !== undefined) return named(event.nodes);
  return [...things.nodes.byName.values()].map(({ thing }) => thing);
}

/** Where a machine starts: it stays with the hypervisor of that node. */
function nodeOf(vm: string, { nodes, vms }: Things): ScenarioNode | null {
  const home = vms.byName.get(vm)?.thing.node;
  return home === undefined ? null : (nodes.byName.get(home)?.thing ?? null);
}
