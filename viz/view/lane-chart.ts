/** A chart of lanes on the shared time axis, with a table of what is in them. */

import { formatSeconds } from "../model/format.ts";
import type { Span } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { isShown, type Lane, type LaneGround, labelLane, shownPixels } from "./lane.ts";
import type { Mark } from "./mark.ts";
import { addPatterns, chartIn, type Place, px, sizeChart } from "./svg.ts";
import {
  addLabelLayer,
  addPlayhead,
  drawTimeAxis,
  isNarrow,
  type Playhead,
  seekByPointer,
  type TimeFrame,
  timeFrame,
} from "./time-axis.ts";

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
  let playhead: Playhead | null = null;
  let frame: TimeFrame | null = null;
  let seeking = false;
  const layer = markLayer(container);
  return {
    layOut(name, lanes, bands, span, place) {
      const svg = chartIn(container, name);
      addPatterns(svg, prefix);
      const narrow = isNarrow(place);
      const gap = place.rem * (narrow ? 1.5 : 0.5);
      const top = place.rem * (narrow ? 1.6 : 0.8);
      const bottom = top + lanes.reduce((sum, lane) => sum + lane.height * place.rem + gap, 0) - gap + 4;
      const current = timeFrame(place, [span.startSeconds, span.endSeconds], top, bottom);
      frame = current;
      sizeChart(svg, place.width, px(bottom + place.rem * 1.7));
      for (const band of bands) {
        if (!isShown(current, band.startSeconds, band.endSeconds)) continue;
        const [left, right] = shownPixels(current, band.startSeconds, band.endSeconds);
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
          .attr("x1", current.left)
          .attr("x2", current.right)
          .attr("y1", px(height))
          .attr("y2", px(height));
        labelLane(labels, lane, current, place, height);
        const laneTop = y;
        const tell: LaneGround["tell"] = (start, end, mark) => {
          if (!isShown(current, start, end)) return;
          const [left, right] = shownPixels(current, start, end);
          const middle = (left + right) / 2;
          const width = Math.max(right - left, 8);
          marks.push({ ...mark, x: px(middle - width / 2), y: px(laneTop), width: px(width), height: px(height) });
          const length = end > start ? formatSeconds(end - start) : "";
          const values = mark.rows.map(([key, value]) => `${key} ${value}`).join(", ");
          if (rows.length < MOST_ROWS) rows.push([lane.name, mark.title, formatSeconds(start), length, values]);
        };
        lane.draw({ shapes, labels, frame: current, height, place, tell });
        y += height + gap;
      }
      drawTimeAxis(svg, current, place, "s");
      playhead = addPlayhead(svg, current);
      layer.set(marks);
      fillTable(container, "These lanes as a table", ["Lane", "What", "From", "For", "Numbers"], rows);
      if (!seeking) {
        seekByPointer(svg, () => frame, seek);
        seeking = true;
      }
    },
    draw(state) {
      playhead?.moveTo(state.t);
    },
  };
}
