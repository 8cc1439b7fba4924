/** Address ranges within which every page is written by the same classes and tracked by the same chunk. */
import type { GuestMemory } from "./page-class.ts";

export interface Region {
  readonly firstPage: number;
  readonly pages: number;
  readonly zero: boolean;
  /** Indices of the uniform classes that write here. */
  readonly uniform: readonly number[];
  /** Indices of the sweeping classes that write here. */
  readonly sweeps: readonly number[];
  /** The group of tracking chunks it lies in. */
  readonly group: number;
}

/** A guest's regions are the same in every run of its scenario. */
const known = new WeakMap<GuestMemory, { groupPages: number; regions: readonly Region[] }>();

/** The guest's memory cut at the bounds of its classes, of its zero pages and of every `groupPages` pages. */
export function regionsOf(memory: GuestMemory, groupPages: number): readonly Region[] {
  const before = known.get(memory);
  if (before !== undefined && before.groupPages === groupPages) return before.regions;
  const regions = cutRegions(memory, groupPages);
  known.set(memory, { groupPages, regions });
  return regions;
}

function cutRegions(memory: GuestMemory, groupPages: number): Region[] {
  const bounds = new Set<number>([0, memory.totalPages, memory.totalPages - memory.zeroPages]);
  for (const { firstPage, pages } of memory.classes) bounds.add(firstPage).add(firstPage + pages);
  for (let page = groupPages; page < memory.totalPages; page += groupPages) bounds.add(page);
  const edges = [...bounds].sort((a, b) => a - b);

  const regions: Region[] = [];
  for (let edge = 1; edge < edges.length; edge++) {
    const firstPage = edges[edge - 1] as number;
    const pages = (edges[edge] as number) - firstPage;
    const uniform: number[] = [];
    const sweeps: number[] = [];
    memory.classes.forEach((pageClass, index) => {
      if (pageClass.firstPage > firstPage || firstPage >= pageClass.firstPage + pageClass.pages) return;
      (pageClass.pattern === "sweep" ? sweeps : uniform).push(index);
    });
    const zero = firstPage >= memory.totalPages - memory.zeroPages;
    regions.push({ firstPage, pages, zero, uniform, sweeps, group: Math.floor(firstPage / groupPages) });
  }
  return regions;
}
