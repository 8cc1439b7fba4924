/** Where the things of the cluster's sketch stand, and the shapes that they are made of. */
import type { MigrationState } from "../model/state-at.ts";
import { type Place, px, type SvgSelection } from "./svg.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface SketchLayout {
  client: Box;
  relay: Box;
  source: Box;
  target: Box;
  volume: Box;
  height: number;
}

/** Draws what changes with time. */
export type Draw = (state: MigrationState) => void;

export function layoutOf({ width, rem }: Place, volume: boolean): SketchLayout {
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

export function box(svg: SvgSelection, at: Box, kind: string) {
  return svg
    .append("rect")
    .attr("class", kind)
    .attr("x", px(at.x))
    .attr("y", px(at.y))
    .attr("width", px(at.width))
    .attr("height", px(at.height))
    .attr("rx", 6);
}

export function caption(svg: SvgSelection, kind: string, x: number, y: number, text: string, anchor = "middle") {
  return svg
    .append("text")
    .attr("class", kind)
    .attr("text-anchor", anchor)
    .attr("x", px(x))
    .attr("y", px(y))
    .text(text);
}
