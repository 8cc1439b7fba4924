/** What of the run the charts show: chosen by buttons, keys, the strip and the wheel. */
import type { Span } from "../model/migration-timeline.ts";
import { fitInto, pageOf, panned, zoomed } from "../model/zoom.ts";
import type { Scene } from "../view/view.ts";
import { byId } from "./elements.ts";

export interface Zoom {
  /** The chosen stretch; null for all of the run. */
  readonly chosen: Span | null;
  choose(span: Span | null): void;
  /** What is to be shown. */
  readonly span: Span;
  /** Keeps t in sight, as while it plays. */
  follow(t: number): void;
  zoomIn(): void;
  zoomOut(): void;
  panLeft(): void;
  panRight(): void;
  fit(): void;
  /** All of the migration that is looked at. */
  toMigration(): void;
  /** The blackout of the migration that is looked at. */
  toBlackout(): void;
}

const STEP = 0.6;
const PAN_SHARE = 0.25;

/** @param changed called when something else is to be shown */
export function createZoom(scene: () => Scene | null, now: () => number, changed: () => void): Zoom {
  let chosen: Span | null = null;
  const whole = (): Span => scene()?.timeline ?? { startSeconds: 0, endSeconds: 1 };
  const shown = (): Span => chosen ?? bounds(whole());
  const choose = (span: Span | null): void => {
    chosen = span;
    changed();
  };
  const zoom: Zoom = {
    get chosen() {
      return chosen;
    },
    choose,
    get span() {
      return shown();
    },
    follow(t) {
      chosen = pageOf(bounds(whole()), chosen, t);
    },
    zoomIn: () => choose(zoomed(shown(), bounds(whole()), STEP, now())),
    zoomOut: () => choose(zoomed(shown(), bounds(whole()), 1 / STEP, now())),
    panLeft: () => choose(panned(shown(), bounds(whole()), -PAN_SHARE)),
    panRight: () => choose(panned(shown(), bounds(whole()), PAN_SHARE)),
    fit: () => choose(null),
    toMigration() {
      const current = scene();
      if (current === null) return;
      const { requestedSeconds, endSeconds, closeUp } = current.migration;
      const until = Math.max(endSeconds ?? current.timeline.endSeconds, closeUp?.endSeconds ?? 0);
      const air = (until - requestedSeconds) * 0.03;
      choose(fitInto({ startSeconds: requestedSeconds - air, endSeconds: until + air }, bounds(whole())));
    },
    toBlackout() {
      const closeUp = scene()?.migration.closeUp;
      if (closeUp !== null && closeUp !== undefined) choose(fitInto(closeUp, bounds(whole())));
    },
  };
  byId("zoom-migration").addEventListener("click", zoom.toMigration);
  byId("zoom-in").addEventListener("click", zoom.zoomIn);
  byId("zoom-out").addEventListener("click", zoom.zoomOut);
  byId("zoom-fit").addEventListener("click", zoom.fit);
  byId("zoom-blackout").addEventListener("click", zoom.toBlackout);
  return zoom;
}

function bounds({ startSeconds, endSeconds }: Span): Span {
  return { startSeconds, endSeconds };
}
