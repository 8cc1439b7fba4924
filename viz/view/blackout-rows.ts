/** The rows of the blackout's close-up: its parts, and what storage, switch and clients go through meanwhile. */
import { type ClientTimeline, pingsBetween } from "../model/clients.ts";
import { formatMoment, formatSeconds, formatShare } from "../model/format.ts";
import type { MigrationTimeline, PartSpan, Span } from "../model/migration-timeline.ts";
import { wordsFor } from "../model/words-for.ts";
import { announcementSign, storageSign, tellOutage } from "./event-marks.ts";
import { drawPing, isShown, type LaneGround, shownPixels } from "./lane.ts";
import { PART_NAMES, SHORT_PART_NAMES } from "./part-names.ts";
import { type GroupSelection, type Place, px } from "./svg.ts";
import { isNarrow } from "./time-axis.ts";

/** The name is told in bold during its span. */
export interface BlackoutRow extends Span {
  name: string;
  draw(ground: LaneGround): void;
}

/** Clients with a row of their own. */
const MOST_CLIENTS = 3;

export function blackoutRows(migration: MigrationTimeline, place: Place): BlackoutRow[] {
  const names = isNarrow(place) ? SHORT_PART_NAMES : PART_NAMES;
  const rows: BlackoutRow[] = migration.parts.map((part) => ({
    name: wordsFor(names, part.part),
    startSeconds: part.startSeconds,
    endSeconds: part.endSeconds,
    draw: (ground) => drawPart(ground, part, migration),
  }));
  if (migration.storage.length > 0) rows.push(storageRow(migration));
  if (migration.announcements.length + migration.macMoves.length > 0) rows.push(switchRow(migration));
  for (const client of migration.clients.slice(0, MOST_CLIENTS)) rows.push(clientRow(client));
  return rows;
}

/** All of a time in which the guest stands still, for the marks. */
export function tellStandstill(tell: LaneGround["tell"], migration: MigrationTimeline): void {
  const reported = migration.result?.reportedDowntimeSeconds ?? null;
  for (const span of migration.blackouts) {
    tell(span.startSeconds, span.endSeconds, {
      title: `${migration.vm} stands still`,
      rows: [
        ["until", span.ended ? formatMoment(span.endSeconds) : "the trace ends"],
        ...(reported === null ? [] : ([["as the hypervisor says", formatSeconds(reported)]] as const)),
      ],
      term: "blackout",
    });
  }
}

function drawPart(
  ground: LaneGround,
  { part, startSeconds, endSeconds }: PartSpan,
  migration: MigrationTimeline,
): void {
  const seconds = endSeconds - startSeconds;
  const whole = migration.blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0);
  const stopped = migration.blackouts.findLast((span) => span.startSeconds <= startSeconds)?.startSeconds;
  spanBar(ground, startSeconds, endSeconds, "part-bar");
  durationText(ground, startSeconds, endSeconds, formatSeconds(seconds));
  ground.tell(startSeconds, endSeconds, {
    title: wordsFor(PART_NAMES, part),
    rows: [
      ...(stopped === undefined ? [] : ([["after the stop", formatSeconds(startSeconds - stopped)]] as const)),
      ...(whole > 0 ? ([["of the blackout", formatShare(seconds / whole)]] as const) : []),
    ],
    term: "blackout",
  });
}

function storageRow(migration: MigrationTimeline): BlackoutRow {
  return {
    name: migration.storage[0]?.volume ?? "storage",
    ...spanOf(migration.storage),
    draw(ground) {
      for (const event of migration.storage) {
        if (event.type === "csv.metadataSent") spanBar(ground, event.t, event.t + event.seconds, "metadata-bar");
        storageSign(ground, event);
      }
    },
  };
}

function switchRow(migration: MigrationTimeline): BlackoutRow {
  return {
    name: "switch, ARP",
    ...spanOf([...migration.announcements, ...migration.macMoves]),
    draw(ground) {
      const { shapes, frame, height } = ground;
      for (const event of migration.announcements) announcementSign(ground, event);
      for (const move of migration.macMoves) {
        if (!isShown(frame, move.t, move.t)) continue;
        const x = px(frame.x(move.t));
        const line = shapes.append("line").attr("class", "mac-move").attr("x1", x).attr("x2", x);
        line.attr("y1", 1).attr("y2", px(height - 1));
        ground.tell(move.t, move.t, {
          title: `The switch learns the port of ${move.vm}`,
          rows: [
            ["address", move.mac],
            ["port before", move.fromPort],
            ["port now", move.toPort],
          ],
          term: "port",
        });
      }
    },
  };
}

function clientRow(client: ClientTimeline): BlackoutRow {
  const first = client.outages[0];
  return {
    name: client.name,
    startSeconds: first?.lastReplySeconds ?? Number.POSITIVE_INFINITY,
    endSeconds: first?.endSeconds ?? Number.POSITIVE_INFINITY,
    draw(ground) {
      const { shapes, labels, frame, place, height } = ground;
      const [start = 0, end = 1] = frame.x.domain();
      for (const outage of client.outages) {
        const { lastReplySeconds: from, endSeconds: to } = outage;
        if (!isShown(frame, from, to)) continue;
        spanBar(ground, from, to, "outage")?.attr("fill", "url(#blackout-standstill)");
        tellOutage(ground, client, outage);
        const text = `${formatSeconds(to - from)} without an answer`;
        const [left, right] = shownPixels(frame, from, to);
        if (right - left > widthOf(text, place))
          rowText(labels, "outage-text", "middle", (left + right) / 2, height, text);
      }
      for (const ping of pingsBetween(client, start, end, (frame.right - frame.left) / 6)) {
        drawPing(shapes, frame, ping.atSeconds, ping.answered, height / 2);
      }
    },
  };
}

/** A bar over a stretch of time, cut at the ends of the close-up; null where it lies outside. */
function spanBar({ shapes, frame, height }: LaneGround, from: number, to: number, kind: string) {
  if (!isShown(frame, from, to)) return null;
  const [left, right] = shownPixels(frame, from, to);
  const rect = shapes
    .append("rect")
    .attr("class", kind)
    .attr("x", px(left))
    .attr("width", px(Math.max(2, right - left)));
  return rect.attr("y", px(height * 0.18)).attr("height", px(height * 0.64));
}

/** A duration beside its bar: to the right where there is room, else to the left, else within the bar. */
function durationText({ labels, frame, height, place }: LaneGround, from: number, to: number, text: string): void {
  if (!isShown(frame, from, to)) return;
  const [left, right] = shownPixels(frame, from, to);
  const gap = place.rem * 0.4;
  const width = widthOf(text, place);
  if (right + gap + width < frame.right) rowText(labels, "part-seconds", "start", right + gap, height, text);
  else if (left - width >= frame.left) rowText(labels, "part-seconds", "end", left - gap, height, text);
  else rowText(labels, "outage-text", "middle", (left + right) / 2, height, text);
}

function rowText(
  labels: GroupSelection,
  kind: string,
  anchor: "start" | "middle" | "end",
  x: number,
  height: number,
  text: string,
): void {
  const made = labels.append("text").attr("class", kind).attr("text-anchor", anchor);
  made
    .attr("x", px(x))
    .attr("y", px(height * 0.66))
    .text(text);
}

function widthOf(text: string, { rem }: Place): number {
  return text.length * rem * 0.45;
}

function spanOf(events: readonly { t: number }[]): Span {
  const times = events.map((event) => event.t);
  return { startSeconds: Math.min(...times), endSeconds: Math.max(...times) };
}
