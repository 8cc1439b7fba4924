/** Which hosts can be emptied, and where their machines go: hosts with the fewest bytes first, machines first-fit by size on the fullest host. */

/** Machines that move together: those of an affinity group, or one that stands alone. */
export interface PackingUnit<Machine> {
  readonly machines: readonly Machine[];
  readonly memoryBytes: number;
  /** The most that they ask for at any time until the hosts are back. */
  readonly processors: number;
}

export interface PackingHost<Machine> {
  readonly name: string;
  readonly units: readonly PackingUnit<Machine>[];
  /** For machines beyond those that are here; of processors up to the limit. */
  readonly freeBytes: number;
  readonly freeProcessors: number;
  readonly memoryBytes: number;
}

export interface Packing<Machine> {
  /** In the order in which they were found to be dispensable. */
  readonly emptied: readonly string[];
  readonly targetOf: ReadonlyMap<Machine, string>;
}

interface Room {
  freeBytes: number;
  freeProcessors: number;
}

/**
 * @param keep Hosts that stay at least.
 * @param mayTake Whether a host may take machines, whatever room it has, given where others will be.
 */
export function pack<Machine>(
  hosts: readonly PackingHost<Machine>[],
  keep: number,
  mayTake: (unit: PackingUnit<Machine>, host: string, targetOf: ReadonlyMap<Machine, string>) => boolean,
): Packing<Machine> {
  const rooms = new Map<string, Room>();
  for (const { name, freeBytes, freeProcessors } of hosts) rooms.set(name, { freeBytes, freeProcessors });
  const targetOf = new Map<Machine, string>();
  const emptied: string[] = [];
  const receiving = new Set<string>();
  const bytesAt = ({ units }: PackingHost<Machine>) => units.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  for (const host of [...hosts].sort((one, other) => bytesAt(one) - bytesAt(other))) {
    if (hosts.length - emptied.length <= keep) break;
    // A machine is not moved twice.
    if (receiving.has(host.name)) continue;
    const others = hosts.filter(({ name }) => name !== host.name && !emptied.includes(name));
    const placed = placeAll(host, others, rooms, targetOf, mayTake);
    if (placed === null) continue;
    emptied.push(host.name);
    for (const name of placed) receiving.add(name);
  }
  return { emptied, targetOf };
}

/** Finds all of a host's machines a place and takes the room; null, and nothing taken, where one has none. */
function placeAll<Machine>(
  host: PackingHost<Machine>,
  others: readonly PackingHost<Machine>[],
  rooms: ReadonlyMap<string, Room>,
  targetOf: Map<Machine, string>,
  mayTake: (unit: PackingUnit<Machine>, host: string, targetOf: ReadonlyMap<Machine, string>) => boolean,
): Set<string> | null {
  const taken: { unit: PackingUnit<Machine>; name: string }[] = [];
  for (const unit of [...host.units].sort((one, other) => other.memoryBytes - one.memoryBytes)) {
    let best: PackingHost<Machine> | null = null;
    let leastShare = Number.POSITIVE_INFINITY;
    for (const other of others) {
      const { freeBytes, freeProcessors } = rooms.get(other.name) as Room;
      const share = (freeBytes - unit.memoryBytes) / other.memoryBytes;
      if (share < 0 || freeProcessors < unit.processors || share >= leastShare) continue;
      if (!mayTake(unit, other.name, targetOf)) continue;
      best = other;
      leastShare = share;
    }
    if (best === null) {
      for (const { unit: back, name } of taken) {
        give(rooms.get(name) as Room, back, 1);
        for (const machine of back.machines) targetOf.delete(machine);
      }
      return null;
    }
    give(rooms.get(best.name) as Room, unit, -1);
    for (const machine of unit.machines) targetOf.set(machine, best.name);
    taken.push({ unit, name: best.name });
  }
  return new Set(taken.map(({ name }) => name));
}

function give<Machine>(room: Room, { memoryBytes, processors }: PackingUnit<Machine>, sign: 1 | -1): void {
  room.freeBytes += sign * memoryBytes;
  room.freeProcessors += sign * processors;
}
