/** The downtime against the number just moved, with the cliff where the migration stops completing. */
import { line, scaleLinear, scaleLog } from "d3";
import { type Cliff, type CurvePoint, cliffs } from "../model/cliff.ts";
import { formatSeconds } from "../model/format.ts";
import type { WhatIfField } from "../model/what-if-fields.ts";
import { addGridLine, addText } from "./chart-text.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { SHAPES } from "./lane.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import type { Mark } from "./mark.ts";
import { chartIn, type Place, px, sizeChart } from "./svg.ts";

export interface DowntimeCurve {
  field: WhatIfField;
  points: readonly CurvePoint[];
  /** Where the present run stands. */
  present: number | null;
}

const LEGEND: readonly LegendEntry[] = [
  { kind: "done", sample: "sign", shape: SHAPES.dot, text: "guest stands still" },
  { kind: "failed", sample: "sign", shape: SHAPES.smallCross, text: "does not complete" },
];

/** `4`, `0.05`, `10 000`: short enough for an axis. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));

export function drawDowntimeCurve(
  container: HTMLElement,
  { field, points, present }: DowntimeCurve,
  place: Place,
): void {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const found = cliffs(sorted);
  const svg = chartIn(container, nameOf(field, sorted, found));
  const { rem, width } = place;
  const [left, right] = [rem * 3.6, width - rem * 0.8];
  const top = drawLegend(svg, LEGEND, { left: 0, right: width, top: 0, rem }) + rem * 0.5;
  const bottom = top + rem * 7.4;
  sizeChart(svg, width, px(bottom + rem * 2.6));
  const x = xScale(field, left, right);
  const times = sorted.flatMap(({ downtimeSeconds }) => (downtimeSeconds === null ? [] : [downtimeSeconds]));
  const [least, most] = [Math.max(Math.min(...times, 10), 1e-4), Math.max(...times, 1e-3)];
  const y = scaleLog()
    .domain([least / 1.3, most * 1.3])
    .range([bottom, top + rem * 1.2])
    .nice();

  const marks: Mark[] = [];
  const { label, unit } = field;
  for (const { from, to } of failingSpans(sorted, found, field)) {
    svg
      .append("rect")
      .attr("class", "fails")
      .attr("x", px(x(from)))
      .attr("width", px(Math.max(2, x(to) - x(from))))
      .attr("y", px(top))
      .attr("height", px(bottom - top));
  }
  for (const tick of y.ticks(4).filter((value) => isRound(value))) {
    addGridLine(svg, left, right, y(tick), formatSeconds(tick), rem);
  }
  for (const tick of xTicks(field, x)) addText(svg, "tick", x(tick), bottom + rem * 1.1, "middle", shortNumber(tick));
  addText(svg, "legend", (left + right) / 2, bottom + rem * 2.3, "middle", `${field.label}, ${field.unit}`);
  svg
    .append("line")
    .attr("class", "base")
    .attr("x1", px(left))
    .attr("x2", px(right))
    .attr("y1", px(bottom))
    .attr("y2", px(bottom));

  const shape = line<CurvePoint>()
    .defined((point) => point.downtimeSeconds !== null)
    .x((point) => px(x(point.value)))
    .y((point) => px(y(Math.max(point.downtimeSeconds ?? least, least))));
  svg
    .append("path")
    .attr("class", "curve")
    .attr("d", shape(sorted) ?? "");
  for (const point of sorted) {
    const at = px(x(point.value));
    if (point.downtimeSeconds === null) {
      const cross = px(top + rem * 0.7);
      svg
        .append("path")
        .attr("class", "failed")
        .attr("d", SHAPES.smallCross)
        .attr("transform", `translate(${at},${cross})`);
      marks.push(pointMark(field, point, at, cross));
    } else {
      const height = px(y(Math.max(point.downtimeSeconds, least)));
      svg.append("circle").attr("class", "done").attr("r", 2.5).attr("cx", at).attr("cy", height);
      marks.push(pointMark(field, point, at, height));
    }
  }
  const cliff = found[0];
  if (cliff !== undefined) {
    const at = x(cliff.fails);
    const fits = at + rem * 8 < right;
    addText(
      svg,
      "cliff",
      fits ? at + rem * 0.3 : at - rem * 0.3,
      top + rem * 2,
      fits ? "start" : "end",
      "does not complete",
    );
    marks.push({
      ...{ x: px(Math.min(at, x(cliff.completes))), y: px(top), width: px(Math.abs(at - x(cliff.completes))) },
      height: px(bottom - top),
      title: "The cliff",
      rows: [
        ["completes at", `${shortNumber(cliff.completes)} ${unit}`],
        ["no longer at", `${shortNumber(cliff.fails)} ${unit}`],
      ],
      term: "cliff",
    });
  }
  if (present !== null) {
    const [from = 0, to = 1] = x.domain();
    const at = px(x(Math.min(Math.max(present, from), to)));
    svg
      .append("line")
      .attr("class", "present")
      .attr("x1", at)
      .attr("x2", at)
      .attr("y1", px(top))
      .attr("y2", px(bottom));
    svg
      .append("path")
      .attr("class", "present")
      .attr("d", `M${at - 5},${px(top - 8)}h10l-5,7Z`);
    marks.push({
      ...{ x: at - 3, y: px(top - 8), width: 6, height: px(bottom - top + 8) },
      title: "The run that is shown",
      rows: [[label, `${shortNumber(present)} ${unit}`]],
      term: "cliff",
    });
  }
  markLayer(container).set(marks);
  fillTable(
    container,
    "The curve as a table",
    [`${field.label} (${field.unit})`, "guest stands still", "outcome"],
    sorted.map(({ value, downtimeSeconds, outcome }) => [
      shortNumber(value),
      downtimeSeconds === null ? "–" : formatSeconds(downtimeSeconds),
      outcome,
    ]),
  );
}

/** A run of the curve, which stands at (x, y). */
function pointMark(
  { label, unit }: WhatIfField,
  { value, downtimeSeconds, outcome }: CurvePoint,
  x: number,
  y: number,
): Mark {
  return {
    ...{ x: x - 3, y: y - 3, width: 6, height: 6 },
    title: downtimeSeconds === null ? "A run that does not complete" : "A run",
    rows: [
      [label, `${shortNumber(value)} ${unit}`],
      ["guest stands still", downtimeSeconds === null ? "–" : formatSeconds(downtimeSeconds)],
      ["outcome", outcome],
    ],
    term: "cliff",
  };
}

function nameOf(field: WhatIfField, sorted: readonly CurvePoint[], found: readonly Cliff[]): string {
  const cliff = found[0];
  const tail =
    cliff === undefined
      ? sorted.every((point) => point.downtimeSeconds === null)
        ? "no run completes"
        : "every run completes"
      : `runs complete at ${shortNumber(cliff.completes)} ${field.unit} and no longer at ${shortNumber(cliff.fails)}`;
  return `How long the guest stands still, against ${field.label}: ${tail}`;
}

function xScale(field: WhatIfField, left: number, right: number) {
  const { from, to, kind } = field.slider;
  const scale = kind === "ratio" ? scaleLog() : scaleLinear();
  return scale.domain([from, to]).range([left, right]);
}

function xTicks(field: WhatIfField, x: ReturnType<typeof xScale>): number[] {
  return field.slider.kind === "ratio" ? x.ticks(3).filter(isRound) : x.ticks(5);
}

/** Whole powers of ten, so that a logarithmic axis is not crowded. */
function isRound(value: number): boolean {
  return /^[15](\.?0*)(e[-+]?\d+)?$/.test(value.toPrecision(2).replace(/^0\.0*/, ""));
}

/** Where runs do not complete: from the middle between neighbours, or to the end of the slider. */
function failingSpans(
  sorted: readonly CurvePoint[],
  found: readonly Cliff[],
  field: WhatIfField,
): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let start: number | null = null;
  const edges = found.flatMap(({ completes, fails }) => [completes, fails]);
  sorted.forEach((point, index) => {
    const fails = point.downtimeSeconds === null;
    if (fails && start === null) start = edges.includes(point.value) || index > 0 ? point.value : field.slider.from;
    if (!fails && start !== null) {
      spans.push({ from: start, to: (sorted[index - 1] as CurvePoint).value });
      start = null;
    }
  });
  if (start !== null) spans.push({ from: start, to: field.slider.to });
  return spans;
}
