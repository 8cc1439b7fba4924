/**
 * Which share of memory's pages a direct-mapped cache holds, by cells of pages: expectations, not pages. A cell no larger
 * than the cache maps one to one to as many slots, which it shares with the cells that lie a multiple of the cache apart;
 * a larger one competes with itself.
 */
import { expm1 } from "../kernel/exact-math.ts";

/** No more cells than this, and as many as that at least where memory has the pages. */
const MOST_CELLS = 256;
const LEAST_CELL_PAGES = 64;

interface Cell {
  /** Pages held, by how many reads ago they were last used: 0, 1, ... and the last for all beyond. */
  readonly heldByAge: Float64Array;
  /** Pages held by when they were last sent: in this pass, when the scan was here before it, earlier. */
  current: number;
  latest: number;
  older: number;
  currentSentSeconds: number;
  currentArmedSeconds: number;
  latestSentSeconds: number;
  latestArmedSeconds: number;
  olderSentSeconds: number;
  /** The pass in which the scan entered it last. */
  pass: number;
}

export class SlotCells {
  readonly pages: number;
  /** Of the cell last entered: shares of its pages that the cache held then. */
  latestShare = 0;
  olderShare = 0;

  private readonly cellPages: number;
  private readonly slotsOfCell: number;
  private readonly groups: number;
  private readonly cells: Cell[] = [];
  private readonly lifetimeReads: number;
  private readonly times = { sentSeconds: 0, armedSeconds: 0 };
  private pass = 0;
  /** Share of the missed pages that find a slot, of the cell last entered. */
  private placedShare = 1;

  constructor(pages: number, slots: number, lifetimeReads: number) {
    this.pages = pages;
    this.lifetimeReads = lifetimeReads;
    let cellPages = LEAST_CELL_PAGES;
    while (pages / cellPages > MOST_CELLS) cellPages *= 2;
    this.cellPages = cellPages;
    this.slotsOfCell = Math.min(cellPages, slots);
    this.groups = slots / this.slotsOfCell;
    for (let first = 0; first < pages; first += cellPages) {
      this.cells.push({
        heldByAge: new Float64Array(lifetimeReads + 1),
        current: 0,
        latest: 0,
        older: 0,
        currentSentSeconds: 0,
        currentArmedSeconds: 0,
        latestSentSeconds: 0,
        latestArmedSeconds: 0,
        olderSentSeconds: 0,
        pass: -1,
      });
    }
  }

  cellOf(page: number): number {
    return Math.floor(page / this.cellPages);
  }

  /** Behind the last page of the cell that holds `page`. */
  endOf(page: number): number {
    return Math.min(this.pages, (this.cellOf(page) + 1) * this.cellPages);
  }

  /** The bitmap was read: what was used is a read older. */
  age(): void {
    this.pass++;
    const oldest = this.lifetimeReads;
    for (const { heldByAge } of this.cells) {
      heldByAge[oldest] = (heldByAge[oldest] as number) + (heldByAge[oldest - 1] as number);
      for (let age = oldest - 1; age > 0; age--) heldByAge[age] = heldByAge[age - 1] as number;
      heldByAge[0] = 0;
    }
  }

  /** The scan is in the cell; what it finds there in the cache is what was there as it entered. */
  enter(index: number): void {
    const cell = this.cells[index] as Cell;
    if (cell.pass !== this.pass) {
      cell.pass = this.pass;
      const older = cell.older + cell.latest;
      if (older > 0) {
        cell.olderSentSeconds = (cell.older * cell.olderSentSeconds + cell.latest * cell.latestSentSeconds) / older;
      }
      cell.older = older;
      cell.latest = cell.current;
      cell.latestSentSeconds = cell.currentSentSeconds;
      cell.latestArmedSeconds = cell.currentArmedSeconds;
      cell.current = 0;
    }
    const pages = this.pagesOf(index);
    // Pages sent in this pass do not wait again.
    const open = Math.max(pages - cell.current, 1);
    this.latestShare = Math.min(1, cell.latest / open);
    this.olderShare = Math.min(1 - this.latestShare, cell.older / open);
    this.placedShare = this.shareOfSlotsFree(index, cell);
  }

  /** When pages of the cell that the cache holds were last sent, on average. */
  lastSentSeconds(index: number): number {
    const { latest, older, latestSentSeconds, olderSentSeconds } = this.cells[index] as Cell;
    return latest + older === 0 ? 0 : (latest * latestSentSeconds + older * olderSentSeconds) / (latest + older);
  }

  latestTimes(index: number): { readonly sentSeconds: number; readonly armedSeconds: number } {
    const cell = this.cells[index] as Cell;
    this.times.sentSeconds = cell.latestSentSeconds;
    this.times.armedSeconds = cell.latestArmedSeconds;
    return this.times;
  }

  /** Pages of the cell last entered are sent: those found are used, the others put into the cache where a slot is free. */
  send(index: number, pages: number, atSeconds: number, armedSeconds: number): void {
    const cell = this.cells[index] as Cell;
    const fromLatest = Math.min(cell.latest, pages * this.latestShare);
    const fromOlder = Math.min(cell.older, pages * this.olderShare);
    this.use(cell, fromLatest + fromOlder);
    cell.latest -= fromLatest;
    cell.older -= fromOlder;
    const missed = pages - fromLatest - fromOlder;
    const placed = this.place(index, cell, missed);
    const sent = fromLatest + fromOlder + placed;
    if (sent === 0) return;
    const before = cell.current;
    cell.current += sent;
    cell.currentSentSeconds = (before * cell.currentSentSeconds + sent * atSeconds) / cell.current;
    cell.currentArmedSeconds = (before * cell.currentArmedSeconds + sent * armedSeconds) / cell.current;
  }

  private pagesOf(index: number): number {
    return Math.min(this.cellPages, this.pages - index * this.cellPages);
  }

  /** Hits are of any age alike; they are as young as can be from then on. */
  private use({ heldByAge }: Cell, hits: number): void {
    let old = 0;
    for (let age = 1; age <= this.lifetimeReads; age++) old += heldByAge[age] as number;
    const share = old === 0 ? 0 : Math.min(1, hits / old);
    for (let age = 1; age <= this.lifetimeReads; age++) heldByAge[age] = (heldByAge[age] as number) * (1 - share);
    heldByAge[0] = (heldByAge[0] as number) + old * share;
  }

  /** Slots that another page may take, and that no page of the cell has: as a share of the latter. */
  private shareOfSlotsFree(index: number, cell: Cell): number {
    const others = this.slotsOfCell - (this.slotsOfCell < this.cellPages ? 0 : sum(cell.heldByAge));
    return others <= 0 ? 0 : Math.min(1, Math.max(0, this.freeSlots(index, cell) / others));
  }

  private freeSlots(index: number, cell: Cell): number {
    let young = 0;
    for (let other = index % this.groups; other < this.cells.length; other += this.groups) {
      const { heldByAge } = this.cells[other] as Cell;
      for (let age = 0; age < this.lifetimeReads; age++) young += heldByAge[age] as number;
    }
    const ownOld = this.slotsOfCell < this.cellPages ? 0 : (cell.heldByAge[this.lifetimeReads] as number);
    return this.slotsOfCell - young - ownOld;
  }

  /** Puts missed pages into the cache; returns how many found a slot. */
  private place(index: number, cell: Cell, missed: number): number {
    if (missed <= 0) return 0;
    // Several pages of a cell larger than the cache may want the same slot.
    const placed =
      this.slotsOfCell < this.cellPages
        ? Math.max(0, this.freeSlots(index, cell)) * -expm1(-missed / this.slotsOfCell)
        : missed * this.placedShare;
    let held = 0;
    let old = 0;
    for (let other = index % this.groups; other < this.cells.length; other += this.groups) {
      const { heldByAge } = this.cells[other] as Cell;
      held += sum(heldByAge);
      if (this.slotsOfCell < this.cellPages || other !== index) old += heldByAge[this.lifetimeReads] as number;
    }
    const empty = Math.max(0, this.slotsOfCell - held);
    const evicted = Math.min(old, empty + old === 0 ? 0 : (placed * old) / (empty + old));
    if (evicted > 0) this.evict(index, cell, evicted / old);
    cell.heldByAge[0] = (cell.heldByAge[0] as number) + placed;
    return placed;
  }

  /** The same share of the old pages of every cell that maps to these slots goes. */
  private evict(index: number, cell: Cell, share: number): void {
    for (let other = index % this.groups; other < this.cells.length; other += this.groups) {
      const victim = this.cells[other] as Cell;
      if (victim === cell && this.slotsOfCell >= this.cellPages) continue;
      const gone = (victim.heldByAge[this.lifetimeReads] as number) * share;
      victim.heldByAge[this.lifetimeReads] = (victim.heldByAge[this.lifetimeReads] as number) - gone;
      const fromOlder = Math.min(victim.older, gone);
      victim.older -= fromOlder;
      const fromLatest = Math.min(victim.latest, gone - fromOlder);
      victim.latest -= fromLatest;
      victim.current = Math.max(0, victim.current - (gone - fromOlder - fromLatest));
    }
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
