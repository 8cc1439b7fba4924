/** Since when writes to a page are seen: since the log was read, or since the scan entered the page's chunk after that. */
import type { Rearm } from "./dirty-log.ts";
import type { Region } from "./region.ts";
import type { Segment } from "./segment.ts";

export class Arming {
  readonly byChunk: boolean;
  /** When the log was read: pages that did not wait then are tracked since. */
  readSeconds = 0;

  private readonly chunkPages: number;
  /** When the scan entered a group since the log was last read; NaN where it has not. */
  private readonly groupEnteredSeconds: Float64Array;
  private readonly groupLeftSeconds: Float64Array;

  /** @param groups of regions that are armed together: see Region. */
  constructor(rearm: Rearm, groups: number, totalPages: number) {
    this.byChunk = rearm.kind === "by-chunk";
    this.chunkPages = rearm.kind === "by-chunk" ? rearm.chunkPages : totalPages;
    this.groupEnteredSeconds = new Float64Array(groups).fill(Number.NaN);
    this.groupLeftSeconds = new Float64Array(groups);
  }

  /** The log is read. */
  read(atSeconds: number): void {
    this.readSeconds = atSeconds;
    if (this.byChunk) this.groupEnteredSeconds.fill(Number.NaN);
  }

  /** The scan sends pages of the segment from `fromSeconds` to `toSeconds`. Only asked where chunks are armed one by one. */
  enter(segment: Segment, fromSeconds: number, toSeconds: number): void {
    const { group } = segment.region;
    if (Number.isNaN(this.groupEnteredSeconds[group])) this.groupEnteredSeconds[group] = fromSeconds;
    this.groupLeftSeconds[group] = toSeconds;
    if (segment.sent === 0) segment.enteredSeconds = fromSeconds;
    segment.leftSeconds = toSeconds;
  }

  /** When tracking of the pages that waited in the region was last armed; on average, where its chunks were one by one. */
  sinceSeconds(region: Region): number {
    if (!this.byChunk) return this.readSeconds;
    const entered = this.groupEnteredSeconds[region.group] as number;
    if (Number.isNaN(entered)) return this.readSeconds;
    return region.spread ? (entered + (this.groupLeftSeconds[region.group] as number)) / 2 : entered;
  }

  /** From the arming of the segment's first chunk to that of its last: a chunk is armed as it is entered, not as it is left. */
  durationSeconds({ enteredSeconds, leftSeconds, pages }: Segment): number {
    return (leftSeconds - enteredSeconds) * Math.max(0, 1 - this.chunkPages / pages);
  }
}
