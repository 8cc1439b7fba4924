/** The machines of one node at a moment, in the order in which they are drawn: by status, then as the scenario lists them. */
import type { MachinesAt } from "./machine-changes.ts";

/** Places of the machines whose guests are on the node, one on its way included. */
export function machinesOn({ nodes, statuses }: MachinesAt, node: number): number[] {
  const found: number[] = [];
  for (let machine = 0; machine < nodes.length; machine += 1) {
    if (nodes[machine] === node) found.push(machine);
  }
  return found.sort((a, b) => (statuses[a] as number) - (statuses[b] as number) || a - b);
}
