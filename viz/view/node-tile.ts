/** One node as a tile: its name and state, its machines as names, marks or a bar, its memory, its migrations in and out. */
import type { NodeAt } from "../model/cluster-at.ts";
import { formatBytes, formatCount } from "../model/format.ts";
import { MACHINE_STATUSES, type MachineStatus, STATUS_CODES } from "../model/machine-status.ts";
import type { NodeState } from "../model/node-history.ts";
import { STATUS_SHAPES } from "./machine-marks.ts";
import type { NodesLayout } from "./nodes-layout.ts";
import { fitText, type GroupSelection, px, type SvgSelection } from "./svg.ts";

export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  up: "up",
  draining: "draining",
  maintenance: "in maintenance",
  failed: "failed",
  starts: "starts",
  off: "powered off",
  "cut-off": "cut off",
};

/** What else has a place in a tile. */
export interface TileExtras {
  /** Machines by name and status, in the order of their lines; null where the tile has none. */
  names: readonly { name: string; status: MachineStatus; looked: boolean }[] | null;
  /** The guest's frames go here. */
  frames: boolean;
}

export interface NodeTile {
  /** Draws what has changed since the last call. */
  draw(node: NodeAt, extras: TileExtras): void;
}

export function nodeTile(svg: SvgSelection, layout: NodesLayout, place: number, name: string, rem: number): NodeTile {
  const corner = layout.corners[place] as { x: number; y: number };
  const { size, width, height, padding } = layout;
  const group = svg.append("g").attr("transform", `translate(${px(corner.x)},${px(corner.y)})`);
  const box = rect(group, "tile", 0, 0, width, height).attr("rx", size === "large" || size === "medium" ? 6 : 3);
  const veil = rect(group, "tile-state", 0, 0, width, height).attr("rx", size === "large" || size === "medium" ? 6 : 3);
  const words = tileWords(group, layout, name, rem);
  const machines = group.append("g").attr("class", "machines");
  const memory = memoryBar(group, layout, rem);
  const frames = group
    .append("path")
    .attr("class", "mark frames")
    .attr("d", `M0,${px(-rem * 0.32)}l${px(rem * 0.32)},${px(rem * 0.56)}h${px(-rem * 0.64)}z`)
    .attr("transform", `translate(${px(width - padding - rem * 0.2)},${px(height - padding - rem * 0.35)})`)
    .attr("visibility", "hidden");
  let shown = "";
  let shownMachines = "";
  return {
    draw(node, extras) {
      const { state, counts, usedBytes, arrivingBytes, out, in: into, volumes } = node;
      const key = [state, counts, usedBytes, arrivingBytes, out, into, volumes, extras.frames].join();
      if (key !== shown) {
        shown = key;
        box.attr("class", `tile is-${state}`);
        veil.attr("class", `tile-state is-${state}`).attr("fill", STATE_FILLS[state] ?? "none");
        words(node);
        memory(node);
        frames.attr("visibility", extras.frames ? "visible" : "hidden");
      }
      const machinesKey = extras.names === null ? counts.join() : JSON.stringify(extras.names);
      if (machinesKey === shownMachines) return;
      shownMachines = machinesKey;
      machines.selectAll("*").remove();
      if (extras.names !== null) drawNames(machines, layout, extras.names, rem);
      else drawCounts(machines, layout, node, rem);
    },
  };
}

/** Patterns, so that colour is not alone. */
export const STATE_FILLS: Partial<Record<NodeState, string>> = {
  draining: "url(#nodes-dirtied)",
  maintenance: "url(#nodes-receiving)",
  failed: "url(#nodes-standstill)",
  "cut-off": "url(#nodes-standstill)",
};

function rect(group: GroupSelection, kind: string, x: number, y: number, width: number, height: number) {
  return group
    .append("rect")
    .attr("class", kind)
    .attr("x", px(x))
    .attr("y", px(y))
    .attr("width", px(width))
    .attr("height", px(height));
}

function line(group: GroupSelection, kind: string, x: number, y: number, anchor = "start") {
  return group.append("text").attr("class", kind).attr("text-anchor", anchor).attr("x", px(x)).attr("y", px(y));
}

type DrawNode = (node: NodeAt) => void;

function tileWords(group: GroupSelection, layout: NodesLayout, name: string, rem: number): DrawNode {
  const { size, width, height, padding } = layout;
  const inner = width - 2 * padding;
  if (size === "tiny") {
    const number = line(group, "tile-number", width / 2, rem * 0.85, "middle");
    return (node) => number.text(shortOf(onNode(node)));
  }
  if (size === "small") {
    line(group, "tile-name small", padding, rem * 0.72).text(fitText(name, inner, rem * 0.4));
    const flow = line(group, "tile-flow small", width - padding, height - padding, "end");
    return ({ state, out, in: into }) => flow.text(out > 0 || into > 0 ? flowText(out, into) : SIGNS[state]);
  }
  const large = size === "large";
  line(group, "tile-name", padding, rem * 1.25).text(fitText(name, inner * (large ? 0.5 : 0.55), rem * 0.52));
  const state = line(group, "tile-word", width - padding, rem * 1.22, "end");
  const foot = line(group, "tile-detail", padding, height - padding - rem * (large ? 0.1 : -0.05));
  const memoryText = large ? line(group, "tile-detail", padding, height - padding - rem * 1.1) : null;
  const flow = large ? line(group, "tile-flow", width - padding, height - padding - rem * 1.1, "end") : null;
  return (node) => {
    state.text(node.state === "up" ? "" : fitText(STATE_WORDS[node.state], inner * 0.5, rem * 0.44));
    const { out, in: into, usedBytes, memoryBytes, volumes } = node;
    const flows = [...(out > 0 ? [`${out} out`] : []), ...(into > 0 ? [`${into} in`] : [])].join(", ");
    memoryText?.text(`${formatBytes(usedBytes)} of ${formatBytes(memoryBytes)}`);
    flow?.text(flows);
    const machines = machineText(node, large);
    const owns =
      large && volumes.length > 0 ? ` · coordinates ${volumes.length > 2 ? volumes.length : volumes.join(", ")}` : "";
    foot.text(fitText(large ? machines + owns : flows === "" ? machines : flows, inner, rem * 0.42));
  };
}

/** States of small tiles, where a word has no room. */
const SIGNS: Readonly<Record<NodeState, string>> = {
  up: "",
  draining: "",
  maintenance: "‖",
  failed: "✕",
  starts: "▲",
  off: "○",
  "cut-off": "≠",
};

function flowText(out: number, into: number): string {
  return `${out > 0 ? `↑${out}` : ""}${into > 0 ? `↓${into}` : ""}`;
}

/** Machines on the node, those included that are down there or on their way from it. */
export function onNode({ counts }: NodeAt): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function machineText(node: NodeAt, whole: boolean): string {
  const number = onNode(node);
  const waiting = node.counts[STATUS_CODES.waits] as number;
  const text = number === 1 ? "1 machine" : `${formatCount(number)} machines`;
  return whole && waiting > 0 ? `${text}, ${formatCount(waiting)} waiting` : text;
}

function shortOf(number: number): string {
  return number > 999 ? `${Math.round(number / 1000)}k` : String(number);
}

function memoryBar(group: GroupSelection, layout: NodesLayout, rem: number): DrawNode {
  const { size, width, height, padding } = layout;
  // A small tile has its migrations beside the bar.
  const inner = (width - 2 * padding) * (size === "small" ? 0.5 : 1);
  const thick = rem * (size === "large" ? 0.5 : size === "medium" ? 0.4 : 0.22);
  const y = height - padding - (size === "large" ? rem * 2.55 : size === "medium" ? rem * 1.4 : thick * 1.2);
  rect(group, "memory-ground", padding, y, inner, thick);
  const used = rect(group, "memory-used", padding, y, 0, thick);
  const arriving = rect(group, "memory-arriving", padding, y, 0, thick);
  return ({ usedBytes, arrivingBytes, memoryBytes }) => {
    const share = (bytes: number): number => (memoryBytes > 0 ? Math.min(1, bytes / memoryBytes) : 0);
    const end = share(usedBytes);
    const reserved = share(usedBytes + arrivingBytes);
    used.attr("width", px(inner * end));
    arriving.attr("x", px(padding + inner * end)).attr("width", px(inner * (reserved - end)));
  };
}

function drawNames(
  group: GroupSelection,
  layout: NodesLayout,
  names: readonly { name: string; status: MachineStatus; looked: boolean }[],
  rem: number,
): void {
  const { grid, gridTop, padding } = layout;
  const room = grid.columns * grid.rows;
  const side = rem * 0.66;
  const shown = names.length > room ? names.slice(0, room - 1) : names;
  for (const [index, { name, status, looked }] of shown.entries()) {
    const x = padding + (index % grid.columns) * grid.stepX;
    const y = gridTop + Math.floor(index / grid.columns) * grid.stepY;
    group
      .append("path")
      .attr("class", `machine ${status}`)
      .attr("d", STATUS_SHAPES[status](x, y + rem * 0.2, side));
    line(group, looked ? "machine-name looked" : "machine-name", x + rem * 0.9, y + rem * 0.78).text(
      fitText(name, grid.stepX - rem * 1.1, rem * 0.42),
    );
  }
  if (shown.length < names.length) {
    const x = padding + ((room - 1) % grid.columns) * grid.stepX;
    const y = gridTop + (grid.rows - 1) * grid.stepY;
    line(group, "machine-name", x, y + rem * 0.78).text(`+ ${names.length - shown.length} more`);
  }
}

function drawCounts(group: GroupSelection, layout: NodesLayout, node: NodeAt, rem: number): void {
  const { grid, gridTop, padding, width } = layout;
  const total = onNode(node);
  if (layout.size === "tiny" || total === 0) return;
  if (grid.kind === "marks" && total <= grid.columns * grid.rows) {
    const side = grid.stepX * 0.8;
    let first = 0;
    for (const [code, status] of MACHINE_STATUSES.entries()) {
      const count = node.counts[code] as number;
      let path = "";
      for (let index = first; index < first + count; index += 1) {
        const x = padding + (index % grid.columns) * grid.stepX;
        path += STATUS_SHAPES[status](x, gridTop + Math.floor(index / grid.columns) * grid.stepY, side);
      }
      if (count > 0) group.append("path").attr("class", `machine ${status}`).attr("d", path);
      first += count;
    }
    return;
  }
  const inner = width - 2 * padding;
  let x = padding;
  for (const [code, status] of MACHINE_STATUSES.entries()) {
    const part = ((node.counts[code] as number) / total) * inner;
    if (part > 0) rect(group, `machine ${status}`, x, gridTop, part, rem * 0.7);
    x += part;
  }
  if (layout.size === "small") line(group, "tile-number", padding, gridTop + rem * 1.3).text(shortOf(total));
}
