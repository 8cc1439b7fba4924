/** What a lane of a chart over time is, and the shapes that lanes are made of. */
import { formatMoment, formatSeconds } from "../model/format.ts";
import type { Span } from "../model/migration-timeline.ts";
import type { LegendEntry } from "./legend.ts";
import type { Mark, Numbers } from "./mark.ts";
import { fitText, type GroupSelection, type Place, px } from "./svg.ts";
import { isNarrow, type TimeFrame } from "./time-axis.ts";

/** Half the width of a sign. */
const SIGN_PIXELS = 7;

/** What is narrower is hit all the same. */
const LEAST_MARK_PIXELS = 8;

/** Where a lane draws: shapes, labels over them, and the marks that explain both. */
export interface LaneGround {
  shapes: GroupSelection;
  labels: GroupSelection;
  frame: TimeFrame;
  /** Of the lane, in pixels. */
  height: number;
  place: Place;
  /** Explains a stretch of time of this lane, beside when it is and how long; one without length is a moment. */
  tell(startSeconds: number, endSeconds: number, mark: Pick<Mark, "title" | "rows" | "term">): void;
}

export interface Lane {
  name: string;
  /** What its signs and patterns stand for, those that occur. */
  legend?: readonly LegendEntry[];
  detail: string;
  /** Height in rem. */
  height: number;
  draw(ground: LaneGround): void;
}

/** Whether any of a stretch of time is on the chart. */
export function isShown(frame: TimeFrame, startSeconds: number, endSeconds: number): boolean {
  const [start = 0, end = 1] = frame.x.domain();
  return endSeconds >= start && startSeconds <= end;
}

/** The pixels of a stretch of time, cut at the chart's ends. */
export function shownPixels(frame: TimeFrame, startSeconds: number, endSeconds: number): [number, number] {
  const [start = 0, end = 1] = frame.x.domain();
  return [frame.x(Math.max(startSeconds, start)), frame.x(Math.min(endSeconds, end))];
}

/** A lane's `tell`: the marks of a lane that begins at `top`; each says when it is before what it is. */
export function teller(
  frame: TimeFrame,
  top: number,
  height: number,
  told: (mark: Mark, startSeconds: number, endSeconds: number) => void,
): LaneGround["tell"] {
  return (start, end, mark) => {
    if (!isShown(frame, start, end)) return;
    const [left, right] = shownPixels(frame, start, end);
    const width = Math.max(right - left, LEAST_MARK_PIXELS);
    const box = { x: px((left + right - width) / 2), y: px(top), width: px(width), height: px(height) };
    const when: Numbers =
      end > start
        ? [
            ["from", formatMoment(start)],
            ["for", formatSeconds(end - start)],
          ]
        : [["at", formatMoment(start, 4)]];
    told({ ...box, ...mark, rows: [...when, ...mark.rows] }, start, end);
  };
}

/** A bar over a stretch of time; null where it lies outside the chart. */
export function bar({ shapes, frame, height }: LaneGround, from: number, to: number, kind: string) {
  if (!isShown(frame, from, to)) return null;
  const [left, right] = shownPixels(frame, from, to);
  return shapes
    .append("rect")
    .attr("class", kind)
    .attr("x", px(left))
    .attr("width", px(Math.max(1, right - left)))
    .attr("y", 1)
    .attr("height", px(height - 2));
}

/**
 * The first of the texts that a bar has room for; none where all are too long: left out rather than torn.
 * @param covered stretches of time in which something else stands over the bar; the text keeps clear of them
 */
export function barText(
  { labels, frame, place }: LaneGround,
  from: number,
  to: number,
  texts: readonly string[],
  covered: readonly Span[] = [],
): void {
  if (!isShown(frame, from, to)) return;
  const [left, right] = freePixels(frame, from, to, covered);
  const room = right - left - place.rem * 0.6;
  const text = texts.find((each) => each.length * place.rem * 0.42 <= room);
  if (text === undefined) return;
  const made = labels
    .append("text")
    .attr("class", "bar-text")
    .attr("x", px(left + place.rem * 0.4));
  made.attr("y", px(place.rem * 0.98)).text(text);
}

/** The widest piece of a bar that nothing covers, in pixels; a moment is covered by its sign. */
function freePixels(frame: TimeFrame, from: number, to: number, covered: readonly Span[]): [number, number] {
  const [left, right] = shownPixels(frame, from, to);
  let best: [number, number] = [left, left];
  let at = left;
  const over = covered
    .filter((span) => isShown(frame, span.startSeconds, span.endSeconds))
    .map((span) => shownPixels(frame, span.startSeconds, span.endSeconds))
    .sort((a, b) => a[0] - b[0]);
  for (const [start, end] of [...over, [right + SIGN_PIXELS, right] as const]) {
    const until = Math.min(start - SIGN_PIXELS, right);
    if (until - at > best[1] - best[0]) best = [at, until];
    at = Math.max(at, end + SIGN_PIXELS);
  }
  return best;
}

/** A sign at a moment, in the middle of the lane. */
export function sign({ shapes, frame, height }: LaneGround, t: number, kind: string, shape: string): void {
  if (!isShown(frame, t, t)) return;
  shapes
    .append("path")
    .attr("class", kind)
    .attr("d", shape)
    .attr("transform", `translate(${px(frame.x(t))},${px(height / 2)})`);
}

export const SHAPES = {
  diamond: "M0,-7 L7,0 L0,7 L-7,0 Z",
  smallDiamond: "M0,-4 L4,0 L0,4 L-4,0 Z",
  triangle: "M0,-6 L6,5 L-6,5 Z",
  cross: "M-5,-5 L5,5 M5,-5 L-5,5",
  smallCross: "M-3,-3 L3,3 M3,-3 L-3,3",
  dot: "M-2.5,0 a2.5,2.5 0 1 0 5,0 a2.5,2.5 0 1 0 -5,0 Z",
  back: "M-5,-4 L0,0 L-5,4 M0,-4 L5,0 L0,4",
} as const;

/** A dot for a ping that was answered, a cross for one that was not. */
export function drawPing(group: GroupSelection, frame: TimeFrame, t: number, answered: boolean, y: number): void {
  const at = `translate(${px(frame.x(t))},${px(y)})`;
  if (answered) group.append("circle").attr("class", "ping").attr("r", 2.2).attr("transform", at);
  else group.append("path").attr("class", "ping lost").attr("d", SHAPES.smallCross).attr("transform", at);
}

export function labelLane(group: GroupSelection, lane: Lane, frame: TimeFrame, place: Place, height: number): void {
  const glyph = place.rem * 0.44;
  if (isNarrow(place)) {
    const text = lane.detail === "" ? lane.name : `${lane.name} · ${lane.detail}`;
    group
      .append("text")
      .attr("class", "lane-name")
      .attr("x", frame.left)
      .attr("y", -4)
      .text(fitText(text, frame.right - frame.left, glyph));
    return;
  }
  const at = frame.left - place.rem * 0.6;
  const two = lane.detail !== "";
  const line = (kind: string, y: number, text: string, width: number) =>
    group
      .append("text")
      .attr("class", kind)
      .attr("text-anchor", "end")
      .attr("x", px(at))
      .attr("y", px(y))
      .text(fitText(text, at, width));
  line("lane-name", height / 2 + place.rem * (two ? -0.1 : 0.28), lane.name, glyph);
  if (two) line("lane-detail", height / 2 + place.rem * 0.75, lane.detail, place.rem * 0.38);
}
