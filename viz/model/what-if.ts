/** The scenario's main numbers, changed: a normalised scenario in, another out. */

import type { Scenario, ScenarioVm } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";

/** The numbers of one migration that the panel offers. */
export interface WhatIf {
  memoryBytes: number;
  /** Of the memory, not zero at the start; 0 to 1. */
  usedShare: number;
  /** Over the scenario's own write rates. */
  writeRateFactor: number;
  /** Signalling rate of the migration network. */
  linkBytesPerSecond: number;
  /** Null leaves the profile's own. */
  downtimeLimitSeconds: number | null;
  profile: string;
  seed: string;
}

const LIMIT = "downtimeLimitSeconds";

/** The network that carries the scenario's migrations: the first that says so. */
function migrationNetwork(scenario: Scenario): Scenario["networks"][number] | undefined {
  return scenario.networks.find((network) => network.carries.includes("migration"));
}

/** The numbers as the scenario has them, for the migration of `vm`. */
export function whatIfOf(scenario: Scenario, vm: string, seed: string): WhatIf {
  const machine = scenario.vms.find((candidate) => candidate.name === vm);
  const entry = scenario.timeline.find((candidate) => candidate.kind === "migrate" && candidate.vm === vm);
  const limit = entry?.kind === "migrate" ? entry.overrides[LIMIT] : undefined;
  return {
    memoryBytes: machine?.memoryBytes ?? 0,
    usedShare: machine === undefined || machine.memoryBytes === 0 ? 1 : machine.usedBytes / machine.memoryBytes,
    writeRateFactor: 1,
    linkBytesPerSecond: migrationNetwork(scenario)?.bytesPerSecond ?? 0,
    downtimeLimitSeconds: typeof limit === "number" ? limit : null,
    profile: entry?.kind === "migrate" ? entry.profile : "",
    seed,
  };
}

/**
 * The scenario with these numbers for `vm`. Page classes keep their share of the used memory and their writes a page, so
 * a guest of twice the memory writes twice as much of it. Whether the outcome makes sense is the simulator's to say.
 */
export function applyWhatIf(scenario: Scenario, vm: string, numbers: WhatIf): Scenario {
  const network = migrationNetwork(scenario);
  return {
    ...scenario,
    seed: numbers.seed,
    networks: scenario.networks.map((candidate) =>
      candidate === network ? { ...candidate, bytesPerSecond: numbers.linkBytesPerSecond } : candidate,
    ),
    vms: scenario.vms.map((candidate) => (candidate.name === vm ? changedMachine(candidate, numbers) : candidate)),
    timeline: scenario.timeline.map((entry) => {
      if (entry.kind !== "migrate" || entry.vm !== vm) return entry;
      // Another profile has other parameters: what was set over the old one's does not carry over.
      const { [LIMIT]: _dropped, ...kept } = entry.profile === numbers.profile ? entry.overrides : {};
      const limit = numbers.downtimeLimitSeconds === null ? {} : { [LIMIT]: numbers.downtimeLimitSeconds };
      return { ...entry, profile: numbers.profile, overrides: { ...kept, ...limit } };
    }),
  };
}

function changedMachine(machine: ScenarioVm, numbers: WhatIf): ScenarioVm {
  const oldPages = Math.max(1, Math.round(machine.usedBytes / PAGE_BYTES));
  const usedPages = Math.round((numbers.memoryBytes * numbers.usedShare) / PAGE_BYTES);
  const stretch = usedPages / oldPages;
  return {
    ...machine,
    memoryBytes: numbers.memoryBytes,
    usedBytes: usedPages * PAGE_BYTES,
    classes: machine.classes.map((pages) => {
      if (stretch === 1) return { ...pages, writesPerSecond: pages.writesPerSecond * numbers.writeRateFactor };
      const firstPage = Math.floor(pages.firstPage * stretch);
      const lastPage = Math.floor((pages.firstPage + pages.pages) * stretch);
      const count = Math.max(1, lastPage - firstPage);
      const writesPerSecond = pages.writesPerSecond * (count / pages.pages) * numbers.writeRateFactor;
      return { ...pages, firstPage, pages: count, writesPerSecond };
    }),
  };
}
