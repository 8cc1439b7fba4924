/** What the picture of the cluster says where it is hovered and focused: of nodes, of machines on their way and of volumes. */
import type { ClusterState, Move, NodeAt } from "../model/cluster-at.ts";
import { formatBytes, formatCount, formatSeconds, formatShare } from "../model/format.ts";
import { MACHINE_STATUSES, type MachineStatus } from "../model/machine-status.ts";
import { machinesOn } from "../model/machines-on.ts";
import type { TermId } from "../model/terms.ts";
import type { VolumeState } from "../model/volume-history.ts";
import { STATUS_WORDS } from "./machine-marks.ts";
import type { Mark } from "./mark.ts";
import type { MovingMachines } from "./moving-machines.ts";
import { kindOf } from "./moving-machines.ts";
import { onNode, STATE_WORDS } from "./node-tile.ts";
import type { NodesLayout } from "./nodes-layout.ts";
import { px } from "./svg.ts";
import type { VolumeRow } from "./volume-row.ts";

/** Names in a card at most. */
const MOST_NAMED = 8;

type Told = Pick<Mark, "title" | "rows" | "now" | "term">;

export interface ClusterPicture {
  state: ClusterState;
  layout: NodesLayout;
  moving: MovingMachines;
  row: VolumeRow;
  machineNames: readonly string[];
  choose(migration: number): void;
}

/** In the order in which keys walk: each node and after it the machines on their way from it, then the volumes. */
export function clusterMarks(picture: ClusterPicture): Mark[] {
  const { state, layout, moving, row } = picture;
  const marks: Mark[] = [];
  const leaving = new Map<number, Move[]>();
  for (const move of state.moves) {
    const known = leaving.get(move.from);
    if (known === undefined) leaving.set(move.from, [move]);
    else known.push(move);
  }
  for (const [place, node] of state.nodes.entries()) {
    const corner = layout.corners[place] as { x: number; y: number };
    const box = { x: px(corner.x), y: px(corner.y), width: px(layout.width), height: px(layout.height) };
    marks.push({ ...box, id: `node ${place}`, ...tellNode(node, place, picture) });
    for (const move of leaving.get(place) ?? []) {
      const at = moving.boxOf(move.migration.index);
      if (at === null) continue;
      const { index } = move.migration;
      marks.push({ ...at, id: `move ${index}`, choose: () => picture.choose(index), ...tellMove(move, picture) });
    }
  }
  for (const [place, box] of row.boxes.entries()) {
    const volume = state.volumes[place];
    if (volume !== undefined) marks.push({ ...box, id: `volume ${place}`, ...tellVolume(volume) });
  }
  return marks;
}

/** One of a node's own machines, where each has a mark: what is under the pointer beside the marks that keys walk through. */
export function machineUnder(picture: ClusterPicture, x: number, y: number): Mark | null {
  const { layout, state, machineNames, choose } = picture;
  const { grid, gridTop, padding } = layout;
  if (grid.kind === "counts") return null;
  const node = layout.corners.findIndex(
    (corner) =>
      x >= corner.x + padding &&
      x < corner.x + layout.width - padding &&
      y >= corner.y + gridTop &&
      y < corner.y + layout.height,
  );
  const corner = layout.corners[node];
  if (corner === undefined) return null;
  const column = Math.floor((x - corner.x - padding) / grid.stepX);
  const line = Math.floor((y - corner.y - gridTop) / grid.stepY);
  if (column >= grid.columns || line >= grid.rows) return null;
  const machines = machinesOn(state.machines, node);
  const machine = machines[line * grid.columns + column];
  if (machine === undefined || machines.length > grid.columns * grid.rows) return null;
  const status = MACHINE_STATUSES[state.machines.statuses[machine] as number] as MachineStatus;
  return {
    x: px(corner.x + padding + column * grid.stepX),
    y: px(corner.y + gridTop + line * grid.stepY),
    width: px(grid.stepX),
    height: px(grid.stepY),
    id: `machine ${machine}`,
    ...(status === "moving" ? { choose: () => choose(state.machines.migrations[machine] as number) } : {}),
    title: `${machineNames[machine]}: ${STATUS_WORDS[status]}`,
    rows: [
      ["on", state.nodes[node]?.name ?? ""],
      ["memory", formatBytes(state.machines.bytes[machine] as number)],
    ],
    term: TERMS_OF[status] ?? "node",
  };
}

const TERMS_OF: Partial<Record<MachineStatus, TermId>> = {
  waits: "queue",
  moving: "move",
  hung: "restart",
  down: "restart",
  queued: "restart",
  starts: "restart",
};

function tellNode(node: NodeAt, place: number, picture: ClusterPicture): Told {
  const term = node.state === "failed" || node.state === "starts" ? "restart" : "node";
  return {
    title: `${node.name}: ${STATE_WORDS[node.state]}`,
    rows: [],
    now: () => nodeNumbers(node, place, picture),
    term,
  };
}

function nodeNumbers(node: NodeAt, place: number, { state, machineNames }: ClusterPicture): [string, string][] {
  const rows: [string, string][] = [];
  const machines = machinesOn(state.machines, place);
  const kinds = MACHINE_STATUSES.flatMap((status, code) => {
    const count = node.counts[code] as number;
    return count > 0 ? [`${formatCount(count)} ${count === 1 ? STATUS_WORDS[status] : plural(status)}`] : [];
  });
  const together = kinds.length > 1 ? `${formatCount(onNode(node))}: ` : "";
  rows.push(["machines", kinds.length === 0 ? "none" : together + kinds.join(", ")]);
  if (machines.length > 0) {
    const named = machines.slice(0, MOST_NAMED).map((machine) => machineNames[machine]);
    rows.push([
      "they are",
      named.join(", ") + (machines.length > MOST_NAMED ? ` and ${machines.length - MOST_NAMED} more` : ""),
    ]);
  }
  rows.push(["memory", memoryText(node)]);
  if (node.out > 0 || node.in > 0) rows.push(["migrations", `${node.out} out, ${node.in} in`]);
  if (node.volumes.length > 0) rows.push(["coordinates or owns", node.volumes.slice(0, MOST_NAMED).join(", ")]);
  if (node.cutFrom.length > 0) rows.push(["cut off from", node.cutFrom.join(", ")]);
  return rows;
}

/** Words for several machines. */
function plural(status: MachineStatus): string {
  const words: Partial<Record<MachineStatus, string>> = {
    runs: "run",
    waits: "wait to move",
    still: "stand still",
    hung: "hang",
    starts: "are being started",
    queued: "are to be started",
    moving: "are on their way",
  };
  return words[status] ?? STATUS_WORDS[status];
}

export function memoryText({ usedBytes, arrivingBytes, memoryBytes }: NodeAt): string {
  const share = memoryBytes > 0 ? ` (${formatShare(usedBytes / memoryBytes)})` : "";
  const more = arrivingBytes > 0 ? `, ${formatBytes(arrivingBytes)} to come` : "";
  return `${formatBytes(usedBytes)} of ${formatBytes(memoryBytes)}${share}${more}`;
}

const GUEST_WORDS = {
  runs: "runs at the source",
  still: "stands still",
  arrived: "runs at the target",
} as const;

export function guestWord(move: Move): string {
  return GUEST_WORDS[kindOf(move)];
}

function tellMove(move: Move, { state, machineNames }: ClusterPicture): Told {
  const { migration, machine, share } = move;
  const since = migration.startSeconds === null ? 0 : state.t - migration.startSeconds;
  return {
    title: `${machineNames[machine]}: ${migration.from} → ${migration.to}`,
    rows: [
      ["memory at the target", formatShare(share)],
      ["the guest", guestWord(move)],
      ["under way for", formatSeconds(since)],
      ["Enter or a click", "shows this migration"],
    ],
    term: "move",
  };
}

function tellVolume({ name, kind, owner, redirected, waiting }: VolumeState): Told {
  const rows: [string, string][] = [
    [kind === "csv" ? "coordinator" : "owner", owner ?? "none yet: it changes hands"],
    [
      "path",
      kind === "csv"
        ? "nodes read and write directly, metadata goes to the coordinator"
        : "the owner alone reads and writes",
    ],
  ];
  if (redirected.length > 0) rows.push(["over the network", `${redirected.join(", ")} → ${owner ?? "?"} → ${name}`]);
  for (const reason of new Set(waiting.map((each) => each.reason))) {
    const nodes = waiting.filter((each) => each.reason === reason).map((each) => each.node);
    rows.push([`waits (${reason.replaceAll("-", " ")})`, nodes.join(", ")]);
  }
  return { title: name, rows, term: "volume" };
}

/** The picture in a sentence, for its name. */
export function clusterSentence({ nodes }: ClusterState): string {
  const machines = nodes.reduce((sum, node) => sum + onNode(node), 0);
  return `The cluster: ${formatCount(nodes.length)} nodes, ${formatCount(machines)} machines, and which of them move`;
}
