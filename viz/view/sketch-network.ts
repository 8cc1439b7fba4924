/** The sketch's networks: clients, the switch and where it sends the guest's frames, and the migration's link. */
import { formatRate } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { type Box, box, caption, type Draw, type SketchLayout } from "./sketch-layout.ts";
import { fitText, type Place, px, type SvgSelection } from "./svg.ts";

const LINK_DOTS = 6;

export function drawNetwork(
  svg: SvgSelection,
  layout: SketchLayout,
  migration: MigrationTimeline,
  { rem }: Place,
): Draw {
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

export function drawLink(svg: SvgSelection, layout: SketchLayout, migration: MigrationTimeline, { rem }: Place): Draw {
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
