/** A measured run as a scenario: what was known before the migration, and the driver's actions. */
import { type Overrides, SCHEMA_VERSION, type Scenario } from "../../sim/index.ts";
import type { MeasuredRun } from "../sources/measured-run.ts";

/** Where a run was measured without a link, the hosts' copying is what limits: a link that never does. */
const LOOPBACK = { bytesPerSecond: 1e12, mtuBytes: 65_536, latencySeconds: 0 };
/** The driver writes this for "no limit" (docs/measured-runs.md). */
const UNLIMITED_BYTES_PER_SECOND = 104_857_600_000;
const NO_CANCELLATION_SECONDS = 3600;
/** The guest writes what it owes at its ticks, 1 ms apart: after a stall half a tick more than the stall is owed. */
const MEAN_WAIT_FOR_A_TICK_MS = 0.5;

/** The driver looked at the migration so often (docs/measured-runs.md). */
const DRIVER_POLL_SECONDS = 0.05;
/** More rounds than a run has: post-copy was possible, and nobody asked for it. */
const NEVER_ROUNDS = 1e6;

/** QEMU's capabilities as the profile's parameters; those that are not here are not modelled. */
const CAPABILITIES: Readonly<Record<string, (scenario: MeasuredRun["scenario"]) => Overrides>> = {
  events: () => ({}),
  "postcopy-ram": ({ parameters, postcopyAfterPasses }) => ({
    postcopyAfterRounds: postcopyAfterPasses ?? NEVER_ROUNDS,
    postcopyPollSeconds: DRIVER_POLL_SECONDS,
    maxPostcopyBandwidthBytesPerSecond: parameters["max-postcopy-bandwidth"],
  }),
  "auto-converge": autoConvergeOf,
  multifd: ({ parameters }) => ({
    multifd: true,
    multifdChannels: parameters["multifd-channels"],
    ...(parameters["multifd-compression"] === "zlib" ? { multifdZlib: true } : {}),
    ...(parameters["multifd-compression"] === "zstd" ? { multifdZstd: true } : {}),
  }),
  xbzrle: ({ parameters }) => ({ xbzrle: true, xbzrleCacheBytes: parameters["xbzrle-cache-size"] }),
  compress: ({ parameters }) => ({ compress: true, compressThreads: parameters["compress-threads"] }),
};

/** QEMU's parameters are whole percentages. */
function autoConvergeOf({ parameters }: MeasuredRun["scenario"]): Overrides {
  return {
    autoConverge: true,
    throttleTriggerShare: parameters["throttle-trigger-threshold"] / 100,
    cpuThrottleInitialShare: parameters["cpu-throttle-initial"] / 100,
    cpuThrottleIncrementShare: parameters["cpu-throttle-increment"] / 100,
    maxCpuThrottleShare: parameters["max-cpu-throttle"] / 100,
    cpuThrottleTailslow: parameters["cpu-throttle-tailslow"],
  };
}

/** Why a run cannot be predicted; null where it can. */
export function whyNotPredicted({ scenario, valid, invalidReasons }: MeasuredRun): string | null {
  if (!valid) return `marked as invalid: ${invalidReasons.join(", ") || "no reason given"}`;
  const unknown = scenario.capabilities.filter((capability) => !(capability in CAPABILITIES));
  if (unknown.length > 0) return `it uses ${unknown.join(", ")}, which the profile qemu-7.2 does not have`;
  return null;
}

/** Neither a rate limit nor a link: the hosts' processors decide. */
export function isUnlimited({ network, maxBandwidthBytesPerSecond }: MeasuredRun["scenario"]): boolean {
  return network.kind === "loopback" && maxBandwidthBytesPerSecond >= UNLIMITED_BYTES_PER_SECOND;
}

/** The guest's own clock at the migrate command is the scenario's time 0. */
export function scenarioOfRun(run: MeasuredRun): Scenario {
  const { scenario } = run;
  const { network } = scenario;
  const guestSeconds = (ms: number) => (ms - scenario.migrationStartGuestMs) / 1000;
  const link =
    network.kind === "loopback"
      ? LOOPBACK
      : {
          bytesPerSecond: network.rateBitsPerSecond / 8,
          mtuBytes: 1500,
          latencySeconds: network.rttMs / 2000,
          ...(network.queueBytes ? { queueBytes: network.queueBytes } : {}),
        };
  const node = { memoryBytes: 2 * scenario.memoryBytes, cpuVendor: "intel" as const, systemDrive: "C:" };
  const limited = scenario.maxBandwidthBytesPerSecond < UNLIMITED_BYTES_PER_SECOND;
  return {
    schemaVersion: SCHEMA_VERSION,
    name: run.name,
    description: "",
    seed: "1",
    // What had not ended by then was cancelled.
    horizonSeconds: scenario.cancelAfterMs ? scenario.cancelAfterMs / 1000 : NO_CANCELLATION_SECONDS,
    environment: {
      preset: "qemu-tcg-2-core",
      overrides: run.environment.accelerator === "kvm" ? { tracksByChunk: true } : {},
    },
    nodes: [
      { name: "source", ...node },
      { name: "target", ...node },
    ],
    networks: [{ name: "migration", ...link, frameLossShare: 0, carries: ["migration"] }],
    volumes: [],
    vms: [
      {
        name: "guest",
        node: "source",
        memoryBytes: scenario.memoryBytes,
        usedBytes: scenario.usedBytes,
        catchUpSeconds: Math.max(0, scenario.writeDebtCapMs - MEAN_WAIT_FOR_A_TICK_MS) / 1000,
        workload: null,
        classes: scenario.writeClasses.map((written, index) => ({
          name: `class ${index + 1}`,
          firstPage: written.firstPage,
          pages: written.pages,
          writesPerSecond: written.writesPerSecond,
          pattern: written.pattern,
          startSeconds: guestSeconds(written.startMs),
          endSeconds: written.endMs === 0 ? null : guestSeconds(written.endMs),
          cpuBoundShare: 1,
          ...(written.wordsPerWrite ? { wordsPerWrite: Math.min(written.wordsPerWrite, 64) } : {}),
        })),
        disks: [],
        mac: "52:54:00:12:34:56",
        ip: "192.0.2.1",
        clients: [],
      },
    ],
    timeline: [
      {
        kind: "migrate",
        atSeconds: 0,
        vm: "guest",
        to: "target",
        mode: scenario.capabilities.includes("postcopy-ram") ? "post-copy" : "live",
        profile: "qemu-7.2",
        overrides: {
          maxBandwidthBytesPerSecond: limited ? scenario.maxBandwidthBytesPerSecond : 0,
          downtimeLimitSeconds: scenario.downtimeLimitMs / 1000,
          ...Object.assign({}, ...scenario.capabilities.map((capability) => CAPABILITIES[capability]?.(scenario))),
        },
      },
    ],
  };
}
