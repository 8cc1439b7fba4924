/** Which of the hosts' constants have a say in a scenario: those of parts that it does not have are left out. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { POST_COPY_HOST_PARAMETERS } from "../hypervisors/environments/post-copy-hosts.ts";
import { TRACKING_PARAMETERS } from "../hypervisors/environments/tracking-hosts.ts";
import type { PageDataParameter, SendingParameter } from "../hypervisors/profile.ts";
import { linearProfiles, profiles } from "../hypervisors/registry.ts";
import { CONNECTION_PARAMETERS } from "../network/connection.ts";
import { GUEST_ANSWER_PARAMETERS } from "../network/guest-answers.ts";
import { GUEST_TRAFFIC_PARAMETERS } from "../network/guest-traffic.ts";
import { PACKET_WORK_PARAMETERS } from "../network/packet-work.ts";
import { SWITCH_PARAMETERS } from "../network/switch.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import { isMaintenanceEntry } from "../scenario/maintenance.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { isStorageEntry } from "../scenario/storage.ts";
import { BACKUP_PARAMETERS } from "../storage/backup-parameters.ts";
import { CLUSTER_SHARED_VOLUME_PARAMETERS, OWNER_MOVE_PARAMETERS } from "../storage/cluster-shared-volume.ts";
import { DISK_PARAMETERS } from "../storage/disk-kinds.ts";
import { LUN_PARAMETERS } from "../storage/lun.ts";
import { SAVED_STATE_PARAMETERS } from "../storage/saved-state.ts";
import { failoverPlanOf } from "./failover-plan.ts";
import type { MigratingEntry } from "./migrating-entry.ts";
import { networkFor } from "./network-for.ts";

/** Of sending, and of the contents of pages: read by some hypervisors only. */
const READ_PARAMETERS: readonly string[] = [
  ...(["compressesToShare", "wordsPerWrite"] satisfies PageDataParameter[]),
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

interface Case {
  readonly scenario: Scenario;
  readonly entries: readonly MigratingEntry[];
  readonly volumeKinds: ReadonlySet<string>;
  /** Of the constants on page data and on sending, those that some migration reads. */
  readonly read: ReadonlySet<string>;
}

interface Rule {
  concerns(name: string): boolean;
  /** Whether a constant that the rule concerns has a say. */
  hasASay(of: Case, name: string): boolean;
}

/** A constant has a say where all rules that concern it agree. */
const RULES: readonly Rule[] = [
  // Where nothing migrates, what starts has its disks and its place in the network.
  { concerns: (name) => !(name in START_SAY), hasASay: (of) => !failsAlone(of) },
  // Without a live migration nothing is copied between hosts.
  { concerns: (name) => !(name in QUICK_MIGRATION_SAY), hasASay: (of) => !allAreQuick(of) },
  // A model without pages, processors or devices leaves only the switch its say, and what guests send.
  {
    concerns: (name) => !(name in SWITCH_PARAMETERS || name in GUEST_TRAFFIC_PARAMETERS),
    hasASay: (of) => !allAreLinear(of),
  },
  { concerns: (name) => READ_PARAMETERS.includes(name), hasASay: ({ read }, name) => read.has(name) },
  { concerns: among(CLUSTER_SHARED_VOLUME_PARAMETERS), hasASay: ({ volumeKinds }) => volumeKinds.has("csv") },
  { concerns: among(LUN_PARAMETERS), hasASay: ({ volumeKinds }) => volumeKinds.has("lun") },
  { concerns: among(OWNER_MOVE_PARAMETERS), hasASay: movesOwners },
  { concerns: among(DISK_PARAMETERS), hasASay: ({ scenario }, name) => usesDisks(scenario, name) },
  {
    concerns: among(SAVED_STATE_PARAMETERS),
    hasASay: ({ scenario, entries }, name) => savesStates(scenario, entries, name),
  },
  { concerns: among(BACKUP_PARAMETERS), hasASay: ({ scenario }) => hasBackups(scenario) },
  {
    concerns: among(TRACKING_PARAMETERS),
    hasASay: ({ scenario }, name) => scenario.nodes.some(({ slat }) => slat === (name === SLAT_FAULT)),
  },
  { concerns: (name) => name === BALLOON_RATE, hasASay: ({ scenario, entries }) => squeezes(scenario, entries) },
  {
    concerns: among(PACKET_WORK_PARAMETERS),
    hasASay: ({ scenario }) => scenario.nodes.some(({ nic }) => nic !== undefined),
  },
  {
    concerns: among(GUEST_ANSWER_PARAMETERS),
    hasASay: ({ scenario }) => scenario.vms.some(({ clients }) => clients.some(({ tcp }) => tcp !== undefined)),
  },
  { concerns: among(CONNECTION_PARAMETERS), hasASay: ({ scenario }) => cutsMigrations(scenario) },
];

/** Whether a constant of the hosts, by its name, has a say in the scenario, whose migrating entries are given. */
export function hostConstantsWithASay(
  scenario: Scenario,
  entries: readonly MigratingEntry[],
): (name: string) => boolean {
  const of: Case = {
    scenario,
    entries,
    volumeKinds: new Set(scenario.volumes.map(({ kind }) => kind)),
    read: new Set([...pageDataWithASay(scenario, entries), ...sendingWithASay(entries)]),
  };
  return (name) => RULES.every((rule) => !rule.concerns(name) || rule.hasASay(of, name));
}

function among(parameters: Readonly<Record<string, unknown>>): (name: string) => boolean {
  return (name) => name in parameters;
}

function failsAlone({ scenario, entries }: Case): boolean {
  return entries.length === 0 && scenario.timeline.some(isFailoverEntry);
}

function allAreQuick({ entries }: Case): boolean {
  return entries.length > 0 && entries.every(({ mode }) => mode === "quick");
}

function allAreLinear({ entries }: Case): boolean {
  return entries.length > 0 && entries.every(({ profile }) => linearProfiles.some(({ name }) => name === profile));
}

/** Whether shared volumes change their coordinator. */
function movesOwners({ scenario, volumeKinds }: Case): boolean {
  const { timeline } = scenario;
  if (!volumeKinds.has("csv")) return false;
  const fails = timeline.some(({ kind }) => kind === "fail");
  return fails || hasBackups(scenario) || timeline.some(isStorageEntry) || balances(scenario);
}

function hasBackups({ timeline }: Scenario): boolean {
  return timeline.some(({ kind }) => kind === "backup");
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
