/** How a guest's processor goes while it is held back: the time for which it writes, as a function of time. */

/** How a guest is held back. */
export interface HeldBack {
  /** Share of its processor time that it is denied, 0 to 1. */
  readonly deniedShare: number;
  /**
   * It runs so long between two sleeps, which take the denied share; 0 where the sleeps are so short and many that the
   * processor is only slower.
   */
  readonly runSeconds: number;
  /** Once it wakes, it makes up at once what it would have written in so much of its sleep; the rest is lost. */
  readonly catchUpSeconds: number;
}

/** From `sinceSeconds` on, the first sleep first. Times in seconds; what is written counts as time at full speed. */
export class ProcessorPace {
  readonly sinceSeconds: number;
  private readonly writtenBefore: number;
  private readonly share: number;
  private readonly runSeconds: number;
  private readonly sleepSeconds: number;
  private readonly madeUpSeconds: number;

  /** `writtenBefore`: what was written by `sinceSeconds`. */
  constructor(sinceSeconds: number, writtenBefore: number, heldBack: HeldBack) {
    const { deniedShare, runSeconds, catchUpSeconds } = heldBack;
    this.sinceSeconds = sinceSeconds;
    this.writtenBefore = writtenBefore;
    this.share = 1 - deniedShare;
    const cycles = runSeconds > 0 && deniedShare > 0 && deniedShare < 1;
    this.runSeconds = cycles ? runSeconds : 0;
    this.sleepSeconds = cycles ? (runSeconds * deniedShare) / (1 - deniedShare) : 0;
    this.madeUpSeconds = Math.min(catchUpSeconds, this.sleepSeconds);
  }

  /** Time's worth of writing by `atSeconds`, not before the pace began. */
  writtenSeconds(atSeconds: number): number {
    const seconds = atSeconds - this.sinceSeconds;
    const { sleepSeconds, runSeconds, madeUpSeconds } = this;
    if (sleepSeconds === 0) return this.writtenBefore + seconds * this.share;
    const cycleSeconds = sleepSeconds + runSeconds;
    const cycles = Math.floor(seconds / cycleSeconds);
    const awakeSeconds = seconds - cycles * cycleSeconds - sleepSeconds;
    const written = cycles * (runSeconds + madeUpSeconds) + (awakeSeconds > 0 ? awakeSeconds + madeUpSeconds : 0);
    return this.writtenBefore + written;
  }
}
