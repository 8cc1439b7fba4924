/** vdsm without a list of actions from the engine (oVirt's legacy policy): a curve of downtime limits, and two time-outs. */
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
import type { Management } from "./management.ts";
import { VDSM_PARAMETERS } from "./vdsm-parameters.ts";

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

export const ovirtLegacy: Management = {
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
