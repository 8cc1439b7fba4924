/**
 * Which shared volumes change their coordinator so that nodes coordinate as equally many as their paths allow: a volume at
 * a time goes from a node to one that has at least two fewer, straight or along a chain of nodes that pass one on each. Where
 * no such chain is left, no other spread is more even (Harvey, Ladner, Lovasz, Tamir, Semi-matchings for bipartite graphs, 2006).
 */

export interface SpreadVolume {
  readonly name: string;
  readonly coordinator: string;
  mayGoTo(node: string): boolean;
}

/** By node: the volumes that it is to coordinate. */
type Spread = Map<string, SpreadVolume[]>;

/**
 * The new coordinators, by volume, in the order of `volumes`; those that stay are left out. Volumes of nodes that are not
 * among `nodes` leave them, where they may; of equally good nodes the first is taken.
 */
export function spreadEvenly(nodes: readonly string[], volumes: readonly SpreadVolume[]): Map<string, string> {
  const spread: Spread = new Map(nodes.map((node) => [node, []]));
  for (const volume of volumes) spread.get(volume.coordinator)?.push(volume);
  for (const volume of volumes) {
    if (spread.has(volume.coordinator)) continue;
    const to = emptiestFirst(spread).find((node) => volume.mayGoTo(node));
    if (to !== undefined) spread.get(to)?.push(volume);
  }
  while (relieve(spread));
  const coordinators = new Map<SpreadVolume, string>();
  for (const [node, held] of spread) for (const volume of held) coordinators.set(volume, node);
  const moves = new Map<string, string>();
  for (const volume of volumes) {
    const to = coordinators.get(volume);
    if (to !== undefined && to !== volume.coordinator) moves.set(volume.name, to);
  }
  return moves;
}

/** Takes one volume off some node, for one that has at least two fewer; false where that cannot be done. */
function relieve(spread: Spread): boolean {
  const nodes = emptiestFirst(spread);
  const least = heldBy(spread, nodes[0]);
  for (const node of [...nodes].reverse()) {
    if (heldBy(spread, node) < least + 2) return false;
    if (passOn(node, nodes, spread)) return true;
  }
  return false;
}

/** @param nodes Emptiest first: a volume goes there straight where it may. */
function passOn(from: string, nodes: readonly string[], spread: Spread): boolean {
  const reached = new Map<string, { readonly volume: SpreadVolume; readonly by: string }>();
  const queue = [from];
  for (const by of queue) {
    for (const to of nodes) {
      if (to === from || reached.has(to)) continue;
      const volume = spread.get(by)?.find((held) => held.mayGoTo(to));
      if (volume === undefined) continue;
      reached.set(to, { volume, by });
      queue.push(to);
      if (heldBy(spread, to) + 2 > heldBy(spread, from)) continue;
      for (let at = to; at !== from; ) {
        const step = reached.get(at) as { readonly volume: SpreadVolume; readonly by: string };
        spread.get(at)?.push(step.volume);
        const left = spread.get(step.by) as SpreadVolume[];
        left.splice(left.indexOf(step.volume), 1);
        at = step.by;
      }
      return true;
    }
  }
  return false;
}

function heldBy(spread: Spread, node: string | undefined): number {
  return node === undefined ? 0 : (spread.get(node)?.length ?? 0);
}

function emptiestFirst(spread: Spread): string[] {
  return [...spread.keys()].sort((one, other) => heldBy(spread, one) - heldBy(spread, other));
}
