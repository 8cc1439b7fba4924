/** The guest's memory as a map of page groups: what waits, what was dirtied again, what is hot, what is zero. */
import { formatBytes, formatCount } from "../model/format.ts";
import { type GroupKind, MemoryMap } from "../model/memory-map.ts";
import type { MigrationState } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import { addPatterns, chartIn, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

const LEGEND: readonly LegendEntry[] = [
  { kind: "group waiting", sample: "box", text: "waits to be sent" },
  { kind: "group zero", sample: "box", text: "zero, waits" },
  { kind: "group dirtied", sample: "box", text: "dirtied meanwhile", fill: "url(#memory-dirtied)" },
  { kind: "group hot", sample: "box", text: "hot: again and again", fill: "url(#memory-standstill)" },
  { kind: "group clean", sample: "box", text: "sent, clean" },
];

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

export function memoryMapView(container: HTMLElement): View {
  const layer = markLayer(container);
  let map: MemoryMap | null = null;
  let cells: SVGRectElement[] = [];
  let shown: GroupKind[] = [];
  /** The squares are kept for a map of the same shape. */
  let kept: { grid: SVGGElement; shape: string } | null = null;
  let box = { x: 0, y: 0, width: 0, height: 0 };
  let bytesAGroup = 0;
  let tellKey = "";
  return {
    layOut({ migration }, { width, rem }) {
      const made = new MemoryMap(migration);
      map = made;
      bytesAGroup = made.pagesAGroup * PAGE_BYTES;
      const svg = chartIn(container, `Memory of ${migration.vm} by groups of pages, as the source has it`);
      addPatterns(svg, "memory");
      const legend = drawLegend(svg, LEGEND, { left: rem * 0.25, right: width, top: 0, rem });
      const columns = Math.max(16, Math.floor(width / (rem * 0.6)));
      const pitch = width / columns;
      const rows = Math.ceil(made.groups / columns);
      const top = legend + rem * 0.4;
      box = { x: 0, y: px(top), width, height: px(rows * pitch) };
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
      tellKey = "";
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
      tell(state, kinds);
    },
  };

  function tell(state: MigrationState, kinds: readonly GroupKind[]): void {
    const counts = new Map<GroupKind, number>();
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const rows = [...counts].map(([kind, count]): [string, string] => [
      NAMES[kind],
      `${formatCount(count)} groups, ${formatBytes(count * bytesAGroup)}`,
    ]);
    const key = rows.flat().join();
    if (key === tellKey) return;
    tellKey = key;
    const pages: [string, string] = ["dirty pages", formatCount(state.dirtyPages)];
    layer.set([{ ...box, title: "Memory by groups", rows: [pages, ...rows], term: "memory" }]);
    fillTable(container, "Memory as a table", ["Groups", "How many"], rows);
  }
}
