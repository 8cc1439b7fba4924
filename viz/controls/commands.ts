/** What buttons and keys do. Stepping stops playing: whoever steps wants to look. */

import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { nextChapterTime, nextEventTime, previousChapterTime, previousEventTime } from "../model/playback.ts";
import type { Timeline } from "../model/timeline.ts";
import type { Player } from "./player.ts";

export interface Commands {
  togglePlay(): void;
  restart(): void;
  toEnd(): void;
  nextEvent(): void;
  previousEvent(): void;
  nextRound(): void;
  previousRound(): void;
  faster(): void;
  slower(): void;
}

export function createCommands(
  player: Player,
  scene: () => { timeline: Timeline; migration: MigrationTimeline } | null,
): Commands {
  const go = (where: (timeline: Timeline, migration: MigrationTimeline, t: number) => number) => (): void => {
    const current = scene();
    if (current === null) return;
    player.pause();
    player.seek(where(current.timeline, current.migration, player.state.t));
  };
  return {
    togglePlay: () => scene() !== null && player.toggle(),
    restart: go((timeline) => timeline.startSeconds),
    toEnd: go((timeline) => timeline.endSeconds),
    nextEvent: go((timeline, _migration, t) => nextEventTime(timeline, t)),
    previousEvent: go((timeline, _migration, t) => previousEventTime(timeline, t)),
    nextRound: go(nextChapterTime),
    previousRound: go(previousChapterTime),
    faster: () => player.setSpeed(player.state.speedIndex + 1),
    slower: () => player.setSpeed(player.state.speedIndex - 1),
  };
}
