/** Pages that are written in one way. */

/** A page, everywhere: what x86 hypervisors track and send. */
export const PAGE_BYTES = 4096;

export interface PageClass {
  readonly name: string;
  /** First page, counted from page 0 of the guest. */
  readonly firstPage: number;
  readonly pages: number;
  /** Writes a second over the whole class while it is active and the guest has the whole of its processor. */
  readonly writesPerSecond: number;
  /** `uniform`: each write hits a random page of the class (every page Poisson); `sweep`: page after page, cyclic. */
  readonly pattern: "uniform" | "sweep";
  /** The class writes from `startSeconds` (it may lie before time 0) until `endSeconds` (Infinity: for ever). */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** How far the guest's processor share slows it: 1 in proportion, 0 not at all. */
  readonly cpuBoundShare: number;
  /** 32-bit words that one write changes, one in each 64 bytes of the page: 1 to 64. */
  readonly wordsPerWrite: number;
}

/** A guest's memory: so many pages, the top `zeroPages` of them zero and never written. */
export interface GuestMemory {
  readonly totalPages: number;
  /** Zero pages; they lie above everything else. */
  readonly zeroPages: number;
  /** Share of its size to which a page that is not zero compresses, above 0 to 1. */
  readonly compressedShare: number;
  /** Classes may overlap; none reaches into the zero pages. */
  readonly classes: readonly PageClass[];
}
