/** Small scenarios, already normalised, for tests of what happens in them rather than of how they are written. */
import { environments, profiles } from "../../sim/hypervisors/registry.ts";
import type { ParameterTable } from "../../sim/kernel/parameter.ts";
import type {
  MigrateEntry,
  Overrides,
  Scenario,
  ScenarioPageClass,
  ScenarioVm,
  TimelineEntry,
} from "../../sim/scenario/scenario.ts";

export const MIB = 2 ** 20;
export const GIB = 2 ** 30;
/** Signalling rate of 10 Gbit/s. */
const TEN_GIGABIT = 1.25e9;

/** A page class that is written from long before the run until for ever, unless `changes` say otherwise. */
export function writes(
  firstPage: number,
  pages: number,
  writesPerSecond: number,
  changes: Partial<ScenarioPageClass> = {},
): ScenarioPageClass {
  return {
    name: `${changes.pattern ?? "uniform"}@${firstPage}`,
    firstPage,
    pages,
    writesPerSecond,
    pattern: "uniform",
    startSeconds: 0,
    endSeconds: null,
    cpuBoundShare: 1,
    ...changes,
  };
}

export interface SmallVm {
  name: string;
  node?: string;
  memoryBytes: number;
  usedBytes: number;
  classes?: ScenarioPageClass[];
  disks?: string[];
  pingIntervalSeconds?: number;
}

export interface SmallWorld {
  vms: SmallVm[];
  timeline: TimelineEntry[];
  environment?: { preset: string; overrides?: Overrides };
  /** Nodes HV01, HV02, ... so many. */
  nodes?: number;
  nodeMemoryBytes?: number;
  networkBytesPerSecond?: number;
  latencySeconds?: number;
  horizonSeconds?: number;
  seed?: string;
}

function machine(vm: SmallVm, index: number): ScenarioVm {
  return {
    name: vm.name,
    node: vm.node ?? "HV01",
    memoryBytes: vm.memoryBytes,
    usedBytes: vm.usedBytes,
    workload: null,
    classes: vm.classes ?? [],
    disks: vm.disks ?? [],
    mac: `00:15:5d:00:00:${(index + 16).toString(16)}`,
    ip: `10.0.0.${index + 11}`,
    clients:
      vm.pingIntervalSeconds === undefined
        ? []
        : [{ name: `${vm.name}-ping`, kind: "ping", intervalSeconds: vm.pingIntervalSeconds }],
  };
}

/** Nobody checks a normalised scenario: a name that is gone would leave a test without what it sets. */
function known(overrides: Overrides, table: ParameterTable | undefined): Overrides {
  for (const name of Object.keys(overrides))
    if (!(name in (table ?? {}))) throw new Error(`there is no parameter ${name}`);
  return overrides;
}

export function smallWorld(world: SmallWorld): Scenario {
  const preset = world.environment?.preset ?? "qemu-tcg-2-core";
  const table = environments.find(({ name }) => name === preset)?.parameters;
  return {
    schemaVersion: 1,
    name: "a small world",
    description: "",
    seed: world.seed ?? "1",
    horizonSeconds: world.horizonSeconds ?? 600,
    environment: { preset, overrides: known(world.environment?.overrides ?? {}, table) },
    nodes: Array.from({ length: world.nodes ?? 2 }, (_, index) => ({
      name: `HV0${index + 1}`,
      memoryBytes: world.nodeMemoryBytes ?? 64 * GIB,
      cpuVendor: "intel" as const,
      systemDrive: "C:",
    })),
    networks: [
      {
        name: "lan",
        bytesPerSecond: world.networkBytesPerSecond ?? TEN_GIGABIT,
        latencySeconds: world.latencySeconds ?? 0.0001,
        mtuBytes: 1500,
        frameLossShare: 0,
        carries: ["migration", "cluster", "client"],
      },
    ],
    volumes: [{ name: "Volume1", kind: "csv", coordinator: "HV01" }],
    vms: world.vms.map(machine),
    timeline: world.timeline,
  };
}

export function migrate(
  vm: string,
  atSeconds: number,
  profile: string,
  overrides: Overrides = {},
  to = "HV02",
): MigrateEntry {
  const table = profiles.find(({ name }) => name === profile)?.parameters;
  return { kind: "migrate", atSeconds, vm, to, mode: "live", profile, overrides: known(overrides, table) };
}
