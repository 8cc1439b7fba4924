/** Rounds as shrinking bars: what each sent, what the guest dirtied meanwhile; and the same as a table. */
import { formatBytes, formatCount, formatSeconds } from "../model/format.ts";
import { type MigrationTimeline, PAGE_BYTES } from "../model/timeline.ts";
import { fillTable } from "./data-table.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import { pageScaling, shortCount } from "./page-scale.ts";
import { addPatterns, chartIn, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

/** Rounds drawn at most; the table holds them all. */
const MOST_BARS = 14;

export function roundsView(container: HTMLElement): View {
  let rows: { element: SVGGElement; start: number; end: number }[] = [];
  const marks: { sent: SVGRectElement; dirtied: SVGRectElement; full: [number, number] }[] = [];
  return {
    layOut({ migration, pageScale }, place) {
      const svg = chartIn(
        container,
        `Rounds of the migration of ${migration.vm}: pages sent and pages dirtied meanwhile`,
      );
      addPatterns(svg, "rounds");
      const { rem } = place;
      const shown = shownRounds(migration);
      const left = rem * 3.4;
      const right = place.width - rem * 8.2;
      // Few rounds get more air, so that the panel is filled.
      const rowHeight = rem * Math.min(Math.max(2.1, 21 / Math.max(shown.length, 1)), 2.9);
      const legend: LegendEntry[] = [
        { kind: "sent", sample: "box", text: "pages sent" },
        { kind: "dirtied", sample: "box", text: "dirtied meanwhile", fill: "url(#rounds-dirtied)" },
      ];
      const top = drawLegend(svg, legend, { left: rem * 0.25, right: place.width, top: 0, rem }) + rem * 0.5;
      const most = Math.max(
        1,
        ...shown.map((round) => Math.max(round.pagesSent + round.zeroPagesSent, round.newlyDirtyPages)),
      );
      const x = pageScaling(pageScale, most, left, Math.max(right, left + rem * 2));
      sizeChart(svg, place.width, px(top + rowHeight * Math.max(shown.length, 1) + rem * 0.4));
      rows = [];
      marks.length = 0;
      for (const [index, round] of shown.entries()) {
        const group = svg.append("g").attr("transform", `translate(0,${px(top + index * rowHeight)})`);
        group
          .append("text")
          .attr("class", "round-name")
          .attr("text-anchor", "end")
          .attr("x", px(left - rem * 0.5))
          .attr("y", px(rem * 1.05))
          .text(round.final ? "final" : String(round.round));
        const sentPages = round.pagesSent + round.zeroPagesSent;
        const sent = group.append("rect").attr("class", round.final ? "sent final" : "sent");
        sent
          .attr("x", px(left))
          .attr("y", px(rem * 0.12))
          .attr("height", px(rem * 0.78));
        const dirtied = group.append("rect").attr("class", "dirtied").attr("fill", "url(#rounds-dirtied)");
        dirtied
          .attr("x", px(left))
          .attr("y", px(rem * 0.94))
          .attr("height", px(rem * 0.5));
        const full: [number, number] = [
          bar(x(sentPages) - left, sentPages),
          bar(x(round.newlyDirtyPages) - left, round.newlyDirtyPages),
        ];
        for (const [width, y, height] of [
          [full[0], 0.12, 0.78],
          [full[1], 0.94, 0.5],
        ] as const) {
          group
            .append("rect")
            .attr("class", "outline")
            .attr("x", px(left))
            .attr("y", px(rem * y))
            .attr("width", width)
            .attr("height", px(rem * height));
        }
        group
          .append("text")
          .attr("class", "round-numbers")
          .attr("x", px(left + Math.max(full[0], full[1]) + rem * 0.5))
          .attr("y", px(rem * 0.74))
          .text(
            sentPages === 0
              ? "nothing to send"
              : `${shortCount(sentPages)} in ${formatSeconds(round.endSeconds - round.startSeconds)}`,
          );
        group
          .append("text")
          .attr("class", "round-detail")
          .attr("x", px(left + Math.max(full[0], full[1]) + rem * 0.5))
          .attr("y", px(rem * 1.6))
          .text(round.final ? "guest stopped" : `${shortCount(round.newlyDirtyPages)} dirtied`);
        rows.push({ element: group.node() as SVGGElement, start: round.startSeconds, end: round.endSeconds });
        marks.push({ sent: sent.node() as SVGRectElement, dirtied: dirtied.node() as SVGRectElement, full });
      }
      writeTable(container, migration);
    },
    draw(state) {
      for (const [index, row] of rows.entries()) {
        const mark = marks[index];
        if (mark === undefined) continue;
        const length = row.end - row.start;
        const share = state.t >= row.end ? 1 : state.t <= row.start ? 0 : (state.t - row.start) / length;
        mark.sent.setAttribute("width", String(px(mark.full[0] * share)));
        mark.dirtied.setAttribute("width", String(px(mark.full[1] * share)));
        const current = state.t >= row.start && state.t < row.end;
        row.element.setAttribute(
          "class",
          current ? "round-row current" : state.t >= row.end ? "round-row past" : "round-row future",
        );
      }
    },
  };
}

/** A bar that is there is at least two pixels long. */
function bar(width: number, pages: number): number {
  return pages <= 0 ? 0 : px(Math.max(width, 2));
}

function shownRounds(migration: MigrationTimeline): MigrationTimeline["rounds"] {
  const { rounds } = migration;
  if (rounds.length <= MOST_BARS) return rounds;
  return [...rounds.slice(0, MOST_BARS - 4), ...rounds.slice(-4)];
}

function writeTable(container: HTMLElement, migration: MigrationTimeline): void {
  fillTable(
    container,
    "Rounds as a table",
    [
      "Round",
      "Start",
      "Duration",
      "Pages sent",
      "Zero pages",
      "Bytes sent",
      "Dirtied meanwhile",
      "Waiting at the end",
      "Stops below",
    ],
    migration.rounds.map((round) => [
      round.final ? "final copy" : String(round.round),
      formatSeconds(round.startSeconds),
      formatSeconds(round.endSeconds - round.startSeconds),
      formatCount(round.pagesSent),
      formatCount(round.zeroPagesSent),
      formatBytes(round.bytesSent),
      formatCount(round.newlyDirtyPages),
      formatCount(round.dirtyPagesAtEnd),
      round.thresholdBytes === null ? "—" : formatCount(round.thresholdBytes / PAGE_BYTES),
    ]),
  );
}
