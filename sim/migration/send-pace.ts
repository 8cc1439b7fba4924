/** How fast a windowed sender gets pages out: its rate limit, what its processors push, and what the link takes. */
export interface SendPaceSettings {
  /** BUFFER_DELAY: 100 ms. */
  readonly windowSeconds: number;
  /** max-bandwidth; Infinity for none. */
  readonly maxBandwidthBytesPerSecond: number;
  /** What the sender can push while the guest runs, and while it stands still. */
  readonly copyBytesPerSecond: number;
  readonly finalCopyBytesPerSecond: number;
  /** What the link carries when nothing else uses it. */
  readonly linkBytesPerSecond: number;
}

export class SendPace {
  maxBandwidthBytesPerSecond: number;
  copyBytesPerSecond: number;
  finalCopyBytesPerSecond: number;
  /** What the flow gets. */
  rateBytesPerSecond = 0;
  /** At what rate the link empties the socket while pages are being sent. */
  drainBytesPerSecond = 0;
  private readonly settings: SendPaceSettings;

  constructor(settings: SendPaceSettings) {
    this.settings = settings;
    this.maxBandwidthBytesPerSecond = settings.maxBandwidthBytesPerSecond;
    this.copyBytesPerSecond = settings.copyBytesPerSecond;
    this.finalCopyBytesPerSecond = settings.finalCopyBytesPerSecond;
  }

  /**
   * A flow that gets all that max-bandwidth lets it use sends in bursts at the link's own rate, with pauses; one that gets
   * less is drained at what it gets.
   */
  setRate(bytesPerSecond: number): void {
    this.rateBytesPerSecond = bytesPerSecond;
    this.drainBytesPerSecond =
      bytesPerSecond >= this.maxBandwidthBytesPerSecond ? this.settings.linkBytesPerSecond : bytesPerSecond;
  }

  /** What the rate limit lets out in a window. */
  get quotaBytes(): number {
    return this.maxBandwidthBytesPerSecond * this.settings.windowSeconds;
  }

  /** Whether the sender finds its socket full. */
  get isBlocked(): boolean {
    return this.drainBytesPerSecond < this.copyBytesPerSecond;
  }

  /** Whether the link, not the quota nor the sender's own speed, decides how much a window holds. */
  get isLimitedByLink(): boolean {
    return this.isBlocked && this.drainBytesPerSecond * this.settings.windowSeconds < this.quotaBytes;
  }
}
