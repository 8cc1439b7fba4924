/** Two runs on one time axis: laid over each other, or side by side with equal axes. */
import { line, type ScaleLinear, scaleLinear } from "d3";
import { formatBytes, formatCount, formatMoment, formatSeconds } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { ComparisonForm } from "../model/page-link.ts";
import type { Timeline } from "../model/timeline.ts";
import { addGridLine, addText, spacedTicks } from "./chart-text.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import type { Mark, Numbers } from "./mark.ts";
import { type PageScaling, pageScaling, shortCount } from "./page-scale.ts";
import { chartIn, type Place, px, type SvgSelection, sizeChart } from "./svg.ts";

export interface ComparedRun {
  name: string;
  timeline: Timeline;
  migration: MigrationTimeline;
}

/** Seconds since the run's own request, which both axes count from. */
function sinceRequest({ migration }: ComparedRun, t: number): number {
  return t - migration.requestedSeconds;
}

function endOf(run: ComparedRun): number {
  const { migration, timeline } = run;
  const outages = migration.clients.flatMap((client) => client.outages.map((outage) => outage.endSeconds));
  return Math.max(...[migration.endSeconds ?? timeline.endSeconds, ...outages].map((t) => sinceRequest(run, t)), 1e-3);
}

function pointsOf(run: ComparedRun): { t: number; pages: number }[] {
  const rounds = run.migration.rounds;
  const first = rounds[0];
  const points = first === undefined ? [] : [{ t: sinceRequest(run, first.startSeconds), pages: first.pendingPages }];
  for (const round of rounds) points.push({ t: sinceRequest(run, round.endSeconds), pages: round.dirtyPagesAtEnd });
  return points;
}

/**
 * Draws both; `a` is the present run, `b` the pinned one.
 * @returns moves the playhead to `t` of the present run
 */
export function drawComparison(
  container: HTMLElement,
  a: ComparedRun,
  b: ComparedRun,
  form: ComparisonForm,
  place: Place,
): (t: number) => void {
  const svg = chartIn(container, gistOf(a, b));
  const marks: Mark[] = [];
  const { rem, width } = place;
  const end = Math.max(endOf(a), endOf(b)) * 1.02;
  const all = [...pointsOf(a), ...pointsOf(b)];
  const most = all.reduce((sum, point) => Math.max(sum, point.pages), 1);
  const wide = form === "side-by-side" && width > rem * 38;
  const half = wide ? (width - rem) / 2 : width;
  const heads: ((t: number) => void)[] = [];
  const frame = (left: number, top: number, right: number): Frame => {
    const bottom = top + rem * 9;
    return {
      x: scaleLinear()
        .domain([0, end])
        .range([left + rem * 3.2, right - rem * 0.6]),
      y: pageScaling("log", most, bottom, top + rem * 0.4),
      top,
      bottom,
      rem,
    };
  };
  let height = 0;
  const groups: [Frame, [ComparedRun, string][]][] =
    form === "overlaid"
      ? [
          [
            frame(0, rem * 4.6, width),
            [
              [b, "pinned"],
              [a, "present"],
            ],
          ],
        ]
      : [
          [frame(0, rem * 3.1, half), [[a, "present"]]],
          [wide ? frame(width - half, rem * 3.1, width) : frame(0, rem * 17.6, width), [[b, "pinned"]]],
        ];
  for (const [area, runs] of groups) {
    drawAxes(svg, area);
    runs.forEach(([run, kind], index) => {
      const y = area.top - rem * (1.5 + 1.5 * (runs.length - 1 - index));
      drawRun(svg, area, run, kind, y);
      const column = kind === "present" ? 1 : 2;
      const numbers = rowsOf(a, b).map(([name = "", ...values]): readonly [string, string] => {
        const difference = column === 1 ? (values[2] ?? "") : "";
        return [name, difference === "" ? (values[column - 1] ?? "") : `${values[0]} (${difference})`];
      });
      marks.push(...marksOf(area, run, y, numbers));
      if (kind === "present") heads.push(playheadIn(svg, area, run));
    });
    height = Math.max(height, area.bottom + rem * 1.8);
  }
  sizeChart(svg, width, px(height));
  markLayer(container).set(marks);
  fillTable(container, "Both runs as a table", ["", a.name, b.name, "difference"], rowsOf(a, b));
  return (t) => {
    for (const move of heads) move(t);
  };
}

interface Frame {
  x: ScaleLinear<number, number>;
  y: PageScaling;
  top: number;
  bottom: number;
  rem: number;
}

function drawAxes(svg: SvgSelection, { x, y, bottom, rem }: Frame): void {
  const [left = 0, right = 1] = x.range();
  for (const tick of spacedTicks(y.ticks(5), y, rem)) {
    addGridLine(svg, left, right, y(tick), shortCount(tick), rem);
  }
  const count = Math.max(2, Math.floor((right - left) / (rem * 5)));
  for (const tick of x.ticks(count))
    addText(svg, "tick axis-time", x(tick), bottom + rem * 1.1, "middle", `${Number(tick.toPrecision(6))} s`);
}

/** A strip of what the run does, and its dirty pages under it. */
function drawRun(svg: SvgSelection, area: Frame, run: ComparedRun, kind: string, y: number): void {
  const { x, rem } = area;
  const { migration } = run;
  const group = svg.append("g").attr("class", `run ${kind}`);
  const strip = (from: number, to: number, what: string): void => {
    group
      .append("rect")
      .attr("class", what)
      .attr("x", px(x(sinceRequest(run, from))))
      .attr("width", px(Math.max(1.5, x(sinceRequest(run, to)) - x(sinceRequest(run, from)))))
      .attr("y", px(y))
      .attr("height", px(rem * 0.55));
  };
  const end = migration.endSeconds ?? run.timeline.endSeconds;
  strip(migration.startSeconds ?? migration.requestedSeconds, end, "moving");
  if (migration.postcopy !== null) strip(migration.postcopy.startSeconds, migration.postcopy.endSeconds, "following");
  for (const span of migration.blackouts) strip(span.startSeconds, span.endSeconds, "still");
  addText(svg, `run-name ${kind}`, x(0), y - rem * 0.25, "start", `${kind === "pinned" ? "◇" : "●"} ${run.name}`);
  const shape = line<{ t: number; pages: number }>()
    .x((point) => px(x(point.t)))
    .y((point) => px(area.y(point.pages)));
  group
    .append("path")
    .attr("class", "pages")
    .attr("d", shape(pointsOf(run)) ?? "");
  for (const point of pointsOf(run)) {
    const [cx, cy] = [px(x(point.t)), px(area.y(point.pages))];
    if (kind === "pinned")
      group
        .append("path")
        .attr("class", "mark")
        .attr("d", `M${cx - 3},${cy}l3,-3l3,3l-3,3Z`);
    else group.append("circle").attr("class", "mark").attr("r", 2.5).attr("cx", cx).attr("cy", cy);
  }
}

/** What the chart says, in a sentence. */
function gistOf(a: ComparedRun, b: ComparedRun): string {
  const still = ({ migration }: ComparedRun): string =>
    formatSeconds(migration.blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0));
  return `${a.name}, in which the guest stood still for ${still(a)}, and ${b.name}, ${still(b)}, each from its request on, on one axis`;
}

/** A run's strip, when its guest stands still or its memory follows, and its dirty pages at the ends of rounds. */
function marksOf({ x, y, rem }: Frame, run: ComparedRun, top: number, numbers: Numbers): Mark[] {
  const { migration } = run;
  const strip = (from: number, to: number, mark: Pick<Mark, "title" | "rows" | "term">): Mark => {
    const [left, right] = [x(sinceRequest(run, from)), x(sinceRequest(run, to))];
    const when: Numbers = [
      ["after its request", formatSeconds(sinceRequest(run, from))],
      ["for", formatSeconds(to - from)],
    ];
    const box = { x: px(left), y: px(top), width: px(Math.max(1.5, right - left)), height: px(rem * 0.55) };
    return { ...box, ...mark, rows: [...when, ...mark.rows] };
  };
  const end = migration.endSeconds ?? run.timeline.endSeconds;
  const { postcopy } = migration;
  return [
    strip(migration.startSeconds ?? migration.requestedSeconds, end, { title: run.name, rows: numbers, term: "total" }),
    ...(postcopy === null
      ? []
      : [
          strip(postcopy.startSeconds, postcopy.endSeconds, {
            title: `Memory follows, ${run.name}`,
            rows: [],
            term: "postcopy",
          }),
        ]),
    ...migration.blackouts.map((span) =>
      strip(span.startSeconds, span.endSeconds, {
        title: `The guest stands still, ${run.name}`,
        rows: [],
        term: "blackout",
      }),
    ),
    ...pointsOf(run).map(
      (point, index): Mark => ({
        ...{ x: px(x(point.t) - 3), y: px(y(point.pages) - 3), width: 6, height: 6 },
        title: `${index === 0 ? "As rounds begin" : `At the end of round ${index}`}, ${run.name}`,
        rows: [
          ["dirty pages", formatCount(point.pages)],
          ["after its request", formatSeconds(point.t)],
        ],
        term: "dirty",
      }),
    ),
  ];
}

function playheadIn(svg: SvgSelection, area: Frame, run: ComparedRun): (t: number) => void {
  const mark = svg.append("line").attr("class", "now").attr("y1", px(area.top)).attr("y2", px(area.bottom));
  const [left = 0, right = 1] = area.x.range();
  return (t) => {
    const at = px(Math.min(Math.max(area.x(sinceRequest(run, t)), left), right));
    mark.attr("x1", at).attr("x2", at);
  };
}

function rowsOf(a: ComparedRun, b: ComparedRun): string[][] {
  const seconds = (value: number): string => formatSeconds(value);
  const rows: [string, (run: ComparedRun) => number | null, (value: number) => string][] = [
    [
      "in all",
      ({ migration }) => (migration.endSeconds === null ? null : migration.endSeconds - migration.requestedSeconds),
      seconds,
    ],
    [
      "guest stood still",
      ({ migration }) => migration.blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0),
      seconds,
    ],
    [
      "clients without an answer",
      ({ migration }) =>
        migration.clients
          .flatMap((client) => client.outages)
          .reduce((worst, outage) => Math.max(worst, outage.endSeconds - outage.lastReplySeconds), 0),
      seconds,
    ],
    [
      "over the network",
      ({ migration }) => migration.rounds.reduce((sum, round) => sum + round.bytesSent, 0),
      formatBytes,
    ],
    ["rounds", ({ migration }) => migration.rounds.length, formatCount],
  ];
  const told = rows.map(([name, of, format]) => {
    const [one, other] = [of(a), of(b)];
    const write = (value: number | null): string => (value === null ? "–" : format(value));
    return [name, write(one), write(other), one === null || other === null ? "–" : signed(one - other, format)];
  });
  const outcome = ({ migration }: ComparedRun): string => migration.outcome ?? "cut";
  const asked = ({ migration }: ComparedRun): string => formatMoment(migration.requestedSeconds);
  return [["outcome", outcome(a), outcome(b), ""], ["asked for at", asked(a), asked(b), ""], ...told];
}

function signed(value: number, format: (value: number) => string): string {
  if (value === 0) return "equal";
  return `${value > 0 ? "+" : "\u2212"}${format(Math.abs(value))}`;
}
