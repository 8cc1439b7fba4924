/** What a platform supports of hosts, machines and clusters: a scenario that goes beyond it is refused. */
import { type Limit, type PlatformLimits, type PlatformName, platformNamed } from "../cluster/platform-limits.ts";
import { formatBytes, formatCount } from "../kernel/units.ts";
import type { Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm } from "./scenario.ts";

interface Placed<Thing> {
  readonly thing: Thing;
  readonly path: ScenarioPath;
}

/** Of everything as it stands at the start. Of a platform that is not said, nothing is checked. */
export function checkHostLimits(
  nodes: Named<ScenarioNode>,
  vms: readonly Placed<ScenarioVm>[],
  problems: ProblemList,
): void {
  const residents = new Map<string, Placed<ScenarioVm>[]>();
  for (const placed of vms) {
    const here = residents.get(placed.thing.node);
    if (here === undefined) residents.set(placed.thing.node, [placed]);
    else here.push(placed);
  }
  for (const placed of nodes.byName.values()) checkNode(placed, residents.get(placed.thing.name) ?? [], problems);
  checkClusters([...nodes.byName.values()], residents, problems);
}

function checkNode(
  { thing: node, path }: Placed<ScenarioNode>,
  vms: readonly Placed<ScenarioVm>[],
  problems: ProblemList,
) {
  const { platform, logicalProcessors } = node;
  const vcpus = vms.reduce((sum, { thing }) => sum + (thing.vcpus ?? 0), 0);
  for (const { thing: vm, path: vmPath } of vms) {
    if (logicalProcessors !== undefined && vm.vcpus !== undefined && vm.vcpus > logicalProcessors) {
      problems.add(
        [...vmPath, "vcpus"],
        `"${vm.name}" has ${vm.vcpus} virtual processors, more than the ${logicalProcessors} logical ones of "${node.name}"`,
        `give it at most ${logicalProcessors}, or another node`,
        "vcpus-over-processors",
      );
    }
  }
  if (platform === undefined) return;
  const { most, refuse } = limitsOf(platform, problems);
  const title = platformNamed(platform).title;
  refuse(most.logicalProcessors, logicalProcessors, [...path, "logicalProcessors"], (limit, value) => [
    `"${node.name}" has ${formatCount(value)} logical processors, and ${title} supports ${formatCount(limit)}`,
    `give it at most ${formatCount(limit)}, or a later platform`,
  ]);
  refuse(most.hostMemoryBytes, node.memoryBytes, [...path, "memory"], (limit, value) => [
    `"${node.name}" has ${formatBytes(value)}, and ${title} supports ${formatBytes(limit)}`,
    `give it at most ${formatBytes(limit)}, or a later platform`,
  ]);
  refuse(most.vmsPerNode, vms.length, [...path, "platform"], (limit, value) => [
    `${formatCount(value)} machines run on "${node.name}", and ${title} supports ${formatCount(limit)} on a node`,
    "put some of them on other nodes, or name a later platform",
  ]);
  refuse(most.vcpusPerNode, vcpus, [...path, "platform"], (limit, value) => [
    `the machines on "${node.name}" have ${formatCount(value)} virtual processors, and ${title} supports ${formatCount(limit)} on a node`,
    "put some of them on other nodes, or name a later platform",
  ]);
  for (const { thing: vm, path: vmPath } of vms) {
    refuse(most.vcpusPerVm, vm.vcpus, [...vmPath, "vcpus"], (limit, value) => [
      `"${vm.name}" has ${formatCount(value)} virtual processors, and ${title} on "${node.name}" supports ${formatCount(limit)}`,
      `give it at most ${formatCount(limit)}, or a node with a later platform`,
    ]);
    refuse(most.vmMemoryBytes, vm.memoryBytes, [...vmPath, "memory"], (limit, value) => [
      `"${vm.name}" has ${formatBytes(value)} of memory, and ${title} on "${node.name}" supports ${formatBytes(limit)}`,
      `give it at most ${formatBytes(limit)}, or a node with a later platform`,
    ]);
  }
}

/** All nodes of a scenario are one cluster; those of one platform count against its limits. */
function checkClusters(
  nodes: readonly Placed<ScenarioNode>[],
  residents: ReadonlyMap<string, readonly Placed<ScenarioVm>[]>,
  problems: ProblemList,
): void {
  const byPlatform = new Map<PlatformName, Placed<ScenarioNode>[]>();
  for (const placed of nodes) {
    const { platform, edition, name } = placed.thing;
    if (platform === undefined) continue;
    const { title, withoutClustering } = platformNamed(platform);
    if (edition !== undefined && withoutClustering?.editions.includes(edition) && nodes.length > 1) {
      problems.add(
        [...placed.path, "edition"],
        `"${name}" is one of several nodes, and the ${edition} edition of ${title} has no failover clustering (${withoutClustering.source})`,
        "name the enterprise or datacenter edition",
        "edition-without-clustering",
      );
    }
    const same = byPlatform.get(platform);
    if (same === undefined) byPlatform.set(platform, [placed]);
    else same.push(placed);
  }
  for (const [platform, same] of byPlatform) {
    const { title } = platformNamed(platform);
    const { most, refuse } = limitsOf(platform, problems);
    const path = [...(same[0] as Placed<ScenarioNode>).path, "platform"];
    refuse(most.nodesPerCluster, same.length, path, (limit, value) => [
      `the cluster has ${formatCount(value)} nodes, and ${title} supports ${formatCount(limit)}`,
      `leave at most ${formatCount(limit)}, or name a later platform`,
    ]);
    const machines = same.reduce((sum, { thing }) => sum + (residents.get(thing.name)?.length ?? 0), 0);
    refuse(most.vmsPerCluster, machines, path, (limit, value) => [
      `${formatCount(value)} machines run in the cluster, and ${title} supports ${formatCount(limit)}`,
      `leave at most ${formatCount(limit)}, or name a later platform`,
    ]);
  }
}

function limitsOf(platform: PlatformName, problems: ProblemList) {
  const most: PlatformLimits = platformNamed(platform).limits;
  const refuse = (
    limit: Limit | undefined,
    value: number | undefined,
    path: ScenarioPath,
    words: (most: number, value: number) => readonly [problem: string, remedy: string],
  ): void => {
    if (limit === undefined || value === undefined || value <= limit.most) return;
    const [problem, remedy] = words(limit.most, value);
    const kind = `platform-limit-${path.at(-1)}-${limit.most}`;
    problems.add(path, `${problem} (${limit.provenance}: ${limit.source})`, remedy, kind);
  };
  return { most, refuse };
}
