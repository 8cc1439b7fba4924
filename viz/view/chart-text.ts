/** Text and lines that charts of studies have in common. */
import { px, type SvgSelection } from "./svg.ts";

export function addText(
  svg: SvgSelection,
  kind: string,
  x: number,
  y: number,
  anchor: "start" | "middle" | "end",
  content: string,
): void {
  svg.append("text").attr("class", kind).attr("x", px(x)).attr("y", px(y)).attr("text-anchor", anchor).text(content);
}

/** A horizontal line of the grid at `y`, with its number to its left. */
export function addGridLine(
  svg: SvgSelection,
  left: number,
  right: number,
  y: number,
  content: string,
  rem: number,
): void {
  const at = px(y);
  svg.append("line").attr("class", "grid").attr("x1", px(left)).attr("x2", px(right)).attr("y1", at).attr("y2", at);
  addText(svg, "tick", left - rem * 0.4, at + rem * 0.25, "end", content);
}

/** Those of the ticks that stand at least `apart` pixels from the one kept before. */
export function spacedTicks(ticks: readonly number[], at: (value: number) => number, apart: number): number[] {
  const kept: number[] = [];
  for (const tick of [...ticks].reverse()) {
    if (kept.every((other) => Math.abs(at(other) - at(tick)) >= apart)) kept.push(tick);
  }
  return kept.reverse();
}
