/** A chart's legend: samples with their names, in as many lines as the width asks for. */
import { px, type SvgSelection } from "./svg.ts";

export interface LegendEntry {
  text: string;
  /** Class of the sample: a line, a filled box, or a sign. */
  kind: string;
  sample: "line" | "box" | "sign";
  /** Outline of a sign, around its middle. */
  shape?: string;
  /** Paint of a box, where a class cannot give it. */
  fill?: string;
}

/**
 * Draws from (left, top) to the right.
 * @param placed called with each entry's box, in the chart's pixels
 * @returns the height it took, in pixels
 */
export function drawLegend(
  svg: SvgSelection,
  entries: readonly LegendEntry[],
  { left, right, top, rem }: { left: number; right: number; top: number; rem: number },
  placed: (entry: LegendEntry, box: { x: number; y: number; width: number; height: number }) => void = () => {},
): number {
  const line = rem * 1.25;
  let x = left;
  let y = top;
  for (const entry of entries) {
    const width = rem * (2.4 + entry.text.length * 0.4);
    if (x > left && x + width > right) {
      x = left;
      y += line;
    }
    if (entry.sample === "line") {
      svg
        .append("line")
        .attr("class", entry.kind)
        .attr("x1", px(x))
        .attr("x2", px(x + rem * 1.3))
        .attr("y1", px(y + rem * 0.5))
        .attr("y2", px(y + rem * 0.5));
    } else if (entry.sample === "sign") {
      svg
        .append("path")
        .attr("class", entry.kind)
        .attr("d", entry.shape ?? "")
        .attr("transform", `translate(${px(x + rem * 0.75)},${px(y + rem * 0.5)})`);
    } else {
      svg
        .append("rect")
        .attr("class", entry.kind)
        .attr("fill", entry.fill ?? null)
        .attr("x", px(x + rem * 0.2))
        .attr("y", px(y + rem * 0.1))
        .attr("width", px(rem * 1.1))
        .attr("height", px(rem * 0.75));
    }
    svg
      .append("text")
      .attr("class", "legend")
      .attr("x", px(x + rem * 1.6))
      .attr("y", px(y + rem * 0.75))
      .text(entry.text);
    placed(entry, { x: px(x), y: px(y), width: px(width - rem * 0.6), height: px(rem) });
    x += width;
  }
  return y + line - top;
}
