/**
 * A guest's memory as a grid of squares. The trace counts pages and does not say which: the first round goes through in
 * order, later ones touch squares in a fixed scattered order, and every count of squares is that of the trace.
 */

import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import { px, type SvgSelection } from "./svg.ts";

interface Grid {
  count: number;
  /** `runsHere`: the guest runs, or last ran, from this copy. */
  draw(state: MigrationState, migration: MigrationTimeline, visible: boolean, runsHere: boolean): void;
}

type Cell = "current" | "waiting" | "dirtied" | "missing";

export function memoryCells(
  svg: SvgSelection,
  at: { x: number; y: number; width: number; height: number },
  rem: number,
  side: "source" | "target",
): Grid {
  const pitch = rem * 0.82;
  const columns = Math.max(1, Math.floor((at.width + rem * 0.1) / pitch));
  const rows = Math.max(1, Math.floor((at.height + rem * 0.1) / pitch));
  const count = columns * rows;
  const group = svg.append("g").attr("class", `cells ${side}`);
  const squares = Array.from({ length: count }, (_, index) =>
    group
      .append("rect")
      .attr("x", px(at.x + (index % columns) * pitch))
      .attr("y", px(at.y + Math.floor(index / columns) * pitch))
      .attr("width", px(pitch - rem * 0.14))
      .attr("height", px(pitch - rem * 0.14))
      .attr("rx", 1.5),
  );
  const scattered = scatteredOrder(count);
  return {
    count,
    draw(state, migration, visible, runsHere) {
      group.attr("visibility", visible ? "visible" : "hidden");
      const cells = cellsAt(state, migration, scattered);
      for (const [index, square] of squares.entries()) {
        const kind = seenFrom(cells[index] as Cell, side, state, runsHere);
        square.attr("class", `cell ${kind}`).attr("fill", kind === "dirtied" ? "url(#sketch-dirtied)" : null);
      }
    },
  };
}

/** What a square is called on each side: the copy from which the guest runs misses nothing. */
function seenFrom(cell: Cell, side: "source" | "target", state: MigrationState, runsHere: boolean): Cell {
  const underWay = state.phase === "round" || state.phase === "blackout" || state.phase === "cleanup";
  if (runsHere && !underWay) return "current";
  return side === "source" && cell === "missing" ? "waiting" : cell;
}

function cellsAt(state: MigrationState, migration: MigrationTimeline, scattered: readonly number[]): Cell[] {
  const count = scattered.length;
  const share = (pages: number): number =>
    pages <= 0 || migration.memoryPages === 0 ? 0 : Math.min(count, Math.ceil((pages / migration.memoryPages) * count));
  const cells: Cell[] = new Array(count).fill("current");
  const missing = share(state.missingPages);
  for (let index = count - missing; index < count; index += 1) cells[index] = "missing";
  // In the first round what waits is what is missing.
  let waiting = state.missingPages > 0 ? 0 : share(state.pendingPages);
  let dirtied = share(state.newlyDirtyPages);
  for (const index of scattered) {
    if (cells[index] !== "current") continue;
    if (waiting > 0) {
      cells[index] = "waiting";
      waiting -= 1;
    } else if (dirtied > 0) {
      cells[index] = "dirtied";
      dirtied -= 1;
    } else break;
  }
  return cells;
}

/** A fixed order that jumps about: multiples of a number that shares no factor with the count. */
function scatteredOrder(count: number): number[] {
  let step = Math.max(1, Math.round(count * 0.382));
  while (greatestCommonDivisor(step, count) !== 1) step += 1;
  return Array.from({ length: count }, (_, index) => (index * step) % count);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
