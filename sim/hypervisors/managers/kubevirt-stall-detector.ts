/**
 * KubeVirt's stall detection (VEP 248; pkg/virt-launcher/virtwrap): iteration by iteration it compares what is left with the
 * least of it before a window. Without progress it waits for a value near the least so far, and for less and less of one.
 */
import { power } from "../../kernel/exact-math.ts";

export interface StallDetectorSettings {
  readonly windowSeconds: number;
  readonly marginShare: number;
  readonly patienceDecayShare: number;
  readonly smoothingShare: number;
}

interface Iteration {
  readonly elapsedSeconds: number;
  readonly remainingBytes: number;
}

export class StallDetector {
  /** Smoothed; 0 before the first look. */
  bandwidthBytesPerSecond = 0;
  private readonly settings: StallDetectorSettings;
  /** Falling values within the window, oldest first. */
  private readonly candidates: Iteration[] = [];
  /** The least before the window; null as long as there is none. */
  private leastBeforeBytes: number | null = null;
  private stalled = false;
  private bestBytes = 0;
  /** What was left since the stall, ascending. */
  private readonly history: number[] = [];
  private patienceSeconds = 0;
  private deadlineSeconds = 0;

  constructor(settings: StallDetectorSettings) {
    this.settings = settings;
  }

  /** So many looks saw this bandwidth. */
  sawBandwidth(bytesPerSecond: number, looks: number): void {
    if (looks === 0) return;
    if (this.bandwidthBytesPerSecond === 0) this.bandwidthBytesPerSecond = bytesPerSecond;
    const kept = power(1 - this.settings.smoothingShare, looks);
    this.bandwidthBytesPerSecond = bytesPerSecond + kept * (this.bandwidthBytesPerSecond - bytesPerSecond);
  }

  /** An iteration begins with so much left: whether the migration has stalled and is now near its least. */
  isMomentToSwitch(elapsedSeconds: number, remainingBytes: number): boolean {
    if (this.bandwidthBytesPerSecond === 0) return false;
    this.keep({ elapsedSeconds, remainingBytes });
    if (this.stalled) this.relax(elapsedSeconds, remainingBytes);
    else if (this.makesNoProgress(remainingBytes)) this.beginStall(elapsedSeconds);
    if (!this.stalled) return false;
    return remainingBytes <= Math.floor(this.bestBytes * (1 + this.settings.marginShare));
  }

  private keep(iteration: Iteration): void {
    const { candidates } = this;
    while (candidates.length > 0) {
      const [oldest] = candidates as [Iteration];
      if (iteration.elapsedSeconds - oldest.elapsedSeconds < this.settings.windowSeconds) break;
      candidates.shift();
      this.leastBeforeBytes = Math.min(this.leastBeforeBytes ?? oldest.remainingBytes, oldest.remainingBytes);
    }
    if (this.leastBeforeBytes !== null && iteration.remainingBytes > this.leastBeforeBytes) return;
    const newest = candidates.at(-1);
    if (newest === undefined || iteration.remainingBytes < newest.remainingBytes) candidates.push(iteration);
  }

  private makesNoProgress(remainingBytes: number): boolean {
    if (this.leastBeforeBytes === null) return false;
    return remainingBytes >= Math.floor(this.leastBeforeBytes * (1 - this.settings.marginShare));
  }

  private beginStall(elapsedSeconds: number): void {
    this.stalled = true;
    // Candidates fall: the newest is the least of them.
    const least = this.leastBeforeBytes as number;
    this.bestBytes = Math.min(least, this.candidates.at(-1)?.remainingBytes ?? least);
    this.patienceSeconds = this.settings.windowSeconds;
    this.deadlineSeconds = elapsedSeconds + this.patienceSeconds;
  }

  /** The least since the stall will do, one after the other. */
  private relax(elapsedSeconds: number, remainingBytes: number): void {
    let [low, high] = [0, this.history.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.history[middle] as number) < remainingBytes) low = middle + 1;
      else high = middle;
    }
    this.history.splice(low, 0, remainingBytes);
    if (elapsedSeconds < this.deadlineSeconds) return;
    this.bestBytes = this.history.shift() as number;
    this.patienceSeconds *= this.settings.patienceDecayShare;
    this.deadlineSeconds = elapsedSeconds + this.patienceSeconds;
  }
}
