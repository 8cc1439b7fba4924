/** Checks over the whole cluster as it stands at the start. */
import { formatBytes } from "../kernel/units.ts";
import { leastMemoryBytes } from "./dynamic-memory.ts";
import type { Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm, ScenarioVolume } from "./scenario.ts";

/** A cluster shared volume is mounted under the system drive, so that its path, and with it every configuration, holds on all nodes only if they agree. */
export function checkSystemDrives(
  nodes: Named<ScenarioNode>,
  volumes: Named<ScenarioVolume>,
  problems: ProblemList,
): void {
  const shared = [...volumes.byName.values()].find(({ thing }) => thing.kind === "csv")?.thing;
  if (shared === undefined) return;
  let first: ScenarioNode | null = null;
  for (const { thing: node, path } of nodes.byName.values()) {
    first ??= node;
    if (node.systemDrive === first.systemDrive) continue;
    problems.add(
      [...path, "systemDrive"],
      `node "${node.name}" has system drive ${node.systemDrive} and "${first.name}" has ${first.systemDrive}, but both use cluster shared volume "${shared.name}", ` +
        "which is mounted under the system drive",
      `give all nodes the same system drive, ${first.systemDrive} for example`,
      "system-drive",
    );
  }
}

/** Every node holds the machines that start on it. */
export function checkStartingRoom(nodes: Named<ScenarioNode>, vms: Named<ScenarioVm>, problems: ProblemList): void {
  const neededBytes = new Map<string, { bytes: number; machines: number }>();
  for (const { thing: vm } of vms.byName.values()) {
    const sum = neededBytes.get(vm.node) ?? { bytes: 0, machines: 0 };
    sum.bytes += leastMemoryBytes(vm);
    sum.machines += 1;
    neededBytes.set(vm.node, sum);
  }
  for (const { thing: node, path } of nodes.byName.values()) {
    const needed = neededBytes.get(node.name);
    if (needed === undefined || needed.bytes <= node.memoryBytes) continue;
    const who = needed.machines === 1 ? "the machine" : `the ${needed.machines} machines`;
    problems.add(
      [...path, "memory"],
      `node "${node.name}" has ${formatBytes(node.memoryBytes)}, and ${who} on it at the start need${needed.machines === 1 ? "s" : ""} ${formatBytes(needed.bytes)}`,
      "give the node more memory, or the machines less or another node",
      "starting-room",
    );
  }
}

/** Adapters and addresses are unique. */
export function checkAddresses(vms: readonly { thing: ScenarioVm; path: ScenarioPath }[], problems: ProblemList): void {
  for (const key of ["mac", "ip"] as const) {
    const holders = new Map<string, string>();
    for (const { thing: vm, path } of vms) {
      const holder = holders.get(vm[key]);
      if (holder === undefined) holders.set(vm[key], vm.name);
      else {
        problems.add(
          [...path, key],
          `"${vm.name}" has the ${key} ${vm[key]} of "${holder}"`,
          `give it another ${key}, or leave ${key} out on both`,
          `duplicate-${key}`,
        );
      }
    }
  }
}
