/** What every part of the page that shows the migration is. */

import type { MigrationTimeline, Span } from "../model/migration-timeline.ts";
import type { PageScale } from "../model/page-link.ts";
import type { MigrationState } from "../model/state-at.ts";
import type { Timeline } from "../model/timeline.ts";
import type { Place } from "./svg.ts";

/** What is being looked at. Changing any of it lays the views out anew. */
export interface Scene {
  timeline: Timeline;
  migration: MigrationTimeline;
  pageScale: PageScale;
  /** What the charts over time show of it. */
  span: Span;
}

export interface View {
  /** Draws what does not change with time. */
  layOut(scene: Scene, place: Place): void;
  /** Draws what does: a function of the state alone. */
  draw(state: MigrationState): void;
}
