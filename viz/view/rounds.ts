/** Rounds as shrinking bars: what each sent, what the guest dirtied meanwhile; and the same as a table. */

import { formatBytes, formatCount, formatMoment, formatRate, formatSeconds, formatShare } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { type Round, roundProgress } from "../model/rounds.ts";
import { growthOf } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import type { Mark } from "./mark.ts";
import { type PageScaling, pageScaling, shortCount } from "./page-scale.ts";
import { addPatterns, chartIn, type GroupSelection, px, type SvgSelection, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

/** Rows drawn at most; the table holds all rounds. */
const MOST_ROWS = 15;
const LAST_ROWS = 4;

/** A row and what it stands for: one round, or all that lie between the first and the last. */
interface Row {
  group: GroupSelection;
  marks: Mark[];
  startSeconds: number;
  endSeconds: number;
  draw(t: number): void;
}

interface RowPlace {
  rem: number;
  left: number;
  /** The row's upper edge in the chart. */
  top: number;
  x: PageScaling;
}

export function roundsView(container: HTMLElement): View {
  const layer = markLayer(container);
  let rows: Row[] = [];
  return {
    layOut({ migration, pageScale }, { width, rem }) {
      const svg = chartIn(container, gistOf(migration));
      addPatterns(svg, "rounds");
      const { first, hidden, last } = shownRounds(migration.rounds);
      const count = Math.max(1, first.length + last.length + (hidden.length > 0 ? 1 : 0));
      const left = rem * 3.4;
      const right = Math.max(width - rem * 8.2, left + rem * 2);
      const top = drawLegend(svg, LEGEND, { left: rem * 0.25, right: width, top: 0, rem }) + rem * 0.5;
      // Few rounds get more air, so that the panel is filled.
      const rowHeight = rem * Math.min(Math.max(2.1, 21 / count), 2.9);
      const most = Math.max(1, ...migration.rounds.map((round) => Math.max(sentPages(round), round.newlyDirtyPages)));
      const x = pageScaling(pageScale, most, left, right);
      sizeChart(svg, width, px(top + rowHeight * count + rem * 0.4));
      let y = top;
      const place = (): [GroupSelection, RowPlace] => {
        const group = svg.append("g").attr("transform", `translate(0,${px(y)})`);
        y += rowHeight;
        return [group, { rem, left, x, top: y - rowHeight }];
      };
      rows = first.map((round) => roundRow(...place(), round, migration));
      if (hidden.length > 0) rows.push(gapRow(...place(), hidden));
      rows.push(...last.map((round) => roundRow(...place(), round, migration)));
      layer.set(rows.flatMap((row) => row.marks));
      if (migration.rounds.length === 0) emptyRow(svg, top, rem);
      writeTable(container, migration);
    },
    draw(state) {
      for (const row of rows) {
        row.draw(state.t);
        const time = state.t >= row.endSeconds ? "past" : state.t >= row.startSeconds ? "current" : "future";
        row.group.attr("class", `round-row ${time}`);
      }
    },
  };
}

const LEGEND: readonly LegendEntry[] = [
  { kind: "sent", sample: "box", text: "pages sent" },
  { kind: "dirtied", sample: "box", text: "dirtied meanwhile", fill: "url(#rounds-dirtied)" },
];

function sentPages(round: Round): number {
  return round.pagesSent + round.zeroPagesSent;
}

function shownRounds(rounds: readonly Round[]): {
  first: readonly Round[];
  hidden: readonly Round[];
  last: readonly Round[];
} {
  if (rounds.length <= MOST_ROWS) return { first: rounds, hidden: [], last: [] };
  const head = MOST_ROWS - LAST_ROWS - 1;
  return { first: rounds.slice(0, head), hidden: rounds.slice(head, -LAST_ROWS), last: rounds.slice(-LAST_ROWS) };
}

/** What the chart says, in a sentence. */
function gistOf({ vm, rounds }: MigrationTimeline): string {
  const sent = rounds.reduce((sum, round) => sum + sentPages(round), 0);
  const dirtied = rounds.reduce((sum, round) => sum + round.newlyDirtyPages, 0);
  return (
    `Rounds of the migration of ${vm}: ${formatCount(sent)} pages sent in ${rounds.length} rounds, ` +
    `${formatCount(dirtied)} dirtied meanwhile`
  );
}

function roundRow(group: GroupSelection, at: RowPlace, round: Round, migration: MigrationTimeline): Row {
  const { rem, left, x } = at;
  const sent = barOf(group, x(sentPages(round)) - left, sentPages(round), left, rem * 0.12, rem * 0.78);
  const dirtied = barOf(group, x(round.newlyDirtyPages) - left, round.newlyDirtyPages, left, rem * 0.94, rem * 0.5);
  sent.filled.attr("class", round.final ? "sent final" : "sent");
  dirtied.filled.attr("class", "dirtied").attr("fill", "url(#rounds-dirtied)");
  rowName(group, round.final ? "final" : String(round.round), left, rem);
  const end = left + Math.max(sent.width, dirtied.width) + rem * 0.5;
  const took = formatSeconds(round.endSeconds - round.startSeconds);
  rowText(
    group,
    "round-numbers",
    end,
    rem * 0.74,
    sentPages(round) === 0 ? "nothing to send" : `${shortCount(sentPages(round))} in ${took}`,
  );
  rowText(
    group,
    "round-detail",
    end,
    rem * 1.6,
    round.final ? "guest stopped" : `${shortCount(round.newlyDirtyPages)} dirtied`,
  );
  const growth = growthOf(migration, round);
  return {
    group,
    marks: marksOf(round, migration, at, [sent.width, dirtied.width]),
    startSeconds: round.startSeconds,
    endSeconds: round.endSeconds,
    draw(t) {
      const progress = roundProgress(round, t, growth);
      const grown = round.newlyDirtyPages > 0 ? progress.newlyDirtyPages / round.newlyDirtyPages : 0;
      const begun = t >= round.startSeconds;
      sent.filled.attr("width", begun ? px(sent.width * progress.share) : 0);
      dirtied.filled.attr("width", begun ? px(dirtied.width * grown) : 0);
    },
  };
}

/** A row's two bars, each with its numbers. */
function marksOf(
  round: Round,
  { memoryPages }: MigrationTimeline,
  { rem, left, top }: RowPlace,
  [sent, dirtied]: readonly [number, number],
): Mark[] {
  const name = round.final ? "final copy" : `round ${round.round}`;
  const seconds = round.endSeconds - round.startSeconds;
  const place = (y: number, width: number, height: number) => ({
    x: px(left),
    y: px(top + rem * y),
    width: px(Math.max(width, rem)),
    height: px(rem * height),
  });
  return [
    {
      ...place(0.12, sent, 0.78),
      title: `Sent in ${round.final ? "the " : ""}${name}`,
      rows: [
        ["pages", formatCount(sentPages(round))],
        ["of them with content", formatCount(round.pagesSent)],
        ["of them zero", formatCount(round.zeroPagesSent)],
        ["bytes", formatBytes(round.bytesSent)],
        ["from", formatMoment(round.startSeconds)],
        ["for", formatSeconds(seconds)],
        ...(seconds > 0 ? ([["on average", formatRate(round.bytesSent / seconds)]] as const) : []),
      ],
      term: "sent",
    },
    {
      ...place(0.94, dirtied, 0.5),
      title: `Dirtied during ${round.final ? "the " : ""}${name}`,
      rows: [
        ["pages", formatCount(round.newlyDirtyPages)],
        ["of the memory", formatShare(memoryPages > 0 ? round.newlyDirtyPages / memoryPages : 0)],
        ["left over", formatCount(round.unsentPages)],
        ["waiting at the end", formatCount(round.dirtyPagesAtEnd)],
        ...(round.thresholdBytes === null
          ? []
          : ([["the guest stops below", formatCount(round.thresholdBytes / PAGE_BYTES)]] as const)),
        ...(round.throttle > 0 ? ([["guest held back by", formatShare(round.throttle)]] as const) : []),
      ],
      term: "dirty",
    },
  ];
}

/** A row that stands for rounds that are not drawn. */
function gapRow(group: GroupSelection, { rem, left, top }: RowPlace, hidden: readonly Round[]): Row {
  const first = hidden[0] as Round;
  const last = hidden.at(-1) as Round;
  const text = `rounds ${first.round} to ${last.round}`;
  rowName(group, "⋮", left, rem);
  rowText(group, "round-numbers", left, rem * 1.1, `${text}: see the table`);
  const sum = (of: (round: Round) => number): number => hidden.reduce((total, round) => total + of(round), 0);
  const mark: Mark = {
    ...{ x: px(left), y: px(top), width: px(rem * 8), height: px(rem * 1.5) },
    title: `In ${text}, which are not drawn`,
    rows: [
      ["pages sent", formatCount(sum(sentPages))],
      ["bytes", formatBytes(sum((round) => round.bytesSent))],
      ["for", formatSeconds(last.endSeconds - first.startSeconds)],
      ["dirtied meanwhile", formatCount(sum((round) => round.newlyDirtyPages))],
    ],
    term: "round",
  };
  return { group, marks: [mark], startSeconds: first.startSeconds, endSeconds: last.endSeconds, draw() {} };
}

function emptyRow(svg: SvgSelection, top: number, rem: number): void {
  svg
    .append("text")
    .attr("class", "empty")
    .attr("x", 4)
    .attr("y", px(top + rem))
    .text("No round was begun.");
}

/** A bar to be filled, with its full length outlined; one that is there is at least two pixels long. */
function barOf(group: GroupSelection, length: number, pages: number, left: number, y: number, height: number) {
  const width = pages <= 0 ? 0 : px(Math.max(length, 2));
  const rect = () => group.append("rect").attr("x", px(left)).attr("y", px(y)).attr("height", px(height));
  const filled = rect();
  rect().attr("class", "outline").attr("width", width);
  return { width, filled };
}

function rowName(group: GroupSelection, name: string, left: number, rem: number): void {
  rowText(group, "round-name", left - rem * 0.5, rem * 1.05, name).attr("text-anchor", "end");
}

function rowText(group: GroupSelection, kind: string, x: number, y: number, text: string) {
  return group.append("text").attr("class", kind).attr("x", px(x)).attr("y", px(y)).text(text);
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
      formatMoment(round.startSeconds),
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
