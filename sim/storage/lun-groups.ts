/** Which machines move together: a LUN has one owner, so that all machines with a disk on it go where it goes. */

/** A machine as far as its place in a group goes. `Disk` is whatever identifies a volume: its object, or its name. */
interface WithDisks<Disk> {
  readonly disks: readonly Disk[];
}

/**
 * The machine itself first, then those that share a LUN with it, or with one that does, in the order of `machines`.
 * `isLun` tells LUNs from cluster shared volumes, which bind nobody.
 */
export function lunGroupOf<Disk, Machine extends WithDisks<Disk>>(
  machine: Machine,
  machines: Iterable<Machine>,
  isLun: (disk: Disk) => boolean,
): Machine[] {
  const luns = new Set<Disk>();
  const bound = new Set<Machine>();
  const bind = (one: Machine) => {
    bound.add(one);
    for (const disk of one.disks) if (isLun(disk)) luns.add(disk);
  };
  bind(machine);
  if (luns.size === 0) return [machine];
  const all = [...machines];
  for (let before = 0; before !== bound.size; ) {
    before = bound.size;
    for (const other of all) if (!bound.has(other) && other.disks.some((disk) => luns.has(disk))) bind(other);
  }
  return [machine, ...all.filter((other) => other !== machine && bound.has(other))];
}
