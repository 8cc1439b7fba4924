/** The scenario's main numbers, changed: a normalised scenario in, another out. */

import type { MigrationMode, Scenario, ScenarioNetwork, ScenarioVm, TimelineEntry } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";

/** The numbers of one migration that the panel offers. */
export interface WhatIf {
  memoryBytes: number;
  /** Of the memory, not zero at the start; 0 to 1. */
  usedShare: number;
  /** Over the scenario's own write rates, or the workload's. */
  writeRateFactor: number;
  /** Signalling rate of the migration network. */
  linkBytesPerSecond: number;
  /** Null leaves the profile's own. */
  downtimeLimitSeconds: number | null;
  profile: string;
  seed: string;
  /** Instead of the guest's own writes; absent: its own. */
  workload?: string;
  /** Absent: the scenario's. */
  mode?: MigrationMode;
  /** Of the migration network; absent: the scenario's. */
  mtuBytes?: number;
  /** Share of packets lost on the migration network; absent: the scenario's. */
  packetLossShare?: number;
}

const LIMIT = "downtimeLimitSeconds";

/** An entry of the timeline that moves machines, and by which profile. */
type MovingEntry = Extract<TimelineEntry, { profile: string }>;

const moves = (entry: TimelineEntry): entry is MovingEntry => "profile" in entry;

/** The network that carries the scenario's migrations: the first that says so. */
function migrationNetwork(scenario: Scenario): ScenarioNetwork | undefined {
  return scenario.networks.find((network) => network.carries.includes("migration"));
}

/** The entry that moves `vm`: its own, or the evacuation of a node that it may be on. */
function entryOf(scenario: Scenario, vm: string): MovingEntry | undefined {
  const entries = scenario.timeline.filter(moves);
  return entries.find((entry) => entry.kind === "migrate" && entry.vm === vm) ?? entries.find(isEvacuation);
}

const isEvacuation = (entry: MovingEntry): boolean => entry.kind !== "migrate";

/** The numbers as the scenario has them, for the migration of `vm`. */
export function whatIfOf(scenario: Scenario, vm: string, seed: string): WhatIf {
  const machine = scenario.vms.find((candidate) => candidate.name === vm);
  const entry = entryOf(scenario, vm);
  const network = migrationNetwork(scenario);
  const limit = entry?.overrides[LIMIT];
  return {
    memoryBytes: machine?.memoryBytes ?? 0,
    usedShare: machine === undefined || machine.memoryBytes === 0 ? 1 : machine.usedBytes / machine.memoryBytes,
    writeRateFactor: 1,
    linkBytesPerSecond: network?.bytesPerSecond ?? 0,
    downtimeLimitSeconds: typeof limit === "number" ? limit : null,
    profile: entry?.profile ?? "",
    seed,
    ...(entry === undefined ? {} : { mode: entry.mode }),
    ...(network === undefined ? {} : { mtuBytes: network.mtuBytes, packetLossShare: network.packetLossShare ?? 0 }),
  };
}

/**
 * The scenario with these numbers for `vm`. Page classes keep their share of the used memory and their writes a page, so
 * a guest of twice the memory writes twice as much of it. Whether the outcome makes sense is the simulator's to say.
 * @param classes laid out anew in the changed memory, where another workload was asked for
 */
export function applyWhatIf(
  scenario: Scenario,
  vm: string,
  numbers: WhatIf,
  classes: ScenarioVm["classes"] | null = null,
): Scenario {
  const network = migrationNetwork(scenario);
  const moving = entryOf(scenario, vm);
  return {
    ...scenario,
    seed: numbers.seed,
    networks: scenario.networks.map((each) => (each === network ? changedNetwork(each, numbers) : each)),
    vms: scenario.vms.map((each) => (each.name === vm ? changedMachine(each, numbers, classes) : each)),
    timeline: scenario.timeline.map((entry) => {
      const concerned = moves(entry) && (entry.kind === "migrate" ? entry.vm === vm : entry === moving);
      return concerned ? changedEntry(entry, numbers) : entry;
    }),
  };
}

function changedNetwork(network: ScenarioNetwork, numbers: WhatIf): ScenarioNetwork {
  const loss = numbers.packetLossShare ?? network.packetLossShare;
  // To lose nothing and to say nothing of losses are the same, and a scenario left as it is stays as it is written.
  const unsaid = loss === undefined || (loss === 0 && network.packetLossShare === undefined);
  return {
    ...network,
    bytesPerSecond: numbers.linkBytesPerSecond,
    mtuBytes: numbers.mtuBytes ?? network.mtuBytes,
    ...(unsaid ? {} : { packetLossShare: loss }),
  };
}

function changedEntry<Entry extends MovingEntry>(entry: Entry, numbers: WhatIf): Entry {
  const same = entry.profile === numbers.profile;
  // Another profile has other parameters and other managers: what was set over the old one's does not carry over.
  const { [LIMIT]: _dropped, ...kept } = same ? entry.overrides : {};
  const limit = numbers.downtimeLimitSeconds === null ? {} : { [LIMIT]: numbers.downtimeLimitSeconds };
  const changed = {
    ...entry,
    mode: numbers.mode ?? entry.mode,
    profile: numbers.profile,
    overrides: { ...kept, ...limit },
  };
  if (!same) delete changed.manager;
  return changed;
}

function changedMachine(machine: ScenarioVm, numbers: WhatIf, classes: ScenarioVm["classes"] | null): ScenarioVm {
  const oldPages = Math.max(1, Math.round(machine.usedBytes / PAGE_BYTES));
  const usedPages = usedPagesOf(numbers);
  const stretch = classes === null ? usedPages / oldPages : 1;
  return {
    ...machine,
    memoryBytes: numbers.memoryBytes,
    usedBytes: usedPages * PAGE_BYTES,
    ...(classes === null ? {} : { workload: numbers.workload ?? null }),
    classes: (classes ?? machine.classes).map((pages) => {
      if (stretch === 1) return { ...pages, writesPerSecond: pages.writesPerSecond * numbers.writeRateFactor };
      const firstPage = Math.floor(pages.firstPage * stretch);
      const lastPage = Math.floor((pages.firstPage + pages.pages) * stretch);
      const count = Math.max(1, lastPage - firstPage);
      const writesPerSecond = pages.writesPerSecond * (count / pages.pages) * numbers.writeRateFactor;
      return { ...pages, firstPage, pages: count, writesPerSecond };
    }),
  };
}

/** Pages in use at the start. */
export function usedPagesOf(numbers: WhatIf): number {
  return Math.round((numbers.memoryBytes * numbers.usedShare) / PAGE_BYTES);
}
