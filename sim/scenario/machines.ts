/** Nodes, networks, volumes and machines of a scenario: from entries of the file to their plain form, with the checks of sense. */
import { formatBytes } from "../kernel/units.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import { OLD_NETVSC_LINK_DOWN_SECONDS } from "../network/guest-announcement.ts";
import { toClients } from "./clients.ts";
import { leastPages, toDynamicMemory } from "./dynamic-memory.ts";
import type { ResolvedWorkloads } from "./page-classes.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import { toDemand } from "./processor-demand.ts";
import type { ScenarioNetwork, ScenarioNode, ScenarioVm, ScenarioVolume } from "./scenario.ts";
import type { NetworkEntry, NodeEntry, VmEntry, VolumeEntry } from "./schema.ts";
import { suggestion } from "./suggest.ts";
import { toSwitches } from "./switches.ts";
import type { Placed } from "./templates.ts";

/** Things by name, with where each was written. */
export interface Named<Thing> {
  readonly byName: ReadonlyMap<string, { readonly thing: Thing; readonly path: ScenarioPath }>;
  /** False where entries could not be read or share a name, so that a name not found may be meant for one of them. */
  readonly complete: boolean;
}

/** Indexes things by name; a name given twice is a problem, and its first holder keeps it. */
export function indexByName<Thing extends { name: string }>(
  things: readonly { thing: Thing; path: ScenarioPath }[],
  whatTheyAre: string,
  complete: boolean,
  problems: ProblemList,
): Named<Thing> {
  const byName = new Map<string, { thing: Thing; path: ScenarioPath }>();
  for (const { thing, path } of things) {
    if (!byName.has(thing.name)) {
      byName.set(thing.name, { thing, path });
      continue;
    }
    const sameEntry = byName.get(thing.name)?.path.join() === path.join();
    problems.add(
      [...path, "name"],
      `two ${whatTheyAre} are named "${thing.name}"`,
      sameEntry ? 'put {i} into the name, as in "HV{i}", so that each gets its own' : "give each its own name",
      "duplicate-name",
    );
  }
  return { byName, complete: complete && byName.size === things.length };
}

/** Looks a name up; not found is a problem, unless it may be in an entry that could not be read. */
export function find<Thing>(
  named: Named<Thing>,
  wanted: string,
  whatItIs: string,
  path: ScenarioPath,
  problems: ProblemList,
): Thing | null {
  const found = named.byName.get(wanted);
  if (found !== undefined) return found.thing;
  if (named.complete) {
    problems.add(
      path,
      `there is no ${whatItIs} "${wanted}"`,
      () => suggestion(wanted, [...named.byName.keys()], `${whatItIs}s`),
      `unknown-${whatItIs}`,
    );
  }
  return null;
}

export function toNode({
  name,
  memory,
  cpu,
  systemDrive,
  reserve,
  logicalProcessors,
  platform,
  edition,
  nic,
  slat,
}: Omit<NodeEntry, "template" | "count">): ScenarioNode {
  return {
    name,
    memoryBytes: Math.floor(memory),
    cpuVendor: cpu.vendor,
    systemDrive: systemDrive.toUpperCase(),
    ...(reserve === undefined ? {} : { reserveBytes: Math.floor(reserve) }),
    ...(cpu.generation === undefined ? {} : { cpuGeneration: cpu.generation }),
    ...(logicalProcessors === undefined ? {} : { logicalProcessors }),
    ...(platform === undefined ? {} : { platform }),
    ...(edition === undefined ? {} : { edition }),
    ...(slat === undefined ? {} : { slat }),
    ...(nic === undefined ? {} : { nic: { offload: [...new Set(nic.offload)] } }),
  };
}

export function toNetwork(entry: NetworkEntry): ScenarioNetwork {
  return {
    name: entry.name,
    bytesPerSecond: entry.bandwidth,
    latencySeconds: entry.latency,
    mtuBytes: Math.floor(entry.mtu),
    frameLossShare: entry.frameLoss,
    ...(entry.queue === undefined ? {} : { queueBytes: entry.queue }),
    ...(entry.packetLoss === undefined ? {} : { packetLossShare: entry.packetLoss }),
    ...(entry.switches === undefined ? {} : { switches: toSwitches(entry.switches) }),
    ...(entry.vlan === undefined ? {} : { vlan: entry.vlan }),
    ...(entry.team === undefined ? {} : { team: entry.team }),
    carries: [...new Set(entry.carries)],
  };
}

export function toVolume(
  entry: VolumeEntry,
  path: ScenarioPath,
  nodes: Named<ScenarioNode>,
  problems: ProblemList,
): ScenarioVolume {
  const [right, wrong] =
    entry.kind === "csv" ? (["coordinator", "owner"] as const) : (["owner", "coordinator"] as const);
  if (entry[wrong] !== undefined) {
    problems.add(
      [...path, wrong],
      `a ${entry.kind} has no ${wrong}, volume "${entry.name}"`,
      `write ${right}: ${entry[wrong]}`,
    );
  }
  const holder = entry[right];
  if (holder !== undefined) find(nodes, holder, "node", [...path, right], problems);
  else if (entry[wrong] === undefined) {
    problems.add([...path, right], `volume "${entry.name}" has no ${right}`, `add ${right} with a node's name`);
  }
  return {
    name: entry.name,
    kind: entry.kind,
    coordinator: holder ?? entry[wrong] ?? "",
    ...(entry.transport === undefined ? {} : { transport: entry.transport }),
    ...(entry.throughput === undefined ? {} : { throughputBytesPerSecond: entry.throughput }),
    ...(entry.reachedBy === undefined ? {} : { reachedBy: [...new Set(entry.reachedBy)] }),
    ...(entry.free === undefined ? {} : { freeBytes: entry.free }),
  };
}

const hexadecimal = (value: number): string => value.toString(16).toUpperCase().padStart(2, "0");

/** A MAC address for the machine with that index: 00:15:5D, Hyper-V's block, then the index + 1. */
export function derivedMac(index: number): string {
  const number = index + 1;
  return ["00", "15", "5D", ...[16, 8, 0].map((shift) => hexadecimal((number >>> shift) & 0xff))].join(":");
}

/**
 * An address for the machine with that index, from the blocks set aside for documentation (RFC 5737: 192.0.2.0/24,
 * 198.51.100.0/24, 203.0.113.0/24), then from the one for benchmarks (RFC 2544: 198.18.0.0/15).
 */
export function derivedIp(index: number): string {
  const block = ["192.0.2", "198.51.100", "203.0.113"][Math.floor(index / 254)];
  if (block !== undefined) return `${block}.${(index % 254) + 1}`;
  const rest = index - 3 * 254;
  return `198.${18 + Math.floor(rest / 65_024)}.${Math.floor(rest / 254) % 256}.${(rest % 254) + 1}`;
}

function toMac(written: string | undefined, index: number, path: ScenarioPath, problems: ProblemList): string {
  if (written === undefined) return derivedMac(index);
  const mac = written.toUpperCase().replaceAll("-", ":");
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1) {
    problems.add(
      [...path, "mac"],
      `${mac} is a group's address, not an adapter's`,
      "make its first pair even, or leave mac out",
    );
  }
  return mac;
}

/** What a machine's entry may refer to. */
export interface Surroundings {
  readonly nodes: Named<ScenarioNode>;
  readonly volumes: Named<ScenarioVolume>;
  readonly workloads: ResolvedWorkloads;
}

/** As failover clusters number them. */
export const PRIORITIES = { high: 3000, medium: 2000, low: 1000, none: 0 } as const;

/** An old driver takes the link down as it announces. */
function deafness({ deafAfterResume, announces }: Pick<VmEntry, "deafAfterResume" | "announces">) {
  const seconds = deafAfterResume ?? (announces === "netvsc-before-2017" ? OLD_NETVSC_LINK_DOWN_SECONDS : undefined);
  return seconds === undefined ? {} : { deafSeconds: seconds };
}

export function toVm(
  { entry, path }: Placed<Omit<VmEntry, "template" | "count">>,
  index: number,
  { nodes, volumes, workloads }: Surroundings,
  problems: ProblemList,
): ScenarioVm {
  find(nodes, entry.node, "node", [...path, "node"], problems);
  const memoryPages = Math.floor(entry.memory / PAGE_BYTES);
  const wantedUsedPages = Math.ceil(
    "share" in entry.used ? entry.used.share * memoryPages : entry.used.bytes / PAGE_BYTES,
  );
  // A size written just as the memory may round up past it; more than that is a mistake.
  const usedBytesWanted = "share" in entry.used ? 0 : entry.used.bytes;
  if (usedBytesWanted > entry.memory) {
    problems.add(
      [...path, "used"],
      `"${entry.name}" uses ${formatBytes(usedBytesWanted)}, more than its memory of ${formatBytes(entry.memory)}`,
      `give used at most ${formatBytes(entry.memory)}, or a share of the memory such as 70 %`,
      "used-over-memory",
    );
  }
  const usedPages = Math.min(wantedUsedPages, memoryPages);
  const ofMemory = { name: entry.name, memoryBytes: memoryPages * PAGE_BYTES };
  const dynamicMemory = toDynamicMemory(entry.dynamicMemory, ofMemory, [...path, "dynamicMemory"], problems);
  const surePages =
    dynamicMemory === undefined ? usedPages : Math.min(usedPages, leastPages(dynamicMemory, memoryPages));
  const disks = entry.disks.map((disk) => (typeof disk === "string" ? disk : disk.volume));
  const diskKinds = entry.disks.map((disk) => (typeof disk === "string" ? "fixed" : disk.kind));
  for (const [position, disk] of disks.entries()) find(volumes, disk, "volume", [...path, "disks", position], problems);
  const workload = workloads.resolve(entry.workload, surePages, path, problems);
  const clients = toClients(entry.clients, entry.name, [...path, "clients"], problems);
  return {
    name: entry.name,
    node: entry.node,
    memoryBytes: memoryPages * PAGE_BYTES,
    ...(dynamicMemory === undefined ? {} : { dynamicMemory }),
    usedBytes: usedPages * PAGE_BYTES,
    ...(entry.compressesTo === undefined ? {} : { compressedShare: entry.compressesTo }),
    ...(entry.catchUp === undefined ? {} : { catchUpSeconds: entry.catchUp }),
    workload: workload.name,
    classes: workload.classes,
    disks,
    ...(diskKinds.every((kind) => kind === "fixed") ? {} : { diskKinds }),
    ...(entry.io === undefined
      ? {}
      : {
          io: {
            readBytesPerSecond: entry.io.read ?? 0,
            writeBytesPerSecond: entry.io.write ?? 0,
            growBytesPerSecond: entry.io.grow ?? 0,
          },
        }),
    ...(entry.integrationServices === false ? { integrationServices: false as const } : {}),
    ...(entry.vcpus === undefined ? {} : { vcpus: entry.vcpus }),
    ...toDemand(entry.cpuDemand, entry.name, path, problems),
    ...(entry.processorCompatibility === true ? { processorCompatibility: true } : {}),
    ...(entry.possibleOwners === undefined ? {} : { possibleOwners: entry.possibleOwners }),
    ...(entry.affinity === undefined ? {} : { affinity: entry.affinity }),
    ...(entry.antiAffinity === undefined ? {} : { antiAffinity: entry.antiAffinity }),
    ...(entry.priority === undefined ? {} : { priority: PRIORITIES[entry.priority] }),
    ...(entry.bootTime === undefined ? {} : { bootSeconds: entry.bootTime }),
    mac: toMac(entry.mac, index, path, problems),
    ip: entry.ip ?? derivedIp(index),
    ...deafness(entry),
    ...(entry.announces === undefined ? {} : { announces: entry.announces }),
    ...(entry.guestVlan === undefined ? {} : { guestVlan: entry.guestVlan }),
    clients,
  };
}
