/** KubeVirt: time-outs by the clock, a ramp of the downtime limit, or its newer stall detection. */
import { type ParameterValues, resolveParameters } from "../../kernel/parameter.ts";
import { firstPollFrom, type ManagedMigration, type Manager, type ManagerView } from "../../migration/manager.ts";
import type { PrecopyView } from "../../migration/policy.ts";
import { PollSampler } from "../../migration/poll-sampler.ts";
import { KUBEVIRT_PARAMETERS } from "./kubevirt-parameters.ts";
import { StallDetector } from "./kubevirt-stall-detector.ts";
import { type Management, type ManagementValues, POST_COPY_ON_COMMAND } from "./management.ts";

const NEVER = Number.POSITIVE_INFINITY;
const TIMED_OUT = "kubevirt-completion-timeout";
const STALLED = "kubevirt-stall";
/** pkg/util/migrations, QEMUMaxMigrationDowntimeMS and QEMUDefaultTargetDowntimeMS: QEMU's largest and its default limit. */
const LARGEST_DOWNTIME_SECONDS = 2000;
const DEFAULT_DOWNTIME_SECONDS = 0.3;

type KubevirtValues = ParameterValues<typeof KUBEVIRT_PARAMETERS>;

function timeOutName(seconds: number): string {
  return `KubeVirt's completion time-out of ${seconds} s`;
}

function timeOutAbort(seconds: number): string {
  return `KubeVirt aborted the migration: it had not completed within ${seconds} s.`;
}

/** Both compare whole seconds with >: done from the second after on. */
function firstPollPast(timeoutSeconds: number, pollSeconds: number): number {
  return timeoutSeconds === NEVER ? NEVER : firstPollFrom(timeoutSeconds + 1, pollSeconds);
}

/**
 * virtwrap's tuneDowntime: from the iteration on, and a cooldown after the last change, the limit rises by a step of whole
 * milliseconds, (most - initial) / steps rounded down. (The design, VEP 291, waits a cooldown from that iteration on first.)
 */
export function kubevirtNextDowntime(
  nowSeconds: number,
  { initialDowntimeSeconds, maxDowntimeSeconds, downtimeSteps }: RampSettings,
): number {
  const [nowMs, initialMs, mostMs] = [nowSeconds, initialDowntimeSeconds, maxDowntimeSeconds].map((seconds) =>
    Math.round(seconds * 1000),
  ) as [number, number, number];
  const stepMs = Math.max(1, Math.floor((mostMs - initialMs) / downtimeSteps));
  return Math.min(nowMs + stepMs, Math.max(mostMs, nowMs)) / 1000;
}

interface RampSettings {
  readonly initialDowntimeSeconds: number;
  readonly maxDowntimeSeconds: number;
  readonly downtimeSteps: number;
}

/** The monitor of virt-launcher, live-migration-source.go, without stall detection. */
class KubevirtManager implements Manager {
  private readonly values: KubevirtValues;
  private readonly sampler: PollSampler;
  private timeoutSeconds: number;
  private round = 0;
  private downtimeSeconds: number;
  private tunedSeconds = 0;
  /** The last look that saw less left than the one before. */
  private progressSeconds = 0;
  private paused = false;

  constructor(values: KubevirtValues, timeoutSeconds: number) {
    this.values = values;
    this.sampler = new PollSampler(values.pollSeconds);
    this.timeoutSeconds = timeoutSeconds;
    this.downtimeSeconds = values.initialDowntimeSeconds;
  }

  get firstLookSeconds(): number {
    return this.nextLook(0);
  }

  roundEnded(view: PrecopyView): number {
    const before = this.sampler.remainingBytes;
    const polledSeconds = this.sampler.pollSeconds;
    if (this.sampler.roundEnded(view)) {
      const looks = Math.round((this.sampler.pollSeconds - polledSeconds) / this.values.pollSeconds);
      const isLess = before === null || (this.sampler.remainingBytes as number) < before;
      // Two looks in one round see what is left go down.
      const roundStartSeconds = view.elapsedSeconds - view.roundSeconds;
      const twoInRound = looks > 1 && this.sampler.pollSeconds - this.values.pollSeconds >= roundStartSeconds;
      if (isLess || twoInRound) this.progressSeconds = this.sampler.pollSeconds;
    }
    this.round = view.round + 1;
    return this.nextLook(view.elapsedSeconds);
  }

  look({ elapsedSeconds, remainingBytes, round }: ManagerView, migration: ManagedMigration): number {
    this.round = round;
    const before = this.sampler.remainingBytes;
    if (before === null || remainingBytes < before) this.progressSeconds = elapsedSeconds;
    this.sampler.saw(elapsedSeconds, remainingBytes);
    if (elapsedSeconds >= this.nextRise(elapsedSeconds)) this.rise(elapsedSeconds, migration);
    if (elapsedSeconds >= firstPollPast(this.timeoutSeconds, this.values.pollSeconds)) this.timeOut(migration);
    else if (elapsedSeconds >= this.progressDeadline()) {
      const reason = `KubeVirt aborted the migration: nothing less was left for ${this.values.progressTimeoutSeconds} s.`;
      migration.abort("kubevirt-progress-timeout", reason);
    }
    return this.nextLook(elapsedSeconds);
  }

  private timeOut(migration: ManagedMigration): void {
    const { allowPostCopy, allowWorkloadDisruption } = this.values;
    const timeout = timeOutName(this.timeoutSeconds);
    if (!allowWorkloadDisruption || this.paused) {
      migration.abort(TIMED_OUT, timeOutAbort(this.timeoutSeconds));
    } else if (allowPostCopy) {
      this.timeoutSeconds = NEVER;
      migration.startPostCopy(TIMED_OUT, timeout);
    } else {
      // The pause gets as much time again, and no more.
      this.timeoutSeconds *= 2;
      this.paused = migration.pauseGuest(TIMED_OUT, timeout);
    }
  }

  private rise(elapsedSeconds: number, migration: ManagedMigration): void {
    this.downtimeSeconds = kubevirtNextDowntime(this.downtimeSeconds, this.values);
    this.tunedSeconds = elapsedSeconds;
    migration.changeLimits({ downtimeLimitSeconds: this.downtimeSeconds });
  }

  /** When the ramp may go on, at `nowSeconds` or after it. */
  private nextRise(nowSeconds: number): number {
    const { downtimeTuning, startAfterIteration, cooldownSeconds, pollSeconds } = this.values;
    if (!downtimeTuning || this.round < startAfterIteration) return NEVER;
    if (kubevirtNextDowntime(this.downtimeSeconds, this.values) <= this.downtimeSeconds) return NEVER;
    return firstPollFrom(Math.max(nowSeconds, this.tunedSeconds + cooldownSeconds), pollSeconds);
  }

  private progressDeadline(): number {
    const { progressTimeoutSeconds, pollSeconds } = this.values;
    if (progressTimeoutSeconds === 0) return NEVER;
    return firstPollPast(this.progressSeconds + progressTimeoutSeconds, pollSeconds);
  }

  private nextLook(nowSeconds: number): number {
    const timeOutSeconds = firstPollPast(this.timeoutSeconds, this.values.pollSeconds);
    return Math.min(timeOutSeconds, this.progressDeadline(), this.nextRise(nowSeconds));
  }
}

/** The monitor with stall detection: it decides as an iteration begins, and by the clock only past its deadlines. */
class StallManager implements Manager {
  private readonly values: KubevirtValues;
  private readonly detector: StallDetector;
  private timeoutSeconds: number;
  /** By then QEMU must have stopped the guest. */
  private switchoverDeadlineSeconds: number;
  private switching = false;
  private remainingBytes = 0;
  private isMoment = false;

  constructor(values: KubevirtValues, timeoutSeconds: number) {
    this.values = values;
    this.timeoutSeconds = timeoutSeconds;
    this.switchoverDeadlineSeconds = timeoutSeconds;
    this.detector = new StallDetector({
      windowSeconds: values.stallWindowSeconds,
      marginShare: values.stallMarginShare,
      patienceDecayShare: values.patienceDecayShare,
      smoothingShare: values.bandwidthSmoothingShare,
    });
  }

  get firstLookSeconds(): number {
    return this.nextDeadline();
  }

  roundEnded({ elapsedSeconds, roundSeconds, roundBytes, pendingBytes }: PrecopyView): number {
    const { pollSeconds } = this.values;
    const looks = Math.floor(elapsedSeconds / pollSeconds) - Math.floor((elapsedSeconds - roundSeconds) / pollSeconds);
    this.detector.sawBandwidth(roundBytes / roundSeconds, looks);
    this.remainingBytes = pendingBytes;
    this.isMoment = !this.switching && this.detector.isMomentToSwitch(elapsedSeconds, pendingBytes);
    return this.isMoment ? elapsedSeconds : this.nextDeadline();
  }

  look({ elapsedSeconds }: ManagerView, migration: ManagedMigration): number {
    if (this.isMoment) this.switchOver(elapsedSeconds, migration);
    this.isMoment = false;
    if (elapsedSeconds >= this.nextDeadline()) this.timeOut(elapsedSeconds, migration);
    return this.nextDeadline();
  }

  private switchOver(elapsedSeconds: number, migration: ManagedMigration): void {
    const { allowPostCopy, allowWorkloadDisruption, maxDowntimeSeconds, precopyExcessShare } = this.values;
    const downtimeSeconds = this.expectedDowntimeSeconds;
    if (!this.canFinish(elapsedSeconds)) return;
    this.switching = true;
    const near = `the least that a stalled migration leaves, ${downtimeSeconds.toFixed(2)} s`;
    if (allowWorkloadDisruption && allowPostCopy) migration.startPostCopy(STALLED, `KubeVirt near ${near}`);
    else if (allowWorkloadDisruption) this.raise(LARGEST_DOWNTIME_SECONDS, elapsedSeconds, migration);
    else if (downtimeSeconds <= maxDowntimeSeconds * (1 + precopyExcessShare)) {
      this.raise(maxDowntimeSeconds, elapsedSeconds, migration);
    } else
      migration.abort(STALLED, `KubeVirt aborted the migration: ${near}, is too long for ${maxDowntimeSeconds} s.`);
  }

  private timeOut(elapsedSeconds: number, migration: ManagedMigration): void {
    const { allowPostCopy, allowWorkloadDisruption } = this.values;
    if (!this.switching && this.canFinish(elapsedSeconds)) {
      if (allowPostCopy) {
        this.switching = true;
        migration.startPostCopy(TIMED_OUT, timeOutName(this.switchoverDeadlineSeconds));
        this.switchoverDeadlineSeconds = NEVER;
        return;
      }
      if (allowWorkloadDisruption) {
        this.switching = true;
        this.timeoutSeconds *= this.values.completionTimeoutFactor;
        this.raise(LARGEST_DOWNTIME_SECONDS, elapsedSeconds, migration);
        return;
      }
    }
    migration.abort(TIMED_OUT, timeOutAbort(this.switchoverDeadlineSeconds));
  }

  private raise(downtimeLimitSeconds: number, elapsedSeconds: number, migration: ManagedMigration): void {
    migration.changeLimits({ downtimeLimitSeconds });
    this.switchoverDeadlineSeconds = Math.floor(elapsedSeconds) + this.values.switchoverBudgetSeconds;
  }

  private get expectedDowntimeSeconds(): number {
    const { bandwidthBytesPerSecond } = this.detector;
    return bandwidthBytesPerSecond === 0 ? 0 : this.remainingBytes / bandwidthBytesPerSecond;
  }

  private canFinish(elapsedSeconds: number): boolean {
    if (this.detector.bandwidthBytesPerSecond === 0) return false;
    const latestSeconds = Math.floor(this.timeoutSeconds * this.values.completionTimeoutFactor);
    return this.expectedDowntimeSeconds <= latestSeconds - Math.floor(elapsedSeconds);
  }

  private nextDeadline(): number {
    return firstPollPast(this.switchoverDeadlineSeconds, this.values.pollSeconds);
  }
}

function inForce(values: ManagementValues): KubevirtValues {
  const resolved = resolveParameters(KUBEVIRT_PARAMETERS, values);
  const isSaid = "allowWorkloadDisruption" in values;
  return { ...resolved, allowWorkloadDisruption: isSaid ? resolved.allowWorkloadDisruption : resolved.allowPostCopy };
}

/** Where nothing tunes it, QEMU's own stays. */
function initialDowntime(values: KubevirtValues): Record<string, number> {
  const { stallDetection, downtimeTuning, maxDowntimeSeconds, initialDowntimeSeconds } = values;
  if (stallDetection) return { downtimeLimitSeconds: Math.min(maxDowntimeSeconds, DEFAULT_DOWNTIME_SECONDS) };
  return downtimeTuning ? { downtimeLimitSeconds: Math.min(initialDowntimeSeconds, maxDowntimeSeconds) } : {};
}

export const kubevirt: Management = {
  name: "kubevirt",
  title: "KubeVirt",
  parameters: KUBEVIRT_PARAMETERS,
  profileSettings(values) {
    const kubevirtValues = inForce(values);
    return {
      maxBandwidthBytesPerSecond: kubevirtValues.bandwidthBytesPerSecond,
      ...initialDowntime(kubevirtValues),
      ...(kubevirtValues.allowAutoConverge ? { autoConverge: true } : {}),
      ...(kubevirtValues.allowPostCopy ? POST_COPY_ON_COMMAND : {}),
    };
  },
  makeManager(values, guestMemoryBytes) {
    const kubevirtValues = inForce(values);
    const { completionTimeoutSeconds, stallDetection } = kubevirtValues;
    // getVMIMigrationDataSize: Quantity.ScaledValue(Giga), powers of ten, rounded up.
    const timeoutSeconds = completionTimeoutSeconds * Math.ceil(guestMemoryBytes / 1e9);
    const untilSeconds = timeoutSeconds === 0 ? NEVER : timeoutSeconds;
    return stallDetection
      ? new StallManager(kubevirtValues, untilSeconds)
      : new KubevirtManager(kubevirtValues, untilSeconds);
  },
};
