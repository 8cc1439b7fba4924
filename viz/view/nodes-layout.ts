/** Where the tiles of all nodes stand, and how much each can show: names, marks, or numbers alone. The same for all moments of a run. */
import type { Place } from "./svg.ts";

/** `large` has words and numbers, `medium` fewer, `small` a name and marks, `tiny` a number alone. */
export type TileSize = "large" | "medium" | "small" | "tiny";

export interface MarkGrid {
  /** `names`: a line for each machine; `marks`: a mark for each; `counts`: a bar for all of them. */
  kind: "names" | "marks" | "counts";
  columns: number;
  rows: number;
  /** From one to the next, in pixels. */
  stepX: number;
  stepY: number;
}

export interface NodesLayout {
  size: TileSize;
  /** Of a tile. */
  width: number;
  height: number;
  columns: number;
  /** Nothing is drawn above. */
  top: number;
  /** Top left corner of each tile. */
  corners: readonly { x: number; y: number }[];
  /** Below the tile's own top: where the machines begin. */
  gridTop: number;
  padding: number;
  grid: MarkGrid;
  /** Height of all tiles, with the room above them in which machines move. */
  bottom: number;
}

export interface NodesAsked {
  nodes: number;
  /** Machines that a tile should have room for. */
  machines: number;
  longestName: number;
  /** Most migrations under way at once. */
  moves: number;
}

interface SizeRule {
  size: TileSize;
  leastWidth: number;
  /** No wider, though there be room. */
  mostWidth: number;
  padding: number;
  gap: number;
  /** Lines above the machines and below them. */
  head: number;
  foot: number;
  /** Most height of the machines, and the pitches that a mark may have. */
  mostGrid: number;
  pitches: readonly number[];
}

/** Lengths in rem. */
const RULES: readonly SizeRule[] = [
  {
    size: "large",
    leastWidth: 13,
    mostWidth: 40,
    padding: 0.7,
    gap: 1.1,
    head: 2.1,
    foot: 3.5,
    mostGrid: 8,
    pitches: [1, 0.85, 0.7, 0.55, 0.45],
  },
  {
    size: "medium",
    leastWidth: 7.2,
    mostWidth: 13,
    padding: 0.5,
    gap: 0.8,
    head: 2,
    foot: 2.2,
    mostGrid: 4,
    pitches: [0.8, 0.65, 0.5, 0.42],
  },
  {
    size: "small",
    leastWidth: 2.8,
    mostWidth: 5,
    padding: 0.2,
    gap: 0.25,
    head: 0.86,
    foot: 0.62,
    mostGrid: 1.3,
    pitches: [0.5, 0.42, 0.34, 0.27, 0.24],
  },
  {
    size: "tiny",
    leastWidth: 1.6,
    mostWidth: 2,
    padding: 0.1,
    gap: 0.2,
    head: 1.15,
    foot: 0.35,
    mostGrid: 0,
    pitches: [],
  },
];

/** All tiles together are to be no higher than so many rem, if it can be. */
const MOST_HEIGHT = 40;
const NAME_LINE = 1.25;
const MOST_NAMES_HEIGHT = 19;

export function nodesLayout(asked: NodesAsked, { width, rem }: Place): NodesLayout {
  const rooms = width / rem;
  for (const rule of RULES) {
    const made = layoutBy(rule, asked, rooms);
    if (rule.size === "tiny" || made.bottom <= MOST_HEIGHT) return scaled(made, rem);
  }
  throw new Error("the last rule is taken whatever its height");
}

/** In rem. */
function layoutBy(rule: SizeRule, asked: NodesAsked, rooms: number): NodesLayout {
  const most = Math.max(1, Math.floor((rooms + rule.gap) / (rule.leastWidth + rule.gap)));
  const rows = Math.ceil(asked.nodes / most);
  // As many in each row as will make the last one full.
  const columns = Math.ceil(asked.nodes / rows);
  const width = Math.min(rule.mostWidth, (rooms - (columns - 1) * rule.gap) / columns);
  const inner = width - 2 * rule.padding;
  const grid = gridBy(rule, asked, inner);
  const gridHeight = grid.kind === "counts" ? (rule.size === "tiny" ? 0 : 1.2) : grid.rows * grid.stepY;
  const height = rule.head + gridHeight + rule.foot;
  const road = roadOf(rule.size, asked.moves);
  const gapY = rule.size === "large" || rule.size === "medium" ? rule.gap * 1.3 : rule.gap;
  const left = (rooms - columns * width - (columns - 1) * rule.gap) / 2;
  return {
    size: rule.size,
    width,
    height,
    columns,
    top: 0,
    corners: Array.from({ length: asked.nodes }, (_, node) => ({
      x: left + (node % columns) * (width + rule.gap),
      y: road + Math.floor(node / columns) * (height + gapY),
    })),
    gridTop: rule.head,
    padding: rule.padding,
    grid,
    bottom: road + rows * (height + gapY) - gapY,
  };
}

/** Room above the first row, in which machines move to their neighbours. */
function roadOf(size: TileSize, moves: number): number {
  if (moves === 0) return 0.2;
  if (size === "large") return moves > 6 ? 5.4 : 3.6;
  return size === "medium" ? 3 : 1.4;
}

function gridBy(rule: SizeRule, { machines, longestName, nodes }: NodesAsked, inner: number): MarkGrid {
  if (rule.size === "large" && nodes <= 8) {
    const nameWidth = Math.min(12, Math.max(4.6, 1.7 + longestName * 0.46));
    const columns = Math.max(1, Math.floor(inner / nameWidth));
    const rows = Math.ceil(machines / columns);
    if (rows * NAME_LINE <= MOST_NAMES_HEIGHT) {
      return { kind: "names", columns, rows, stepX: inner / columns, stepY: NAME_LINE };
    }
  }
  for (const pitch of rule.pitches) {
    const columns = Math.floor(inner / pitch);
    const rows = Math.ceil(machines / columns);
    if (rows * pitch <= rule.mostGrid) return { kind: "marks", columns, rows, stepX: pitch, stepY: pitch };
  }
  return { kind: "counts", columns: 0, rows: 0, stepX: inner, stepY: 1.2 };
}

function scaled(layout: NodesLayout, rem: number): NodesLayout {
  const { grid } = layout;
  return {
    ...layout,
    width: layout.width * rem,
    height: layout.height * rem,
    corners: layout.corners.map(({ x, y }) => ({ x: x * rem, y: y * rem })),
    gridTop: layout.gridTop * rem,
    padding: layout.padding * rem,
    grid: { ...grid, stepX: grid.stepX * rem, stepY: grid.stepY * rem },
    bottom: layout.bottom * rem,
  };
}
