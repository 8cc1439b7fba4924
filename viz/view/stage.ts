/** All views in their places: laid out when the scene or a size changes, drawn when the state does. */
import { byId } from "../controls/elements.ts";
import type { MigrationState } from "../model/state-at.ts";
import { blackoutView } from "./blackout.ts";
import { clusterSketchView } from "./cluster-sketch.ts";
import { dirtyPagesView } from "./dirty-pages.ts";
import { eventLogView } from "./event-log.ts";
import { lanesView } from "./lanes.ts";
import { readoutsView } from "./readouts.ts";
import { roundsView } from "./rounds.ts";
import { remPixels } from "./svg.ts";
import type { Scene, View } from "./view.ts";

export interface Stage {
  show(scene: Scene): void;
  draw(state: MigrationState): void;
}

/** No chart is drawn narrower: below, the reader scrolls sideways. */
const LEAST_WIDTH = 200;

/** @param relaid called when sizes changed and the state is to be drawn again */
export function createStage(seek: (t: number) => void, relaid: () => void): Stage {
  const placed: [View, HTMLElement][] = [
    [readoutsView(byId("readouts")), byId("readouts")],
    [clusterSketchView(byId("sketch")), byId("sketch")],
    [blackoutView(byId("blackout"), seek), byId("blackout")],
    [lanesView(byId("lanes"), seek), byId("lanes")],
    [dirtyPagesView(byId("dirty-pages"), seek), byId("dirty-pages")],
    [roundsView(byId("rounds")), byId("rounds")],
    [eventLogView(byId("event-log"), seek), byId("event-log")],
  ];
  let scene: Scene | null = null;
  let sizes = "";

  function layOut(): void {
    if (scene === null) return;
    const rem = remPixels();
    sizes = measure();
    for (const [view, element] of placed)
      view.layOut(scene, { width: Math.max(element.clientWidth, LEAST_WIDTH), rem });
  }

  function measure(): string {
    return [remPixels(), ...placed.map(([, element]) => element.clientWidth)].join(" ");
  }

  const watcher = new ResizeObserver(() => {
    if (scene === null || measure() === sizes) return;
    layOut();
    relaid();
  });
  for (const [, element] of placed) watcher.observe(element);

  return {
    show(next) {
      scene = next;
      layOut();
    },
    draw(state) {
      for (const [view] of placed) view.draw(state);
    },
  };
}
