/** Entries of the timeline about volumes, and what is certain to go wrong with them. */
import { find, type Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVolume } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";
import type { StorageTimelineEntry } from "./storage.ts";

export const STORAGE_KINDS = ["losePath", "restorePath", "moveOwner"] as const;

/** The entry about a volume, where it is one. */
export function toStorageEntry(entry: TimelineFileEntry): StorageTimelineEntry | null {
  const { at: atSeconds, moveOwner } = entry;
  if (moveOwner !== undefined) return { kind: "moveOwner", atSeconds, volume: moveOwner.volume, to: moveOwner.to };
  for (const kind of ["losePath", "restorePath"] as const) {
    const written = entry[kind];
    if (written === undefined) continue;
    const { node, path, volume } = written;
    return { kind, atSeconds, node, path, ...(volume === undefined ? {} : { volume }) };
  }
  return null;
}

export function checkStorageReferences(
  event: StorageTimelineEntry,
  path: ScenarioPath,
  { nodes, volumes }: { readonly nodes: Named<ScenarioNode>; readonly volumes: Named<ScenarioVolume> },
  problems: ProblemList,
): void {
  const volume =
    event.volume === undefined ? null : find(volumes, event.volume, "volume", [...path, "volume"], problems);
  if (event.kind !== "moveOwner") {
    find(nodes, event.node, "node", [...path, "node"], problems);
    return;
  }
  const to = find(nodes, event.to, "node", [...path, "to"], problems);
  if (volume === null) return;
  if (volume.kind === "lun") {
    problems.add(
      [...path, "volume"],
      `"${volume.name}" is a LUN: it changes its owner only with the machines on it`,
      "migrate them with mode: quick, or make it a csv",
    );
  } else if (to !== null && volume.reachedBy !== undefined && !volume.reachedBy.includes(to.name)) {
    problems.add(
      [...path, "to"],
      `"${to.name}" has no path to "${volume.name}", which it is to coordinate`,
      `name one of ${volume.reachedBy.join(", ")}, or add "${to.name}" to the volume's reachedBy`,
    );
  }
}
