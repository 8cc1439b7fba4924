/**
 * oVirt: vdsm watches a migration at the source host (lib/vdsm/virt/migration.py). It goes through a list of actions that
 * the engine gives it (its migration policies), or, where it is given none (the legacy policy), raises the downtime limit
 * along a curve of its own and ends what takes too long.
 */
import { power } from "../../kernel/exact-math.ts";
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import {
  firstPollAfter,
  firstPollFrom,
  type ManagedMigration,
  type Manager,
  type ManagerView,
} from "../../migration/manager.ts";
import type { PrecopyView } from "../../migration/policy.ts";
import { PollSampler } from "../../migration/poll-sampler.ts";
import { type Management, type ManagementValues, POST_COPY_ON_COMMAND } from "./management.ts";

const ENGINE = "oVirt engine, packaging/dbscripts/upgrade/pre_upgrade/0000_config.sql, MigrationPolicies";

const VDSM_PARAMETERS = {
  maxBandwidthBytesPerSecond: {
    value: 54_525_952,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_max_bandwidth: 52 MiB/s.",
    meaning: "Rate limit while the guest runs; 0 for none.",
    least: 0,
    greatest: 1e15,
  },
  monitorIntervalSeconds: {
    value: 10,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_monitor_interval: 10 s.",
    meaning: "Time between two looks at the migration.",
    least: 0.1,
    greatest: 3600,
  },
} as const satisfies ParameterTable;

const LEGACY_PARAMETERS = {
  ...VDSM_PARAMETERS,
  downtimeSeconds: {
    value: 0.5,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_downtime: 500 ms.",
    meaning: "The downtime limit that the last step sets.",
    least: 0.1,
    greatest: 2000,
  },
  downtimeSteps: {
    value: 5,
    kind: "count",
    provenance: "documented",
    source: "vdsm fd4b0df20b, lib/vdsm/common/config.py.in, migration_downtime_steps: 5.",
    meaning: "Steps in which the downtime limit rises, the first set from the start.",
    least: 1,
    greatest: 1000,
  },
  downtimeDelaySeconds: {
    value: 100,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm 00d53408e7, lib/vdsm/common/config.py.in, migration_downtime_delay: 100 s.",
    meaning: "Time in which the last step is reached, for each GiB of the guest's memory.",
    least: 0,
    greatest: 1e6,
  },
  longestStepSeconds: {
    value: 60,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm 00b36bae44, lib/vdsm/virt/migration.py, DowntimeThread._WAIT_STEP_LIMIT: 60 s.",
    meaning: "Longest time between two steps.",
    least: 0,
    greatest: 1e6,
  },
  maxTimePerGibSeconds: {
    value: 64,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm 00d53408e7, lib/vdsm/common/config.py.in, migration_max_time_per_gib_mem: 64 s.",
    meaning: "Time that a migration may take, for each GiB of the guest's memory; 0 for no limit.",
    least: 0,
    greatest: 1e6,
  },
  progressTimeoutSeconds: {
    value: 240,
    kind: "seconds",
    provenance: "documented",
    source: "vdsm 00d53408e7, lib/vdsm/common/config.py.in, migration_progress_timeout: 240 s.",
    meaning: "Time for which what is left may stay above its least so far.",
    least: 0,
    greatest: 1e6,
  },
} as const satisfies ParameterTable;

const MIB = 1_048_576;
const NEVER = Number.POSITIVE_INFINITY;

/** What is done once the migration has begun more than so many new iterations, as the monitor counts them. */
export interface ConvergenceStep {
  readonly afterIterations: number;
  readonly action: { readonly setDowntimeSeconds: number } | "post-copy" | "abort";
}

/**
 * The monitor: it sees a new iteration where more is left than at its last look, and goes on to the next step of the list
 * where the iterations seen outnumber that step's limit (_next_action); one step a look.
 */
class ScheduleManager implements Manager {
  readonly firstLookSeconds = NEVER;
  private readonly schedule: readonly ConvergenceStep[];
  private readonly sampler: PollSampler;
  private iterations = 0;
  private done = 0;

  constructor(schedule: readonly ConvergenceStep[], intervalSeconds: number) {
    this.schedule = schedule;
    this.sampler = new PollSampler(intervalSeconds);
  }

  /** Within a round what is left goes down: only the first look after it can see more than the one before. */
  roundEnded(view: PrecopyView): number {
    this.sampler.roundEnded(view);
    if (this.done === this.schedule.length) return NEVER;
    return firstPollFrom(view.elapsedSeconds, this.sampler.intervalSeconds);
  }

  look({ elapsedSeconds, remainingBytes }: ManagerView, migration: ManagedMigration): number {
    const before = this.sampler.remainingBytes;
    this.sampler.saw(elapsedSeconds, remainingBytes);
    if (before !== null && before < remainingBytes) {
      this.iterations++;
      this.nextAction(migration);
    }
    return NEVER;
  }

  private nextAction(migration: ManagedMigration): void {
    const step = this.schedule[this.done];
    if (step === undefined || step.afterIterations >= this.iterations) return;
    this.done++;
    const rule = "ovirt-convergence-schedule";
    const seen = `${this.iterations} iterations that vdsm has seen`;
    if (step.action === "abort")
      migration.abort(rule, `oVirt aborted the migration after ${seen}: its list of actions ends so.`);
    else if (step.action === "post-copy") migration.startPostCopy(rule, `oVirt's list of actions, ${seen}`);
    else migration.changeLimits({ downtimeLimitSeconds: step.action.setDowntimeSeconds });
  }
}

/** lib/vdsm/virt/migration.py, exponential_downtime: int(offset + base^i) ms, offset = most / steps, base = (most - offset)^(1 / (steps - 1)). */
export function ovirtDowntimeSteps(mostSeconds: number, steps: number): number[] {
  const mostMs = Math.round(mostSeconds * 1000);
  if (steps === 1) return [mostMs / 1000];
  const offsetMs = mostMs / steps;
  const base = power(mostMs - offsetMs, 1 / (steps - 1));
  return Array.from({ length: steps }, (_, step) => Math.trunc(offsetMs + power(base, step)) / 1000);
}

interface LegacySettings {
  readonly intervalSeconds: number;
  /** The first is set from the start. */
  readonly downtimesSeconds: readonly number[];
  readonly stepSeconds: number;
  /** Infinity for none. */
  readonly longestSeconds: number;
  readonly progressTimeoutSeconds: number;
}

/** vdsm by itself: the downtime limit rises from the first new iteration on, and two time-outs end the migration. */
class LegacyManager implements Manager {
  private readonly settings: LegacySettings;
  private readonly sampler: PollSampler;
  private step = 0;
  /** When the next step is due; Infinity before the first new iteration, and after the last step. */
  private stepAtSeconds = NEVER;
  private risen = false;
  private lowmarkBytes = NEVER;
  private progressSeconds = 0;
  /** The first look after a round, which may see a new iteration. */
  private iterationLookSeconds = NEVER;

  constructor(settings: LegacySettings) {
    this.settings = settings;
    this.sampler = new PollSampler(settings.intervalSeconds);
  }

  get firstLookSeconds(): number {
    return this.nextLook();
  }

  roundEnded(view: PrecopyView): number {
    if (this.sampler.roundEnded(view)) this.noteProgress();
    if (!this.risen) this.iterationLookSeconds = firstPollFrom(view.elapsedSeconds, this.settings.intervalSeconds);
    return this.nextLook();
  }

  look({ elapsedSeconds, remainingBytes }: ManagerView, migration: ManagedMigration): number {
    const { intervalSeconds } = this.settings;
    if (elapsedSeconds >= this.stepAtSeconds) this.raiseDowntime(elapsedSeconds, migration);
    if (firstPollFrom(elapsedSeconds, intervalSeconds) === elapsedSeconds) {
      this.monitor(elapsedSeconds, remainingBytes, migration);
    }
    return this.nextLook();
  }

  /** One look of the monitor. */
  private monitor(elapsedSeconds: number, remainingBytes: number, migration: ManagedMigration): void {
    const { longestSeconds, progressTimeoutSeconds } = this.settings;
    if (elapsedSeconds > longestSeconds) {
      const reason = `oVirt aborted the migration: it took longer than the ${longestSeconds} s that vdsm allows.`;
      migration.abort("ovirt-max-time", reason);
      return;
    }
    const before = this.sampler.remainingBytes;
    this.sampler.saw(elapsedSeconds, remainingBytes);
    this.noteProgress();
    this.iterationLookSeconds = NEVER;
    if (before !== null && before < remainingBytes && !this.risen) {
      this.risen = true;
      this.raiseDowntime(elapsedSeconds, migration);
    }
    if (elapsedSeconds - this.progressSeconds > progressTimeoutSeconds) {
      const reason = `oVirt aborted the migration: for ${progressTimeoutSeconds} s no less was left than before.`;
      migration.abort("ovirt-progress-timeout", reason);
    }
  }

  private noteProgress(): void {
    const { remainingBytes, pollSeconds } = this.sampler;
    if (remainingBytes === null || remainingBytes >= this.lowmarkBytes) return;
    this.lowmarkBytes = remainingBytes;
    this.progressSeconds = pollSeconds;
  }

  private raiseDowntime(elapsedSeconds: number, migration: ManagedMigration): void {
    const { downtimesSeconds, stepSeconds } = this.settings;
    const downtimeLimitSeconds = downtimesSeconds[this.step + 1];
    this.stepAtSeconds = NEVER;
    if (downtimeLimitSeconds === undefined) return;
    this.step++;
    migration.changeLimits({ downtimeLimitSeconds });
    if (this.step + 1 < downtimesSeconds.length) this.stepAtSeconds = elapsedSeconds + stepSeconds;
  }

  private nextLook(): number {
    const { intervalSeconds, longestSeconds, progressTimeoutSeconds } = this.settings;
    const dueSeconds = Math.min(longestSeconds, this.progressSeconds + progressTimeoutSeconds);
    const deadlineSeconds = dueSeconds === NEVER ? NEVER : firstPollAfter(dueSeconds, intervalSeconds);
    return Math.min(this.stepAtSeconds, this.iterationLookSeconds, deadlineSeconds);
  }
}

/** One of the engine's policies: its list of actions, as parameters. */
interface EnginePolicy {
  readonly name: string;
  readonly policy: string;
  /** Downtime limit once more than so many iterations were seen. */
  readonly downtimes: readonly (readonly [afterIterations: number, seconds: number])[];
  /** Done one after the other, an iteration each, once the downtimes are through. */
  readonly last: readonly ConvergenceStep["action"][];
  readonly compression: boolean;
}

const UP_TO_500_MS = [
  [1, 0.15],
  [2, 0.2],
  [3, 0.3],
  [4, 0.4],
  [6, 0.5],
] as const;

const ENGINE_POLICIES: readonly EnginePolicy[] = [
  { name: "ovirt", policy: "Minimal downtime", downtimes: UP_TO_500_MS, last: ["abort"], compression: false },
  {
    name: "ovirt-suspend-workload",
    policy: "Suspend workload if needed",
    downtimes: UP_TO_500_MS,
    last: [{ setDowntimeSeconds: 5 }, "abort"],
    compression: true,
  },
  {
    name: "ovirt-post-copy",
    policy: "Post-copy migration",
    downtimes: UP_TO_500_MS.slice(0, 2),
    last: ["post-copy", "abort"],
    compression: false,
  },
];

function downtimeKey(afterIterations: number): string {
  return `downtimeAfter${afterIterations}Seconds`;
}

function parametersOf({ policy, downtimes, compression }: EnginePolicy): ParameterTable {
  const source = `${ENGINE}, ${policy}`;
  const table: Record<string, ParameterTable[string]> = {
    ...VDSM_PARAMETERS,
    initialDowntimeSeconds: {
      value: 0.1,
      kind: "seconds",
      provenance: "documented",
      source: `${source}: initialItems, setDowntime 100.`,
      meaning: "Downtime limit from the start.",
      least: 0,
      greatest: 2000,
    },
    autoConverge: {
      value: true,
      kind: "flag",
      provenance: "documented",
      source: `${source}: autoConvergence.`,
      meaning: "QEMU throttles a guest that dirties too fast.",
    },
    compression: {
      value: compression,
      kind: "flag",
      provenance: "documented",
      source: `${source}: migrationCompression, libvirt's VIR_MIGRATE_COMPRESSED, QEMU's xbzrle.`,
      meaning: "QEMU sends what changed of a page only.",
    },
  };
  for (const [afterIterations, seconds] of downtimes) {
    table[downtimeKey(afterIterations)] = {
      value: seconds,
      kind: "seconds",
      provenance: "documented",
      source: `${source}: convergenceItems, stallingLimit ${afterIterations}, setDowntime ${Math.round(seconds * 1000)}.`,
      meaning: `Downtime limit once more than ${afterIterations} iterations were seen.`,
      least: 0,
      greatest: 2000,
    };
  }
  return table;
}

function engineManagement(engine: EnginePolicy): Management {
  const parameters = parametersOf(engine);
  const resolved = (values: ManagementValues): ManagementValues => resolveParameters(parameters, values);
  return {
    name: engine.name,
    title: `oVirt, policy "${engine.policy}"`,
    parameters,
    profileSettings(values) {
      const { maxBandwidthBytesPerSecond, initialDowntimeSeconds, autoConverge, compression } = resolved(values);
      return {
        maxBandwidthBytesPerSecond: maxBandwidthBytesPerSecond as number,
        downtimeLimitSeconds: initialDowntimeSeconds as number,
        ...(autoConverge === true ? { autoConverge } : {}),
        ...(compression === true ? { xbzrle: compression } : {}),
        ...(engine.last.includes("post-copy") ? POST_COPY_ON_COMMAND : {}),
      };
    },
    makeManager(values) {
      const inForce = resolved(values);
      const rising = engine.downtimes.map(([afterIterations]) => ({
        afterIterations,
        action: { setDowntimeSeconds: inForce[downtimeKey(afterIterations)] as number },
      }));
      // The engine gives the last ones a limit of -1: at the next iteration, however many there were.
      const last = engine.last.map((action) => ({ afterIterations: -1, action }));
      return new ScheduleManager([...rising, ...last], inForce.monitorIntervalSeconds as number);
    },
  };
}

const ovirtLegacy: Management = {
  name: "ovirt-legacy",
  title: "oVirt, legacy policy",
  parameters: LEGACY_PARAMETERS,
  profileSettings(values) {
    const { maxBandwidthBytesPerSecond, downtimeSeconds, downtimeSteps } = resolveParameters(LEGACY_PARAMETERS, values);
    const [downtimeLimitSeconds] = ovirtDowntimeSteps(downtimeSeconds, downtimeSteps) as [number];
    return { maxBandwidthBytesPerSecond, downtimeLimitSeconds };
  },
  makeManager(values, guestMemoryBytes) {
    const parameters = resolveParameters(LEGACY_PARAMETERS, values);
    const { downtimeSeconds, downtimeSteps, downtimeDelaySeconds, longestStepSeconds, maxTimePerGibSeconds } =
      parameters;
    const memoryMib = Math.floor(guestMemoryBytes / MIB);
    const longestSeconds = Math.floor((maxTimePerGibSeconds * memoryMib + 1023) / 1024);
    return new LegacyManager({
      intervalSeconds: parameters.monitorIntervalSeconds,
      downtimesSeconds: ovirtDowntimeSteps(downtimeSeconds, downtimeSteps),
      stepSeconds: Math.min((downtimeDelaySeconds * memoryMib) / (1024 * downtimeSteps), longestStepSeconds),
      longestSeconds: maxTimePerGibSeconds === 0 ? NEVER : longestSeconds,
      progressTimeoutSeconds: parameters.progressTimeoutSeconds,
    });
  },
};

/** The default of new clusters first. */
export const ovirt: readonly Management[] = [...ENGINE_POLICIES.map(engineManagement), ovirtLegacy];
