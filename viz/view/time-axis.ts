/** The time axis that the charts share: one scale, one axis, one playhead and one veil over what is yet to come. */
import { axisBottom, type ScaleLinear, scaleLinear } from "d3";
import { type GroupSelection, type Place, px, type SvgSelection } from "./svg.ts";

export interface TimeFrame {
  x: ScaleLinear<number, number>;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The frame of a chart on the shared axis: labels to the left, a little air to the right. */
export function timeFrame(place: Place, span: [number, number], top: number, bottom: number): TimeFrame {
  const left = px(labelWidth(place));
  const right = px(place.width - place.rem * 0.75);
  return { x: scaleLinear().domain(span).range([left, right]), left, right, top, bottom };
}

/** Room for the lanes' names; on a narrow page they stand above their lane instead. */
function labelWidth(place: Place): number {
  return isNarrow(place) ? place.rem * 0.5 : place.rem * 7.5;
}

export function isNarrow(place: Place): boolean {
  return place.width < place.rem * 26;
}

export function drawTimeAxis(svg: SvgSelection, frame: TimeFrame, place: Place, unit: "s" | "ms", origin = 0): void {
  // Where its ends are, for fingers that pinch.
  svg.attr("data-axis", `${frame.left} ${frame.right}`);
  const factor = unit === "ms" ? 1000 : 1;
  const count = Math.max(2, Math.floor((frame.right - frame.left) / (place.rem * 5)));
  const [start = 0, end = 1] = frame.x.domain();
  const shown = scaleLinear()
    .domain([(start - origin) * factor, (end - origin) * factor])
    .range(frame.x.range());
  svg
    .append("g")
    .attr("class", "axis")
    .attr("transform", `translate(0,${px(frame.bottom)})`)
    .call(
      axisBottom(shown)
        .ticks(count)
        .tickSize(4)
        .tickFormat((value) => `${Number(Number(value).toFixed(6))}\u202f${unit}`.replace("-", "\u2212")),
    );
}

export interface Playhead {
  moveTo(t: number): void;
}

/** A layer for text that stays clear of the veil; make it after the shapes. */
export function addLabelLayer(svg: SvgSelection): GroupSelection {
  return svg.append("g").attr("class", "labels");
}

/** The line at the present moment, over everything, and the veil to its right, under the labels. Add it last. */
export function addPlayhead(svg: SvgSelection, frame: TimeFrame): Playhead {
  const veil = svg.insert("rect", ":scope > .labels").attr("class", "veil").attr("y", px(frame.top));
  veil.attr("height", px(frame.bottom - frame.top));
  const group: GroupSelection = svg.append("g").attr("class", "playhead");
  const line = group
    .append("line")
    .attr("y1", px(frame.top - 4))
    .attr("y2", px(frame.bottom));
  const head = group.append("path").attr("d", "M-5,-9 L5,-9 L0,-2 Z");
  return {
    moveTo(t) {
      const [start = 0, end = 1] = frame.x.domain();
      const at = px(frame.x(Math.min(Math.max(t, start), end)));
      const inside = t >= start && t <= end;
      veil.attr("x", at).attr("width", px(Math.max(0, frame.right - at)));
      line
        .attr("x1", at)
        .attr("x2", at)
        .attr("visibility", inside ? "visible" : "hidden");
      head.attr("transform", `translate(${at},${px(frame.top)})`).attr("visibility", inside ? "visible" : "hidden");
    },
  };
}

/** Clicking or dragging in a chart seeks. */
export function seekByPointer(svg: SvgSelection, frame: () => TimeFrame | null, seek: (t: number) => void): void {
  const node = svg.node() as SVGSVGElement;
  const seekTo = (event: PointerEvent): void => {
    const current = frame();
    if (current === null) return;
    const [start = 0, end = 1] = current.x.domain();
    const at = current.x.invert(event.clientX - node.getBoundingClientRect().left);
    seek(Math.min(Math.max(at, start), end));
  };
  node.addEventListener("pointerdown", (event) => {
    const current = frame();
    if (event.button !== 0 || current === null) return;
    const inside = event.clientX - node.getBoundingClientRect().left >= current.left - 4;
    if (!inside) return;
    if (event.pointerType !== "touch") node.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  node.addEventListener("pointermove", (event) => {
    // What a finger moves over belongs to the part that it touched first; up and down it scrolls, which ends the drag.
    if (event.pointerType === "touch" ? event.buttons === 1 : node.hasPointerCapture(event.pointerId)) seekTo(event);
  });
}
