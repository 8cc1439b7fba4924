/** The place of a chart that is drawn apart from the player's clock. */
import { type Place, remPixels } from "./svg.ts";

/** No chart is drawn narrower: below, the reader scrolls sideways. */
const LEAST_WIDTH = 200;

function placeOf(element: HTMLElement): Place {
  return { width: Math.max(element.clientWidth, LEAST_WIDTH), rem: remPixels() };
}

/**
 * Calls `draw` when the element gets another width or the reader another text size.
 * @returns the place as it is; measured when it changes, not when it is asked for, which would lay the page out in between
 */
export function watchedPlace(element: HTMLElement, draw: () => void): () => Place {
  let place: Place | null = null;
  new ResizeObserver(() => {
    const before = place;
    place = element.clientWidth === 0 ? null : placeOf(element);
    if (place !== null && (place.width !== before?.width || place.rem !== before.rem)) draw();
  }).observe(element);
  return () => place ?? placeOf(element);
}
