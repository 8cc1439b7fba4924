/** A migration's connections on a network whose nodes have teams: by which members they go, and what is told of it. */
import type { PrecopySetup } from "../migration/policy.ts";
import type { Lane } from "../network/team.ts";
import type { TeamMembers } from "../trace/migration-result.ts";
import type { World } from "./world.ts";

export interface PlacedConnections {
  readonly lanes: readonly Lane[] | null;
  /** Null where there are no teams. */
  readonly members: TeamMembers[] | null;
}

/** @param name Of the migration: names its hashes. */
export function placeConnections(
  world: World,
  { migration, from, to }: { readonly migration: number; readonly from: string; readonly to: string },
  { streams: count = 1, hasStreamForEachAdapter }: PrecopySetup,
  name: string,
): PlacedConnections {
  const { paths, migrationNetwork, recorder, simulation } = world;
  const isOneForEachAdapter = hasStreamForEachAdapter === true && count > 1;
  const lanes = paths.lanes(from, to, { count, isOneForEachAdapter, name });
  if (lanes === null) return { lanes, members: null };
  const members = lanes.map((lane) => ({ from: lane.from + 1, to: lane.to + 1 }));
  if (recorder.recording) {
    const network = migrationNetwork.name;
    recorder.record({ t: simulation.now, type: "team.connectionsPlaced", network, migration, from, to, members });
  }
  return { lanes, members };
}
