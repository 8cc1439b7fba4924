/** How full hosts are, and which machine's move relieves the fullest most. */

/** Shares above which a host is too full. */
export interface LoadLimits {
  readonly processorLimitShare: number;
  readonly memoryLimitShare: number;
}

export interface HostLoad {
  readonly name: string;
  /** Asked for of its logical processors, and what there is; 0 where that is not said. */
  readonly askedProcessors: number;
  readonly processors: number;
  readonly usedBytes: number;
  readonly memoryBytes: number;
}

export interface Load {
  readonly processors: number;
  readonly memoryBytes: number;
}

export interface RelievingMove<Machine> {
  readonly machine: Machine;
  readonly to: HostLoad;
  /** Pressure of the source before, and of both hosts after. */
  readonly fromBefore: number;
  readonly fromAfter: number;
  readonly toAfter: number;
}

const NOTHING: Load = { processors: 0, memoryBytes: 0 };

export function processorShare({ askedProcessors, processors }: HostLoad, more: Load = NOTHING): number {
  return processors === 0 ? 0 : (askedProcessors + more.processors) / processors;
}

export function memoryShare({ usedBytes, memoryBytes }: HostLoad, more: Load = NOTHING): number {
  return (usedBytes + more.memoryBytes) / memoryBytes;
}

/** How near a host is to its limits, the nearer of the two: above 1 it is too full. */
export function pressure(host: HostLoad, limits: LoadLimits, more: Load = NOTHING): number {
  const { processorLimitShare, memoryLimitShare } = limits;
  return Math.max(processorShare(host, more) / processorLimitShare, memoryShare(host, more) / memoryLimitShare);
}

/** Standard deviation of the hosts' pressures. */
export function deviation(hosts: readonly HostLoad[], limits: LoadLimits): number {
  if (hosts.length === 0) return 0;
  let sum = 0;
  for (const host of hosts) sum += pressure(host, limits);
  const mean = sum / hosts.length;
  let squares = 0;
  for (const host of hosts) squares += (pressure(host, limits) - mean) * (pressure(host, limits) - mean);
  return Math.sqrt(squares / hosts.length);
}

/**
 * The move off a host after which the fuller of its two hosts is least full, then the target; null where none takes at least
 * `leastGain` of pressure away, or all would make the target too full.
 */
export function bestMove<Machine extends { readonly load: Load }>(
  source: HostLoad,
  machines: readonly Machine[],
  targetsOf: (machine: Machine) => Iterable<HostLoad>,
  limits: LoadLimits,
  leastGain: number,
): RelievingMove<Machine> | null {
  const fromBefore = pressure(source, limits);
  let best: RelievingMove<Machine> | null = null;
  let leastWorst = fromBefore - leastGain;
  for (const machine of machines) {
    const { processors, memoryBytes } = machine.load;
    const fromAfter = pressure(source, limits, { processors: -processors, memoryBytes: -memoryBytes });
    if (fromAfter > leastWorst) continue;
    for (const to of targetsOf(machine)) {
      const toAfter = pressure(to, limits, machine.load);
      const worst = Math.max(fromAfter, toAfter);
      if (toAfter > 1 || worst > leastWorst) continue;
      if (best !== null && worst === leastWorst && toAfter >= best.toAfter) continue;
      best = { machine, to, fromBefore, fromAfter, toAfter };
      leastWorst = worst;
    }
  }
  return best;
}
