/** The cluster as a picture: clients, switch, two nodes, the guest's memory on both, the link and the shared volume. */
import type { MigrationState } from "../model/state-at.ts";
import { fillTable } from "./data-table.ts";
import { markLayer } from "./explain-marks.ts";
import { type Mark, numbersOf } from "./mark.ts";
import { layoutOf } from "./sketch-layout.ts";
import { sketchMarks } from "./sketch-marks.ts";
import { drawLink, drawNetwork } from "./sketch-network.ts";
import { drawCellLegend, drawNode } from "./sketch-nodes.ts";
import { drawStorage } from "./sketch-storage.ts";
import { addPatterns, chartIn, px, sizeChart } from "./svg.ts";
import type { View } from "./view.ts";

export function clusterSketchView(container: HTMLElement): View {
  const layer = markLayer(container);
  let drawState: ((state: MigrationState) => void) | null = null;
  let marks: readonly Mark[] = [];
  let present: MigrationState | null = null;
  return {
    layOut({ timeline, migration }, place) {
      const { vm, from, to } = migration;
      const svg = chartIn(
        container,
        `The cluster while ${vm} moves from ${from} to ${to}, with what each part does now`,
      );
      addPatterns(svg, "sketch");
      const layout = layoutOf(place, migration.storage.length > 0);
      sizeChart(svg, place.width, px(layout.height));
      const { scenario } = timeline.trace;
      const network = drawNetwork(svg, layout, migration, place);
      const link = drawLink(svg, layout, migration, place);
      const storage = drawStorage(svg, layout, migration, place, scenario.volumes);
      const source = drawNode(svg, layout.source, "source", migration, place);
      const target = drawNode(svg, layout.target, "target", migration, place);
      drawCellLegend(svg, migration, place, source.cells, layout);
      marks = sketchMarks(migration, scenario, layout, () => present);
      layer.set(marks);
      drawState = (state) => {
        network(state);
        link(state);
        storage(state);
        source.draw(state);
        target.draw(state);
      };
    },
    draw(state) {
      present = state;
      drawState?.(state);
      layer.refresh();
      fillTable(container, "The cluster as a table", ["What", "Number", "Value"], marks.flatMap(tableRows));
    },
  };
}

function tableRows(mark: Mark): string[][] {
  return numbersOf(mark).map(([name, value]) => [mark.title, name, value]);
}
