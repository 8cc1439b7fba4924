/** Which pages of a region are written in an interval: by its uniform classes with some probability, by sweeps for certain. */
import { exp, expm1 } from "../kernel/exact-math.ts";
import type { Region } from "./region.ts";
import type { WriteActivity } from "./write-activity.ts";

/** Expected writes of the uniform classes to a page of the region: classes that overlap add theirs. */
export function hazardOf(activity: WriteActivity, region: Region, fromSeconds: number, toSeconds: number): number {
  let hazard = 0;
  for (const index of region.uniform) hazard += activity.hazardBetween(index, fromSeconds, toSeconds);
  return hazard;
}

/** Probability that the uniform classes wrote a page of the region in the interval. */
export function writtenProbability(
  activity: WriteActivity,
  region: Region,
  fromSeconds: number,
  toSeconds: number,
): number {
  const hazard = hazardOf(activity, region, fromSeconds, toSeconds);
  return hazard === 0 ? 0 : -expm1(-hazard);
}

/**
 * The same for pages whose tracking was armed one after the other, evenly from `firstSeconds` to `lastSeconds`. The hazard is
 * taken as linear over either half of that time, which it is but where a phase begins or ends.
 */
export function meanWrittenProbability(
  activity: WriteActivity,
  region: Region,
  firstSeconds: number,
  lastSeconds: number,
  toSeconds: number,
): number {
  const first = hazardOf(activity, region, firstSeconds, toSeconds);
  const middle = hazardOf(activity, region, (firstSeconds + lastSeconds) / 2, toSeconds);
  const last = hazardOf(activity, region, lastSeconds, toSeconds);
  return 1 - (meanSurvival(first, middle) + meanSurvival(middle, last)) / 2;
}

/** Mean of exp(-hazard) over a hazard that falls evenly from `most` to `least`. */
function meanSurvival(most: number, least: number): number {
  const fall = most - least;
  return fall < 1e-9 ? exp(-least) : (exp(-least) * -expm1(-fall)) / fall;
}

/** Whether a sweep of the region wrote `page` in the interval. Segments are cut so that one page answers for all. */
export function isSwept(
  activity: WriteActivity,
  region: Region,
  page: number,
  fromSeconds: number,
  toSeconds: number,
): boolean {
  for (const index of region.sweeps) {
    const { firstPage, pages } = activity.classes[index] as { firstPage: number; pages: number };
    const from = activity.sweptPages(index, fromSeconds);
    const written = activity.sweptPages(index, toSeconds) - from;
    if (written >= pages) return true;
    const ahead = (page - firstPage - (from % pages) + pages) % pages;
    if (ahead < written) return true;
  }
  return false;
}
