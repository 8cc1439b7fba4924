/** The blackout on its own time axis: its named parts, storage, announcement and the clients' wait. */
import { formatMoment, formatSeconds } from "../model/format.ts";
import type { MigrationTimeline, Span } from "../model/migration-timeline.ts";
import { wordsFor } from "../model/words-for.ts";
import { type BlackoutRow, blackoutRows, tellStandstill } from "./blackout-rows.ts";
import { fillTable } from "./data-table.ts";
import { teller } from "./lane.ts";
import type { Mark } from "./mark.ts";
import { PART_NAMES } from "./part-names.ts";
import { fitText, type Place, px, type SvgSelection, sizeChart } from "./svg.ts";
import { addLabelLayer, isNarrow, type TimeFrame, timeFrame } from "./time-axis.ts";
import { timeChart } from "./time-chart.ts";
import type { View } from "./view.ts";

/** A close-up longer than this is written in seconds. */
const MILLISECONDS_UP_TO = 3;

export function blackoutView(container: HTMLElement, seek: (t: number) => void): View {
  const chart = timeChart(container, "blackout", seek);
  let rows: { element: SVGGElement; row: BlackoutRow }[] = [];

  function layOutCloseUp(svg: SvgSelection, migration: MigrationTimeline, closeUp: Span, place: Place): void {
    const rowHeight = place.rem * 1.5;
    const top = place.rem * 0.9;
    const all = blackoutRows(migration, place);
    const frame = frameOf(closeUp, place, top, px(top + all.length * rowHeight + 2));
    sizeChart(svg, place.width, px(frame.bottom + place.rem * 1.7));
    drawStandstill(svg, migration, frame);
    const shapes = svg.append("g");
    const labelLayer = addLabelLayer(svg);
    const marks: Mark[] = [];
    const told = (mark: Mark): void => void marks.push(mark);
    tellStandstill(teller(frame, frame.top, frame.bottom - frame.top, told), migration);
    rows = all.map((row, index) => {
      const rowTop = top + index * rowHeight;
      const at = `translate(0,${px(rowTop)})`;
      const labels = labelLayer.append("g").attr("transform", at);
      const name = labels.append("text").attr("class", "part-name").attr("text-anchor", "end");
      name.attr("x", px(frame.left - place.rem * 0.6)).attr("y", px(rowHeight * 0.66));
      name.text(fitText(row.name, frame.left - place.rem * 0.6, place.rem * 0.44));
      const tell = teller(frame, rowTop, rowHeight, told);
      row.draw({ shapes: shapes.append("g").attr("transform", at), labels, frame, height: rowHeight, place, tell });
      return { element: labels.node() as SVGGElement, row };
    });
    const unit = closeUp.endSeconds - closeUp.startSeconds > MILLISECONDS_UP_TO ? "s" : "ms";
    // The axis counts from the moment at which the guest stops: what a stopwatch would show.
    chart.finish(svg, frame, place, marks, { unit, originSeconds: migration.blackouts[0]?.startSeconds ?? 0 });
  }

  return {
    layOut({ migration }, place) {
      const { closeUp } = migration;
      const svg = chart.start(gistOf(migration));
      rows = [];
      if (closeUp !== null) layOutCloseUp(svg, migration, closeUp, place);
      else {
        sizeChart(svg, place.width, px(place.rem * 3));
        const text = svg
          .append("text")
          .attr("class", "empty")
          .attr("x", 4)
          .attr("y", px(place.rem * 1.6));
        text.text("The guest was never stopped.");
        chart.leaveEmpty();
      }
      fillTable(container, "Blackout as a table", ["Part", "Start", "Duration"], tableOf(migration));
    },
    draw(state) {
      chart.moveTo(state.t);
      for (const { element, row } of rows) {
        const current = state.t >= row.startSeconds && state.t < row.endSeconds;
        element.setAttribute("class", current ? "part-row current" : "part-row");
      }
    },
  };
}

/** What the chart says, in a sentence. */
function gistOf({ vm, closeUp, blackouts, parts }: MigrationTimeline): string {
  if (closeUp === null) return "No blackout: the guest was never stopped";
  const seconds = blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0);
  const [longest] = [...parts].sort((a, b) => b.endSeconds - b.startSeconds - (a.endSeconds - a.startSeconds));
  const most =
    longest === undefined
      ? ""
      : `, in ${parts.length} parts: the longest, ${wordsFor(PART_NAMES, longest.part)}, takes ` +
        formatSeconds(longest.endSeconds - longest.startSeconds);
  return `Blackout of ${vm}: it stands still for ${formatSeconds(seconds)}${most}`;
}

function frameOf(closeUp: Span, place: Place, top: number, bottom: number): TimeFrame {
  const frame = timeFrame(place, [closeUp.startSeconds, closeUp.endSeconds], top, bottom);
  const left = px(isNarrow(place) ? Math.min(place.rem * 6.6, place.width * 0.36) : place.rem * 9.5);
  return { ...frame, left, x: frame.x.range([left, frame.right]) };
}

function drawStandstill(svg: SvgSelection, migration: MigrationTimeline, frame: TimeFrame): void {
  for (const span of migration.blackouts) {
    svg
      .append("rect")
      .attr("class", "blackout-band")
      .attr("x", px(frame.x(span.startSeconds)))
      .attr("width", px(Math.max(1, frame.x(span.endSeconds) - frame.x(span.startSeconds))))
      .attr("y", frame.top)
      .attr("height", px(frame.bottom - frame.top));
  }
}

function tableOf(migration: MigrationTimeline): string[][] {
  const rows = migration.parts.map((part) => [
    wordsFor(PART_NAMES, part.part),
    formatMoment(part.startSeconds),
    formatSeconds(part.endSeconds - part.startSeconds),
  ]);
  for (const client of migration.clients) {
    for (const outage of client.outages) {
      const waited = formatSeconds(outage.endSeconds - outage.lastReplySeconds);
      rows.push([`${client.name} without an answer`, formatMoment(outage.lastReplySeconds), waited]);
    }
  }
  return rows;
}
