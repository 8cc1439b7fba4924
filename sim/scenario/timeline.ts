/** The timeline of a scenario, and the checks that follow machines along it. */
import { differInGeneration } from "../cluster/processor-compatibility.ts";
import { formatBytes, formatSeconds } from "../kernel/units.ts";
import { isDiskEntry } from "./disk-changes.ts";
import { leastMemoryBytes } from "./dynamic-memory.ts";
import { FAILOVER_KINDS, isFailoverEntry } from "./failover.ts";
import { isLoadEntry } from "./load.ts";
import { find, type Named } from "./machines.ts";
import { isMaintenanceEntry } from "./maintenance.ts";
import { MIGRATION_KINDS } from "./migration-entries.ts";
import { toMeans } from "./migration-means.ts";
import type { KnownModels } from "./models.ts";
import { isNetworkFault } from "./network-faults.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type {
  CommandEntry,
  MigrateEntry,
  ScenarioNetwork,
  ScenarioNode,
  ScenarioVm,
  ScenarioVolume,
  TimelineEntry,
} from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";
import { isStorageEntry } from "./storage.ts";
import { BACKUP_KINDS, checkBackupReferences, toBackupEntry } from "./timeline-backup.ts";
import { DISK_ENTRY_KINDS, toDiskEntry } from "./timeline-disks.ts";
import { toFailoverEntry } from "./timeline-failover.ts";
import { LOAD_KINDS, toLoad } from "./timeline-load.ts";
import { checkMaintenanceReferences, MAINTENANCE_KINDS, toMaintenance } from "./timeline-maintenance.ts";
import { checkNetworkReferences, NETWORK_FAULT_KINDS, toNetworkFault } from "./timeline-network.ts";
import { checkStorageReferences, STORAGE_KINDS, toStorageEntry } from "./timeline-storage.ts";

export interface PlacedEvent {
  readonly event: TimelineEntry;
  readonly path: ScenarioPath;
}

interface Things {
  readonly nodes: Named<ScenarioNode>;
  readonly vms: Named<ScenarioVm>;
  readonly volumes?: Named<ScenarioVolume>;
  readonly networks?: Named<ScenarioNetwork>;
}

function toMigrate(
  written: NonNullable<TimelineFileEntry["migrate"]>,
  atSeconds: number,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): MigrateEntry {
  const { vm, to, mode: _mode, profile: _profile, manager: _manager, ...values } = written;
  return { kind: "migrate", atSeconds, vm, to, ...toMeans(written, values, models, path, problems) };
}

/** What an entry may hold, one of them. */
export const KINDS = [
  ...MIGRATION_KINDS,
  ...MAINTENANCE_KINDS,
  ...LOAD_KINDS,
  ...STORAGE_KINDS,
  ...DISK_ENTRY_KINDS,
  ...FAILOVER_KINDS,
  ...NETWORK_FAULT_KINDS,
  ...BACKUP_KINDS,
] as const;

function toCommand(entry: TimelineFileEntry, path: ScenarioPath, problems: ProblemList): CommandEntry | null {
  const { at: atSeconds } = entry;
  if (entry.cancel !== undefined) return { kind: "cancel", atSeconds, vm: entry.cancel.vm };
  if (entry.startPostcopy !== undefined) return { kind: "startPostcopy", atSeconds, vm: entry.startPostcopy.vm };
  if (entry.recoverPostcopy !== undefined) return { kind: "recoverPostcopy", atSeconds, vm: entry.recoverPostcopy.vm };
  if (entry.continue !== undefined) return { kind: "continue", atSeconds, vm: entry.continue.vm };
  if (entry.set === undefined) return null;
  const { vm, downtimeLimit, maxBandwidth } = entry.set;
  if (downtimeLimit === undefined && maxBandwidth === undefined) {
    problems.add([...path, "set"], "it sets nothing", "add downtimeLimit, maxBandwidth or both");
  }
  return {
    kind: "set",
    atSeconds,
    vm,
    ...(downtimeLimit === undefined ? {} : { downtimeLimitSeconds: downtimeLimit }),
    ...(maxBandwidth === undefined ? {} : { maxBandwidthBytesPerSecond: maxBandwidth }),
  };
}

/** The entries in order of time, those of equal time as written. */
export function toTimeline(
  entries: readonly TimelineFileEntry[],
  horizonSeconds: number,
  models: KnownModels,
  problems: ProblemList,
): PlacedEvent[] {
  const placed: PlacedEvent[] = [];
  for (const [index, entry] of entries.entries()) {
    const path = ["timeline", index];
    if (entry.at > horizonSeconds) {
      problems.add(
        [...path, "at"],
        `it happens at ${formatSeconds(entry.at)}, after the horizon of ${formatSeconds(horizonSeconds)}`,
        "raise horizon, or give an earlier time",
      );
    }
    const kinds = KINDS.filter((kind) => entry[kind] !== undefined);
    if (kinds.length > 1) {
      const both = kinds.length === 2 ? "both " : "";
      problems.add(
        path,
        `one entry holds ${both}${kinds.join(" and ")}`,
        `make ${kinds.length === 2 ? "two entries" : "an entry"} of ${kinds.length === 2 ? "it" : "each"}, each with its at`,
      );
    }
    if (entry.migrate !== undefined) {
      placed.push({
        event: toMigrate(entry.migrate, entry.at, models, [...path, "migrate"], problems),
        path: [...path, "migrate"],
      });
      continue;
    }
    const command =
      toMaintenance(entry, models, path, problems) ??
      toLoad(entry, models, path, problems) ??
      toStorageEntry(entry) ??
      toDiskEntry(entry) ??
      toFailoverEntry(entry) ??
      toNetworkFault(entry) ??
      toBackupEntry(entry, path, problems) ??
      toCommand(entry, path, problems);
    if (command !== null) placed.push({ event: command, path: [...path, command.kind] });
    else
      problems.add(
        path,
        "the entry does not say what happens",
        `add migrate: {vm, to, profile}, or one of ${KINDS.slice(1).join(", ")}`,
      );
  }
  return placed.sort((left, right) => left.event.atSeconds - right.event.atSeconds);
}

/** A migration needs a network that carries it. */
export function checkMigrationNetwork(
  events: readonly PlacedEvent[],
  networks: readonly ScenarioNetwork[],
  complete: boolean,
  problems: ProblemList,
): void {
  const migrates = ({ event }: PlacedEvent) => "profile" in event && event.mode !== "quick";
  if (!complete || !events.some(migrates)) return;
  if (networks.some((network) => network.carries.includes("migration"))) return;
  problems.add(
    ["networks"],
    "a machine is to migrate, and no network carries migration",
    "add migration to a network's carries",
  );
}

/** Every machine and node that the timeline names is there. */
export function checkReferences(
  events: readonly PlacedEvent[],
  { nodes, vms, volumes, networks }: Things,
  problems: ProblemList,
): void {
  for (const { event, path } of events) {
    if (isNetworkFault(event)) {
      if (networks !== undefined) checkNetworkReferences(event, path, { nodes, networks }, problems);
      continue;
    }
    if (isStorageEntry(event)) {
      if (volumes !== undefined) checkStorageReferences(event, path, { nodes, volumes }, problems);
      continue;
    }
    if (isLoadEntry(event)) continue;
    if (event.kind === "backup") {
      checkBackupReferences(event, path, { vms, ...(volumes === undefined ? {} : { volumes }) }, problems);
      continue;
    }
    if (isMaintenanceEntry(event)) {
      checkMaintenanceReferences(event, path, { nodes }, problems);
      continue;
    }
    // checkFailures and checkDiskChanges look at these.
    if (isFailoverEntry(event) || isDiskEntry(event)) continue;
    find(vms, event.vm, "vm", [...path, "vm"], problems);
    if (event.kind === "migrate") find(nodes, event.to, "node", [...path, "to"], problems);
  }
}

/**
 * Follows the machines along the timeline as if each migration had ended before the next entry, and checks each move: not
 * to where the machine is, not between makers of processors, and not to a node without room. After a cancellation a
 * machine may be at either end; such a machine takes no room that is certain, and its own moves are not judged.
 */
export function checkMoves(
  events: readonly PlacedEvent[],
  { nodes, vms }: Things,
  checkVendors: boolean,
  problems: ProblemList,
  groupOf: (vm: ScenarioVm) => readonly ScenarioVm[] = (vm) => [vm],
): void {
  const whereabouts = new Map<string, readonly string[]>();
  const occupiedBytes = new Map<string, number>();
  const occupy = (node: string, bytes: number) => occupiedBytes.set(node, (occupiedBytes.get(node) ?? 0) + bytes);
  for (const { thing: vm } of vms.byName.values()) {
    whereabouts.set(vm.name, [vm.node]);
    occupy(vm.node, leastMemoryBytes(vm));
  }
  /** Where each machine was before its last move. */
  const cameFrom = new Map<string, string>();

  // Disks that come and go may let a move fail: its machine, and those that go with it, may be at either end.
  const areMovesCertain = !events.some(({ event }) => isDiskEntry(event));
  for (const { event, path } of events) {
    // Where the machines of an emptied, busy or failed node go, the run decides.
    if (isMaintenanceEntry(event) || isLoadEntry(event) || event.kind === "fail") return;
    if (isStorageEntry(event) || isDiskEntry(event) || isFailoverEntry(event)) continue;
    if (isNetworkFault(event) || event.kind === "backup") continue;
    const vm = vms.byName.get(event.vm)?.thing;
    if (vm === undefined) continue;
    const places = whereabouts.get(vm.name) ?? [];
    const place = places.length === 1 ? (places[0] as string) : null;
    if (event.kind === "cancel") {
      const origin = cameFrom.get(vm.name);
      if (place === null || origin === undefined) continue;
      occupy(place, -leastMemoryBytes(vm));
      whereabouts.set(vm.name, [origin, place]);
      continue;
    }
    if (event.kind !== "migrate") continue;
    const target = nodes.byName.get(event.to)?.thing;
    if (target === undefined) continue;
    if (place === target.name) {
      problems.add(
        [...path, "to"],
        `"${vm.name}" is to migrate to "${target.name}", where it already is`,
        "name another node in to",
      );
      continue;
    }
    const source = place === null ? undefined : nodes.byName.get(place)?.thing;
    if (checkVendors && source !== undefined && source.cpuVendor !== target.cpuVendor) {
      problems.add(
        [...path, "to"],
        `"${vm.name}" cannot move from "${source.name}" (${source.cpuVendor}) to "${target.name}" (${target.cpuVendor}): a running machine keeps its maker of processors`,
        "name a node with processors of the same maker",
      );
    }
    if (
      checkVendors &&
      source !== undefined &&
      vm.processorCompatibility !== true &&
      differInGeneration(source, target)
    ) {
      problems.add(
        [...path, "to"],
        `"${vm.name}" cannot move from "${source.name}" (${source.cpuGeneration}) to "${target.name}" (${target.cpuGeneration}): it uses what its generation of processors has`,
        `name a node with processors of the same generation, or set processorCompatibility: true on "${vm.name}" (while it is off)`,
      );
    }
    const occupied = occupiedBytes.get(target.name) ?? 0;
    const freeBytes = Math.max(0, target.memoryBytes - occupied);
    // A quick migration moves all machines of its LUNs.
    const moved = event.mode === "quick" && areMovesCertain ? groupOf(vm) : [vm];
    const movedBytes = moved.reduce((sum, each) => sum + leastMemoryBytes(each), 0);
    const alongWith = moved.length === 1 ? "" : ` and the ${moved.length - 1} on its LUNs`;
    if (movedBytes > freeBytes) {
      problems.add(
        [...path, "to"],
        `node "${target.name}" has no room for "${vm.name}"${alongWith} at ${formatSeconds(event.atSeconds)}: it needs ${formatBytes(movedBytes)}, and of ${formatBytes(target.memoryBytes)} there ${formatBytes(freeBytes)} are free`,
        "give the node more memory, move another machine away first, or name another node",
      );
      continue;
    }
    if (event.mode === "quick" && !areMovesCertain) return;
    for (const each of moved) {
      const [origin, ...elsewhere] = whereabouts.get(each.name) ?? [];
      if (origin !== undefined && elsewhere.length === 0) {
        occupy(origin, -leastMemoryBytes(each));
        cameFrom.set(each.name, origin);
      } else cameFrom.delete(each.name);
      if (!areMovesCertain) {
        whereabouts.set(each.name, [origin ?? each.node, target.name]);
        continue;
      }
      occupy(target.name, leastMemoryBytes(each));
      whereabouts.set(each.name, [target.name]);
    }
  }
}
