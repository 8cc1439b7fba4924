/** Lanes over time: source, target, link, rounds, storage, switch and clients. */
import { area, curveStepAfter } from "d3";
import { pingsBetween } from "../model/clients.ts";
import { formatRate } from "../model/format.ts";
import { drawnRates } from "../model/link.ts";
import { spansAt } from "../model/machine-history.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { addPatterns, chartIn, fitText, type GroupSelection, type Place, px, sizeChart } from "./svg.ts";
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

interface Lane {
  name: string;
  detail: string;
  /** Height in rem. */
  height: number;
  draw(group: GroupSelection, frame: TimeFrame, height: number, labels: GroupSelection): void;
}

export function lanesView(container: HTMLElement, seek: (t: number) => void): View {
  let playhead: Playhead | null = null;
  let frame: TimeFrame | null = null;
  let seeking = false;
  return {
    layOut({ timeline, migration }, place) {
      const svg = chartIn(container, `Migration of ${migration.vm} over time, in lanes; the event list holds the same`);
      addPatterns(svg, "lanes");
      const narrow = isNarrow(place);
      const lanes = lanesOf(migration, timeline.endSeconds, place);
      const gap = place.rem * (narrow ? 1.5 : 0.5);
      const top = place.rem * (narrow ? 1.6 : 0.8);
      const bottom = top + lanes.reduce((sum, lane) => sum + lane.height * place.rem + gap, 0) - gap + 4;
      frame = timeFrame(place, [timeline.startSeconds, timeline.endSeconds], top, bottom);
      sizeChart(svg, place.width, px(bottom + place.rem * 1.7));
      for (const span of migration.blackouts) {
        svg
          .append("rect")
          .attr("class", "blackout-band")
          .attr("x", px(frame.x(span.startSeconds)))
          .attr("width", px(Math.max(2, frame.x(span.endSeconds) - frame.x(span.startSeconds))))
          .attr("y", top)
          .attr("height", px(bottom - top));
      }
      if (migration.postcopy !== null) {
        const { startSeconds, endSeconds } = migration.postcopy;
        svg
          .append("rect")
          .attr("class", "postcopy-band")
          .attr("x", px(frame.x(startSeconds)))
          .attr("width", px(Math.max(2, frame.x(endSeconds) - frame.x(startSeconds))))
          .attr("y", top)
          .attr("height", px(bottom - top))
          .append("title")
          .text("Post-copy: the guest runs at the target, and its memory follows");
      }
      const shapes = svg.append("g");
      const labelLayer = addLabelLayer(svg);
      let y = top;
      for (const lane of lanes) {
        const height = lane.height * place.rem;
        const group = shapes.append("g").attr("transform", `translate(0,${px(y)})`);
        const labels = labelLayer.append("g").attr("transform", `translate(0,${px(y)})`);
        group
          .append("line")
          .attr("class", "lane-floor")
          .attr("x1", frame.left)
          .attr("x2", frame.right)
          .attr("y1", px(height))
          .attr("y2", px(height));
        labelLane(labels, lane, frame, place, height);
        lane.draw(group, frame, height, labels);
        y += height + gap;
      }
      drawTimeAxis(svg, frame, place, "s");
      playhead = addPlayhead(svg, frame);
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

function labelLane(group: GroupSelection, lane: Lane, frame: TimeFrame, place: Place, height: number): void {
  const glyph = place.rem * 0.44;
  if (isNarrow(place)) {
    const room = frame.right - frame.left;
    const text = lane.detail === "" ? lane.name : `${lane.name} · ${lane.detail}`;
    group
      .append("text")
      .attr("class", "lane-name")
      .attr("x", frame.left)
      .attr("y", -4)
      .text(fitText(text, room, glyph));
    return;
  }
  const at = frame.left - place.rem * 0.6;
  const two = lane.detail !== "";
  group
    .append("text")
    .attr("class", "lane-name")
    .attr("text-anchor", "end")
    .attr("x", px(at))
    .attr("y", px(height / 2 + place.rem * (two ? -0.1 : 0.28)))
    .text(fitText(lane.name, at, glyph));
  if (!two) return;
  group
    .append("text")
    .attr("class", "lane-detail")
    .attr("text-anchor", "end")
    .attr("x", px(at))
    .attr("y", px(height / 2 + place.rem * 0.75))
    .text(fitText(lane.detail, at, place.rem * 0.38));
}

function lanesOf(migration: MigrationTimeline, endSeconds: number, place: Place): Lane[] {
  const lanes: Lane[] = [
    machineLane(migration, "source", endSeconds, place),
    machineLane(migration, "target", endSeconds, place),
    roundsLane(migration, place),
    linkLane(migration, endSeconds),
  ];
  if (migration.storage.length > 0) lanes.push(storageLane(migration));
  lanes.push(switchLane(migration, endSeconds, place));
  for (const client of migration.clients.slice(0, 4)) lanes.push(clientLane(client, endSeconds));
  return lanes;
}

function bar(group: GroupSelection, frame: TimeFrame, from: number, to: number, height: number, kind: string) {
  return group
    .append("rect")
    .attr("class", kind)
    .attr("x", px(frame.x(from)))
    .attr("width", px(Math.max(1, frame.x(to) - frame.x(from))))
    .attr("y", 1)
    .attr("height", px(height - 2));
}

function barText(group: GroupSelection, frame: TimeFrame, from: number, to: number, place: Place, text: string): void {
  const room = frame.x(to) - frame.x(from) - place.rem * 0.8;
  if (room < place.rem * 2) return;
  group
    .append("text")
    .attr("class", "bar-text")
    .attr("x", px(frame.x(from) + place.rem * 0.4))
    .attr("y", px(place.rem * 0.98))
    .text(fitText(text, room, place.rem * 0.42));
}

function machineLane(migration: MigrationTimeline, side: "source" | "target", endSeconds: number, place: Place): Lane {
  const name = side === "source" ? migration.from : migration.to;
  return {
    name,
    detail: side,
    height: 1.5,
    draw(group, frame, height, labels) {
      for (const span of spansAt(migration.history.nodes, name, endSeconds)) {
        bar(group, frame, span.startSeconds, span.endSeconds, height, "runs");
        barText(labels, frame, span.startSeconds, span.endSeconds, place, `${migration.vm} runs here`);
      }
      if (side === "target" && migration.startSeconds !== null) {
        const until = migration.blackouts.at(-1)?.endSeconds ?? migration.endSeconds ?? endSeconds;
        bar(group, frame, migration.startSeconds, until, height, "receives").attr("fill", "url(#lanes-receiving)");
        barText(labels, frame, migration.startSeconds, until, place, "receives its memory");
      }
      if (side === "target") return;
      for (const span of migration.blackouts) {
        // The bar of the guest that stands still covers that of the one that runs.
        bar(group, frame, span.startSeconds, span.endSeconds, height, "stands-still").attr(
          "fill",
          "url(#lanes-standstill)",
        );
      }
    },
  };
}

function roundsLane(migration: MigrationTimeline, place: Place): Lane {
  return {
    name: "Rounds",
    detail: "",
    height: 1.4,
    draw(group, frame, height, labels) {
      for (const round of migration.rounds) {
        const kind = round.final ? "round-bar final" : round.round % 2 === 1 ? "round-bar odd" : "round-bar even";
        const rect = bar(group, frame, round.startSeconds, round.endSeconds, height, kind);
        if (round.final) rect.attr("fill", "url(#lanes-standstill)");
        const room = frame.x(round.endSeconds) - frame.x(round.startSeconds);
        if (round.final || room < place.rem) continue;
        labels
          .append("text")
          .attr("class", "bar-text")
          .attr("text-anchor", "middle")
          .attr("x", px(frame.x((round.startSeconds + round.endSeconds) / 2)))
          .attr("y", px(place.rem * 0.95))
          .text(room > place.rem * 6 ? `round ${round.round}` : String(round.round));
      }
    },
  };
}

function linkLane(migration: MigrationTimeline, endSeconds: number): Lane {
  const { link } = migration;
  return {
    name: link.network === "" ? "Link" : link.network,
    detail: link.capacityBytesPerSecond > 0 ? `up to ${formatRate(link.capacityBytesPerSecond)}` : "link",
    height: 2,
    draw(group, frame, height) {
      const most = link.steps.reduce(
        (top, step) => Math.max(top, step.bytesPerSecond),
        Math.max(link.capacityBytesPerSecond, 1),
      );
      const drawn = drawnRates(link.steps, 0, endSeconds, Math.max(1, Math.round(frame.right - frame.left)));
      const last = drawn.at(-1)?.bytesPerSecond ?? 0;
      const points = [...drawn, { startSeconds: endSeconds, bytesPerSecond: last }];
      const shape = area<(typeof points)[number]>()
        .x((point) => px(frame.x(point.startSeconds)))
        .y0(px(height))
        .y1((point) => px(height - (point.bytesPerSecond / most) * (height - 2)))
        .curve(curveStepAfter);
      group
        .append("path")
        .attr("class", "link-area")
        .attr("d", shape(points) ?? "");
      group
        .append("line")
        .attr("class", "capacity")
        .attr("x1", frame.left)
        .attr("x2", frame.right)
        .attr("y1", 2)
        .attr("y2", 2);
    },
  };
}

function storageLane(migration: MigrationTimeline): Lane {
  return {
    name: migration.storage[0]?.volume ?? "Storage",
    detail: `coordinator ${migration.storage[0]?.coordinator ?? ""}`,
    height: 1.5,
    draw(group, frame, height) {
      for (const event of migration.storage) {
        const over = event.type === "csv.handedOver";
        group
          .append("path")
          .attr("class", over ? "mark handover" : "mark metadata")
          .attr("d", over ? "M0,-7 L7,0 L0,7 L-7,0 Z" : "M0,-4 L4,0 L0,4 L-4,0 Z")
          .attr("transform", `translate(${px(frame.x(event.t))},${px(height / 2)})`);
      }
    },
  };
}

function switchLane(migration: MigrationTimeline, endSeconds: number, place: Place): Lane {
  return {
    name: "Switch",
    detail: "sends frames to",
    height: 1.5,
    draw(group, frame, height, labels) {
      for (const node of [migration.from, migration.to]) {
        for (const span of spansAt(migration.history.ports, node, endSeconds)) {
          bar(
            group,
            frame,
            span.startSeconds,
            span.endSeconds,
            height,
            node === migration.to ? "port target" : "port source",
          );
          barText(labels, frame, span.startSeconds, span.endSeconds, place, `port ${node}`);
        }
      }
      for (const frameSent of migration.announcements) {
        group
          .append("path")
          .attr("class", frameSent.lost ? "mark arp lost" : "mark arp")
          .attr("d", frameSent.lost ? "M-5,-5 L5,5 M5,-5 L-5,5" : "M0,-6 L6,5 L-6,5 Z")
          .attr("transform", `translate(${px(frame.x(frameSent.t))},${px(height / 2)})`);
      }
    },
  };
}

function clientLane(client: MigrationTimeline["clients"][number], endSeconds: number): Lane {
  return {
    name: client.name,
    detail: "client, pings",
    height: 1.5,
    draw(group, frame, height) {
      const pings = pingsBetween(client, 0, endSeconds, (frame.right - frame.left) / 6);
      if (pings.length === 0) bar(group, frame, 0, endSeconds, height, "answers");
      for (const outage of client.allOutages) {
        bar(group, frame, outage.lastReplySeconds, outage.endSeconds, height, "outage").attr(
          "fill",
          "url(#lanes-standstill)",
        );
      }
      for (const ping of pings) drawPing(group, frame, ping.atSeconds, ping.answered, height / 2);
    },
  };
}

/** A dot for a ping that was answered, a cross for one that was not. */
export function drawPing(group: GroupSelection, frame: TimeFrame, t: number, answered: boolean, y: number): void {
  const at = `translate(${px(frame.x(t))},${px(y)})`;
  if (answered) group.append("circle").attr("class", "ping").attr("r", 2.2).attr("transform", at);
  else group.append("path").attr("class", "ping lost").attr("d", "M-3,-3 L3,3 M3,-3 L-3,3").attr("transform", at);
}
