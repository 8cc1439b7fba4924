/** The sketch's nodes, with the guest's memory on each. */
import { formatBytes } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { memoryCells } from "./memory-cells.ts";
import { type Box, box, caption, type Draw, type SketchLayout } from "./sketch-layout.ts";
import { fitText, type Place, px, type SvgSelection } from "./svg.ts";

export function drawNode(
  svg: SvgSelection,
  at: Box,
  side: "source" | "target",
  migration: MigrationTimeline,
  { rem }: Place,
): { draw: Draw; cells: number } {
  const name = side === "source" ? migration.from : migration.to;
  box(svg, at, "device node-box");
  const inner = at.width - rem * 1.2;
  caption(svg, "node-name", at.x + rem * 0.7, at.y + rem * 1.3, fitText(name, inner * 0.6, rem * 0.52), "start");
  caption(svg, "device-detail", at.x + at.width - rem * 0.7, at.y + rem * 1.25, inner > rem * 7 ? side : "", "end");
  const card: Box = { x: at.x + rem * 0.6, y: at.y + rem * 1.9, width: inner, height: at.height - rem * 2.5 };
  const frame = box(svg, card, "guest");
  const label = caption(svg, "guest-name", card.x + rem * 0.5, card.y + rem * 1.15, "", "start");
  const grid = memoryCells(
    svg,
    { x: card.x + rem * 0.5, y: card.y + rem * 1.65, width: card.width - rem, height: card.height - rem * 2.1 },
    rem,
    side,
  );
  return {
    cells: grid.count,
    draw(state) {
      const here = state.vmNode === name;
      const started = migration.startSeconds !== null && state.t >= migration.startSeconds;
      const moving = started && state.phase !== "ended";
      const visible = here || (side === "target" ? moving : state.phase === "cleanup");
      const status = here ? (state.stopped ? "stopped" : "runs") : side === "target" ? "skeleton" : "left";
      frame.attr("class", `guest ${here ? (state.stopped ? "stopped" : "runs") : "skeleton"}`);
      frame.attr("visibility", visible ? "visible" : "hidden");
      label.text(visible ? guestLabel(migration.vm, status, card.width - rem, rem * 0.47) : "");
      grid.draw(state, migration, visible, here);
    },
  };
}

/** Name and status where both fit, else the name: the frame tells the status too. */
function guestLabel(name: string, status: string, width: number, glyph: number): string {
  const whole = `${name} · ${status}`;
  return whole.length * glyph <= width ? whole : fitText(name, width, glyph);
}

/** What the squares stand for; left out where there is no room beside the switch. */
export function drawCellLegend(
  svg: SvgSelection,
  migration: MigrationTimeline,
  place: Place,
  cells: number,
  layout: SketchLayout,
): void {
  const { rem } = place;
  if (layout.relay.x < rem * 12 || cells === 0) return;
  const entries = [
    { kind: "cell waiting", text: "waits to be sent", fill: null },
    { kind: "cell dirtied", text: "dirtied meanwhile", fill: "url(#sketch-dirtied)" },
    { kind: "cell current", text: "same on both", fill: null },
    { kind: "cell missing", text: "not there yet", fill: null },
  ];
  for (const [index, entry] of entries.entries()) {
    const y = rem * (0.3 + index * 1.2);
    const cell = svg
      .append("rect")
      .attr("class", entry.kind)
      .attr("x", 2)
      .attr("y", px(y))
      .attr("width", px(rem * 0.75))
      .attr("height", px(rem * 0.75));
    if (entry.fill !== null) cell.attr("fill", entry.fill);
    caption(svg, "legend", rem * 1.2, y + rem * 0.7, entry.text, "start");
  }
  const bytes = (migration.memoryPages * PAGE_BYTES) / cells;
  caption(svg, "legend", place.width - 4, rem, `one square: ${formatBytes(bytes)} of memory`, "end");
}
