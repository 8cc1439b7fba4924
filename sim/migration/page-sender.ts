/** How waiting pages get onto the wire: the mechanism under the rounds. */

/** What a page costs on the wire. */
export interface WireFormat {
  /** A page sent whole, its header included. */
  readonly pageBytes: number;
  /** A page found to be zero; equal to `pageBytes` where zero pages are not detected. */
  readonly zeroPageBytes: number;
  /** Written once at the end of each section of pages. */
  readonly sectionBytes: number;
}

/** How long the last copy takes, the guest standing still. */
export interface FinalCopy {
  /** Until the last byte is accepted by the sender's socket: all that the source sees. */
  readonly writtenSeconds: number;
  /** Until the last byte is at the target. */
  readonly arrivedSeconds: number;
  readonly bytes: number;
}

/** Everything sent since the migration began. */
export interface SentTotals {
  pages: number;
  zeroPages: number;
  bytes: number;
  /** Pages passed over because they were dirty again; absent where the sender passes over none. */
  skippedPages?: number;
}

/** What may be changed while a migration is under way; what is absent stays as it is. */
export interface LimitChanges {
  readonly maxBandwidthBytesPerSecond?: number;
  readonly downtimeLimitSeconds?: number;
}

/** What holds for pages that follow their guest. */
export interface PostCopyLimits {
  /** Infinity for none. */
  readonly maxBandwidthBytesPerSecond: number;
  /** What sender and target can do together. */
  readonly placingBytesPerSecond: number;
}

export interface PageSender {
  readonly totals: SentTotals;

  /** The most that it takes of the link while the guest runs, bytes per second; Infinity for no limit. */
  readonly capBytesPerSecond: number;

  /** The most that it takes for the last copy, where that depends on the link; absent: PrecopySetup's. */
  readonly finalCapBytesPerSecond?: number;

  /** New limits hold from now on; called after `settle`. False where the hypervisor has no such limits. */
  changeLimits(changes: LimitChanges): boolean;

  /** Starts to send at `atSeconds`. */
  begin(atSeconds: number): void;

  /**
   * Sends until there is something to decide, and returns when that is. Nothing more has been decided about pages that
   * go out after that moment.
   */
  advance(nowSeconds: number): number;

  /**
   * The clock stands at `nowSeconds`: at the moment that `advance` returned, or before it, where something else
   * happened in between (the link's rate changed, the migration is cancelled). Books what has gone out by now.
   */
  settle(nowSeconds: number): void;

  /** The rate that the link gives from now on; called after `settle`. */
  setRate(bytesPerSecond: number): void;

  /** The connection goes on after it stood still since `settle` was last called; absent where that leaves nothing to set right. */
  goOnAfterHold?(nowSeconds: number): void;

  /**
   * Whether what it does until the moment that `advance` returned is settled, whatever rate the link gives meanwhile: then
   * that counts from that moment on only. Absent where it never is.
   */
  readonly isCommitted?: boolean;

  /**
   * Until when the round surely does not end, nor anything else need be decided, while the link gives no more than that: its
   * turns can then be taken later. Now where it cannot tell, and where they cannot; absent where they never can.
   */
  undecidedUntilSeconds?(nowSeconds: number, mostBytesPerSecond: number): number;

  /** Whether the round ends here, with a read of the dirty bitmap. Asked after `settle`. */
  roundIsOver(): boolean;

  /** Bytes that may wait for the guest to be stopped now; null where the hypervisor has no such rule. */
  readonly thresholdBytes: number | null;

  /** Sends all that waits, without regard to rate limits; the guest stands still. */
  finalCopy(nowSeconds: number): FinalCopy;

  /** Pages go out for a guest that has gone ahead of them; called after `settle`. Absent where there is no such thing. */
  enterPostCopy?(nowSeconds: number, limits: PostCopyLimits): void;

  /** Bytes that were written and are not at the target yet; absent where nothing is queued. */
  queuedBytes?(nowSeconds: number): number;
}
