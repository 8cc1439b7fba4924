/** Dirty pages over time, on the lanes' axis, against the number at which the profile would stop the guest. */

import { line } from "d3";
import { formatBytes, formatCount, formatMoment, formatSeconds } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { type Round, roundProgress } from "../model/rounds.ts";
import { growthOf } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { addGridLine } from "./chart-text.ts";
import { fillTable } from "./data-table.ts";
import { isShown, shownPixels } from "./lane.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import type { Mark, Numbers } from "./mark.ts";
import { pageScaling, shortCount } from "./page-scale.ts";
import { clipped, type GroupSelection, px, type SvgSelection, sizeChart } from "./svg.ts";
import { isNarrow, type TimeFrame, timeFrame } from "./time-axis.ts";
import { timeChart } from "./time-chart.ts";
import type { View } from "./view.ts";

interface Point {
  t: number;
  pendingPages: number;
  newlyDirtyPages: number;
}

/** Points in all and a round at most: enough for its curve to look like one. */
const MOST_POINTS = 4000;
const POINTS_A_ROUND = 64;

function curveOf(migration: MigrationTimeline): Point[] {
  const points: Point[] = [];
  const count = Math.max(4, Math.min(POINTS_A_ROUND, Math.floor(MOST_POINTS / Math.max(migration.rounds.length, 1))));
  for (const round of migration.rounds) {
    const growth = growthOf(migration, round);
    for (let k = 0; k <= count; k += 1) {
      // Closer at both ends, where the curve bends most.
      const share = (1 - Math.cos((Math.PI * k) / count)) / 2;
      const t = round.startSeconds + (round.endSeconds - round.startSeconds) * share;
      const { pendingPages, newlyDirtyPages } = roundProgress(round, t, growth);
      points.push({ t, pendingPages, newlyDirtyPages });
    }
  }
  return points;
}

export function dirtyPagesView(container: HTMLElement, seek: (t: number) => void): View {
  const chart = timeChart(container, "dirty", seek);
  let dot: ReturnType<typeof makeDot> | null = null;
  return {
    layOut({ migration, pageScale, span }, place) {
      const svg = chart.start(gistOf(migration));
      const { rem, width } = place;
      const legend = drawLegend(svg, legendOf(migration), { left: rem * 0.25, right: width, top: 0, rem });
      const top = legend + rem * 0.7;
      const bottom = top + rem * 11;
      const whole = timeFrame(place, [span.startSeconds, span.endSeconds], top, bottom);
      const frame = isNarrow(place) ? narrowFrame(whole, rem * 3) : whole;
      sizeChart(svg, width, px(bottom + rem * 1.7));
      const points = curveOf(migration);
      const most = mostShown(points, migration, frame);
      const y = pageScaling(pageScale, most, bottom, top + 4);
      for (const pages of y.ticks(5)) addGridLine(svg, frame.left, frame.right, y(pages), shortCount(pages), rem);
      const curves = clipped(svg, frame, "dirty-clip");
      drawCurves(curves, points, frame, y);
      drawThreshold(curves, migration, frame, y);
      chart.finish(svg, frame, place, marksOf(migration, frame, y));
      dot = makeDot(svg, frame, y);
      fillTable(container, "Dirty pages as a table", TABLE_HEAD, migration.rounds.map(tableRow));
    },
    draw(state) {
      chart.moveTo(state.t);
      dot?.(state.t, state.round === null ? null : state.dirtyPages);
    },
  };
}

const totalOf = (point: Point): number => point.pendingPages + point.newlyDirtyPages;

/** The greatest number on the chart: what lies outside the chosen stretch does not flatten what is within. */
function mostShown(points: readonly Point[], { rounds }: MigrationTimeline, frame: TimeFrame): number {
  const [start = 0, end = 1] = frame.x.domain();
  const limits = rounds.map((round) =>
    isShown(frame, round.startSeconds, round.endSeconds) ? (round.thresholdBytes ?? 0) / PAGE_BYTES : 0,
  );
  const curve = points.map((point, index) => {
    if (point.t >= start && point.t <= end) return totalOf(point);
    // What comes in from the left, and goes out to the right.
    const next = points[index + 1];
    if (next === undefined || point.t > end || next.t < start) return 0;
    const at = (t: number): number =>
      totalOf(point) + ((totalOf(next) - totalOf(point)) * (t - point.t)) / (next.t - point.t);
    return Math.max(at(Math.max(start, point.t)), at(Math.min(end, next.t)));
  });
  return [...curve, ...limits].reduce((top, pages) => Math.max(top, pages), 1);
}

/** What the chart says, in a sentence. */
function gistOf({ vm, rounds }: MigrationTimeline): string {
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (first === undefined || last === undefined) return `Pages of ${vm} that the target lacks: no round was begun`;
  return (
    `Pages of ${vm} that the target lacks, over time: ${formatCount(first.pendingPages)} as the first round begins, ` +
    `${formatCount(last.pendingPages)} as the last of ${rounds.length} does`
  );
}

function drawCurves(group: GroupSelection, points: readonly Point[], frame: TimeFrame, y: Y): void {
  const path = (kind: string, d: string | null) =>
    group
      .append("path")
      .attr("class", kind)
      .attr("d", d ?? "");
  const shape = line<Point>().x((point) => px(frame.x(point.t)));
  const totals = shape.y((point) => px(y(totalOf(point))))(points) ?? "";
  const [firstX, lastX] = [points[0], points.at(-1)].map((point) => px(frame.x(point?.t ?? 0)));
  path("dirty-area", points.length === 0 ? "" : `${totals}L${lastX},${frame.bottom}L${firstX},${frame.bottom}Z`);
  path("dirty-line total", totals);
  path("dirty-line newly", shape.y((point) => px(y(point.newlyDirtyPages)))(points));
}

const TABLE_HEAD = [
  "Round",
  "From",
  "For",
  "Waiting at the start",
  "Of it left",
  "Dirtied again",
  "Waiting at the end",
];

function tableRow(round: Round): string[] {
  return [
    nameOf(round),
    formatMoment(round.startSeconds),
    formatSeconds(round.endSeconds - round.startSeconds),
    ...countsOf(round).map(([, value]) => value),
  ];
}

/** The counts between which a round's curve runs. */
function countsOf(round: Round): Numbers {
  return [
    ["waiting at the start", formatCount(round.pendingPages)],
    ["of it left at the end", formatCount(round.unsentPages)],
    ["dirtied again meanwhile", formatCount(round.newlyDirtyPages)],
    ["waiting at the end", formatCount(round.dirtyPagesAtEnd)],
  ];
}

function nameOf(round: Round): string {
  return round.final ? "final copy" : String(round.round);
}

/** Each round's stretch of the curve, and the numbers at which the guest would be stopped. */
function marksOf({ rounds }: MigrationTimeline, frame: TimeFrame, y: Y): Mark[] {
  const shown = rounds.filter((round) => isShown(frame, round.startSeconds, round.endSeconds));
  const across = (from: number, to: number): { x: number; width: number } => {
    const [left, right] = shownPixels(frame, from, to);
    return { x: px(left), width: px(Math.max(right - left, 2)) };
  };
  const curves = shown.map((round): Mark => {
    const seconds = formatSeconds(round.endSeconds - round.startSeconds);
    return {
      ...across(round.startSeconds, round.endSeconds),
      y: frame.top,
      height: px(frame.bottom - frame.top),
      title: round.final ? "Dirty pages in the final copy" : `Dirty pages in round ${round.round}`,
      rows: [["from", formatMoment(round.startSeconds)], ["for", seconds], ...countsOf(round)],
      term: "dirty",
    };
  });
  const limits = shown.flatMap((round): Mark[] => {
    if (round.thresholdBytes === null) return [];
    const pages = round.thresholdBytes / PAGE_BYTES;
    return [
      {
        ...across(round.startSeconds, round.endSeconds),
        y: px(y(pages) - 1),
        height: 2,
        title: `The guest stops below, round ${round.round}`,
        rows: [
          ["pages", formatCount(pages)],
          ["as bytes", formatBytes(round.thresholdBytes)],
        ],
        term: "threshold",
      },
    ];
  });
  return [...curves, ...limits];
}

function legendOf(migration: MigrationTimeline): LegendEntry[] {
  const entries: LegendEntry[] = [
    { kind: "dirty-line total", sample: "line", text: "waiting to be sent" },
    { kind: "dirty-line newly", sample: "line", text: "of it, sent and dirtied again" },
  ];
  if (migration.rounds.some((round) => round.thresholdBytes !== null)) {
    entries.push({ kind: "threshold", sample: "line", text: "the guest stops below" });
  }
  return entries;
}

function narrowFrame(frame: TimeFrame, left: number): TimeFrame {
  return { ...frame, left, x: frame.x.copy().range([left, frame.right]) };
}

type Y = (pages: number) => number;

function makeDot(svg: SvgSelection, frame: TimeFrame, y: Y): (t: number, pages: number | null) => void {
  const circle = svg.append("circle").attr("class", "dirty-dot").attr("r", 4);
  return (t, pages) => {
    const [start = 0, end = 1] = frame.x.domain();
    circle
      .attr("visibility", pages === null || t < start || t > end ? "hidden" : "visible")
      .attr("cx", px(frame.x(t)))
      .attr("cy", px(y(pages ?? 0)));
  };
}

function drawThreshold(group: GroupSelection, migration: MigrationTimeline, frame: TimeFrame, y: Y): void {
  for (const round of migration.rounds) {
    if (round.thresholdBytes === null) continue;
    const at = px(y(round.thresholdBytes / PAGE_BYTES));
    group
      .append("line")
      .attr("class", "threshold")
      .attr("x1", px(frame.x(round.startSeconds)))
      .attr("x2", px(frame.x(round.endSeconds)))
      .attr("y1", at)
      .attr("y2", at);
  }
}
