/** Dirty pages over time, on the lanes' axis, against the number at which the profile would stop the guest. */

import { line } from "d3";
import { formatCount } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { roundProgress } from "../model/rounds.ts";
import { growthOf } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import { pageScaling, shortCount } from "./page-scale.ts";
import { addPatterns, chartIn, clipped, type GroupSelection, px, sizeChart } from "./svg.ts";
import {
  addPlayhead,
  drawTimeAxis,
  isNarrow,
  type Playhead,
  seekByPointer,
  type TimeFrame,
  timeFrame,
} from "./time-axis.ts";
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
  let playhead: Playhead | null = null;
  let frame: TimeFrame | null = null;
  let seeking = false;
  let dot: ReturnType<typeof makeDot> | null = null;
  return {
    layOut({ migration, pageScale, span }, place) {
      const svg = chartIn(
        container,
        `Pages of ${migration.vm} that the target lacks, over time; the table of rounds holds the numbers`,
      );
      addPatterns(svg, "dirty");
      const legend = legendOf(migration);
      const legendHeight = drawLegend(svg, legend, {
        left: place.rem * 0.25,
        right: place.width,
        top: 0,
        rem: place.rem,
      });
      const top = legendHeight + place.rem * 0.7;
      const bottom = top + place.rem * 11;
      frame = timeFrame(place, [span.startSeconds, span.endSeconds], top, bottom);
      if (isNarrow(place)) frame = narrowFrame(frame, place.rem * 3);
      const current = frame;
      sizeChart(svg, place.width, px(bottom + place.rem * 1.7));
      const points = curveOf(migration);
      const most = points.reduce((m, point) => Math.max(m, point.pendingPages + point.newlyDirtyPages), 1);
      const y = pageScaling(pageScale, most, bottom, top + 4);
      for (const pages of y.ticks(5)) {
        const at = px(y(pages));
        svg
          .append("line")
          .attr("class", "grid")
          .attr("x1", current.left)
          .attr("x2", current.right)
          .attr("y1", at)
          .attr("y2", at);
        svg
          .append("text")
          .attr("class", "tick")
          .attr("text-anchor", "end")
          .attr("x", px(current.left - 6))
          .attr("y", px(at + place.rem * 0.25))
          .text(shortCount(pages));
      }
      const total = (point: Point): number => point.pendingPages + point.newlyDirtyPages;
      const shape = line<Point>().x((point) => px(current.x(point.t)));
      const totals = shape.y((point) => px(y(total(point))))(points) ?? "";
      const firstX = px(current.x(points[0]?.t ?? 0));
      const lastX = px(current.x(points.at(-1)?.t ?? 0));
      const curves = clipped(svg, current, "dirty-clip");
      curves
        .append("path")
        .attr("class", "dirty-area")
        .attr("d", points.length === 0 ? "" : `${totals}L${lastX},${bottom}L${firstX},${bottom}Z`);
      curves.append("path").attr("class", "dirty-line total").attr("d", totals);
      curves
        .append("path")
        .attr("class", "dirty-line newly")
        .attr("d", shape.y((point) => px(y(point.newlyDirtyPages)))(points) ?? "");
      drawThreshold(curves, migration, current, y);
      drawTimeAxis(svg, current, place, "s");
      playhead = addPlayhead(svg, current);
      dot = makeDot(svg, current, y);
      if (!seeking) {
        seekByPointer(svg, () => frame, seek);
        seeking = true;
      }
    },
    draw(state) {
      playhead?.moveTo(state.t);
      dot?.(state.t, state.round === null ? null : state.dirtyPages);
    },
  };
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

type Svg = ReturnType<typeof chartIn>;
type Y = (pages: number) => number;

function makeDot(svg: Svg, frame: TimeFrame, y: Y): (t: number, pages: number | null) => void {
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
      .attr("y2", at)
      .append("title")
      .text(`stops below ${formatCount(round.thresholdBytes / PAGE_BYTES)} pages`);
  }
}
