/** The place of a chart that is drawn apart from the player's clock. */
import { type Place, remPixels } from "./svg.ts";

/** No chart is drawn narrower: below, the reader scrolls sideways. */
const LEAST_WIDTH = 200;

export function placeOf(element: HTMLElement): Place {
  return { width: Math.max(element.clientWidth, LEAST_WIDTH), rem: remPixels() };
}

/** Calls `draw` when the element gets another width or the reader another text size. */
export function watchWidth(element: HTMLElement, draw: () => void): void {
  let size = "";
  new ResizeObserver(() => {
    const now = `${element.clientWidth} ${remPixels()}`;
    if (now === size || element.clientWidth === 0) return;
    size = now;
    draw();
  }).observe(element);
}
