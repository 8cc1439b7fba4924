/** What a guest dirties, as an expectation over all its page classes: for controls that measure it while it runs. */
import { expm1 } from "../kernel/exact-math.ts";
import type { PageClass } from "./page-class.ts";
import type { WriteActivity } from "./write-activity.ts";

/** Halvings of an interval that exhaust a double's bits. */
const HALVINGS = 60;

/** Writes of all classes in (fromSeconds, toSeconds]. */
export function writesBetween(activity: WriteActivity, fromSeconds: number, toSeconds: number): number {
  let writes = 0;
  for (let index = 0; index < activity.classes.length; index++) {
    writes += activity.writesBetween(index, fromSeconds, toSeconds);
  }
  return writes;
}

/** Writes a second at `atSeconds`, were the guest not held back. */
export function fullWritesPerSecond(activity: WriteActivity, atSeconds: number): number {
  let writes = 0;
  for (const pageClass of activity.classes) if (isActive(pageClass, atSeconds)) writes += pageClass.writesPerSecond;
  return writes;
}

/**
 * How long the guest as it is at `atSeconds`, not held back, takes to write to `pages` different pages; Infinity where it
 * never does. Classes that overlap count as if they did not.
 */
export function secondsToDirty(activity: WriteActivity, pages: number, atSeconds: number): number {
  const active = activity.classes.filter((pageClass) => isActive(pageClass, atSeconds));
  const within = (seconds: number) => {
    let dirtied = 0;
    for (const pageClass of active) dirtied += pagesDirtied(pageClass, seconds);
    return dirtied;
  };
  let all = 0;
  for (const pageClass of active) if (pageClass.writesPerSecond > 0) all += pageClass.pages;
  if (all <= pages) return Number.POSITIVE_INFINITY;
  let longEnough = 1e-6;
  while (within(longEnough) < pages) longEnough *= 2;
  let tooShort = longEnough / 2;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (tooShort + longEnough) / 2;
    if (within(middle) < pages) tooShort = middle;
    else longEnough = middle;
  }
  return longEnough;
}

function pagesDirtied({ pattern, pages, writesPerSecond }: PageClass, seconds: number): number {
  const writes = writesPerSecond * seconds;
  return pattern === "sweep" ? Math.min(pages, writes) : -pages * expm1(-writes / pages);
}

function isActive({ startSeconds, endSeconds }: PageClass, atSeconds: number): boolean {
  return startSeconds <= atSeconds && atSeconds < endSeconds;
}
