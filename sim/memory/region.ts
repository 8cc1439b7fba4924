/** Address ranges within which every page is written by the same classes and tracked in the same way. */
import type { Rearm } from "./dirty-log.ts";
import type { GuestMemory, PageClass } from "./page-class.ts";

export interface Region {
  readonly firstPage: number;
  readonly pages: number;
  readonly zero: boolean;
  /** Indices of the uniform classes that write here. */
  readonly uniform: readonly number[];
  /** Indices of the sweeping classes that write here. */
  readonly sweeps: readonly number[];
  /** Regions of one group are armed together: they lie in the same chunk. */
  readonly group: number;
  /** It spans several chunks, which are armed one after the other while the scan passes it. */
  readonly spread: boolean;
}

export interface Regions {
  readonly regions: readonly Region[];
  readonly groups: number;
}

/** Guests of no more chunks than this (KVM: 32 GiB) are cut at every chunk, larger ones only where classes begin and end. */
const MOST_EXACT_CHUNKS = 32;
/** Into so many parts a region of a larger guest is cut where a sweep writes it. */
const MOST_SWEPT_PARTS = 64;

/** A guest's regions are the same in every run of its scenario. */
const known = new WeakMap<GuestMemory, { chunkPages: number; cut: Regions }>();

/** The guest's memory cut at the bounds of its classes, of its zero pages and of its tracking chunks. */
export function regionsOf(memory: GuestMemory, rearm: Rearm): Regions {
  const chunkPages = rearm.kind === "by-chunk" ? rearm.chunkPages : memory.totalPages;
  const before = known.get(memory);
  if (before?.chunkPages === chunkPages) return before.cut;
  const cut = cutRegions(memory, chunkPages);
  known.set(memory, { chunkPages, cut });
  return cut;
}

function cutRegions(memory: GuestMemory, chunkPages: number): Regions {
  const edges = edgesOf(memory, chunkPages);
  const groups = new Map<string, number>();
  const regions: Region[] = [];
  for (let edge = 1; edge < edges.length; edge++) {
    const firstPage = edges[edge - 1] as number;
    const pages = (edges[edge] as number) - firstPage;
    const uniform: number[] = [];
    const sweeps: number[] = [];
    memory.classes.forEach((pageClass, index) => {
      if (!writes(pageClass, firstPage)) return;
      (pageClass.pattern === "sweep" ? sweeps : uniform).push(index);
    });
    const chunk = Math.floor(firstPage / chunkPages);
    const spread = firstPage + pages > (chunk + 1) * chunkPages;
    const name = spread ? `from page ${firstPage}` : `chunk ${chunk}`;
    const group = groups.get(name) ?? groups.size;
    groups.set(name, group);
    const zero = firstPage >= memory.totalPages - memory.zeroPages;
    regions.push({ firstPage, pages, zero, uniform, sweeps, group, spread });
  }
  return { regions, groups: groups.size };
}

function edgesOf(memory: GuestMemory, chunkPages: number): number[] {
  const { totalPages, zeroPages, classes } = memory;
  const bounds = new Set<number>([0, totalPages, totalPages - zeroPages]);
  for (const { firstPage, pages } of classes) bounds.add(firstPage).add(firstPage + pages);
  const chunks = Math.ceil(totalPages / chunkPages);
  const edges = new Set(bounds);
  if (chunks <= MOST_EXACT_CHUNKS) {
    for (let page = chunkPages; page < totalPages; page += chunkPages) edges.add(page);
  } else {
    // The chunk in which a class begins or ends may hold small, hot ones: it stays a chunk.
    for (const bound of bounds) {
      const chunk = Math.floor(bound / chunkPages);
      edges.add(chunk * chunkPages).add(Math.min(totalPages, (chunk + 1) * chunkPages));
    }
    const partPages = Math.ceil(chunks / MOST_SWEPT_PARTS) * chunkPages;
    for (let page = partPages; page < totalPages; page += partPages) {
      if (classes.some((pageClass) => pageClass.pattern === "sweep" && writes(pageClass, page))) edges.add(page);
    }
  }
  return [...edges].sort((a, b) => a - b);
}

function writes({ firstPage, pages }: PageClass, page: number): boolean {
  return firstPage <= page && page < firstPage + pages;
}
