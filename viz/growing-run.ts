/** The run of a trace that is still being written, on the page: what has come takes the place of what was shown. */
import type { Player } from "./controls/player.ts";
import type { MigrationTimeline } from "./model/migration-timeline.ts";
import { isMigration } from "./model/no-migration.ts";
import type { Timeline } from "./model/timeline.ts";
import type { Scenario } from "./simulator.ts";
import type { Scene } from "./view/view.ts";

export interface GrowingRunPage {
  scene(): Scene | null;
  /** The scenario of what was opened; null while nothing is. */
  scenario(): Scenario | null;
  readonly player: Player;
  /** As if a reader had opened it. */
  open(timeline: Timeline, from: "play" | "at-end"): void;
  /** In place of the present one, which is an earlier state of it; gives what is shown now. */
  update(timeline: Timeline, from: "still" | "at-end"): Scene | null;
  /** The first migration of the run has come. */
  migrates(migration: MigrationTimeline): void;
  /** All that has come is shown. */
  changed(scene: Scene): void;
}

export interface GrowingRun {
  /** Whether more of what this timeline shows may come. */
  isGrowing(timeline: Timeline): boolean;
  readonly isEmpty: boolean;
  show(timeline: Timeline, ended: boolean): void;
  /** To its last moment so far, from whatever else is shown. */
  toEnd(): void;
}

export function growingRun(page: GrowingRunPage): GrowingRun {
  let grown: { timeline: Timeline; ended: boolean } | null = null;

  function open(): void {
    if (grown !== null) page.open(grown.timeline, grown.ended ? "play" : "at-end");
  }

  return {
    isGrowing: (timeline) => grown !== null && !grown.ended && grown.timeline === timeline,
    get isEmpty() {
      return grown?.timeline.eventTimes.length === 0;
    },
    show(timeline, ended) {
      const before = page.scene();
      // Whoever looks at something else meanwhile is not torn away from it.
      const elsewhere = before !== null && before.timeline !== grown?.timeline;
      grown = { timeline, ended };
      if (elsewhere || (ended && timeline.eventTimes.length === 0)) return;
      if (before === null || page.scenario() !== timeline.trace.scenario) {
        open();
        return;
      }
      const { player } = page;
      const { t, playing } = player.state;
      // The player stays at the end where it stood there.
      const atEnd = t >= before.timeline.endSeconds;
      const scene = page.update(timeline, atEnd ? "at-end" : "still");
      if (scene === null) return;
      if (!isMigration(before.migration) && isMigration(scene.migration)) page.migrates(scene.migration);
      if (!atEnd) player.seek(t);
      if (!atEnd && playing) player.play();
      page.changed(scene);
    },
    toEnd() {
      if (page.scene()?.timeline !== grown?.timeline) open();
      page.player.pause();
      page.player.seek(Number.POSITIVE_INFINITY);
    },
  };
}
