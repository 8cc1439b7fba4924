/** The sense of a network's switches: a tree, in which every node and client has its place, and one tag at most a frame. */
import { find, type Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNetwork, ScenarioNode, ScenarioVm } from "./scenario.ts";
import { suggestion } from "./suggest.ts";

/** They form a tree, and every node and client is connected to one of them. */
export function checkSwitches(
  networks: readonly ScenarioNetwork[],
  nodes: Named<ScenarioNode>,
  placedVms: readonly { readonly thing: ScenarioVm; readonly path: ScenarioPath }[],
  problems: ProblemList,
): void {
  for (const [index, { switches = [] }] of networks.entries()) {
    const above = new Set<string>();
    const taken = new Map<string, string>();
    for (const [position, { name, uplink, nodes: connected }] of switches.entries()) {
      const path = ["networks", index, "switches", position];
      if (above.has(name) || nodes.byName.has(name)) {
        problems.add([...path, "name"], `there is something else named "${name}"`, "give the switch a name of its own");
      }
      if (position === 0 && uplink !== null) {
        problems.add([...path, "uplink"], "the first switch is the top: it has no uplink", "leave uplink out");
      }
      if (position > 0 && (uplink === null || !above.has(uplink))) {
        problems.add(
          uplink === null ? path : [...path, "uplink"],
          uplink === null ? `switch "${name}" has no uplink` : `no switch "${uplink}" is written before "${name}"`,
          uplink === null
            ? `add uplink: ${[...above][0] ?? ""}`
            : suggestion(uplink, [...above], "switches written before it"),
        );
      }
      for (const [place, node] of connected.entries()) {
        find(nodes, node, "node", [...path, "nodes", place], problems);
        const other = taken.get(node);
        if (other !== undefined) {
          problems.add([...path, "nodes", place], `${node} is connected to ${other} already`, "name it once");
        }
        taken.set(node, name);
      }
      above.add(name);
    }
  }
  checkClients(networks, placedVms, problems);
}

function checkClients(
  networks: readonly ScenarioNetwork[],
  placedVms: readonly { readonly thing: ScenarioVm; readonly path: ScenarioPath }[],
  problems: ProblemList,
): void {
  const network = networks.find(({ carries }) => carries.includes("client")) ?? networks[0];
  const names = (network?.switches ?? []).map(({ name }) => name);
  for (const { thing, path } of placedVms) {
    if (network?.vlan !== undefined && thing.guestVlan !== undefined) {
      problems.add(
        [...path, "guestVlan"],
        `"${thing.name}" tags its frames itself, and its clients' network "${network.name}" has vlan ${network.vlan}: they would carry two tags`,
        "leave guestVlan out, or vlan of that network",
        "vlan-tagged-twice",
      );
    }
    for (const [position, { switch: wanted }] of thing.clients.entries()) {
      if (wanted === undefined || names.includes(wanted)) continue;
      problems.add(
        [...path, "clients", position, "switch"],
        `the clients' network has no switch "${wanted}"`,
        names.length === 0 ? "give the network switches, or leave switch out" : suggestion(wanted, names, "switches"),
      );
    }
  }
}
