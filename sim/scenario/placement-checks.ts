/** Owners and groups as machines name them: what contradicts itself, or the machines' nodes at the start, is refused. */
import { find, type Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm } from "./scenario.ts";

type PlacedVm = { readonly thing: ScenarioVm; readonly path: ScenarioPath };

export function checkPlacementGroups(nodes: Named<ScenarioNode>, vms: Named<ScenarioVm>, problems: ProblemList): void {
  const together = new Map<string, PlacedVm>();
  /** The members of each anti-affinity group, by node. */
  const apart = new Map<string, Map<string, PlacedVm>>();
  const members = new Map<string, number>();
  /** Of each pair of groups, the first that is in both. */
  const inBoth = new Map<string, PlacedVm>();
  for (const placed of vms.byName.values()) {
    const { thing: vm, path } = placed;
    checkOwners(vm, path, nodes, problems);
    const { affinity, antiAffinity } = vm;
    if (affinity !== undefined) {
      const first = together.get(affinity);
      if (first === undefined) together.set(affinity, placed);
      else if (first.thing.node !== vm.node) {
        problems.add(
          [...path, "affinity"],
          `"${vm.name}" is to be with "${first.thing.name}" (affinity "${affinity}") and starts on "${vm.node}", not "${first.thing.node}"`,
          "start the machines of an affinity group on one node",
          "affinity-apart",
        );
      }
    }
    if (antiAffinity === undefined) continue;
    const byNode = apart.get(antiAffinity) ?? new Map<string, PlacedVm>();
    apart.set(antiAffinity, byNode);
    members.set(antiAffinity, (members.get(antiAffinity) ?? 0) + 1);
    const opponent = byNode.get(vm.node);
    const pair = affinity === undefined ? null : JSON.stringify([affinity, antiAffinity]);
    const both = pair === null ? undefined : inBoth.get(pair);
    if (both !== undefined) {
      problems.add(
        [...path, "antiAffinity"],
        `"${vm.name}" and "${both.thing.name}" are to be together (affinity "${affinity}") and apart (antiAffinity "${antiAffinity}")`,
        "take one of them out of one of the groups",
        "contradictory-affinity",
      );
    } else if (opponent !== undefined) {
      problems.add(
        [...path, "antiAffinity"],
        `"${vm.name}" is to be apart from "${opponent.thing.name}" (antiAffinity "${antiAffinity}"), and both start on "${vm.node}"`,
        "start the machines of an anti-affinity group on different nodes",
        "anti-affinity-together",
      );
    } else byNode.set(vm.node, placed);
    if (pair !== null && both === undefined) inBoth.set(pair, placed);
  }
  if (!nodes.complete) return;
  for (const [group, count] of members) {
    if (count <= nodes.byName.size) continue;
    const path = apart.get(group)?.values().next().value?.path ?? ["vms"];
    problems.add(
      [...path, "antiAffinity"],
      `anti-affinity group "${group}" has ${count} machines, and there are ${nodes.byName.size} nodes`,
      "make the group smaller, or add nodes",
      "anti-affinity-size",
    );
  }
}

function checkOwners(vm: ScenarioVm, path: ScenarioPath, nodes: Named<ScenarioNode>, problems: ProblemList): void {
  const owners = vm.possibleOwners;
  if (owners === undefined) return;
  for (const [index, owner] of owners.entries()) {
    find(nodes, owner, "node", [...path, "possibleOwners", index], problems);
  }
  if (owners.includes(vm.node)) return;
  problems.add(
    [...path, "possibleOwners"],
    `"${vm.name}" starts on "${vm.node}", which is none of its possible owners`,
    `add "${vm.node}" to possibleOwners, or start it on one of them`,
    "owner",
  );
}
