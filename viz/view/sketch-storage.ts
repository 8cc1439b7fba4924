/** The sketch's shared volume: who owns it, and who asks its coordinator. */
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { type Box, caption, type Draw, type SketchLayout } from "./sketch-layout.ts";
import { fitText, type Place, px, type SvgSelection } from "./svg.ts";

export function drawStorage(
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
