/** The strip above the charts: the whole run at a glance, and what of it they show. Drag, wheel and double click change that. */

import { eventsUpTo } from "../model/event-list.ts";
import type { MigrationTimeline, Span } from "../model/migration-timeline.ts";
import { isMigration } from "../model/no-migration.ts";
import type { Timeline } from "../model/timeline.ts";
import { fitInto, lengthOf, panned, zoomed } from "../model/zoom.ts";
import { chartIn, type GroupSelection, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

const COLUMN_PIXELS = 2;
/** A drag shorter than this is a click. */
const LEAST_DRAG_PIXELS = 4;

export function overviewView(container: HTMLElement, choose: (span: Span | null) => void): View {
  let whole: Span = { startSeconds: 0, endSeconds: 1 };
  let shown: Span = whole;
  let width = 1;
  let line: GroupSelection | null = null;
  const svg = chartIn(container, "The whole run: how much happens when");
  const node = svg.node() as SVGSVGElement;
  const toPixels = (t: number): number => ((t - whole.startSeconds) / lengthOf(whole)) * width;
  const timeOf = (event: MouseEvent): number => {
    const left = node.getBoundingClientRect().left;
    return whole.startSeconds + ((event.clientX - left) / width) * lengthOf(whole);
  };

  /** Where a drag began: within the chosen stretch it moves that, elsewhere it chooses another. */
  let drag: { x: number; t: number; moves: Span | null } | null = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const t = timeOf(event);
    const inside = t >= shown.startSeconds && t <= shown.endSeconds && lengthOf(shown) < lengthOf(whole);
    drag = { x: event.clientX, t, moves: inside ? shown : null };
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (drag === null || Math.abs(event.clientX - drag.x) < LEAST_DRAG_PIXELS) return;
    const t = timeOf(event);
    if (drag.moves !== null) choose(panned(drag.moves, whole, (t - drag.t) / lengthOf(drag.moves)));
    else choose(fitInto({ startSeconds: Math.min(t, drag.t), endSeconds: Math.max(t, drag.t) }, whole));
  });
  for (const type of ["pointerup", "pointercancel"]) {
    node.addEventListener(type, () => {
      drag = null;
    });
  }
  node.addEventListener("dblclick", () => choose(null));
  node.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      choose(zoomed(shown, whole, Math.exp(event.deltaY * 0.002), timeOf(event)));
    },
    { passive: false },
  );

  return {
    layOut({ timeline, migration, span }, place) {
      whole = { startSeconds: timeline.startSeconds, endSeconds: timeline.endSeconds };
      shown = span;
      width = place.width;
      const height = place.rem * 1.7;
      svg.selectChildren().remove();
      sizeChart(svg, width, px(height));
      svg
        .append("path")
        .attr("class", "activity")
        .attr("d", activity(timeline, Math.max(1, Math.floor(width / COLUMN_PIXELS)), width, height));
      for (const band of migration.blackouts) addBand("blackout-mark", band.startSeconds, band.endSeconds, height);
      for (const [from, to] of migrationSpan(migration, timeline)) addBand("looked-at", from, to, px(place.rem * 0.2));
      const left = toPixels(shown.startSeconds);
      const right = toPixels(shown.endSeconds);
      addRect("unshown", 0, left, height);
      addRect("unshown", right, width, height);
      addRect("shown", left, right, height);
      line = svg.append("g").attr("class", "playhead");
      line.append("line").attr("y2", px(height));
    },
    draw(state) {
      line?.attr("transform", `translate(${px(toPixels(state.t))},0)`);
    },
  };

  function addRect(kind: string, from: number, to: number, height: number): void {
    const rect = svg
      .append("rect")
      .attr("class", kind)
      .attr("x", px(from))
      .attr("width", px(Math.max(0, to - from)));
    rect.attr("height", px(height));
  }

  function addBand(kind: string, from: number, to: number, height: number): void {
    addRect(kind, toPixels(from), Math.max(toPixels(to), toPixels(from) + 2), height);
  }
}

function migrationSpan(migration: MigrationTimeline, timeline: Timeline): [number, number][] {
  if (!isMigration(migration)) return [];
  return [[migration.requestedSeconds, migration.endSeconds ?? timeline.endSeconds]];
}

/** How many events fall into each column, on a logarithmic scale: one is seen beside a thousand. */
function activity(timeline: Timeline, columns: number, width: number, height: number): string {
  const { events } = timeline.trace;
  const counts: number[] = [];
  let before = 0;
  for (let column = 1; column <= columns; column += 1) {
    const until = timeline.startSeconds + ((timeline.endSeconds - timeline.startSeconds) * column) / columns;
    const upTo = eventsUpTo(events, until);
    counts.push(upTo - before);
    before = upTo;
  }
  const most = Math.log1p(counts.reduce((top, count) => Math.max(top, count), 1));
  const steps = counts.map((count, column) => {
    const y = height - (Math.log1p(count) / most) * height * 0.8;
    return `L${px((column * width) / columns)},${px(y)}H${px(((column + 1) * width) / columns)}`;
  });
  return `M0,${px(height)}${steps.join("")}V${px(height)}Z`;
}
