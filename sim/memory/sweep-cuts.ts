/** Cuts that keep what a sweep has written apart from what it has not. */
import type { Arming } from "./arming.ts";
import type { Region } from "./region.ts";
import type { SegmentList } from "./segment-list.ts";
import type { WriteActivity } from "./write-activity.ts";

/**
 * Cuts the region's segments where the range begins or ends that a sweep wrote since tracking was armed, of either the pages
 * that waited or those that did not, if that is beyond `beyondPage`.
 */
export function cutAtSweeps(
  list: SegmentList,
  region: Region,
  activity: WriteActivity,
  arming: Arming,
  atSeconds: number,
  beyondPage: number,
): void {
  const { readSeconds } = arming;
  const armedSeconds = arming.sinceSeconds(region);
  for (const index of region.sweeps) {
    const { firstPage, pages } = activity.classes[index] as { firstPage: number; pages: number };
    const head = activity.sweptPages(index, atSeconds);
    list.cutAt(region, firstPage + (head % pages), beyondPage);
    for (const since of armedSeconds === readSeconds ? [readSeconds] : [readSeconds, armedSeconds]) {
      const from = activity.sweptPages(index, since);
      if (head - from < pages) list.cutAt(region, firstPage + (from % pages), beyondPage);
    }
  }
}
