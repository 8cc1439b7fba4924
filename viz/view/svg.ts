/** Small helpers that every chart needs: a named SVG at the size of its place, and text measured in rem. */
import { type Selection, select } from "d3";

export type SvgSelection = Selection<SVGSVGElement, unknown, null, undefined>;
export type GroupSelection = Selection<SVGGElement, unknown, null, undefined>;

/** What a chart needs to know of its place: width in CSS pixels, and the pixels of a rem. */
export interface Place {
  width: number;
  rem: number;
}

/** Pixels of one rem: charts grow with the reader's text size. */
export function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** An empty chart with role and name in `container`, made once and emptied at each layout. */
export function chartIn(container: HTMLElement, name: string): SvgSelection {
  let svg = container.querySelector<SVGSVGElement>(":scope > svg");
  if (svg === null) {
    svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("role", "img");
    container.prepend(svg);
  }
  svg.setAttribute("aria-label", name);
  svg.replaceChildren();
  return select(svg);
}

export function sizeChart(svg: SvgSelection, width: number, height: number): void {
  svg.attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
}

/** A group in which nothing is drawn outside a chart's frame. */
export function clipped(
  svg: SvgSelection,
  frame: { left: number; right: number; top: number; bottom: number },
  id: string,
): GroupSelection {
  svg
    .append("clipPath")
    .attr("id", id)
    .append("rect")
    .attr("x", frame.left)
    .attr("y", px(frame.top - 4))
    .attr("width", px(frame.right - frame.left))
    .attr("height", px(frame.bottom - frame.top + 4));
  return svg.append("g").attr("clip-path", `url(#${id})`);
}

/** Coordinates to a hundredth of a pixel: no more, so that equal pictures are equal text. */
export function px(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Cuts a name to what fits into `width` pixels, at about `glyph` pixels a character. */
export function fitText(text: string, width: number, glyph: number): string {
  const most = Math.max(1, Math.floor(width / glyph));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}

const patternsOf = new WeakMap<Element, SVGDefsElement>();

/**
 * Patterns that tell areas apart without colour. Ids carry the chart's prefix, for they are one name space a page. A chart's
 * patterns are made once.
 */
export function addPatterns(svg: SvgSelection, prefix: string): void {
  const chart = svg.node() as SVGSVGElement;
  const made = patternsOf.get(chart);
  if (made !== undefined) {
    chart.append(made);
    return;
  }
  const defs = svg.append("defs");
  patternsOf.set(chart, defs.node() as SVGDefsElement);
  const hatch = (name: string, angle: number, size: number): void => {
    const pattern = defs
      .append("pattern")
      .attr("id", `${prefix}-${name}`)
      .attr("width", size)
      .attr("height", size)
      .attr("patternUnits", "userSpaceOnUse")
      .attr("patternTransform", `rotate(${angle})`);
    pattern.append("rect").attr("width", size).attr("height", size).attr("class", `pattern-ground ${name}`);
    pattern
      .append("line")
      .attr("y2", size)
      .attr("class", `pattern-line ${name}`)
      .attr("stroke-width", size / 1.6);
  };
  hatch("dirtied", 45, 6);
  hatch("standstill", -45, 7);
  hatch("receiving", 90, 5);
}
