/** The guest's memory as a map of page groups: what waits, what was dirtied again, what is hot, what is zero. */
import { formatBytes, formatCount } from "../model/format.ts";
import { type GroupKind, MemoryMap } from "../model/memory-map.ts";
import type { MigrationState } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import type { Mark, Numbers } from "./mark.ts";
import { addPatterns, chartIn, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

const NAMES: Readonly<Record<GroupKind, string>> = {
  waiting: "wait to be sent",
  zero: "zero, wait",
  dirtied: "dirtied meanwhile",
  hot: "hot",
  clean: "sent and clean",
};

const FILLS: Partial<Record<GroupKind, string>> = {
  dirtied: "url(#memory-dirtied)",
  hot: "url(#memory-standstill)",
};

const LEGEND_TEXTS: Readonly<Record<GroupKind, string>> = {
  waiting: "waits to be sent",
  zero: "zero, waits",
  dirtied: "dirtied meanwhile",
  hot: "hot: again and again",
  clean: "sent, clean",
};

const KINDS = Object.keys(NAMES) as GroupKind[];

export function memoryMapView(container: HTMLElement): View {
  const layer = markLayer(container);
  let map: MemoryMap | null = null;
  let cells: SVGRectElement[] = [];
  let shown: GroupKind[] = [];
  /** The squares are kept for a map of the same shape. */
  let kept: { grid: SVGGElement; shape: string } | null = null;
  /** What is drawn. */
  let present: MigrationState | null = null;
  return {
    layOut({ migration }, { width, rem }) {
      const made = new MemoryMap(migration);
      map = made;
      const bytesAGroup = made.pagesAGroup * PAGE_BYTES;
      const svg = chartIn(container, `Memory of ${migration.vm} by groups of pages, as the source has it`);
      addPatterns(svg, "memory");
      const marks: Mark[] = [];
      const entries = KINDS.map(legendEntry);
      const legend = drawLegend(svg, entries, { left: rem * 0.25, right: width, top: 0, rem }, (_, box) => {
        const kind = KINDS[marks.length] as GroupKind;
        const now = (): Numbers => [
          ["groups", formatCount(countOf(kind))],
          ["at most", formatBytes(countOf(kind) * bytesAGroup)],
        ];
        marks.push({ ...box, title: LEGEND_TEXTS[kind], rows: [], now, term: "memory" });
      });
      const columns = Math.max(16, Math.floor(width / (rem * 0.6)));
      const pitch = width / columns;
      const rows = Math.ceil(made.groups / columns);
      const top = legend + rem * 0.4;
      sizeChart(svg, width, px(top + rows * pitch + rem * 1.3));
      const shape = [made.groups, columns, pitch, top].join();
      if (kept?.shape === shape) svg.node()?.append(kept.grid);
      else {
        const grid = svg.append("g").attr("class", "map");
        cells = Array.from({ length: made.groups }, (_, group) => {
          const cell = grid.append("rect");
          cell.attr("x", px((group % columns) * pitch)).attr("y", px(top + Math.floor(group / columns) * pitch));
          cell.attr("width", px(pitch - 1)).attr("height", px(pitch - 1));
          return cell.node() as SVGRectElement;
        });
        kept = { grid: grid.node() as SVGGElement, shape };
        shown = [];
      }
      svg
        .append("text")
        .attr("class", "legend")
        .attr("x", 2)
        .attr("y", px(top + rows * pitch + rem))
        .text(`one square: ${formatBytes(bytesAGroup)}, by address`);
      marks.push({
        ...{ x: 0, y: px(top + rows * pitch), width: px(rem * 12), height: px(rem * 1.3) },
        title: `Memory of ${migration.vm}`,
        rows: [
          ["one square", `${formatCount(made.pagesAGroup)} pages, ${formatBytes(bytesAGroup)}`],
          ["in all", `${formatCount(migration.memoryPages)} pages, ${formatBytes(migration.memoryPages * PAGE_BYTES)}`],
        ],
        now: () => (present === null ? [] : [["dirty pages", formatCount(present.dirtyPages)]]),
        term: "memory",
      });
      layer.set(marks, (x, y) => {
        const [column, row] = [Math.floor(x / pitch), Math.floor((y - top) / pitch)];
        const group = row * columns + column;
        if (column < 0 || column >= columns || row < 0 || group >= made.groups) return null;
        const at = { x: px(column * pitch), y: px(top + row * pitch), width: px(pitch), height: px(pitch) };
        return groupMark(made, group, at);
      });
    },
    draw(state) {
      if (map === null) return;
      const kinds = map.kinds(state);
      for (const [group, kind] of kinds.entries()) {
        if (shown[group] === kind) continue;
        const cell = cells[group] as SVGRectElement;
        cell.setAttribute("class", `group ${kind}`);
        const fill = FILLS[kind];
        if (fill === undefined) cell.removeAttribute("fill");
        else cell.setAttribute("fill", fill);
      }
      shown = kinds;
      present = state;
      layer.refresh();
      fillTable(
        container,
        "Memory as a table",
        ["Groups", "How many", "At most"],
        KINDS.map((kind) => [
          NAMES[kind],
          formatCount(countOf(kind)),
          formatBytes(countOf(kind) * (map?.pagesAGroup ?? 0) * PAGE_BYTES),
        ]),
      );
    },
  };

  function countOf(kind: GroupKind): number {
    return shown.reduce((count, each) => count + (each === kind ? 1 : 0), 0);
  }

  /** One square, under the pointer. */
  function groupMark(
    made: MemoryMap,
    group: number,
    at: { x: number; y: number; width: number; height: number },
  ): Mark {
    const first = group * made.pagesAGroup;
    return {
      ...at,
      title: `Pages ${formatCount(first)} to ${formatCount(first + made.pagesAGroup - 1)}`,
      rows: [],
      now: () =>
        present === null
          ? []
          : [
              ["as a whole", LEGEND_TEXTS[shown[group] as GroupKind]],
              ["wait to be sent", formatCount(made.waiting(present)[group] as number)],
              ["dirtied in this round", formatCount(made.dirtied(present)[group] as number)],
            ],
      term: "memory",
    };
  }
}

function legendEntry(kind: GroupKind): LegendEntry {
  const fill = FILLS[kind];
  const entry: LegendEntry = { kind: `group ${kind}`, sample: "box", text: LEGEND_TEXTS[kind] };
  return fill === undefined ? entry : { ...entry, fill };
}
