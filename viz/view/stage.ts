/** All views in their places: laid out when the scene or a size changes, drawn when the state does. */
import { byId } from "../controls/elements.ts";
import type { Span } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import { blackoutView } from "./blackout.ts";
import { clusterSketchView } from "./cluster-sketch.ts";
import { dirtyPagesView } from "./dirty-pages.ts";
import { lanesView, runLanesView } from "./lanes.ts";
import { memoryMapView } from "./memory-map.ts";
import { nodesView } from "./nodes.ts";
import { overviewView } from "./overview.ts";
import { readoutsView } from "./readouts.ts";
import { roundsView } from "./rounds.ts";
import { remPixels } from "./svg.ts";
import type { Scene, View } from "./view.ts";
import { type LogChoice, whatHappensView } from "./what-happens.ts";

export interface Stage {
  show(scene: Scene): void;
  /** Shows another stretch of the run; nothing is done where it is the present one. */
  showSpan(span: Span): void;
  draw(state: MigrationState): void;
  readonly log: LogChoice;
}

/** No chart is drawn narrower: below, the reader scrolls sideways. */
const LEAST_WIDTH = 200;

/** The charts over time: what they show of the run can be chosen. */
const OVER_TIME: ReadonlySet<string> = new Set(["lanes", "run-lanes", "overview", "dirty-pages"]);

/**
 * @param changed called when a reader chooses to see something else in a view
 * @param choose called with the stretch of the run that the charts are to show; null for all of it
 * @param lookAt called with the index of a migration that was chosen in a picture
 * @param relaid called when sizes changed and the state is to be drawn again
 */
export function createStage(
  seek: (t: number) => void,
  choose: (span: Span | null) => void,
  lookAt: (migration: number) => void,
  relaid: () => void,
  changed: () => void,
): Stage {
  const whatHappens = whatHappensView(seek, changed);
  const placed: [View, HTMLElement][] = [
    [readoutsView(byId("readouts")), byId("readouts")],
    [clusterSketchView(byId("sketch")), byId("sketch")],
    [nodesView(byId("nodes"), byId("nodes").closest("section") as HTMLElement, lookAt), byId("nodes")],
    [blackoutView(byId("blackout"), seek), byId("blackout")],
    [lanesView(byId("lanes"), seek), byId("lanes")],
    [runLanesView(byId("run-lanes"), byId("run-lanes").closest("section") as HTMLElement, seek), byId("run-lanes")],
    [overviewView(byId("overview"), choose), byId("overview")],
    [dirtyPagesView(byId("dirty-pages"), seek), byId("dirty-pages")],
    [roundsView(byId("rounds")), byId("rounds")],
    [memoryMapView(byId("memory")), byId("memory")],
    [whatHappens, byId("event-log")],
  ];
  let scene: Scene | null = null;
  let sizes = "";

  function layOut(which: (element: HTMLElement) => boolean = () => true): void {
    if (scene === null) return;
    const measured = measure();
    const { rem, widths } = measured;
    sizes = JSON.stringify(measured);
    for (const [place, [view, element]] of placed.entries()) {
      if (which(element)) view.layOut(scene, { width: Math.max(widths[place] as number, LEAST_WIDTH), rem });
    }
  }

  /** All at once, before anything is changed: measuring in between would lay the page out again and again. */
  function measure(): { rem: number; widths: number[] } {
    return { rem: remPixels(), widths: placed.map(([, element]) => element.clientWidth) };
  }

  const watcher = new ResizeObserver(() => {
    if (scene === null || JSON.stringify(measure()) === sizes) return;
    layOut();
    relaid();
  });
  for (const [, element] of placed) watcher.observe(element);

  return {
    log: whatHappens.log,
    show(next) {
      scene = next;
      layOut();
    },
    showSpan(span) {
      if (
        scene === null ||
        (scene.span.startSeconds === span.startSeconds && scene.span.endSeconds === span.endSeconds)
      )
        return;
      scene = { ...scene, span };
      layOut((element) => OVER_TIME.has(element.id));
    },
    draw(state) {
      for (const [view] of placed) view.draw(state);
    },
  };
}
