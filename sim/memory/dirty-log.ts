/**
 * What a hypervisor knows of a guest's dirty pages: which were written since tracking was last armed, and which still
 * wait to be sent. Two implementations, one law: `statistical-dirty-log.ts` counts, `bitmap-dirty-log.ts` keeps every
 * page.
 */

/** When tracking is armed again after the bitmap was read. */
export type Rearm =
  /** At the read itself, for all pages (QEMU under TCG, Xen, Hyper-V). */
  | { readonly kind: "at-sync" }
  /**
   * Chunk by chunk, as the scan sends the chunk's first page (KVM with manual dirty-log protection: 2^18 pages, 1 GiB;
   * QEMU 7.2 migration/ram.c, clear_bitmap_shift 18). Pages found dirty at the read and written again before their
   * chunk is armed are not dirty again.
   */
  | { readonly kind: "by-chunk"; readonly chunkPages: number };

/** Pages that the scan meets next, all of one kind, without a gap of the other kind between them. */
export interface Stretch {
  /** Waiting pages in the stretch. */
  pages: number;
  /** Whether they are zero pages. */
  zero: boolean;
}

/** Waiting pages in batches: how many go out between two peeks at the log, and how long that takes. */
export interface Batches {
  readonly pages: number;
  readonly seconds: number;
}

/** Waiting pages that the scan has passed, peeking. */
export interface PeekedPass {
  /** Pages to be sent, zero pages among them. */
  pages: number;
  zeroPages: number;
  /** Pages that were written again and are left for the next round. */
  skippedPages: number;
}

export interface DirtyLog {
  /** Pages that wait to be sent. */
  readonly pendingPages: number;
  /** Of those, zero pages. */
  readonly pendingZeroPages: number;

  /** Every page waits, tracking is armed at `atSeconds`, the scan stands at page 0. */
  begin(atSeconds: number): void;

  /**
   * Reads the log at `atSeconds`: pages written since their tracking was armed join those that wait; tracking is armed
   * again. Returns how many were added (pages that waited already do not count).
   */
  sync(atSeconds: number): number;

  /** Fills `stretch` with what the scan meets next, in circular address order from where it stands; 0 pages if none waits. */
  nextStretch(stretch: Stretch): void;

  /**
   * The scan passes the next `pages` waiting pages of the present stretch (no more than it holds): they no longer wait.
   * The first goes out at `fromSeconds`, the last at `toSeconds`, the others evenly between.
   */
  send(pages: number, fromSeconds: number, toSeconds: number): void;

  /** Whether `send` may be called later than when that is, the guest having gone on to write meanwhile; absent where not. */
  readonly takesLateSends?: boolean;

  /** Where the scan stands: waiting pages from there on are met first. Where the log keeps counts, close to it. */
  readonly scanPage: number;

  /** Pages that wait in a range of addresses: exactly, or as an expectation where the log keeps counts. */
  waitingIn(firstPage: number, pages: number): number;

  /**
   * From now on pages go in units of so many, aligned: where one of a unit waits, all of it does. Returns how many pages
   * joined those that wait. Called at most once, the guest standing still and the log not read again (post-copy).
   */
  widen(unitPages: number): number;

  /**
   * Old Xen: the scan passes waiting pages in batches, and before each the log is peeked at. Pages that were written since
   * tracking was armed do not count for the batch and are passed over; the next read finds them. The first batch is peeked at
   * `atSeconds`. Passes at least one batch, or all that waits, and more where the log can tell of several at once, and fills
   * `passed`. Only where tracking is armed at the read, and everything that waits is passed before the next one.
   */
  passPeeking(batches: Batches, atSeconds: number, passed: PeekedPass): void;
}
