/** Lanes over time: those of the migration that is looked at, and those of the whole run. */
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { Timeline } from "../model/timeline.ts";
import type { Lane } from "./lane.ts";
import { type Band, laneChart } from "./lane-chart.ts";
import { linkLane } from "./link-lane.ts";
import { clientLane, machineLane, roundsLane, storageLane, switchLane } from "./migration-lanes.ts";
import { runLanes } from "./run-lanes.ts";
import type { View } from "./view.ts";

/** Clients with a lane of their own. */
const MOST_CLIENTS = 5;

export function lanesView(container: HTMLElement, seek: (t: number) => void): View {
  const chart = laneChart(container, "lanes", seek);
  return {
    layOut({ timeline, migration, span }, place) {
      const name = `Migration of ${migration.vm} over time, in lanes; the event list holds the same`;
      chart.layOut(name, lanesOf(migration, timeline), bandsOf(migration), span, place);
    },
    draw: chart.draw,
  };
}

/** The whole run's lanes; the panel is hidden where there is nothing for them to show. */
export function runLanesView(container: HTMLElement, panel: HTMLElement, seek: (t: number) => void): View {
  const chart = laneChart(container, "run", seek);
  return {
    layOut({ timeline, migration, span }, place) {
      const lanes = runLanes(timeline);
      panel.toggleAttribute("data-nothing", lanes.length === 0);
      if (lanes.length === 0) return;
      const name = "Migrations that wait and that are under way, and what nodes, links and volumes go through";
      chart.layOut(name, lanes, bandsOf(migration), span, place);
    },
    draw: chart.draw,
  };
}

function lanesOf(migration: MigrationTimeline, timeline: Timeline): Lane[] {
  const { endSeconds } = timeline;
  return [
    machineLane(migration, "source", endSeconds),
    machineLane(migration, "target", endSeconds),
    roundsLane(migration),
    linkLane(migration, timeline.migrations),
    ...(migration.storage.length > 0 ? [storageLane(migration)] : []),
    switchLane(migration, endSeconds),
    ...migration.clients.slice(0, MOST_CLIENTS).map((client) => clientLane(client, endSeconds)),
  ];
}

function bandsOf(migration: MigrationTimeline): Band[] {
  const bands = migration.blackouts.map((span): Band => ({ ...span, kind: "blackout-band" }));
  return migration.postcopy === null ? bands : [...bands, { ...migration.postcopy, kind: "postcopy-band" }];
}
