/**
 * A guest's memory by groups of neighbouring pages, at a time. The trace counts pages and does not say which; the map is the
 * expectation given its counts: pages go out in the order of their addresses, and those that are dirtied fall to groups as the
 * scenario's page classes touch them, scaled so that the groups add up to the trace's own number.
 */
import type { ScenarioPageClass } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";
import type { MigrationTimeline } from "./migration-timeline.ts";
import { type Round, roundProgress } from "./rounds.ts";
import { growthOf, type MigrationState } from "./state-at.ts";

/** Groups of a map at most. */
const MOST_GROUPS = 1024;
/** A group of which so great a share was dirtied in a round, and in the one before, is hot. */
const HOT_SHARE = 0.5;

export type GroupKind = "zero" | "waiting" | "dirtied" | "hot" | "clean";

export class MemoryMap {
  readonly groups: number;
  readonly pagesAGroup: number;
  private readonly migration: MigrationTimeline;
  private readonly usedPages: number;
  /** Pages of each group: the last may be shorter. */
  private readonly capacities: Float64Array;
  /** Pages that wait in each group as a round starts; filled as rounds are looked at. */
  private readonly pendingAtStart: Float64Array[] = [];
  private readonly dirtiedInRound: Float64Array[] = [];

  constructor(migration: MigrationTimeline) {
    this.migration = migration;
    this.pagesAGroup = Math.max(1, Math.ceil(migration.memoryPages / MOST_GROUPS));
    this.groups = Math.ceil(migration.memoryPages / this.pagesAGroup);
    this.usedPages = Math.round(migration.usedBytes / PAGE_BYTES);
    this.capacities = new Float64Array(this.groups).map((_, group) =>
      Math.min(this.pagesAGroup, migration.memoryPages - group * this.pagesAGroup),
    );
  }

  /** Pages of each group that are known to be dirty and not sent yet. */
  waiting(state: MigrationState): Float64Array {
    const place = this.placeOf(state.round);
    if (place < 0) return this.capacities.slice();
    if (state.dirtyPages === 0) return new Float64Array(this.groups);
    return remaining(this.pendingAt(place), state.pendingPages);
  }

  /** Pages of each group that were dirtied in the present round. */
  dirtied(state: MigrationState): Float64Array {
    const place = this.placeOf(state.round);
    if (place < 0 || state.round === null || state.newlyDirtyPages <= 0) return new Float64Array(this.groups);
    return this.dirtiedIn(state.round, state.t, state.newlyDirtyPages);
  }

  /** What each group is to the eye. */
  kinds(state: MigrationState): GroupKind[] {
    const waiting = this.waiting(state);
    const dirtied = this.dirtied(state);
    const place = this.placeOf(state.round);
    const before = place > 0 ? this.wholeDirtied(place - 1) : null;
    return Array.from(waiting, (pages, group): GroupKind => {
      const now = (dirtied[group] as number) + (state.newlyDirtyPages > 0 ? 0 : pages);
      const hot = this.pagesAGroup * HOT_SHARE;
      if (before !== null && (before[group] as number) >= hot && now >= hot) return "hot";
      if (pages > 0) return group * this.pagesAGroup >= this.usedPages ? "zero" : "waiting";
      return (dirtied[group] as number) > 0 ? "dirtied" : "clean";
    });
  }

  private placeOf(round: Round | null): number {
    return round === null ? -1 : this.migration.rounds.indexOf(round);
  }

  private pendingAt(place: number): Float64Array {
    for (let k = this.pendingAtStart.length; k <= place; k += 1) {
      const { pendingPages } = this.migration.rounds[k] as Round;
      if (k === 0) this.pendingAtStart.push(shareOut(this.capacities, this.capacities, pendingPages));
      else {
        const past = this.migration.rounds[k - 1] as Round;
        const left = remaining(this.pendingAtStart[k - 1] as Float64Array, past.unsentPages);
        const sum = this.wholeDirtied(k - 1).map((pages, group) => pages + (left[group] as number));
        this.pendingAtStart.push(shareOut(sum, this.capacities, pendingPages));
      }
    }
    return this.pendingAtStart[place] as Float64Array;
  }

  private wholeDirtied(place: number): Float64Array {
    const known = this.dirtiedInRound[place];
    if (known !== undefined) return known;
    const round = this.migration.rounds[place] as Round;
    const made = this.dirtiedIn(round, round.endSeconds, round.newlyDirtyPages);
    this.dirtiedInRound[place] = made;
    return made;
  }

  private dirtiedIn(round: Round, t: number, pages: number): Float64Array {
    const weights = new Float64Array(this.groups);
    for (const each of this.migration.classes) this.addTouched(weights, each, round.startSeconds, t);
    // Sent meanwhile: a page that still waits is not dirty once more.
    const place = this.placeOf(round);
    const pending = this.pendingAt(place);
    const progress = roundProgress(round, t, growthOf(this.migration, round));
    const left = remaining(pending, progress.pendingPages);
    const room = this.capacities.map((capacity, group) => capacity - (left[group] as number));
    return shareOut(weights, room, pages);
  }

  /** Adds the pages of a class that are expected to be written between two times, to the groups where they lie. */
  private addTouched(weights: Float64Array, pages: ScenarioPageClass, startSeconds: number, endSeconds: number): void {
    const from = Math.max(startSeconds, pages.startSeconds);
    const to = Math.min(endSeconds, pages.endSeconds ?? endSeconds);
    if (to <= from || pages.pages === 0) return;
    const writes = pages.writesPerSecond * (to - from);
    if (pages.pattern === "sweep") {
      const head = (pages.writesPerSecond * (from - pages.startSeconds)) % pages.pages;
      const swept = Math.min(writes, pages.pages);
      const first = Math.min(swept, pages.pages - head);
      this.addRange(weights, pages.firstPage + head, first, 1);
      this.addRange(weights, pages.firstPage, swept - first, 1);
    } else this.addRange(weights, pages.firstPage, pages.pages, -Math.expm1(-writes / pages.pages));
  }

  private addRange(weights: Float64Array, firstPage: number, pages: number, share: number): void {
    const end = firstPage + pages;
    for (let group = Math.floor(firstPage / this.pagesAGroup); group < this.groups; group += 1) {
      const start = group * this.pagesAGroup;
      if (start >= end) return;
      const overlap = Math.min(end, start + this.pagesAGroup) - Math.max(firstPage, start);
      weights[group] = (weights[group] as number) + Math.max(0, overlap) * share;
    }
  }
}

/** What is left of pages that go out in order until so many are left. */
function remaining(pending: Float64Array, left: number): Float64Array {
  let gone = pending.reduce((sum, pages) => sum + pages, 0) - left;
  return pending.map((pages) => {
    const sent = Math.min(pages, Math.max(0, gone));
    gone -= sent;
    return pages - sent;
  });
}

/**
 * Whole pages for each group: about in proportion to the weights, at most what a group has room for, and as many in all as
 * `count` says, rounded. Each group rounds at a place of its own, so that a growing count adds pages and moves none.
 */
export function shareOut(weights: Float64Array, room: Float64Array, count: number): Float64Array {
  const wanted = Math.round(count);
  const most = room.map(Math.floor);
  const given = (scale: number, group: number): number => {
    const weight = weights[group] as number;
    return weight > 0
      ? Math.min(most[group] as number, Math.floor(weight * scale + ((group * 0.6180339887498949) % 1)))
      : 0;
  };
  const total = (scale: number): number => {
    let sum = 0;
    for (let group = 0; group < weights.length; group += 1) sum += given(scale, group);
    return sum;
  };
  let low = 0;
  let high = 1;
  let reached = total(high);
  while (reached < wanted && high < 1e12) {
    high *= 2;
    reached = total(high);
  }
  // No group shrinks with a larger scale: all scales that reach the very count give the same pages.
  for (let step = 0; step < 60 && high - low > high * 1e-12 && reached !== wanted; step += 1) {
    const middle = (low + high) / 2;
    const sum = total(middle);
    if (sum < wanted) low = middle;
    else {
      high = middle;
      reached = sum;
    }
  }
  const pages = weights.map((_, group) => given(high, group));
  trim(pages, room, wanted - reached);
  return pages;
}

/** Takes away, or adds where there is room, what rounding and full groups left over. */
function trim(pages: Float64Array, room: Float64Array, difference: number): void {
  let left = difference;
  for (let group = pages.length - 1; group >= 0 && left < 0; group -= 1) {
    const taken = Math.min(pages[group] as number, -left);
    pages[group] = (pages[group] as number) - taken;
    left += taken;
  }
  for (let group = 0; group < pages.length && left > 0; group += 1) {
    const added = Math.max(0, Math.min(Math.floor((room[group] as number) - (pages[group] as number)), left));
    pages[group] = (pages[group] as number) + added;
    left -= added;
  }
}
