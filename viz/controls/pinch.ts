/** Two fingers on a chart over time: it shows more or less of the run, and other parts of it, with what is under each finger kept there. */
import { stretched } from "../model/zoom.ts";
import type { Zoom } from "./zoom-bar.ts";

interface Held {
  /** The time under the finger as the pinch began. */
  seconds: number;
  /** Where the finger is: its share of the way along the time axis. */
  share: number;
}

/** Of a trackpad's pinch, which browsers send as a wheel that turns with Ctrl. */
const WHEEL_RATE = 0.01;

export function pinchToZoom(charts: readonly HTMLElement[], zoom: Zoom): void {
  for (const chart of charts) listen(chart, zoom);
}

/** Where a point is along the chart's time axis, 0 to 1 from end to end; null of a chart that is not drawn. */
function shareAt(chart: HTMLElement, clientX: number): number | null {
  const svg = chart.querySelector<SVGSVGElement>("svg[data-axis]");
  const [left = 0, right = 0] = (svg?.dataset.axis ?? "").split(" ").map(Number);
  if (svg === null || !(right > left)) return null;
  return (clientX - svg.getBoundingClientRect().left - left) / (right - left);
}

function listen(chart: HTMLElement, zoom: Zoom): void {
  const fingers = new Map<number, Held>();
  const hold = (share: number): Held => {
    const { startSeconds, endSeconds } = zoom.span;
    return { seconds: startSeconds + share * (endSeconds - startSeconds), share };
  };

  chart.addEventListener(
    "pointerdown",
    (event) => {
      const share = shareAt(chart, event.clientX);
      if (event.pointerType !== "touch" || share === null || fingers.size === 2) return;
      fingers.set(event.pointerId, hold(share));
      if (fingers.size < 2) return;
      // From here on both fingers pinch, whatever they touch, and neither seeks.
      for (const [pointer, finger] of fingers) {
        chart.setPointerCapture(pointer);
        fingers.set(pointer, hold(finger.share));
      }
      event.stopPropagation();
    },
    { capture: true },
  );
  chart.addEventListener(
    "pointermove",
    (event) => {
      const finger = fingers.get(event.pointerId);
      const share = shareAt(chart, event.clientX);
      if (finger === undefined || share === null) return;
      finger.share = share;
      if (fingers.size < 2) return;
      event.stopPropagation();
      const [one, other] = [...fingers.values()] as [Held, Held];
      const span = stretched(one, other, zoom.whole);
      if (span !== undefined) zoom.choose(span);
    },
    { capture: true },
  );
  for (const type of ["pointerup", "pointercancel"]) {
    chart.addEventListener(type, (event) => fingers.delete((event as PointerEvent).pointerId), { capture: true });
  }
  chart.addEventListener(
    "wheel",
    (event) => {
      const share = shareAt(chart, event.clientX);
      if (!event.ctrlKey || share === null) return;
      event.preventDefault();
      zoom.zoomAbout(hold(share).seconds, Math.exp(event.deltaY * WHEEL_RATE));
    },
    { passive: false },
  );
}
