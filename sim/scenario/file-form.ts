/** A normalised scenario as a scenario file, every quantity an SI number: reading it again gives the same scenario. */
import { writeClient } from "./clients.ts";
import { isDiskEntry } from "./disk-changes.ts";
import { writeDynamicMemory } from "./dynamic-memory.ts";
import { isFailoverEntry } from "./failover.ts";
import { isLoadEntry } from "./load.ts";
import { writeDemand, writeLoad } from "./load-file-form.ts";
import { PRIORITIES } from "./machines.ts";
import {
  type DrainEntry,
  isMaintenanceEntry,
  type MaintenanceEntry,
  type MaintenanceTimelineEntry,
} from "./maintenance.ts";
import { writeMeans } from "./migration-means.ts";
import { type KnownModels, registeredModels } from "./models.ts";
import { isNetworkFault } from "./network-faults.ts";
import { writeOverrides } from "./parameters.ts";
import type { CommandEntry, Scenario, ScenarioVm, TimelineEntry } from "./scenario.ts";
import type { ScenarioFileInput } from "./schema.ts";
import { isStorageEntry } from "./storage.ts";
import { writeSwitches } from "./switches.ts";
import { writeBackup } from "./timeline-backup.ts";
import { writeFailover, writeFailoverEntry } from "./timeline-failover.ts";

function writePlacement({ possibleOwners, affinity, antiAffinity, priority, bootSeconds }: ScenarioVm) {
  const level = (["high", "medium", "low", "none"] as const).find((name) => PRIORITIES[name] === priority);
  return {
    ...(possibleOwners === undefined ? {} : { possibleOwners }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(antiAffinity === undefined ? {} : { antiAffinity }),
    ...(level === undefined ? {} : { priority: level }),
    ...(bootSeconds === undefined ? {} : { bootTime: bootSeconds }),
  };
}

function writeVm(vm: ScenarioVm): NonNullable<ScenarioFileInput["vms"]>[number] {
  const {
    node,
    name,
    memoryBytes,
    usedBytes,
    compressedShare,
    catchUpSeconds,
    workload,
    classes,
    disks,
    diskKinds,
    io,
    mac,
    ip,
    clients,
  } = vm;
  const isIdle = workload === null && classes.length === 0;
  return {
    name,
    node,
    memory: memoryBytes,
    ...(vm.dynamicMemory === undefined ? {} : { dynamicMemory: writeDynamicMemory(vm.dynamicMemory) }),
    used: usedBytes,
    ...(vm.vcpus === undefined ? {} : { vcpus: vm.vcpus }),
    ...writeDemand(vm),
    ...(vm.processorCompatibility === undefined ? {} : { processorCompatibility: true }),
    ...(compressedShare === undefined ? {} : { compressesTo: compressedShare }),
    ...(catchUpSeconds === undefined ? {} : { catchUp: catchUpSeconds }),
    ...writePlacement(vm),
    ...(isIdle
      ? {}
      : {
          workload: {
            ...(workload === null ? {} : { name: workload }),
            classes: classes.map((pageClass) => ({
              name: pageClass.name,
              first: pageClass.firstPage,
              pages: pageClass.pages,
              rate: pageClass.writesPerSecond,
              pattern: pageClass.pattern,
              from: pageClass.startSeconds,
              until: pageClass.endSeconds,
              cpuBound: pageClass.cpuBoundShare,
              ...(pageClass.wordsPerWrite === undefined ? {} : { wordsPerWrite: pageClass.wordsPerWrite }),
            })),
          },
        }),
    disks:
      diskKinds === undefined ? disks : disks.map((volume, index) => ({ volume, kind: diskKinds[index] ?? "fixed" })),
    ...(vm.integrationServices === undefined ? {} : { integrationServices: vm.integrationServices }),
    ...(io === undefined
      ? {}
      : {
          io: {
            ...(io.readBytesPerSecond === 0 ? {} : { read: io.readBytesPerSecond }),
            ...(io.writeBytesPerSecond === 0 ? {} : { write: io.writeBytesPerSecond }),
            ...(io.growBytesPerSecond === 0 ? {} : { grow: io.growBytesPerSecond }),
          },
        }),
    mac,
    ip,
    ...(vm.deafSeconds === undefined ? {} : { deafAfterResume: vm.deafSeconds }),
    ...(vm.announces === undefined ? {} : { announces: vm.announces }),
    ...(vm.guestVlan === undefined ? {} : { guestVlan: vm.guestVlan }),
    clients: clients.map(writeClient),
  };
}

function writeCommand(entry: CommandEntry): NonNullable<ScenarioFileInput["timeline"]>[number] {
  const { atSeconds: at, vm } = entry;
  switch (entry.kind) {
    case "cancel":
      return { at, cancel: { vm } };
    case "startPostcopy":
      return { at, startPostcopy: { vm } };
    case "recoverPostcopy":
      return { at, recoverPostcopy: { vm } };
    case "continue":
      return { at, continue: { vm } };
    case "set": {
      const { downtimeLimitSeconds, maxBandwidthBytesPerSecond } = entry;
      return {
        at,
        set: {
          vm,
          ...(downtimeLimitSeconds === undefined ? {} : { downtimeLimit: downtimeLimitSeconds }),
          ...(maxBandwidthBytesPerSecond === undefined ? {} : { maxBandwidth: maxBandwidthBytesPerSecond }),
        },
      };
    }
  }
}

/** An evacuation's keys, but the node's or nodes'. */
function writeEvacuation(entry: DrainEntry | MaintenanceEntry, models: KnownModels): object {
  const { order, slots, wave, placement, targets, moveBack } = entry;
  return {
    ...(entry.durationSeconds === undefined ? {} : { duration: entry.durationSeconds }),
    ...writeMeans(entry, models),
    order,
    slots,
    ...(wave === undefined ? {} : { wave }),
    placement,
    ...(targets === undefined ? {} : { targets }),
    moveBack,
  };
}

function writeMaintenance(
  entry: MaintenanceTimelineEntry,
  models: KnownModels,
): NonNullable<ScenarioFileInput["timeline"]>[number] {
  const { atSeconds: at } = entry;
  if (entry.kind === "resume") return { at, resume: { node: entry.node } };
  const evacuation = writeEvacuation(entry, models) as { profile: string };
  if (entry.kind === "drain") return { at, drain: { node: entry.node, ...evacuation } };
  const { nodes = "all", atOnce, durationSeconds: duration } = entry;
  // As with managers, further keys' single values would be asked of the list of nodes too.
  const round: { profile: string; duration: number } = { ...evacuation, duration, ...{ nodes, atOnce } };
  return { at, maintenance: { ...round } };
}

function writeEntry(entry: TimelineEntry, models: KnownModels): NonNullable<ScenarioFileInput["timeline"]>[number] {
  if (isMaintenanceEntry(entry)) return writeMaintenance(entry, models);
  if (isNetworkFault(entry)) {
    const { kind, atSeconds: at, ...rest } = entry;
    if (entry.kind === "restoreLink") return { at, [kind]: rest };
    const { network, node, forSeconds } = entry;
    return { at, cutLink: { network, node, ...(forSeconds === undefined ? {} : { for: forSeconds }) } };
  }
  if (isLoadEntry(entry)) return writeLoad(entry, models);
  if (isStorageEntry(entry)) {
    const { kind, atSeconds: at, ...rest } = entry;
    return { at, [kind]: rest };
  }
  if (isDiskEntry(entry)) {
    const { atSeconds: at, vm, volume } = entry;
    if (entry.kind === "detachDisk") return { at, detachDisk: { vm, volume } };
    return { at, attachDisk: { vm, volume, kind: entry.diskKind } };
  }
  if (isFailoverEntry(entry)) return writeFailoverEntry(entry);
  if (entry.kind === "backup") return writeBackup(entry);
  if (entry.kind !== "migrate") return writeCommand(entry);
  const { atSeconds: at, vm, to } = entry;
  return { at, migrate: { vm, to, ...(writeMeans(entry, models) as { profile: string }) } };
}

/** The file form of a scenario: templates expanded, presets' classes written out, everything explicit. */
export function toScenarioFile(scenario: Scenario, models: KnownModels = registeredModels): ScenarioFileInput {
  const { failover } = scenario;
  const environment = models.environments.find((candidate) => candidate.name === scenario.environment.preset);
  return {
    schemaVersion: scenario.schemaVersion,
    name: scenario.name,
    description: scenario.description,
    seed: scenario.seed,
    horizon: scenario.horizonSeconds,
    environment: {
      preset: scenario.environment.preset,
      ...writeOverrides(scenario.environment.overrides, environment?.parameters),
    },
    ...(failover === undefined ? {} : { failover: writeFailover(failover, models) }),
    nodes: scenario.nodes.map((node) => ({
      name: node.name,
      memory: node.memoryBytes,
      cpu: { vendor: node.cpuVendor, ...(node.cpuGeneration === undefined ? {} : { generation: node.cpuGeneration }) },
      ...(node.logicalProcessors === undefined ? {} : { logicalProcessors: node.logicalProcessors }),
      ...(node.platform === undefined ? {} : { platform: node.platform }),
      ...(node.edition === undefined ? {} : { edition: node.edition }),
      ...(node.nic === undefined ? {} : { nic: node.nic }),
      ...(node.slat === undefined ? {} : { slat: node.slat }),
      systemDrive: node.systemDrive,
      ...(node.reserveBytes === undefined ? {} : { reserve: node.reserveBytes }),
    })),
    networks: scenario.networks.map((network) => ({
      name: network.name,
      bandwidth: network.bytesPerSecond,
      latency: network.latencySeconds,
      mtu: network.mtuBytes,
      frameLoss: network.frameLossShare,
      ...(network.queueBytes === undefined ? {} : { queue: network.queueBytes }),
      ...(network.packetLossShare === undefined ? {} : { packetLoss: network.packetLossShare }),
      ...(network.switches === undefined ? {} : { switches: writeSwitches(network.switches) }),
      ...(network.vlan === undefined ? {} : { vlan: network.vlan }),
      ...(network.team === undefined ? {} : { team: network.team }),
      carries: network.carries,
    })),
    volumes: scenario.volumes.map((volume) => {
      const { name, kind, coordinator, transport, throughputBytesPerSecond, reachedBy, freeBytes } = volume;
      return {
        name,
        kind,
        ...(kind === "csv" ? { coordinator } : { owner: coordinator }),
        ...(transport === undefined ? {} : { transport }),
        ...(throughputBytesPerSecond === undefined ? {} : { throughput: throughputBytesPerSecond }),
        ...(reachedBy === undefined ? {} : { reachedBy }),
        ...(freeBytes === undefined ? {} : { free: freeBytes }),
      };
    }),
    vms: scenario.vms.map(writeVm),
    timeline: scenario.timeline.map((entry) => writeEntry(entry, models)),
  };
}
