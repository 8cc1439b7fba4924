/**
 * Where a machine may go, and where it goes best: what SCVMM calls intelligent placement. Each node that stands is rated by
 * the share of its memory that it would have left; the goals are SCVMM's two, load balancing and resource maximisation.
 */
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterNode } from "../cluster/node.ts";
import type { VirtualMachine } from "../cluster/virtual-machine.ts";
import { formatBytes } from "../kernel/units.ts";

/** `spread`: the node with the largest share of memory left; `pack`: the one with the smallest. */
export const PLACEMENT_GOALS = ["spread", "pack"] as const;
export type PlacementGoal = (typeof PLACEMENT_GOALS)[number];

/** What is known of a machine that is to be placed. */
export interface Candidate {
  readonly name: string;
  readonly memoryBytes: number;
  /** Machines with the same name here are kept on one node; null where it stands alone. */
  readonly affinity: string | null;
  /** Machines with the same name here are kept on different nodes. */
  readonly antiAffinity: string | null;
}

/** The machines that groups consist of, and where each is or is going to. */
export interface Groups {
  /** Where the others of an affinity group are; those on their way count where they go. */
  affinityNodes(machine: Candidate): readonly string[];
  /** What the others of its affinity group that are still at this node need beside it. */
  bytesToFollow(machine: Candidate, from: string): number;
  /** One of its anti-affinity group that is at this node or on its way there; null where there is none. */
  opponentAt(machine: Candidate, node: string): string | null;
}

export type Placement =
  | { readonly node: ClusterNode; readonly reason: null }
  /** None stands: the one that came closest, null where there is no other, and what each lacks. */
  | { readonly node: null; readonly closest: ClusterNode | null; readonly reason: string };

export interface PlacementOptions {
  readonly cluster: Cluster;
  readonly groups: Groups;
  readonly goal: PlacementGoal;
  /** The nodes that may receive; null for all. */
  readonly targets: ReadonlySet<string> | null;
  /** Why a node is none for the machine whatever room there is; absent: as for a machine that runs and is moved. */
  readonly whyUnsuitable?: (vm: VirtualMachine, node: ClusterNode) => string | null;
}

/**
 * Whether a node may receive a machine, its rules and the room beyond reserve and promises considered; not whether any other is
 * better.
 */
export function mayReceive(
  machine: Candidate,
  node: ClusterNode,
  { cluster, groups, targets }: Omit<PlacementOptions, "goal">,
): boolean {
  const vm = cluster.vm(machine.name);
  if (node === vm.node || (targets !== null && !targets.has(node.name)) || node.whyClosed !== null) return false;
  if (node.freeBytes - node.reserveBytes - node.promisedBytes < machine.memoryBytes) return false;
  if (machine.antiAffinity !== null && groups.opponentAt(machine, node.name) !== null) return false;
  return cluster.whyUnsuitable(vm, node) === null;
}

/** Nodes named in a refusal. */
const MOST_NAMED = 4;

export function place(machine: Candidate, options: PlacementOptions): Placement {
  const { cluster, groups, goal, targets } = options;
  const { whyUnsuitable = (one, node) => cluster.whyUnsuitable(one, node) } = options;
  const vm = cluster.vm(machine.name);
  const from = vm.node;
  const together = machine.affinity === null ? [] : groups.affinityNodes(machine).filter((name) => name !== from.name);
  const neededBytes = machine.memoryBytes + (machine.affinity === null ? 0 : groups.bytesToFollow(machine, from.name));
  let best: ClusterNode | null = null;
  let bestRating = 0;
  for (const node of cluster.nodes) {
    if (node === from || (targets !== null && !targets.has(node.name)) || node.whyClosed !== null) continue;
    const freeBytes = node.freeBytes - node.reserveBytes - node.promisedBytes;
    if (freeBytes < neededBytes) continue;
    const share = (freeBytes - machine.memoryBytes) / node.memoryBytes;
    const rating = goal === "spread" ? share : 1 - share;
    if (best !== null && rating <= bestRating) continue;
    if (together.length > 0 && !together.includes(node.name)) continue;
    if (machine.antiAffinity !== null && groups.opponentAt(machine, node.name) !== null) continue;
    if (whyUnsuitable(vm, node) !== null) continue;
    best = node;
    bestRating = rating;
  }
  return best === null ? refusal(machine, neededBytes, together, options) : { node: best, reason: null };
}

/** What each node lacks; those that are none of the targets are left out. */
function refusal(
  machine: Candidate,
  neededBytes: number,
  together: readonly string[],
  { cluster, groups, targets, ...options }: PlacementOptions,
): Placement {
  const { whyUnsuitable = (one, node) => cluster.whyUnsuitable(one, node) } = options;
  const vm = cluster.vm(machine.name);
  let closest: ClusterNode | null = null;
  let mostFree = Number.NEGATIVE_INFINITY;
  const lacks: string[] = [];
  let others = 0;
  for (const node of cluster.nodes) {
    if (node === vm.node || (targets !== null && !targets.has(node.name))) continue;
    const freeBytes = Math.max(0, node.freeBytes - node.reserveBytes - node.promisedBytes);
    if (node.whyClosed === null && freeBytes > mostFree) {
      closest = node;
      mostFree = freeBytes;
    }
    closest ??= node;
    others += 1;
    if (lacks.length === MOST_NAMED) continue;
    const opponent = machine.antiAffinity === null ? null : groups.opponentAt(machine, node.name);
    if (node.whyClosed !== null) lacks.push(node.whyClosed);
    else if (together.length > 0 && !together.includes(node.name)) {
      lacks.push(`${node.name} does not have the others of affinity group ${machine.affinity}`);
    } else if (opponent !== null) {
      lacks.push(`${node.name} has ${opponent} of anti-affinity group ${machine.antiAffinity}`);
    } else {
      const unsuitable = whyUnsuitable(vm, node);
      lacks.push(
        unsuitable === null
          ? `${node.name} has ${formatBytes(freeBytes)} free${node.reserveBytes > 0 ? " beyond its reserve" : ""}`
          : unsuitable.replace(/\.$/, ""),
      );
    }
  }
  const rest = others > lacks.length ? `; ${others - lacks.length} more nodes do not do either` : "";
  const what = lacks.length === 0 ? "there is no other node" : `${lacks.join("; ")}${rest}`;
  const need =
    neededBytes > machine.memoryBytes ? `${formatBytes(neededBytes)} with its group` : formatBytes(neededBytes);
  return { node: null, closest, reason: `No node takes ${machine.name}, which needs ${need}: ${what}.` };
}
