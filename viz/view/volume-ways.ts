/** From nodes to volumes, where all tiles stand in one row: who has a volume, whose I/O goes over the network, and whose waits. */
import type { VolumeState } from "../model/volume-history.ts";
import type { NodesLayout } from "./nodes-layout.ts";
import { type GroupSelection, px } from "./svg.ts";
import type { VolumeRow } from "./volume-row.ts";

/** More volumes than that would be a tangle: their cards tell. */
const MOST_VOLUMES = 4;

interface Way {
  kind: "direct" | "redirected" | "paused";
  path: string;
}

/** Whether ways are drawn at all, the same for all moments of a run. */
export function hasVolumeWays({ columns, corners, size }: NodesLayout, volumes: number): boolean {
  return (
    volumes > 0 && volumes <= MOST_VOLUMES && columns === corners.length && (size === "large" || size === "medium")
  );
}

/** Draws into the space between the tiles and the row of volumes. */
export function volumeWays(
  group: GroupSelection,
  layout: NodesLayout,
  row: VolumeRow,
  nodeNames: readonly string[],
  rem: number,
): (volumes: readonly VolumeState[]) => void {
  const places = new Map(nodeNames.map((name, place) => [name, place]));
  const underNode = (name: string, shift: number): number | null => {
    const corner = layout.corners[places.get(name) ?? -1];
    return corner === undefined ? null : corner.x + layout.width / 2 + shift * rem;
  };
  let shown = "";
  return (volumes) => {
    const ways = volumes.flatMap((volume, index) => waysOf(volume, index));
    const key = ways.map(({ kind, path }) => kind + path).join();
    if (key === shown) return;
    shown = key;
    group.selectAll("*").remove();
    for (const { kind, path } of ways) group.append("path").attr("class", `volume-way ${kind}`).attr("d", path);
  };

  function waysOf({ owner, redirected, waiting }: VolumeState, index: number): Way[] {
    const box = row.boxes[index];
    if (box === undefined) return [];
    const icon = { x: box.x + rem * 0.65, y: box.y + rem * 0.3 };
    const level = layout.bottom + rem * (0.55 + 0.3 * index);
    const to = (node: string, x: number, y: number, shift: number): string | null => {
      const from = underNode(node, shift);
      return from === null ? null : `M${px(from)},${px(layout.bottom)}V${px(level)}H${px(x)}V${px(y)}`;
    };
    const ways: Way[] = [];
    const add = (kind: Way["kind"], path: string | null): void => {
      if (path !== null) ways.push({ kind, path });
    };
    if (owner !== null) add("direct", to(owner, icon.x, icon.y, index * 0.35));
    const coordinator = owner === null ? null : underNode(owner, 0.5 + index * 0.35);
    for (const node of redirected)
      if (coordinator !== null) add("redirected", to(node, coordinator, layout.bottom, 0.06));
    for (const { node } of waiting) add("paused", to(node, icon.x, icon.y, -0.4));
    return ways;
  }
}
