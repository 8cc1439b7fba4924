/** Entries of the timeline about networks that are cut. */
import { find, type Named } from "./machines.ts";
import type { NetworkFaultEntry } from "./network-faults.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNetwork, ScenarioNode } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";

export const NETWORK_FAULT_KINDS = ["cutLink", "restoreLink"] as const;

/** The entry about a network, where it is one. */
export function toNetworkFault({ at: atSeconds, cutLink, restoreLink }: TimelineFileEntry): NetworkFaultEntry | null {
  const written = cutLink ?? restoreLink;
  if (written === undefined) return null;
  const { network, node } = written;
  const where = { atSeconds, network, ...(node === undefined ? {} : { node }) };
  if (cutLink === undefined) return { kind: "restoreLink", ...where };
  return { kind: "cutLink", ...where, ...(cutLink.for === undefined ? {} : { forSeconds: cutLink.for }) };
}

export function checkNetworkReferences(
  event: NetworkFaultEntry,
  path: ScenarioPath,
  { nodes, networks }: { readonly nodes: Named<ScenarioNode>; readonly networks: Named<ScenarioNetwork> },
  problems: ProblemList,
): void {
  find(networks, event.network, "network", [...path, "network"], problems);
  if (event.node !== undefined) find(nodes, event.node, "node", [...path, "node"], problems);
}
