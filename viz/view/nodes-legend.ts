/** What the signs in the picture of the cluster mean: those that occur in the run. */
import type { ClusterHistory } from "../model/cluster-at.ts";
import { MACHINE_STATUSES } from "../model/machine-status.ts";
import type { NodeState } from "../model/node-history.ts";
import { circle, movingSign, STATUS_SHAPES, STATUS_WORDS } from "./machine-marks.ts";
import { STATE_FILLS, STATE_WORDS } from "./node-tile.ts";
import { type GroupSelection, type Place, px, type SvgSelection } from "./svg.ts";

interface Entry {
  text: string;
  draw(sample: GroupSelection, side: number): void;
}

/** Draws from the top; returns the height it took, in pixels. `frames`: the machine whose frames are shown, empty without one. */
export function drawNodesLegend(
  svg: SvgSelection,
  history: ClusterHistory,
  frames: string,
  { width, rem }: Place,
): number {
  const side = rem * 0.72;
  let x = 0;
  let y = 0;
  for (const { text, draw } of entriesOf(history, frames)) {
    const room = rem * (2 + text.length * 0.375);
    if (x > 0 && x + room > width) {
      x = 0;
      y += rem * 1.3;
    }
    const sample = svg.append("g").attr("transform", `translate(${px(x)},${px(y + rem * 0.15)})`);
    draw(sample, side);
    sample
      .append("text")
      .attr("class", "legend")
      .attr("x", px(rem))
      .attr("y", px(rem * 0.6))
      .text(text);
    x += room;
  }
  return y + rem * 1.3;
}

function entriesOf(history: ClusterHistory, frames: string): Entry[] {
  const { machines, nodes } = history.seen();
  const entries: Entry[] = [];
  for (const status of MACHINE_STATUSES) {
    if (status === "runs" || machines.has(status)) {
      entries.push({
        text: STATUS_WORDS[status],
        draw: (sample, side) => shape(sample, `machine ${status}`, STATUS_SHAPES[status](0, 0, side)),
      });
    }
  }
  if (machines.has("moving")) {
    entries.push(
      moving("runs", "moves"),
      moving("still", "moves, stands still"),
      moving("arrived", "moves, runs at the target"),
    );
    entries.push({ text: "memory on its way", draw: (sample, side) => box(sample, "memory-arriving", side) });
  }
  for (const state of nodes) {
    if (state !== "up")
      entries.push({ text: `node ${STATE_WORDS[state]}`, draw: (sample, side) => node(sample, state, side) });
  }
  if (frames !== "") {
    entries.push({
      text: `where the switch sends frames for ${frames}`,
      draw: (sample, side) => shape(sample, "mark frames", STATUS_SHAPES.starts(0, 0, side)),
    });
  }
  return entries;
}

function shape(sample: GroupSelection, kind: string, path: string): void {
  sample.append("path").attr("class", kind).attr("d", path);
}

function box(sample: GroupSelection, kind: string, side: number) {
  return sample.append("rect").attr("class", kind).attr("width", px(side)).attr("height", px(side)).attr("rx", 1.5);
}

function moving(kind: "runs" | "still" | "arrived", text: string): Entry {
  return {
    text,
    draw(sample, side) {
      shape(sample, `moving ${kind}`, circle(0, 0, side));
      const sign = sample.append("path").attr("class", "moving-sign").attr("d", movingSign(kind, side));
      sign.attr("transform", `translate(${px(side / 2)},${px(side / 2)})`);
    },
  };
}

function node(sample: GroupSelection, state: NodeState, side: number): void {
  box(sample, `tile is-${state}`, side);
  box(sample, `tile-state is-${state}`, side).attr("fill", STATE_FILLS[state] ?? "none");
}
