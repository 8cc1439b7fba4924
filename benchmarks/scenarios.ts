/** The scenarios that the suites simulate, as documents, so that they take the way of every user's scenario. */
import { parseScenario, type Scenario } from "../sim/index.ts";

export type ProfileName = "hyper-v-2008r2" | "qemu-7.2" | "simgrid-3.32";

/** Of hypervisors; SimGrid's is a model to compare with. */
export const PROFILE_NAMES: readonly ProfileName[] = ["hyper-v-2008r2", "qemu-7.2"];

const GIB = 1024 ** 3;
const GIGABIT_BYTES_PER_SECOND = 125e6;
const WRITTEN_PAGES = 200_000;

/** Hosts, rate of writes and limits that give ten rounds before the final copy: with Hyper-V always, with QEMU for 9 seeds of 10. */
const TEN_ROUNDS = {
  // Each pass shrinks to about 60 %; the tenth is the last that is allowed, some hundred pages being left.
  "hyper-v-2008r2": { environment: "hyper-v-2008r2-hosts", pagesPerSecond: 17_000, limits: {} },
  // Passes shrink until what a window leaves and what was written meanwhile are below 100 ms of bandwidth.
  "qemu-7.2": { environment: "qemu-kvm-hosts", pagesPerSecond: 16_600, limits: { downtimeLimit: 0.1 } },
  // 0.57 of the link: the eleventh transfer is below 30 ms of it.
  "simgrid-3.32": { environment: "qemu-kvm-hosts", pagesPerSecond: 17_000, limits: {} },
} as const;

export interface TenRoundsOptions {
  /** A guest of so many GiB, on hosts and a network as many times as fast: the same rounds in the same simulated time. */
  readonly gibibytes?: number;
  /** Dirty pages tracked in chunks of 1 GiB, as under KVM, or all at once. */
  readonly tracksByChunk?: boolean;
  /** When the guest moves: there, back, and so on. */
  readonly migrateAtSeconds?: readonly number[];
  /** A client that pings the guest so often; none where left out. */
  readonly pingIntervalSeconds?: number;
}

/** A guest, three quarters of its memory written page by page at random, that needs ten rounds and a final copy. */
export function tenRounds(profile: ProfileName, options: TenRoundsOptions = {}): Scenario {
  const { gibibytes = 1, tracksByChunk = false, migrateAtSeconds = [1], pingIntervalSeconds } = options;
  const { environment, pagesPerSecond, limits } = TEN_ROUNDS[profile];
  const pages = WRITTEN_PAGES * gibibytes;
  return scenarioOf({
    schemaVersion: 1,
    name: `ten rounds, ${profile}`,
    horizon: (migrateAtSeconds.at(-1) ?? 0) + 600,
    environment: {
      preset: environment,
      copyRate: 0.875e9 * gibibytes,
      finalCopyRate: 0.875e9 * gibibytes,
      tracksByChunk,
    },
    nodes: [
      { name: "A", memory: 2 * GIB * gibibytes },
      { name: "B", memory: 2 * GIB * gibibytes },
    ],
    networks: [
      {
        name: "lan",
        bandwidth: GIGABIT_BYTES_PER_SECOND * gibibytes,
        // The same bytes under way whatever the bandwidth, and so the same slow start.
        latency: 1e-4 / gibibytes,
        carries: ["migration", "client"],
      },
    ],
    vms: [
      {
        name: "guest",
        node: "A",
        memory: GIB * gibibytes,
        workload: {
          name: "uniform",
          classes: [{ name: "written", pages, rate: pagesPerSecond * gibibytes, pattern: "uniform" }],
        },
        clients: pingIntervalSeconds === undefined ? [] : [{ name: "client", interval: pingIntervalSeconds }],
      },
    ],
    timeline: migrateAtSeconds.map((at, index) => ({
      at,
      migrate: {
        vm: "guest",
        to: index % 2 === 0 ? "B" : "A",
        profile,
        ...limits,
        ...(profile === "qemu-7.2" ? { maxBandwidth: GIGABIT_BYTES_PER_SECOND * gibibytes } : {}),
      },
    })),
  });
}

/** Machines of 4 GiB on average that all leave at once over 10 Gbit/s. */
export function allAtOnce(machines: number, profile: string, dirtyBytesPerSecond: number): Scenario {
  return scenarioOf({
    schemaVersion: 1,
    name: `${machines} at once`,
    environment: "qemu-kvm-hosts",
    horizon: "100 h",
    nodes: [
      { name: "A", memory: "100 TiB" },
      { name: "B", memory: "100 TiB" },
    ],
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", latency: "0.1 ms", carries: ["migration"] }],
    vms: Array.from({ length: machines }, (_, index) => ({
      name: `vm${index}`,
      node: "A",
      // From 2 to 6 GiB, none like its neighbour.
      memory: `${2048 + ((index * 2731) % 4096)} MiB`,
      workload: { classes: [{ pages: "rest", rate: dirtyBytesPerSecond / 4096 }] },
    })),
    timeline: Array.from({ length: machines }, (_, index) => ({
      at: 0,
      migrate: { vm: `vm${index}`, to: "B", profile },
    })),
  });
}

/** @throws Error where the document makes no scenario */
export function scenarioOf(document: unknown): Scenario {
  const scenario = parseScenario(document);
  if (!scenario.ok) throw new Error(`the scenario of the benchmark is not valid: ${JSON.stringify(scenario.problems)}`);
  return scenario.value;
}

/** The same migrations in SimGrid's simplest network model, in which a latency and a bandwidth are what they are called. */
export function withoutNetworkFactors(scenario: Scenario): Scenario {
  return {
    ...scenario,
    timeline: scenario.timeline.map((entry) =>
      entry.kind === "migrate"
        ? { ...entry, overrides: { ...entry.overrides, latencyFactor: 1, bandwidthFactor: 1 } }
        : entry,
    ),
  };
}
