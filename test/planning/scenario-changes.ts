/** Changes of a scenario, each of one thing: what takes a cause away, or must make no difference. */
import type { Scenario } from "../../sim/index.ts";

export type Change = (scenario: Scenario) => Scenario;

export const network =
  (changes: Partial<Scenario["networks"][number]>): Change =>
  (scenario) => ({ ...scenario, networks: scenario.networks.map((each) => ({ ...each, ...changes })) });

const hosts =
  (overrides: Record<string, number | boolean>): Change =>
  (scenario) => ({
    ...scenario,
    environment: { ...scenario.environment, overrides: { ...scenario.environment.overrides, ...overrides } },
  });

/** Sets parameters of all migrations. */
export const set =
  (overrides: Record<string, number | boolean>): Change =>
  (scenario) => ({
    ...scenario,
    timeline: scenario.timeline.map((entry) =>
      entry.kind === "migrate" ? { ...entry, overrides: { ...entry.overrides, ...overrides } } : entry,
    ),
  });

export const manager =
  (overrides: Record<string, number | boolean>): Change =>
  (scenario) => ({
    ...scenario,
    timeline: scenario.timeline.map((entry) =>
      entry.kind === "migrate" && entry.manager !== undefined
        ? { ...entry, manager: { ...entry.manager, overrides: { ...entry.manager.overrides, ...overrides } } }
        : entry,
    ),
  });

/** The classes of the first machine, those left that are to stay. */
export const keeping =
  (stays: (name: string) => boolean): Change =>
  (scenario) => ({
    ...scenario,
    vms: scenario.vms.map((vm, index) =>
      index === 0 ? { ...vm, classes: vm.classes.filter(({ name }) => stays(name)) } : vm,
    ),
  });

export const idle = keeping(() => false);
export const cpuBound: Change = (scenario) => ({
  ...scenario,
  vms: scenario.vms.map((vm) => ({ ...vm, classes: vm.classes.map((each) => ({ ...each, cpuBoundShare: 1 })) })),
});
export const later =
  (horizonSeconds: number): Change =>
  (scenario) => ({ ...scenario, horizonSeconds });
export const firstEntries =
  (count: number): Change =>
  (scenario) => ({ ...scenario, timeline: scenario.timeline.slice(0, count) });
export const withoutEntry =
  (index: number): Change =>
  (scenario) => ({
    ...scenario,
    timeline: scenario.timeline.map((entry, at) =>
      at === index ? { ...entry, atSeconds: scenario.horizonSeconds } : entry,
    ),
  });

export const fastLink = network({ bytesPerSecond: 1.25e12 });
export const noLatency = network({ latencySeconds: 0 });
export const fastHosts = hosts({ copyRateBytesPerSecond: 1e12, finalCopyRateBytesPerSecond: 1e12, zeroPageSeconds: 0 });
export const quickHosts = hosts({
  stopSeconds: 0,
  deviceStateBytes: 0,
  deviceStateCollectionSeconds: 0,
  resumeSeconds: 0,
});
export const noRateLimit = set({ maxBandwidthBytesPerSecond: 0 });
export const inTurn =
  (...changes: Change[]): Change =>
  (scenario) =>
    changes.reduce((changed, change) => change(changed), scenario);
