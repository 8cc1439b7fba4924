/** The constants in force that no document or measurement backs. */
import type { Environment, EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { POST_COPY_HOST_PARAMETERS } from "../hypervisors/environments/post-copy-hosts.ts";
import { TRACKING_PARAMETERS } from "../hypervisors/environments/tracking-hosts.ts";
import { managements } from "../hypervisors/managers/registry.ts";
import type { PageDataParameter, SendingParameter } from "../hypervisors/profile.ts";
import { linearProfiles, profiles, quickProfiles } from "../hypervisors/registry.ts";
import { type ParameterTable, scenarioKey } from "../kernel/parameter.ts";
import { CONNECTION_PARAMETERS } from "../network/connection.ts";
import { GUEST_ANSWER_PARAMETERS } from "../network/guest-answers.ts";
import { GUEST_TRAFFIC_PARAMETERS } from "../network/guest-traffic.ts";
import { PACKET_WORK_PARAMETERS } from "../network/packet-work.ts";
import { SWITCH_PARAMETERS } from "../network/switch.ts";
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { POWER_PARAMETERS } from "../orchestration/power.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import { isLoadEntry, type LoadTimelineEntry } from "../scenario/load.ts";
import { type DrainEntry, isMaintenanceEntry, type MaintenanceEntry } from "../scenario/maintenance.ts";
import type { MigrateEntry, Overrides, Scenario, TimelineEntry } from "../scenario/scenario.ts";
import { isStorageEntry } from "../scenario/storage.ts";
import { workloads } from "../scenario/workloads.ts";
import { BACKUP_PARAMETERS } from "../storage/backup-parameters.ts";
import { CLUSTER_SHARED_VOLUME_PARAMETERS, OWNER_MOVE_PARAMETERS } from "../storage/cluster-shared-volume.ts";
import { DISK_PARAMETERS } from "../storage/disk-kinds.ts";
import { LUN_PARAMETERS } from "../storage/lun.ts";
import { SAVED_STATE_PARAMETERS } from "../storage/saved-state.ts";
import { DEFAULT_TRANSPORT } from "../storage/transports.ts";
import type { Assumption } from "../trace/result.ts";
import { failoverParametersWithASay } from "./failover-assumptions.ts";
import { failoverPlanOf } from "./failover-plan.ts";
import { managedEntry } from "./managed-entry.ts";
import { networkFor } from "./network-for.ts";

const PAGE_DATA_PARAMETERS: readonly string[] = ["compressesToShare", "wordsPerWrite"] satisfies PageDataParameter[];

const SENDING_PARAMETERS: readonly string[] = [
  ...(["oversleepSeconds", "socketBufferBytes", "zeroPageSeconds", "tracksByChunk"] satisfies SendingParameter[]),
  ...Object.keys(POST_COPY_HOST_PARAMETERS),
];

/** What quick migrations depend on. */
const QUICK_MIGRATION_SAY: Readonly<Record<string, unknown>> = {
  stopSeconds: true,
  resumeSeconds: true,
  ...SWITCH_PARAMETERS,
  ...GUEST_TRAFFIC_PARAMETERS,
  ...CLUSTER_SHARED_VOLUME_PARAMETERS,
  ...LUN_PARAMETERS,
  ...OWNER_MOVE_PARAMETERS,
  ...DISK_PARAMETERS,
  ...SAVED_STATE_PARAMETERS,
  ...BACKUP_PARAMETERS,
};

/** What starts of machines that failed depend on, where nothing migrates. */
const START_SAY: Readonly<Record<string, unknown>> = {
  ...SWITCH_PARAMETERS,
  ...GUEST_TRAFFIC_PARAMETERS,
  ...GUEST_ANSWER_PARAMETERS,
  ...LUN_PARAMETERS,
  ...OWNER_MOVE_PARAMETERS,
  ...DISK_PARAMETERS,
};
const SLAT_FAULT = "slatFaultSeconds" satisfies keyof typeof TRACKING_PARAMETERS;
const BALLOON_RATE = "balloonRateBytesPerSecond" satisfies keyof EnvironmentValues;

export function assumptionsOf(scenario: Scenario, environment: Environment): Assumption[] {
  const kinds = new Set(scenario.volumes.map(({ kind }) => kind));
  const entries = scenario.timeline.filter(migrates).map(withManagersSettings);
  const pageData = pageDataWithASay(scenario, entries);
  const sending = sendingWithASay(entries);
  const linear =
    entries.length > 0 && entries.every(({ profile }) => linearProfiles.some(({ name }) => name === profile));
  const quick = entries.length > 0 && entries.every(({ mode }) => mode === "quick");
  const hasConnections = scenario.vms.some(({ clients }) => clients.some(({ tcp }) => tcp !== undefined));
  const fails = scenario.timeline.some(({ kind }) => kind === "fail");
  const failsAlone = entries.length === 0 && scenario.timeline.some(isFailoverEntry);
  const hasBackups = scenario.timeline.some(({ kind }) => kind === "backup");
  const hasNoSay = (name: string) =>
    // Nothing migrates: what starts has its disks and its place in the network.
    (failsAlone && !(name in START_SAY)) ||
    // Without a live migration nothing is copied between hosts.
    (quick && !(name in QUICK_MIGRATION_SAY)) ||
    // A model without pages, processors or devices leaves only the switch its say, and what guests send.
    (linear && !(name in SWITCH_PARAMETERS || name in GUEST_TRAFFIC_PARAMETERS)) ||
    (PAGE_DATA_PARAMETERS.includes(name) && !pageData.has(name)) ||
    (name in CLUSTER_SHARED_VOLUME_PARAMETERS && !kinds.has("csv")) ||
    (name in TRACKING_PARAMETERS && !scenario.nodes.some(({ slat }) => slat === (name === SLAT_FAULT))) ||
    (name === BALLOON_RATE && !squeezes(scenario, entries)) ||
    (name in PACKET_WORK_PARAMETERS && !scenario.nodes.some(({ nic }) => nic !== undefined)) ||
    (name in GUEST_ANSWER_PARAMETERS && !hasConnections) ||
    (name in CONNECTION_PARAMETERS && !cutsMigrations(scenario)) ||
    (name in LUN_PARAMETERS && !kinds.has("lun")) ||
    (name in OWNER_MOVE_PARAMETERS &&
      !(kinds.has("csv") && (fails || hasBackups || scenario.timeline.some(isStorageEntry) || balances(scenario)))) ||
    (name in DISK_PARAMETERS && !usesDisks(scenario, name)) ||
    (name in SAVED_STATE_PARAMETERS && !savesStates(scenario, entries, name)) ||
    (name in BACKUP_PARAMETERS && !hasBackups) ||
    (SENDING_PARAMETERS.includes(name) && !sending.has(name));

  const assumptions = assumed("environment", environment.parameters, scenario.environment.overrides).filter(
    ({ parameter }) => !hasNoSay(parameter),
  );
  for (const profile of [...profiles, ...quickProfiles]) {
    const used = entries.filter((entry) => entry.profile === profile.name);
    const withoutEffect = used.map(({ overrides, mode }) => profile.withoutEffect?.(overrides, mode) ?? []);
    assumptions.push(
      ...assumedByAny(profile, used).filter(
        ({ parameter }) => !withoutEffect.every((names) => names.includes(parameter)),
      ),
    );
  }
  for (const manager of managements) {
    const used = entries.flatMap((entry) => (entry.manager?.name === manager.name ? [entry.manager] : []));
    assumptions.push(...assumedByAny(manager, used));
  }
  if (scenario.failover !== undefined) {
    const { parameters } = failoverPlanOf(scenario).preset;
    const withASay = failoverParametersWithASay(scenario);
    assumptions.push(
      ...assumed("failover", parameters, scenario.failover.overrides).filter(({ parameter }) =>
        withASay.has(parameter),
      ),
    );
  }
  assumptions.push(...ofLoads(scenario.timeline.filter(isLoadEntry)));
  const hasIo = scenario.vms.some(({ io }) => io !== undefined);
  const usesLuns = hasIo || entries.some(({ mode }) => mode === "quick");
  if (usesLuns && scenario.volumes.some(({ transport }) => transport === undefined)) {
    const note = "What connects hosts with a volume is not said: the usual transport of the time.";
    assumptions.push({ parameter: "transport", name: "volumes.transport", value: DEFAULT_TRANSPORT, note });
  }
  const list = assumptions.map(({ name, value, note }): Assumption => ({ name, value, note }));
  for (const workload of workloads) {
    if (workload.provenance !== "assumed" || !scenario.vms.some((vm) => vm.workload === workload.name)) continue;
    list.push({ name: `workload.${workload.name}`, value: workload.name, note: workload.source });
  }
  return list;
}

/** Whether nodes are emptied, and their shared volumes leave them. */
function balances(scenario: Scenario): boolean {
  const empties = scenario.timeline.some((entry) => isMaintenanceEntry(entry) || entry.kind === "consolidate");
  return empties && failoverPlanOf(scenario).settings.balancesVolumes;
}

/** Whether memory that follows demand is squeezed out of some guest before it moves. */
function squeezes({ vms }: Scenario, entries: readonly MigratingEntry[]): boolean {
  const squeezing = entries.some(
    (entry) => profiles.find(({ name }) => name === entry.profile)?.squeezesMemory === true,
  );
  return squeezing && vms.some(({ dynamicMemory }) => dynamicMemory !== undefined);
}

/** Methods of balancing, and the power of hosts. */
function ofLoads(entries: readonly LoadTimelineEntry[]) {
  const methods = entries.flatMap((entry) => (entry.kind === "balance" ? [entry.method] : []));
  const powers = entries.flatMap((entry) => (entry.kind === "consolidate" ? [{ overrides: entry.power }] : []));
  return [
    ...BALANCING_METHODS.flatMap((method) =>
      assumedByAny(
        method,
        methods.filter(({ name }) => name === method.name),
      ),
    ),
    ...assumedByAny({ name: "power", parameters: POWER_PARAMETERS }, powers),
  ];
}

/** Whether machines are saved: by quick migrations, and but for what concerns a group's resources by backups. */
function savesStates({ vms, timeline }: Scenario, entries: readonly MigratingEntry[], parameter: string): boolean {
  if (entries.some(({ mode }) => mode === "quick")) return true;
  const isOfState = parameter === ("savedStateRateShare" satisfies keyof typeof SAVED_STATE_PARAMETERS);
  const isOffline = vms.some(({ integrationServices }) => integrationServices === false);
  return isOfState && isOffline && timeline.some(({ kind }) => kind === "backup");
}

/** Whether some machine reads and writes through disks whose kind this constant is about. */
function usesDisks({ vms, timeline }: Scenario, parameter: string): boolean {
  const kind = parameter === ("dynamicDiskShare" satisfies keyof typeof DISK_PARAMETERS) ? "dynamic" : "differencing";
  const isAttached = (vm: string) =>
    timeline.some((entry) => entry.kind === "attachDisk" && entry.vm === vm && entry.diskKind === kind);
  return vms.some(
    ({ name, io, diskKinds }) => io !== undefined && (diskKinds?.includes(kind) === true || isAttached(name)),
  );
}

/** Whether a network over which memory goes is cut at some time. */
function cutsMigrations(scenario: Scenario): boolean {
  const network = networkFor(scenario, "migration").name;
  return scenario.timeline.some((entry) => entry.kind === "cutLink" && entry.network === network);
}

/** Entries that migrate machines: one, or those of nodes that are emptied. */
type MigratingEntry = MigrateEntry | DrainEntry | MaintenanceEntry | LoadTimelineEntry;

function migrates(entry: TimelineEntry): entry is MigratingEntry {
  return "profile" in entry;
}

/** What a manager sets of a profile is not assumed. */
function withManagersSettings(entry: MigratingEntry): MigratingEntry {
  const profile = profiles.find(({ name }) => name === entry.profile);
  return profile === undefined ? entry : { ...entry, overrides: managedEntry(entry, profile.parameters, 0).overrides };
}

/** A parameter is still assumed if any of its users leaves it so. */
function assumedByAny(
  { name, parameters }: { readonly name: string; readonly parameters: ParameterTable },
  used: readonly { readonly overrides: Overrides }[],
): (Assumption & { parameter: string })[] {
  if (used.length === 0) return [];
  const overriddenByAll: Overrides = {};
  for (const [parameter, value] of Object.entries(used[0]?.overrides ?? {})) {
    if (used.every(({ overrides }) => parameter in overrides)) overriddenByAll[parameter] = value;
  }
  return assumed(name, parameters, overriddenByAll);
}

/** The hosts' parameters on page data that some migration depends on, its machine not saying otherwise. */
function pageDataWithASay(scenario: Scenario, entries: readonly MigratingEntry[]): Set<string> {
  const found = new Set<string>();
  const vms = new Map(scenario.vms.map((vm) => [vm.name, vm]));
  for (const entry of entries) {
    const read = profiles.find(({ name }) => name === entry.profile)?.readsPageData?.(entry.overrides) ?? [];
    if (read.length === 0) continue;
    const vm = entry.kind === "migrate" ? vms.get(entry.vm) : undefined;
    const moved = entry.kind === "migrate" ? (vm === undefined ? [] : [vm]) : scenario.vms;
    for (const name of read) {
      const isSaid = moved.every(({ compressedShare, classes }) =>
        name === "compressesToShare"
          ? compressedShare !== undefined
          : classes.every(({ wordsPerWrite }) => wordsPerWrite !== undefined),
      );
      if (!isSaid) found.add(name);
    }
  }
  return found;
}

/** The hosts' parameters on sending that some migration's hypervisor depends on. */
function sendingWithASay(entries: readonly MigratingEntry[]): Set<string> {
  const read = ({ profile, mode }: MigratingEntry) =>
    profiles.find(({ name }) => name === profile)?.readsOfSending?.(mode) ?? [];
  return new Set<string>(entries.flatMap(read));
}

function assumed(prefix: string, table: ParameterTable, overrides: Overrides): (Assumption & { parameter: string })[] {
  const found: (Assumption & { parameter: string })[] = [];
  for (const [parameter, { provenance, kind, value, source }] of Object.entries(table)) {
    if (provenance !== "assumed" || parameter in overrides) continue;
    found.push({ parameter, name: `${prefix}.${scenarioKey(parameter, kind)}`, value, note: source });
  }
  return found;
}
