/** The blackout on its own time axis: its named parts, storage, announcement and the clients' wait. */
import { pingsBetween } from "../model/clients.ts";
import { formatSeconds } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { wordsFor } from "../model/words-for.ts";
import type { BlackoutPart } from "../simulator.ts";
import { fillTable } from "./data-table.ts";
import { drawPing } from "./lane.ts";
import {
  addPatterns,
  chartIn,
  fitText,
  type GroupSelection,
  type Place,
  px,
  type SvgSelection,
  sizeChart,
} from "./svg.ts";
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
import type { View } from "./view.ts";

export const PART_NAMES: Readonly<Record<BlackoutPart, string>> = {
  stop: "stop the processors",
  paused: "wait for pre-copy",
  "pre-switchover": "wait to be told to go on",
  "final-copy": "copy the last pages",
  discard: "throw away stale pages",
  "device-state": "send device state",
  "save-state": "save the state",
  offline: "group offline",
  "storage-handover": "hand over storage",
  online: "group online",
  "restore-state": "restore the state",
  resume: "start at the target",
  announce: "announce",
};

/** For a narrow page. */
const SHORT_PART_NAMES: Readonly<Record<BlackoutPart, string>> = {
  stop: "stop",
  paused: "pre-copy",
  "pre-switchover": "told to go on",
  "final-copy": "last pages",
  discard: "stale pages",
  "device-state": "device state",
  "save-state": "save",
  offline: "offline",
  "storage-handover": "storage",
  online: "online",
  "restore-state": "restore",
  resume: "start",
  announce: "announce",
};

interface Row {
  name: string;
  draw(group: GroupSelection, height: number, labels: GroupSelection): void;
  start: number;
  end: number;
}

export function blackoutView(container: HTMLElement, seek: (t: number) => void): View {
  let playhead: Playhead | null = null;
  let frame: TimeFrame | null = null;
  let rows: { element: SVGGElement; row: Row }[] = [];
  let seeking = false;
  return {
    layOut({ migration }, place) {
      const name = `Blackout of ${migration.vm}, in its parts`;
      const svg = chartIn(container, migration.closeUp === null ? "No blackout: the guest was never stopped" : name);
      playhead = null;
      frame = null;
      rows = [];
      if (migration.closeUp === null) {
        sizeChart(svg, place.width, px(place.rem * 3));
        svg
          .append("text")
          .attr("class", "empty")
          .attr("x", 4)
          .attr("y", px(place.rem * 1.6))
          .text("The guest was never stopped.");
        fillTable(container, "Blackout as a table", ["Part", "Duration"], []);
        return;
      }
      addPatterns(svg, "blackout");
      const { startSeconds, endSeconds } = migration.closeUp;
      const rowHeight = place.rem * 1.5;
      const top = place.rem * 0.9;
      frame = { ...timeFrame(place, [startSeconds, endSeconds], top, top) };
      const left = px(isNarrow(place) ? Math.min(place.rem * 6.6, place.width * 0.36) : place.rem * 9.5);
      frame = { ...frame, left, x: frame.x.range([left, frame.right]) };
      const all = rowsOf(migration, frame, place);
      frame.bottom = px(top + all.length * rowHeight + 2);
      sizeChart(svg, place.width, px(frame.bottom + place.rem * 1.7));
      drawStandstill(svg, migration, frame);
      const shapes = svg.append("g");
      const labelLayer = addLabelLayer(svg);
      rows = all.map((row, index) => {
        const at = `translate(0,${px(top + index * rowHeight)})`;
        const labels = labelLayer.append("g").attr("transform", at);
        labels
          .append("text")
          .attr("class", "part-name")
          .attr("text-anchor", "end")
          .attr("x", px(left - place.rem * 0.6))
          .attr("y", px(rowHeight * 0.66))
          .text(fitText(row.name, left - place.rem * 0.6, place.rem * 0.44));
        row.draw(shapes.append("g").attr("transform", at), rowHeight, labels);
        return { element: labels.node() as SVGGElement, row };
      });
      // The axis counts from the moment at which the guest stops: what a stopwatch would show.
      drawTimeAxis(
        svg,
        frame,
        place,
        endSeconds - startSeconds > 3 ? "s" : "ms",
        migration.blackouts[0]?.startSeconds ?? 0,
      );
      playhead = addPlayhead(svg, frame);
      writeTable(container, migration);
      if (!seeking) {
        seekByPointer(svg, () => frame, seek);
        seeking = true;
      }
    },
    draw(state) {
      playhead?.moveTo(state.t);
      for (const { element, row } of rows) {
        const current = state.t >= row.start && state.t < row.end;
        element.setAttribute("class", current ? "part-row current" : "part-row");
      }
    },
  };
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

function rowsOf(migration: MigrationTimeline, frame: TimeFrame, place: Place): Row[] {
  const rows: Row[] = migration.parts.map((part) => ({
    name: wordsFor(isNarrow(place) ? SHORT_PART_NAMES : PART_NAMES, part.part),
    start: part.startSeconds,
    end: part.endSeconds,
    draw(group, height, labels) {
      spanBar(group, frame, part.startSeconds, part.endSeconds, height, "part-bar");
      label(
        labels,
        frame,
        part.startSeconds,
        part.endSeconds,
        height,
        place,
        formatSeconds(part.endSeconds - part.startSeconds),
      );
    },
  }));
  if (migration.storage.length > 0) rows.push(storageRow(migration, frame));
  if (migration.announcements.length + migration.macMoves.length > 0) rows.push(announcementRow(migration, frame));
  for (const client of migration.clients.slice(0, 3)) rows.push(clientRow(client, frame, place));
  return rows;
}

function spanBar(group: GroupSelection, frame: TimeFrame, from: number, to: number, height: number, kind: string) {
  return group
    .append("rect")
    .attr("class", kind)
    .attr("x", px(frame.x(from)))
    .attr("width", px(Math.max(2, frame.x(to) - frame.x(from))))
    .attr("y", px(height * 0.18))
    .attr("height", px(height * 0.64));
}

/** A duration beside its bar: to the right where there is room, else to the left, else within the bar. */
function label(
  group: GroupSelection,
  frame: TimeFrame,
  from: number,
  to: number,
  height: number,
  place: Place,
  text: string,
): void {
  const width = text.length * place.rem * 0.45;
  const right = frame.x(to) + place.rem * 0.4;
  const fits = right + width < frame.right;
  if (!fits && frame.x(from) - width < frame.left) {
    group
      .append("text")
      .attr("class", "outage-text")
      .attr("text-anchor", "middle")
      .attr("x", px((frame.x(from) + frame.x(to)) / 2))
      .attr("y", px(height * 0.66))
      .text(text);
    return;
  }
  group
    .append("text")
    .attr("class", "part-seconds")
    .attr("text-anchor", fits ? "start" : "end")
    .attr("x", px(fits ? right : frame.x(from) - place.rem * 0.4))
    .attr("y", px(height * 0.66))
    .text(text);
}

/** What lies outside the close-up is left to the lanes. */
function inViewOf(frame: TimeFrame): (event: { t: number }) => boolean {
  const [start = 0, end = 1] = frame.x.domain();
  return (event) => event.t >= start && event.t <= end;
}

function storageRow(migration: MigrationTimeline, frame: TimeFrame): Row {
  const inView = inViewOf(frame);
  const times = migration.storage.map((event) => event.t);
  return {
    name: migration.storage[0]?.volume ?? "storage",
    start: Math.min(...times),
    end: Math.max(...times),
    draw(group, height) {
      for (const event of migration.storage.filter(inView)) {
        const y = px(height / 2);
        const x = px(frame.x(event.t));
        if (event.type === "csv.metadataSent") {
          spanBar(group, frame, event.t, event.t + event.seconds, height, "metadata-bar");
          group
            .append("path")
            .attr("class", "mark metadata")
            .attr("d", "M0,-4 L4,0 L0,4 L-4,0 Z")
            .attr("transform", `translate(${x},${y})`);
        } else {
          group
            .append("path")
            .attr("class", "mark handover")
            .attr("d", "M0,-7 L7,0 L0,7 L-7,0 Z")
            .attr("transform", `translate(${x},${y})`);
        }
      }
    },
  };
}

function announcementRow(migration: MigrationTimeline, frame: TimeFrame): Row {
  const inView = inViewOf(frame);
  const times = [...migration.announcements, ...migration.macMoves].map((event) => event.t);
  return {
    name: "switch, ARP",
    start: Math.min(...times),
    end: Math.max(...times),
    draw(group, height) {
      for (const event of migration.announcements.filter(inView)) {
        group
          .append("path")
          .attr("class", event.lost ? "mark arp lost" : "mark arp")
          .attr("d", event.lost ? "M-5,-5 L5,5 M5,-5 L-5,5" : "M0,-6 L6,5 L-6,5 Z")
          .attr("transform", `translate(${px(frame.x(event.t))},${px(height / 2)})`);
      }
      for (const move of migration.macMoves.filter(inView)) {
        const x = px(frame.x(move.t));
        group
          .append("line")
          .attr("class", "mac-move")
          .attr("x1", x)
          .attr("x2", x)
          .attr("y1", 1)
          .attr("y2", px(height - 1));
      }
    },
  };
}

function clientRow(client: MigrationTimeline["clients"][number], frame: TimeFrame, place: Place): Row {
  const [start = 0, end = 1] = frame.x.domain();
  return {
    name: client.name,
    start: client.outages[0]?.lastReplySeconds ?? Number.POSITIVE_INFINITY,
    end: client.outages[0]?.endSeconds ?? Number.POSITIVE_INFINITY,
    draw(group, height, labels) {
      for (const outage of client.outages) {
        const from = Math.max(outage.lastReplySeconds, start);
        const to = Math.min(outage.endSeconds, end);
        if (to <= from) continue;
        spanBar(group, frame, from, to, height, "outage").attr("fill", "url(#blackout-standstill)");
        const text = `${formatSeconds(outage.endSeconds - outage.lastReplySeconds)} without an answer`;
        if (frame.x(to) - frame.x(from) > text.length * place.rem * 0.45) {
          labels
            .append("text")
            .attr("class", "outage-text")
            .attr("text-anchor", "middle")
            .attr("x", px((frame.x(from) + frame.x(to)) / 2))
            .attr("y", px(height * 0.66))
            .text(text);
        }
      }
      for (const ping of pingsBetween(client, start, end, (frame.right - frame.left) / 6)) {
        drawPing(group, frame, ping.atSeconds, ping.answered, height / 2);
      }
    },
  };
}

function writeTable(container: HTMLElement, migration: MigrationTimeline): void {
  const rows = migration.parts.map((part) => [
    wordsFor(PART_NAMES, part.part),
    formatSeconds(part.startSeconds),
    formatSeconds(part.endSeconds - part.startSeconds),
  ]);
  for (const client of migration.clients) {
    for (const outage of client.outages) {
      const waited = formatSeconds(outage.endSeconds - outage.lastReplySeconds);
      rows.push([`${client.name} without an answer`, formatSeconds(outage.lastReplySeconds), waited]);
    }
  }
  fillTable(container, "Blackout as a table", ["Part", "Start", "Duration"], rows);
}
