/** OpenStack nova with its libvirt driver: the downtime limit rises step by step, and a time-out ends what takes too long. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { firstPollAfter, type ManagedMigration, type Manager, type ManagerView } from "../../migration/manager.ts";
import { type Management, POST_COPY_ON_COMMAND } from "./management.ts";

const NOVA_PARAMETERS = {
  downtimeSeconds: {
    value: 0.5,
    kind: "seconds",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_downtime: 500 ms, at least 100 ms.",
    meaning: "The downtime limit that the last step sets.",
    least: 0.1,
    greatest: 2000,
  },
  downtimeSteps: {
    value: 10,
    kind: "count",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_downtime_steps: 10, at least 3.",
    meaning: "Steps in which the downtime limit rises.",
    least: 3,
    greatest: 1000,
  },
  downtimeDelaySeconds: {
    value: 75,
    kind: "seconds",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_downtime_delay: 75 s, at least 3 s.",
    meaning: "Time between two steps, for each GiB of the guest's memory.",
    least: 3,
    greatest: 1e6,
  },
  completionTimeoutSeconds: {
    value: 800,
    kind: "seconds",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_completion_timeout: 800 s.",
    meaning: "Time that a migration may take, for each GiB of the guest's memory; 0 for no limit.",
    least: 0,
    greatest: 1e6,
  },
  leastGib: {
    value: 2,
    kind: "count",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py: both times are per GiB, of 2 GiB at least.",
    meaning: "Memory that the times are taken for at least, in GiB.",
    least: 1,
    greatest: 1e6,
  },
  forceComplete: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_timeout_action: abort, or force_complete.",
    meaning:
      "After the time-out the migration is forced to complete, by post-copy where permitted or else by a pause; if not set it is aborted.",
  },
  permitPostCopy: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_permit_post_copy: off.",
    meaning: "A migration that is forced to complete goes on in post-copy.",
  },
  permitAutoConverge: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source:
      "nova 00a0304036, nova/conf/libvirt.py, live_migration_permit_auto_converge: off, and not together with post-copy.",
    meaning: "QEMU throttles a guest that dirties too fast.",
  },
  bandwidthBytesPerSecond: {
    value: 0,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "nova 00a0304036, nova/conf/libvirt.py, live_migration_bandwidth: 0, libvirt's own, which is no limit.",
    meaning: "Rate limit while the guest runs; 0 for none.",
    least: 0,
    greatest: 1e15,
  },
  pollSeconds: {
    value: 0.5,
    kind: "seconds",
    provenance: "assumed",
    source: "nova's monitor sleeps 0.5 s between two looks (virt/libvirt/driver.py); from memory, not read.",
    meaning: "Time between two looks at the migration.",
    least: 0.01,
    greatest: 3600,
  },
} as const satisfies ParameterTable;

const GIB = 1_073_741_824;
const TIMED_OUT = "nova-completion-timeout";

/** A downtime limit, and the time after which it is set. */
export interface DowntimeStep {
  readonly afterSeconds: number;
  readonly downtimeSeconds: number;
}

/**
 * virt/libvirt/migration.py, downtime_steps: with a delay of int(delay x GiB), base = most / steps and
 * offset = (most - base) / steps, step i comes after i delays and sets int(base + i x offset) ms, i from 0 to `steps`.
 */
export function novaDowntimeSteps(
  mostSeconds: number,
  steps: number,
  delayPerGibSeconds: number,
  gib: number,
): DowntimeStep[] {
  const delaySeconds = Math.trunc(delayPerGibSeconds * gib);
  const mostMs = mostSeconds * 1000;
  const baseMs = mostMs / steps;
  const offsetMs = (mostMs - baseMs) / steps;
  return Array.from({ length: steps + 1 }, (_, step) => ({
    afterSeconds: step * delaySeconds,
    downtimeSeconds: Math.trunc(baseMs + offsetMs * step) / 1000,
  }));
}

interface NovaSettings {
  readonly steps: readonly DowntimeStep[];
  /** Infinity for none. */
  readonly timeoutSeconds: number;
  readonly forceComplete: boolean;
  readonly permitPostCopy: boolean;
  readonly pollSeconds: number;
}

class NovaManager implements Manager {
  private readonly settings: NovaSettings;
  /** The first is set from the start. */
  private step = 0;
  private forced = false;
  private nextLookSeconds: number;

  constructor(settings: NovaSettings) {
    this.settings = settings;
    this.nextLookSeconds = this.nextLook();
  }

  get firstLookSeconds(): number {
    return this.nextLookSeconds;
  }

  /** Rounds decide nothing: all goes by the clock. */
  roundEnded(): number {
    return this.nextLookSeconds;
  }

  look({ elapsedSeconds }: ManagerView, migration: ManagedMigration): number {
    const { steps, timeoutSeconds } = this.settings;
    if (!this.forced && elapsedSeconds > timeoutSeconds) this.timeOut(migration);
    let step = this.step;
    while (elapsedSeconds > (steps[step + 1]?.afterSeconds ?? Number.POSITIVE_INFINITY)) step++;
    if (step !== this.step) {
      this.step = step;
      migration.changeLimits({ downtimeLimitSeconds: (steps[step] as DowntimeStep).downtimeSeconds });
    }
    this.nextLookSeconds = this.nextLook();
    return this.nextLookSeconds;
  }

  private timeOut(migration: ManagedMigration): void {
    const { timeoutSeconds, forceComplete, permitPostCopy } = this.settings;
    this.forced = true;
    const timeout = `nova's completion time-out of ${timeoutSeconds} s`;
    if (!forceComplete)
      migration.abort(TIMED_OUT, `nova aborted the migration: it had not completed within ${timeoutSeconds} s.`);
    else if (permitPostCopy) migration.startPostCopy(TIMED_OUT, timeout);
    else migration.pauseGuest(TIMED_OUT, timeout);
  }

  /** Both compare with >: what is due at a poll is done at the next. */
  private nextLook(): number {
    const { steps, timeoutSeconds, pollSeconds } = this.settings;
    const stepSeconds = steps[this.step + 1]?.afterSeconds ?? Number.POSITIVE_INFINITY;
    const dueSeconds = Math.min(stepSeconds, this.forced ? Number.POSITIVE_INFINITY : timeoutSeconds);
    return dueSeconds === Number.POSITIVE_INFINITY ? dueSeconds : firstPollAfter(dueSeconds, pollSeconds);
  }
}

/** Not under 2 GiB; disks that migrate too are not modelled. */
function dataGib(memoryBytes: number, leastGib: number): number {
  return Math.max(memoryBytes / GIB, leastGib);
}

export const nova: Management = {
  name: "nova",
  title: "OpenStack nova",
  parameters: NOVA_PARAMETERS,
  profileSettings(values) {
    const { downtimeSeconds, downtimeSteps, bandwidthBytesPerSecond, permitAutoConverge, permitPostCopy } =
      resolveParameters(NOVA_PARAMETERS, values);
    const [first] = novaDowntimeSteps(downtimeSeconds, downtimeSteps, 0, 0) as [DowntimeStep];
    return {
      maxBandwidthBytesPerSecond: bandwidthBytesPerSecond,
      downtimeLimitSeconds: first.downtimeSeconds,
      ...(permitAutoConverge && !permitPostCopy ? { autoConverge: true } : {}),
      ...(permitPostCopy ? POST_COPY_ON_COMMAND : {}),
    };
  },
  makeManager(values, guestMemoryBytes) {
    const parameters = resolveParameters(NOVA_PARAMETERS, values);
    const { downtimeSeconds, downtimeSteps, downtimeDelaySeconds, completionTimeoutSeconds, leastGib } = parameters;
    const gib = dataGib(guestMemoryBytes, leastGib);
    const timeoutSeconds = Math.trunc(completionTimeoutSeconds * gib);
    return new NovaManager({
      steps: novaDowntimeSteps(downtimeSeconds, downtimeSteps, downtimeDelaySeconds, gib),
      timeoutSeconds: completionTimeoutSeconds === 0 ? Number.POSITIVE_INFINITY : timeoutSeconds,
      forceComplete: parameters.forceComplete,
      permitPostCopy: parameters.permitPostCopy,
      pollSeconds: parameters.pollSeconds,
    });
  },
};
