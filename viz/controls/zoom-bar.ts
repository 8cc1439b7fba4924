/** What of the run the charts show: chosen by buttons, keys, the strip, the wheel and two fingers. */
import type { Span } from "../model/migration-timeline.ts";
import { fitInto, pageOf, panned, zoomed } from "../model/zoom.ts";
import type { Scene } from "../view/view.ts";
import { byId } from "./elements.ts";
import { pinchToZoom } from "./pinch.ts";

export interface Zoom {
  /** The chosen stretch; null for all of the run. */
  readonly chosen: Span | null;
  choose(span: Span | null): void;
  /** Chooses a stretch that may be of another run; false where this one has no such stretch. */
  restore(span: Span): boolean;
  /** Another run is shown: the stretch is cut to what this one has. */
  refit(): void;
  /** What is to be shown. */
  readonly span: Span;
  /** All of the run. */
  readonly whole: Span;
  /** Shows `factor` times as much, the time `about` staying where it is. */
  zoomAbout(about: number, factor: number): void;
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
    restore(span) {
      if (!lies(span, whole())) return false;
      choose(span);
      return true;
    },
    refit() {
      if (chosen !== null && !lies(chosen, whole())) chosen = fitInto(chosen, bounds(whole()));
    },
    get span() {
      return shown();
    },
    get whole() {
      return bounds(whole());
    },
    zoomAbout: (about, factor) => choose(zoomed(shown(), bounds(whole()), factor, about)),
    follow(t) {
      chosen = pageOf(bounds(whole()), chosen, t);
    },
    zoomIn: () => zoom.zoomAbout(now(), STEP),
    zoomOut: () => zoom.zoomAbout(now(), 1 / STEP),
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
  pinchToZoom(["lanes", "run-lanes", "dirty-pages"].map(byId), zoom);
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

/** Whether a stretch is one of the whole. */
function lies(span: Span, whole: Span): boolean {
  return span.startSeconds >= whole.startSeconds && span.endSeconds <= whole.endSeconds;
}
