/** A chart of lanes on the shared time axis, with a table of what is in them. */

import { formatMoment, formatSeconds } from "../model/format.ts";
import type { Span } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import { fillTable } from "./data-table.ts";
import { isShown, type Lane, labelLane, shownPixels, teller } from "./lane.ts";
import { drawLegend } from "./legend.ts";
import type { Mark } from "./mark.ts";
import { type Place, px, sizeChart } from "./svg.ts";
import { addLabelLayer, isNarrow, timeFrame } from "./time-axis.ts";
import { timeChart } from "./time-chart.ts";

/** A stretch of time that stands behind all lanes. */
export interface Band extends Span {
  kind: string;
}

export interface LaneChart {
  layOut(name: string, lanes: readonly Lane[], bands: readonly Band[], span: Span, place: Place): void;
  draw(state: MigrationState): void;
}

/** Rows of the table at most: it is for reading. */
const MOST_ROWS = 200;

export function laneChart(container: HTMLElement, prefix: string, seek: (t: number) => void): LaneChart {
  const chart = timeChart(container, prefix, seek);
  return {
    layOut(name, lanes, bands, span, place) {
      const svg = chart.start(name);
      const narrow = isNarrow(place);
      const gap = place.rem * (narrow ? 1.5 : 0.5);
      const entries = [...new Set(lanes.flatMap((lane) => lane.legend ?? []))];
      const legend =
        entries.length === 0
          ? 0
          : drawLegend(svg, entries, { left: place.rem * 0.25, right: place.width, top: 0, rem: place.rem });
      const top = legend + place.rem * (narrow ? 1.6 : 0.8);
      const bottom = top + lanes.reduce((sum, lane) => sum + lane.height * place.rem + gap, 0) - gap + 4;
      const frame = timeFrame(place, [span.startSeconds, span.endSeconds], top, bottom);
      sizeChart(svg, place.width, px(bottom + place.rem * 1.7));
      for (const band of bands) {
        if (!isShown(frame, band.startSeconds, band.endSeconds)) continue;
        const [left, right] = shownPixels(frame, band.startSeconds, band.endSeconds);
        svg
          .append("rect")
          .attr("class", band.kind)
          .attr("x", px(left))
          .attr("width", px(Math.max(2, right - left)))
          .attr("y", top)
          .attr("height", px(bottom - top));
      }
      const shapeLayer = svg.append("g");
      const labelLayer = addLabelLayer(svg);
      const marks: Mark[] = [];
      const rows: string[][] = [];
      let y = top;
      for (const lane of lanes) {
        const height = lane.height * place.rem;
        const at = `translate(0,${px(y)})`;
        const shapes = shapeLayer.append("g").attr("transform", at);
        const labels = labelLayer.append("g").attr("transform", at);
        shapes
          .append("line")
          .attr("class", "lane-floor")
          .attr("x1", frame.left)
          .attr("x2", frame.right)
          .attr("y1", px(height))
          .attr("y2", px(height));
        labelLane(labels, lane, frame, place, height);
        const tell = teller(frame, y, height, (mark, start, end) => {
          marks.push(mark);
          const length = end > start ? formatSeconds(end - start) : "";
          const values = mark.rows.slice(length === "" ? 1 : 2).map(([key, value]) => `${key} ${value}`);
          if (rows.length < MOST_ROWS) {
            rows.push([lane.name, mark.title, formatMoment(start, length === "" ? 4 : 3), length, values.join(", ")]);
          }
        });
        lane.draw({ shapes, labels, frame, height, place, tell });
        y += height + gap;
      }
      chart.finish(svg, frame, place, marks);
      fillTable(container, "These lanes as a table", ["Lane", "What", "From", "For", "Numbers"], rows);
    },
    draw(state) {
      chart.moveTo(state.t);
    },
  };
}
