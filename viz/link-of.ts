/** What the address says of the page as it stands. */
import type { Player } from "./controls/player.ts";
import type { Zoom } from "./controls/zoom-bar.ts";
import { isMigration } from "./model/no-migration.ts";
import type { PageLink, Theme } from "./model/page-link.ts";
import type { WhatIf } from "./model/what-if.ts";
import type { Scenario } from "./simulator.ts";
import type { Story } from "./story.ts";
import type { Scene } from "./view/view.ts";
import type { LogChoice } from "./view/what-happens.ts";

export interface LinkedPage {
  readonly scene: Scene;
  readonly player: Player;
  readonly zoom: Zoom;
  readonly story: Story;
  readonly log: LogChoice;
  readonly theme: Theme;
  /** What was opened. */
  readonly base: { readonly scenario: Scenario } | null;
  /** The changed numbers of the run that is shown. */
  readonly tried: WhatIf | null;
}

export function linkOf({ scene, player, zoom, story, log, theme, base, tried }: LinkedPage): PageLink {
  const looks = { theme, pageScale: scene.pageScale, ...story.looks() };
  // A step is its picture: what the lesson sets is not said again.
  if (looks.lesson !== undefined) return looks;
  const { t, speedIndex, slowMotion } = player.state;
  return {
    t,
    speedIndex,
    slowMotion,
    ...(zoom.chosen === null ? {} : { zoom: zoom.chosen }),
    ...looks,
    ...(log.hypervisors ? { eventLog: true } : {}),
    ...story.originOf(base?.scenario ?? null),
    ...(isMigration(scene.migration) ? { migration: scene.migration.index } : {}),
    ...(tried === null ? {} : { whatIf: tried }),
    ...story.beside(),
  };
}
