/** Many seeds: the fan of their dirty pages over time, and how often each downtime came up. */
import { line, scaleLinear } from "d3";
import { type Chances, histogramOf, isEnoughFor } from "../model/chances.ts";
import { formatCount, formatSeconds, formatShare } from "../model/format.ts";
import type { Outcome } from "../worker/messages.ts";
import { addGridLine, addText, spacedTicks } from "./chart-text.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { SHAPES } from "./lane.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import type { Mark } from "./mark.ts";
import { pageScaling, shortCount } from "./page-scale.ts";
import { chartIn, type Place, px, sizeChart } from "./svg.ts";

/** Lines of a fan: more only blacken it. */
const MOST_LINES = 400;

const FAN_LEGEND: readonly LegendEntry[] = [
  { kind: "fan sample", sample: "line", text: "dirty pages at the ends of rounds" },
  { kind: "fan-end", sample: "sign", shape: SHAPES.dot, text: "the last" },
];

/** One line a run: pages that are dirty at the ends of its rounds. */
export function drawFan(container: HTMLElement, outcomes: readonly Outcome[], place: Place): void {
  const drawn = outcomes.slice(0, MOST_LINES);
  const svg = chartIn(
    container,
    `Dirty pages at the ends of rounds over time, in ${formatCount(drawn.length)} runs that differ in the seed alone`,
  );
  const { rem, width } = place;
  const [left, right] = [rem * 3.6, width - rem * 0.8];
  const top = drawLegend(svg, FAN_LEGEND, { left: 0, right: width, top: 0, rem }) + rem * 0.4;
  const bottom = top + rem * 7.4;
  sizeChart(svg, width, px(bottom + rem * 1.6));
  const points = drawn.flatMap((each) => each.track);
  const start = Math.min(...points.map((point) => point.t), Number.MAX_VALUE);
  const end = Math.max(...points.map((point) => point.t), start + 1e-3);
  const x = scaleLinear().domain([start, end]).range([left, right]);
  const most = points.reduce((sum, point) => Math.max(sum, point.pages), 1);
  const y = pageScaling("log", most, bottom, top);
  for (const tick of spacedTicks(y.ticks(5), y, rem)) {
    addGridLine(svg, left, right, y(tick), shortCount(tick), rem);
  }
  for (const tick of x.ticks(5))
    addText(svg, "tick", x(tick), bottom + rem * 1.1, "middle", `${Number(tick.toPrecision(4))} s`);
  const shape = line<{ t: number; pages: number }>()
    .x((point) => px(x(point.t)))
    .y((point) => px(y(point.pages)));
  svg
    .append("path")
    .attr("class", "fan")
    .attr("d", drawn.map((each) => shape(each.track) ?? "").join(""));
  const ends = drawn.flatMap((run, index) => run.track.slice(-1).map((last) => ({ run, index, ...last })));
  svg
    .append("g")
    .selectAll("circle")
    .data(ends)
    .join("circle")
    .attr("class", "fan-end")
    .attr("r", 2)
    .attr("cx", (end) => px(x(end.t)))
    .attr("cy", (end) => px(y(end.pages)));
  const marks = ends.map(({ run, index, t, pages }): Mark => {
    const [, ...values] = runRow(run, index);
    return {
      ...{ x: px(x(t) - 2), y: px(y(pages) - 2), width: 4, height: 4 },
      title: index === 0 ? "Run 1, with the seed that is shown" : `Run ${index + 1}`,
      rows: values.map((value, column) => [RUN_HEAD[column + 1] as string, value]),
      term: "chance",
    };
  });
  markLayer(container).set(marks);
  fillTable(container, "These runs as a table", RUN_HEAD, drawn.map(runRow));
}

const RUN_HEAD = ["run", "outcome", "guest stood still", "in all", "rounds", "dirty pages at the end of the last"];

function runRow({ outcome, downtimeSeconds, totalSeconds, track }: Outcome, index: number): string[] {
  const seconds = (value: number | null): string => (value === null ? "–" : formatSeconds(value));
  const last = track.at(-1);
  return [
    formatCount(index + 1),
    outcome,
    seconds(downtimeSeconds),
    seconds(totalSeconds),
    formatCount(track.length),
    last === undefined ? "–" : formatCount(last.pages),
  ];
}

/** The histogram of downtimes with percentiles and the objective. */
export function drawHistogram(
  container: HTMLElement,
  downtimes: readonly number[],
  chances: Chances,
  objectiveSeconds: number | null,
  place: Place,
): void {
  const svg = chartIn(container, `How often each downtime came up: ${sentenceOf(chances, objectiveSeconds)}`);
  const { rem, width } = place;
  const [left, right, top, bottom] = [rem * 3.6, width - rem * 0.8, rem * 3.2, rem * 9];
  sizeChart(svg, width, px(bottom + rem * 1.6));
  const bins = histogramOf(downtimes);
  const first = bins[0];
  const last = bins.at(-1);
  if (first === undefined || last === undefined) {
    addText(svg, "legend", width / 2, rem * 5, "middle", "No run completed.");
    markLayer(container).set([]);
    return;
  }
  const beyond = objectiveSeconds === null ? [] : [objectiveSeconds];
  const [least, most] = [Math.min(first.from, ...beyond), Math.max(last.to, ...beyond)];
  const pad = (most - least) * 0.04;
  const x = scaleLinear()
    .domain([Math.max(0, least - pad), most + pad])
    .range([left, right]);
  const highest = Math.max(...bins.map((bin) => bin.count));
  const y = scaleLinear().domain([0, highest]).range([bottom, top]);
  for (const tick of y.ticks(3).filter(Number.isInteger)) {
    addText(svg, "tick", left - rem * 0.4, y(tick) + rem * 0.25, "end", formatCount(tick));
  }
  svg
    .append("g")
    .selectAll("rect")
    .data(bins)
    .join("rect")
    .attr("class", "bin")
    .attr("x", (bin) => px(x(bin.from) + 0.5))
    .attr("width", (bin) => px(Math.max(1, x(bin.to) - x(bin.from) - 1)))
    .attr("y", (bin) => px(y(bin.count)))
    .attr("height", (bin) => px(bottom - y(bin.count)));
  for (const tick of x.ticks(4)) addText(svg, "tick", x(tick), bottom + rem * 1.1, "middle", formatSeconds(tick));
  const marks: [string, number | null, string][] = [
    ["median", chances.median, "quantile"],
    ["95 %", chances.p95, "quantile"],
    ["99 %", chances.p99, "quantile"],
    ["objective", objectiveSeconds, "objective"],
  ];
  const told: Mark[] = bins.map((bin) => ({
    ...{
      x: px(x(bin.from)),
      y: px(y(bin.count)),
      width: px(x(bin.to) - x(bin.from)),
      height: px(bottom - y(bin.count)),
    },
    title: `${formatCount(bin.count)} runs`,
    rows: [
      ["downtime from", formatSeconds(bin.from)],
      ["to", formatSeconds(bin.to)],
      ["of those that completed", formatShare(bin.count / chances.completed)],
    ],
    term: "chance",
  }));
  let row = 0;
  for (const [name, value, kind] of marks) {
    if (value === null) continue;
    const at = px(x(value));
    const y1 = px(rem * (0.9 + (row % 3) * 0.85));
    svg.append("line").attr("class", kind).attr("x1", at).attr("x2", at).attr("y1", y1).attr("y2", px(bottom));
    const fits = at + rem * 4.5 < right;
    addText(svg, `${kind}-name`, fits ? at + 4 : at - 4, y1 + rem * 0.2, fits ? "start" : "end", name);
    told.push({
      ...{ x: at - 2, y: y1, width: 4, height: px(bottom - y1) },
      title: kind === "objective" ? "The objective" : name === "median" ? "The median" : `The ${name} mark`,
      rows: [
        [kind === "objective" ? "at most" : "downtime", formatSeconds(value)],
        ...(kind === "objective" && chances.withinShare !== null
          ? ([["completed within it", formatShare(chances.withinShare)]] as const)
          : []),
      ],
      term: "chance",
    });
    row += 1;
  }
  markLayer(container).set(told);
  fillTable(
    container,
    "The histogram as a table",
    ["downtime from", "to", "runs"],
    bins.map((bin) => [formatSeconds(bin.from), formatSeconds(bin.to), formatCount(bin.count)]),
  );
}

/** `Of 200 runs the median stood still for 302 ms, 95 % at most 310 ms; ...`: what the histogram says, with its doubts. */
export function sentenceOf(chances: Chances, objectiveSeconds: number | null): string {
  const { runs, completed, median, p95, p99, worst, withinShare } = chances;
  if (runs === 0) return "No run yet.";
  if (median === null || p95 === null || p99 === null || worst === null)
    return `None of ${formatCount(runs)} runs completed.`;
  const parts = [
    `Of ${formatCount(runs)} runs half stood still for at most ${formatSeconds(median)}, 95 % for at most ${formatSeconds(p95)}, ` +
      `99 % for at most ${formatSeconds(p99)}; the worst for ${formatSeconds(worst)}.`,
  ];
  if (completed < runs) parts.push(`${formatCount(runs - completed)} did not complete.`);
  if (withinShare !== null && objectiveSeconds !== null) {
    parts.push(`${formatShare(withinShare)} completed within ${formatSeconds(objectiveSeconds)}.`);
  }
  const unsure = [0.95, 0.99].filter((quantile) => !isEnoughFor(quantile, completed));
  if (unsure.length > 0) {
    parts.push(`So few runs say little of the ${unsure.map((quantile) => `${quantile * 100} %`).join(" and ")} mark.`);
  }
  return parts.join(" ");
}
