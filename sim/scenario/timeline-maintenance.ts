/** Entries of the timeline about nodes: drain, maintenance and resume, and what is certain to go wrong with them. */
import { differInHypervisor } from "../cluster/hypervisor.ts";
import { formatBytes } from "../kernel/units.ts";
import { leastMemoryBytes } from "./dynamic-memory.ts";
import type { LoadTimelineEntry } from "./load.ts";
import { find, type Named } from "./machines.ts";
import type {
  DrainEntry,
  Evacuation,
  EvacuationSlots,
  MaintenanceEntry,
  MaintenanceTimelineEntry,
} from "./maintenance.ts";
import {
  type DrainFileEntry,
  drainSchema,
  type MaintenanceFileEntry,
  maintenanceSchema,
} from "./maintenance-schema.ts";
import { toMeans } from "./migration-means.ts";
import type { KnownModels } from "./models.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";

export const MAINTENANCE_KINDS = ["drain", "maintenance", "resume"] as const;

/** The entry about a node, where it is one. */
export function toMaintenance(
  entry: TimelineFileEntry,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): MaintenanceTimelineEntry | null {
  const { at: atSeconds } = entry;
  if (entry.resume !== undefined) return { kind: "resume", atSeconds, node: entry.resume.node };
  if (entry.drain !== undefined) {
    const { node, duration, moveBack } = entry.drain;
    return {
      kind: "drain",
      node,
      ...(duration === undefined ? {} : { durationSeconds: duration }),
      moveBack,
      ...toEvacuation(entry.drain, atSeconds, models, [...path, "drain"], problems),
    } satisfies DrainEntry;
  }
  if (entry.maintenance === undefined) return null;
  const { nodes, atOnce, duration, moveBack } = entry.maintenance;
  return {
    kind: "maintenance",
    ...(nodes === "all" ? {} : { nodes }),
    atOnce,
    durationSeconds: duration,
    moveBack,
    ...toEvacuation(entry.maintenance, atSeconds, models, [...path, "maintenance"], problems),
  } satisfies MaintenanceEntry;
}

function toEvacuation(
  written: DrainFileEntry | MaintenanceFileEntry,
  atSeconds: number,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): Evacuation {
  const { order, wave, placement, targets } = written;
  const isParameter = ([key]: [string, unknown]) => !(key in drainSchema.shape || key in maintenanceSchema.shape);
  const values = Object.fromEntries(Object.entries(written).filter(isParameter));
  return {
    atSeconds,
    ...toMeans(written, values, models, path, problems),
    order,
    slots: toSlots(written.slots),
    ...(wave === undefined ? {} : { wave }),
    placement,
    ...(targets === undefined ? {} : { targets }),
  };
}

export function toSlots({ source, target, network, cluster }: DrainFileEntry["slots"]): EvacuationSlots {
  return {
    ...(source === undefined ? {} : { source }),
    ...(target === undefined ? {} : { target }),
    ...(network === undefined ? {} : { network }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}

interface Things {
  readonly nodes: Named<ScenarioNode>;
  readonly vms: Named<ScenarioVm>;
}

interface PlacedEntry {
  readonly event: { readonly kind: string };
  readonly path: ScenarioPath;
}

/** Every node that these entries name is there; a node is emptied only where there is another one. */
export function checkMaintenanceReferences(
  event: MaintenanceTimelineEntry,
  path: ScenarioPath,
  { nodes }: Pick<Things, "nodes">,
  problems: ProblemList,
): void {
  if (event.kind !== "maintenance") find(nodes, event.node, "node", [...path, "node"], problems);
  if (event.kind === "resume") return;
  const emptied = event.kind === "drain" ? [event.node] : (event.nodes ?? []);
  if (event.kind === "maintenance") {
    for (const [index, node] of emptied.entries()) {
      find(nodes, node, "node", [...path, "nodes", index], problems);
      if (emptied.indexOf(node) < index) {
        problems.add([...path, "nodes", index], `node "${node}" is listed twice`, "list each node once");
      }
    }
    if (nodes.complete && event.atOnce >= nodes.byName.size) {
      problems.add(
        [...path, "atOnce"],
        `all ${nodes.byName.size} nodes would be emptied at once, and none would be left to receive`,
        `give atOnce at most ${Math.max(1, nodes.byName.size - 1)}, or add nodes`,
      );
    }
  }
  for (const [index, node] of (event.targets ?? []).entries()) {
    find(nodes, node, "node", [...path, "targets", index], problems);
  }
  const target = event.targets?.find((node) => !emptied.includes(node));
  if (
    event.kind === "drain" &&
    ((event.targets !== undefined && target === undefined) || (nodes.complete && nodes.byName.size === 1))
  ) {
    problems.add(
      event.targets === undefined ? path : [...path, "targets"],
      `node "${event.node}" is to be emptied, and no other node may receive`,
      "add a node to receive its machines",
    );
  }
}

/** A machine that starts on a node that is emptied first of all, and that no other node could ever take, is a mistake. */
export function checkEvacuations(events: readonly PlacedEntry[], { nodes, vms }: Things, problems: ProblemList): void {
  if (!nodes.complete) return;
  const emptied = new Map<string, { path: ScenarioPath; targets: readonly string[] | null }>();
  for (const { event, path } of events) {
    const entry = event as MaintenanceTimelineEntry | { kind: "migrate" | LoadTimelineEntry["kind"] };
    // Where a machine is certain only before the first entry that moves one.
    if (entry.kind === "migrate" || entry.kind === "balance" || entry.kind === "consolidate") break;
    if (entry.kind === "maintenance") {
      const names = entry.nodes ?? [...nodes.byName.keys()];
      for (const name of names) if (!emptied.has(name)) emptied.set(name, { path, targets: entry.targets ?? null });
    } else if (entry.kind === "drain" && !emptied.has(entry.node)) {
      emptied.set(entry.node, { path, targets: entry.targets ?? null });
    }
  }
  report(emptied, { nodes, vms }, problems);
}

function report(
  emptied: ReadonlyMap<string, { path: ScenarioPath; targets: readonly string[] | null }>,
  { nodes, vms }: Things,
  problems: ProblemList,
): void {
  if (emptied.size === 0) return;
  /** The most memory of another node, for each set of conditions: machines of a template ask the same. */
  const greatest = new Map<string, number>();
  for (const { thing: vm } of vms.byName.values()) {
    const entry = emptied.get(vm.node);
    const home = nodes.byName.get(vm.node)?.thing;
    if (entry === undefined || home === undefined) continue;
    const { path, targets } = entry;
    const owners = vm.possibleOwners ?? null;
    const key = JSON.stringify([vm.node, owners]);
    let bytes = greatest.get(key);
    if (bytes === undefined) {
      bytes = 0;
      for (const { thing: node } of nodes.byName.values()) {
        if (node === home || node.cpuVendor !== home.cpuVendor) continue;
        if (differInHypervisor(node.platform, home.platform)) continue;
        if ((targets !== null && !targets.includes(node.name)) || (owners !== null && !owners.includes(node.name)))
          continue;
        bytes = Math.max(bytes, node.memoryBytes - (node.reserveBytes ?? 0));
      }
      greatest.set(key, bytes);
    }
    const neededBytes = leastMemoryBytes(vm);
    if (neededBytes <= bytes) continue;
    problems.add(
      path,
      bytes === 0
        ? `"${vm.name}" can leave "${vm.node}" for no other node`
        : `"${vm.name}" needs ${formatBytes(neededBytes)}, and no node that may take it has more than ${formatBytes(bytes)} for machines`,
      "widen its possibleOwners or the targets, give another node of the same processor maker enough memory, or start it elsewhere",
      "impossible-placement",
    );
  }
}
