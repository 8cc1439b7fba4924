/** The whole cluster: every node as a tile with its machines, machines on their way between them, and who has which volume. */
import type { ClusterHistory, ClusterState } from "../model/cluster-at.ts";
import { clusterHistoryOf } from "../model/cluster-at.ts";
import { formatShare } from "../model/format.ts";
import { MACHINE_STATUSES, type MachineStatus } from "../model/machine-status.ts";
import { machinesOn } from "../model/machines-on.ts";
import type { MigrationState } from "../model/state-at.ts";
import type { Timeline } from "../model/timeline.ts";
import { clusterMarks, clusterSentence, guestWord, machineUnder, memoryText } from "./cluster-marks.ts";
import { liveTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { movingMachines } from "./moving-machines.ts";
import { type NodeTile, nodeTile, onNode, STATE_WORDS, type TileExtras } from "./node-tile.ts";
import { type NodesLayout, nodesLayout } from "./nodes-layout.ts";
import { drawNodesLegend } from "./nodes-legend.ts";
import { addPatterns, chartIn, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";
import { volumeRow, volumeText } from "./volume-row.ts";
import { hasVolumeWays, volumeWays } from "./volume-ways.ts";

/** With fewer nodes, the sketch of the migration shows them all. */
const FEWEST_NODES = 3;
/** So many nodes at most have room for all machines that they ever have. */
const MOST_ROOMY = 12;
/** Rows of the table of machines on their way. */
const MOST_ROWS = 200;

/**
 * @param panel hidden where the sketch of the migration has all there is
 * @param choose called with the migration of a machine that was chosen in the picture
 */
export function nodesView(container: HTMLElement, panel: HTMLElement, choose: (migration: number) => void): View {
  const layer = markLayer(container);
  const nodesTable = liveTable(container, "Nodes as a table", [
    "Node",
    "State",
    "Machines",
    "Memory",
    "Out",
    "In",
    "Volumes",
  ]);
  const movesPlace = document.createElement("div");
  const volumesPlace = document.createElement("div");
  container.append(movesPlace, volumesPlace);
  const movesTable = liveTable(movesPlace, "Machines on the move as a table", [
    "Machine",
    "From",
    "To",
    "At the target",
    "Guest",
  ]);
  const volumesTable = liveTable(volumesPlace, "Volumes as a table", ["Volume", "Kind", "Now"]);
  let drawState: ((state: MigrationState) => void) | null = null;

  return {
    layOut({ timeline, migration }, { width, rem }) {
      const { nodes, volumes } = timeline.trace.scenario;
      panel.toggleAttribute("data-nothing", nodes.length < FEWEST_NODES);
      movesPlace.hidden = timeline.migrations.length === 0;
      volumesPlace.hidden = volumes.length === 0;
      drawState = null;
      if (panel.hidden || nodes.length < FEWEST_NODES) {
        container.querySelector(":scope > svg")?.remove();
        return;
      }
      // It had no width as long as it was left out.
      const place = { width: Math.max(width, container.clientWidth), rem };
      const history = clusterHistoryOf(timeline);
      const first = history.at(timeline.startSeconds);
      const svg = chartIn(container, clusterSentence(first));
      addPatterns(svg, "nodes");
      const legend = drawNodesLegend(svg, history, migration.vm, place);
      const layout = lowered(nodesLayout(askedOf(timeline, history, first), place), legend + place.rem * 0.4);
      const lines = svg.append("g").attr("class", "ways");
      const tiles = nodes.map((node, at) => nodeTile(svg, layout, at, node.name, place.rem));
      svg.node()?.append(lines.node() as SVGGElement);
      const marks = svg.append("g").attr("class", "moving-machines");
      const withWays = hasVolumeWays(layout, first.volumes.length);
      const gap = place.rem * (withWays ? 1.1 + 0.3 * first.volumes.length : 0.9);
      const row = volumeRow(svg, first.volumes, layout.bottom + gap, place);
      const ways = volumeWays(svg.append("g"), layout, row, history.nodeNames, place.rem);
      sizeChart(svg, place.width, px(layout.bottom + (row.height > 0 ? gap + row.height : 4)));
      const moving = movingMachines(lines, marks, layout, history.machineNames, place.rem);
      const looked = history.machineNames.indexOf(migration.vm);
      drawState = ({ t, macNode }) => {
        const state = history.at(t);
        drawTiles(tiles, state, layout, history, { looked, frames: history.nodeNames.indexOf(macNode) });
        moving.draw(state.moves, migration.index);
        row.draw(state.volumes);
        if (withWays) ways(state.volumes);
        const picture = { state, layout, moving, row, machineNames: history.machineNames, choose };
        layer.set(clusterMarks(picture), (x, y) => machineUnder(picture, x, y));
        tell(state, history);
      };
    },
    draw(state) {
      if (!panel.hidden) drawState?.(state);
    },
  };

  function tell(state: ClusterState, { machineNames }: ClusterHistory): void {
    nodesTable.show(() =>
      state.nodes.map((node) => [
        node.name,
        STATE_WORDS[node.state],
        String(onNode(node)),
        memoryText(node),
        String(node.out),
        String(node.in),
        node.volumes.join(", "),
      ]),
    );
    movesTable.show(() =>
      state.moves
        .slice(0, MOST_ROWS)
        .map((move) => [
          machineNames[move.machine] ?? "",
          move.migration.from,
          move.migration.to,
          formatShare(move.share),
          guestWord(move),
        ]),
    );
    volumesTable.show(() => state.volumes.map((volume) => [volume.name, volume.kind, volumeText(volume)]));
  }
}

/** Among many nodes one that is much fuller than the others for a while shows a bar instead of marks. */
function askedOf(timeline: Timeline, { machineNames, nodeNames, fullest }: ClusterHistory, first: ClusterState) {
  const usual = Math.max(...first.nodes.map(onNode), Math.ceil((machineNames.length / nodeNames.length) * 1.5));
  return {
    nodes: nodeNames.length,
    machines: Math.max(1, nodeNames.length > MOST_ROOMY ? Math.min(fullest, usual) : fullest),
    longestName: machineNames.reduce((most, name) => Math.max(most, name.length), 0),
    moves: timeline.load.reduce((most, step) => Math.max(most, step.underWay), 0),
  };
}

function lowered(layout: NodesLayout, by: number): NodesLayout {
  return {
    ...layout,
    corners: layout.corners.map(({ x, y }) => ({ x, y: y + by })),
    bottom: layout.bottom + by,
    top: by,
  };
}

function drawTiles(
  tiles: readonly NodeTile[],
  state: ClusterState,
  layout: NodesLayout,
  { machineNames }: ClusterHistory,
  { looked, frames }: { looked: number; frames: number },
): void {
  const names = (node: number): TileExtras["names"] =>
    layout.grid.kind !== "names"
      ? null
      : machinesOn(state.machines, node).map((machine) => ({
          name: machineNames[machine] as string,
          status: MACHINE_STATUSES[state.machines.statuses[machine] as number] as MachineStatus,
          looked: machine === looked,
        }));
  for (const [place, tile] of tiles.entries()) {
    const node = state.nodes[place];
    if (node !== undefined) tile.draw(node, { names: names(place), frames: place === frames });
  }
}
