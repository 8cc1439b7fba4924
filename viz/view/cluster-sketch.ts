/** The cluster as a picture: clients, switch, two nodes, the guest's memory on both, the link and the shared volume. */

import { formatBytes, formatRate } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import { PAGE_BYTES } from "../simulator.ts";
import { memoryCells } from "./memory-cells.ts";
import { addPatterns, chartIn, fitText, type Place, px, type SvgSelection, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface SketchLayout {
  client: Box;
  relay: Box;
  source: Box;
  target: Box;
  volume: Box;
  height: number;
}

const LINK_DOTS = 6;

export function clusterSketchView(container: HTMLElement): View {
  let drawState: ((state: MigrationState) => void) | null = null;
  return {
    layOut({ timeline, migration }, place) {
      const svg = chartIn(
        container,
        `The cluster while ${migration.vm} moves from ${migration.from} to ${migration.to}`,
      );
      addPatterns(svg, "sketch");
      const layout = layoutOf(place, migration.storage.length > 0);
      sizeChart(svg, place.width, px(layout.height));
      const network = drawNetwork(svg, layout, migration, place);
      const link = drawLink(svg, layout, migration, place);
      const storage = drawStorage(svg, layout, migration, place, timeline.trace.scenario.volumes);
      const source = drawNode(svg, layout.source, "source", migration, place);
      const target = drawNode(svg, layout.target, "target", migration, place);
      drawLegend(svg, migration, place, source.cells, layout);
      drawState = (state) => {
        network(state);
        link(state);
        storage(state);
        source.draw(state);
        target.draw(state);
      };
    },
    draw(state) {
      drawState?.(state);
    },
  };
}

function layoutOf({ width, rem }: Place, volume: boolean): SketchLayout {
  const nodeWidth = Math.min(rem * 15, width * 0.36);
  const middle = width / 2;
  const small = Math.min(rem * 15, width * 0.62);
  const client = { x: middle - rem * 5, y: rem * 0.1, width: rem * 10, height: rem * 1.7 };
  const relay = { x: middle - small / 2, y: rem * 3, width: small, height: rem * 2.5 };
  const nodeTop = rem * 6.6;
  const node = { y: nodeTop, width: nodeWidth, height: rem * 8.2 };
  const volumeBox = { x: middle - rem * 4.2, y: nodeTop + rem * 9.1, width: rem * 8.4, height: rem * 3 };
  return {
    client,
    relay,
    source: { x: 1, ...node },
    target: { x: width - nodeWidth - 1, ...node },
    volume: volumeBox,
    height: volume ? volumeBox.y + volumeBox.height + rem * 0.3 : nodeTop + node.height + 4,
  };
}

type Draw = (state: MigrationState) => void;

function box(svg: SvgSelection, at: Box, kind: string) {
  return svg
    .append("rect")
    .attr("class", kind)
    .attr("x", px(at.x))
    .attr("y", px(at.y))
    .attr("width", px(at.width))
    .attr("height", px(at.height))
    .attr("rx", 6);
}

function caption(svg: SvgSelection, kind: string, x: number, y: number, text: string, anchor = "middle") {
  return svg
    .append("text")
    .attr("class", kind)
    .attr("text-anchor", anchor)
    .attr("x", px(x))
    .attr("y", px(y))
    .text(text);
}

function drawNetwork(svg: SvgSelection, layout: SketchLayout, migration: MigrationTimeline, { rem }: Place): Draw {
  const { client, relay, source, target } = layout;
  const middle = relay.x + relay.width / 2;
  const path = (node: Box): string => {
    const x = node.x + node.width / 2;
    const y = relay.y + relay.height / 2;
    return `M${px(node === source ? relay.x : relay.x + relay.width)},${px(y)} L${px(x)},${px(y)} L${px(x)},${px(node.y)}`;
  };
  const uplink = svg
    .append("path")
    .attr("d", `M${px(middle)},${px(client.y + client.height)} L${px(middle)},${px(relay.y)}`);
  const wires = {
    source: svg.append("path").attr("d", path(source)),
    target: svg.append("path").attr("d", path(target)),
  };
  const name = migration.clients[0]?.name ?? "no clients";
  const more = migration.clients.length > 1 ? ` + ${migration.clients.length - 1}` : "";
  box(svg, client, "device client-box");
  const clientText = caption(svg, "device-name", middle, client.y + rem * 1.15, "");
  box(svg, relay, "device switch-box");
  caption(svg, "device-detail", middle, relay.y + rem * 0.95, "switch");
  const entry = caption(svg, "device-name mac", middle, relay.y + rem * 2, "");
  const broken = svg.append("path").attr("class", "broken").attr("d", "M-7,-7 L7,7 M7,-7 L-7,7");
  const pulse = svg.append("path").attr("class", "mark arp").attr("d", "M0,-7 L7,6 L-7,6 Z");
  const pulseSeconds =
    migration.closeUp === null ? 0 : (migration.closeUp.endSeconds - migration.closeUp.startSeconds) * 0.06;
  return (state) => {
    const toTarget = state.macNode === migration.to;
    const node = toTarget ? target : source;
    const reaches = !state.stopped && state.macNode === state.vmNode;
    uplink.attr("class", reaches ? "wire active" : "wire lost");
    wires.source.attr("class", toTarget ? "wire idle" : reaches ? "wire active" : "wire lost");
    wires.target.attr("class", toTarget ? (reaches ? "wire active" : "wire lost") : "wire idle");
    const waits = state.clientsWaiting.length > 0;
    clientText.text(
      fitText(
        `${name}${more}${migration.clients.length === 0 ? "" : waits ? ": no answer" : ": answers"}`,
        client.width,
        rem * 0.45,
      ),
    );
    entry.text(fitText(`${migration.mac} → ${state.macNode}`, relay.width - rem * 0.6, rem * 0.46));
    broken
      .attr("visibility", reaches ? "hidden" : "visible")
      .attr("transform", `translate(${px(node.x + node.width / 2)},${px(node.y - rem * 0.7)})`);
    const sent = migration.announcements.findLast((event) => event.t <= state.t && state.t < event.t + pulseSeconds);
    const share = sent === undefined ? 0 : (state.t - sent.t) / pulseSeconds;
    const from = target.x + target.width / 2;
    pulse
      .attr("visibility", sent === undefined ? "hidden" : "visible")
      .attr(
        "transform",
        `translate(${px(from + (relay.x + relay.width - from) * share)},${px(relay.y + relay.height / 2)})`,
      );
  };
}

function drawLink(svg: SvgSelection, layout: SketchLayout, migration: MigrationTimeline, { rem }: Place): Draw {
  const { source, target } = layout;
  const from = source.x + source.width;
  const to = target.x;
  const y = source.y + source.height * 0.5;
  svg.append("line").attr("class", "pipe").attr("x1", px(from)).attr("x2", px(to)).attr("y1", px(y)).attr("y2", px(y));
  const room = to - from - 4;
  caption(svg, "device-detail", (from + to) / 2, y + rem * 1.6, fitText(migration.link.network, room, rem * 0.42));
  const rate = caption(svg, "device-name", (from + to) / 2, y - rem * 0.9, "");
  const dots = Array.from({ length: LINK_DOTS }, () =>
    svg.append("circle").attr("class", "packet").attr("r", 3.5).attr("cy", px(y)),
  );
  // One round of the dots for so many bytes: their pace is the link's.
  const bytesALap = Math.max(migration.link.capacityBytesPerSecond, 1) * 2;
  return (state) => {
    const flows = state.linkBytesPerSecond > 0;
    rate.text(room > rem * 6 ? (flows ? formatRate(state.linkBytesPerSecond) : "idle") : "");
    for (const [index, dot] of dots.entries()) {
      const share = (state.transferredBytes / bytesALap + index / LINK_DOTS) % 1;
      dot.attr("visibility", flows ? "visible" : "hidden").attr("cx", px(from + 6 + (to - from - 12) * share));
    }
  };
}

function drawStorage(
  svg: SvgSelection,
  layout: SketchLayout,
  migration: MigrationTimeline,
  { rem }: Place,
  volumes: readonly { name: string; kind: string; coordinator: string }[],
): Draw {
  const name = migration.storage[0]?.volume;
  if (name === undefined) return () => {};
  const { volume, source, target } = layout;
  const y = volume.y + volume.height / 2;
  const wire = (node: Box, side: number): string => {
    const x = node.x + node.width / 2;
    return `M${px(x)},${px(node.y + node.height)} L${px(x)},${px(y)} L${px(side)},${px(y)}`;
  };
  const wires = {
    source: svg.append("path").attr("d", wire(source, volume.x)),
    target: svg.append("path").attr("d", wire(target, volume.x + volume.width)),
  };
  const bulge = rem * 0.45;
  const { x, width } = volume;
  svg
    .append("path")
    .attr("class", "device volume-box")
    .attr(
      "d",
      `M${px(x)},${px(volume.y + bulge)} a${px(width / 2)},${px(bulge)} 0 0 1 ${px(width)},0 v${px(volume.height - 2 * bulge)} ` +
        `a${px(width / 2)},${px(bulge)} 0 0 1 ${px(-width)},0 z m0,0 a${px(width / 2)},${px(bulge)} 0 0 0 ${px(width)},0`,
    );
  const kind = volumes.find((candidate) => candidate.name === name)?.kind;
  caption(
    svg,
    "device-name",
    x + width / 2,
    volume.y + rem * 1.6,
    fitText(kind === undefined ? name : `${name} (${kind.toUpperCase()})`, width, rem * 0.45),
  );
  const coordinator = migration.storage[0]?.coordinator ?? "";
  const detail = caption(svg, "device-detail", x + width / 2, volume.y + rem * 2.35, "");
  const room = width - rem;
  return (state) => {
    const over = migration.storage.findLast((event) => event.type === "csv.handedOver" && event.t <= state.t);
    const owner = over?.type === "csv.handedOver" ? over.to : migration.from;
    const asking = migration.storage.findLast(
      (event) => event.type === "csv.metadataSent" && event.t <= state.t && state.t < event.t + event.seconds,
    );
    const busy = asking?.type === "csv.metadataSent" ? asking.node : null;
    wires.source.attr("class", wireKind(owner === migration.from, busy === migration.from));
    wires.target.attr("class", wireKind(owner === migration.to, busy === migration.to));
    detail.text(fitText(busy === null ? `coord. ${coordinator}` : `${busy} asks ${coordinator}`, room, rem * 0.38));
  };
}

function wireKind(owns: boolean, asks: boolean): string {
  return asks ? "wire storage asking" : owns ? "wire storage" : "wire idle";
}

function drawNode(
  svg: SvgSelection,
  at: Box,
  side: "source" | "target",
  migration: MigrationTimeline,
  { rem }: Place,
): { draw: Draw; cells: number } {
  const name = side === "source" ? migration.from : migration.to;
  box(svg, at, "device node-box");
  const inner = at.width - rem * 1.2;
  caption(svg, "node-name", at.x + rem * 0.7, at.y + rem * 1.3, fitText(name, inner * 0.6, rem * 0.52), "start");
  caption(svg, "device-detail", at.x + at.width - rem * 0.7, at.y + rem * 1.25, inner > rem * 7 ? side : "", "end");
  const card: Box = { x: at.x + rem * 0.6, y: at.y + rem * 1.9, width: inner, height: at.height - rem * 2.5 };
  const frame = box(svg, card, "guest");
  const label = caption(svg, "guest-name", card.x + rem * 0.5, card.y + rem * 1.15, "", "start");
  const grid = memoryCells(
    svg,
    { x: card.x + rem * 0.5, y: card.y + rem * 1.65, width: card.width - rem, height: card.height - rem * 2.1 },
    rem,
    side,
  );
  return {
    cells: grid.count,
    draw(state) {
      const here = state.vmNode === name;
      const started = migration.startSeconds !== null && state.t >= migration.startSeconds;
      const moving = started && state.phase !== "ended";
      const visible = here || (side === "target" ? moving : state.phase === "cleanup");
      const status = here ? (state.stopped ? "stopped" : "runs") : side === "target" ? "skeleton" : "left";
      frame.attr("class", `guest ${here ? (state.stopped ? "stopped" : "runs") : "skeleton"}`);
      frame.attr("visibility", visible ? "visible" : "hidden");
      label.text(visible ? guestLabel(migration.vm, status, card.width - rem, rem * 0.47) : "");
      grid.draw(state, migration, visible, here);
    },
  };
}

/** Name and status where both fit, else the name: the frame tells the status too. */
function guestLabel(name: string, status: string, width: number, glyph: number): string {
  const whole = `${name} · ${status}`;
  return whole.length * glyph <= width ? whole : fitText(name, width, glyph);
}

function drawLegend(
  svg: SvgSelection,
  migration: MigrationTimeline,
  place: Place,
  cells: number,
  layout: SketchLayout,
): void {
  const { rem } = place;
  if (layout.relay.x < rem * 12 || cells === 0) return;
  const entries = [
    { kind: "cell waiting", text: "waits to be sent", fill: null },
    { kind: "cell dirtied", text: "dirtied meanwhile", fill: "url(#sketch-dirtied)" },
    { kind: "cell current", text: "same on both", fill: null },
    { kind: "cell missing", text: "not there yet", fill: null },
  ];
  for (const [index, entry] of entries.entries()) {
    const y = rem * (0.3 + index * 1.2);
    const cell = svg
      .append("rect")
      .attr("class", entry.kind)
      .attr("x", 2)
      .attr("y", px(y))
      .attr("width", px(rem * 0.75))
      .attr("height", px(rem * 0.75));
    if (entry.fill !== null) cell.attr("fill", entry.fill);
    caption(svg, "legend", rem * 1.2, y + rem * 0.7, entry.text, "start");
  }
  const bytes = (migration.memoryPages * PAGE_BYTES) / cells;
  caption(svg, "legend", place.width - 4, rem, `one square: ${formatBytes(bytes)} of memory`, "end");
}
