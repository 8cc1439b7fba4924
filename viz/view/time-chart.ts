/** What the charts on a time axis share: their ground, axis, playhead and marks, and seeking where one clicks or drags. */
import { markLayer } from "./explain-marks.ts";
import type { Mark } from "./mark.ts";
import { addPatterns, chartIn, type Place, type SvgSelection } from "./svg.ts";
import { addPlayhead, drawTimeAxis, type Playhead, seekByPointer, type TimeFrame } from "./time-axis.ts";

/** How times are written: in which unit, and counted from when. */
export interface TimeCount {
  unit: "s" | "ms";
  originSeconds: number;
}

const TRACE_CLOCK: TimeCount = { unit: "s", originSeconds: 0 };

export interface TimeChart {
  /** An empty chart of this name; without a playhead, until it is finished. */
  start(name: string): SvgSelection;
  /** Axis, playhead and marks, over what has been drawn. */
  finish(svg: SvgSelection, frame: TimeFrame, place: Place, marks: readonly Mark[], count?: TimeCount): void;
  /** There is nothing to show on an axis. */
  leaveEmpty(): void;
  moveTo(t: number): void;
}

/** @param prefix of the ids of its patterns */
export function timeChart(container: HTMLElement, prefix: string, seek: (t: number) => void): TimeChart {
  const layer = markLayer(container);
  let playhead: Playhead | null = null;
  let frame: TimeFrame | null = null;
  let seeking = false;
  return {
    start(name) {
      playhead = null;
      frame = null;
      const svg = chartIn(container, name);
      addPatterns(svg, prefix);
      return svg;
    },
    finish(svg, current, place, marks, { unit, originSeconds } = TRACE_CLOCK) {
      drawTimeAxis(svg, current, place, unit, originSeconds);
      playhead = addPlayhead(svg, current);
      frame = current;
      layer.set(marks);
      if (seeking) return;
      seekByPointer(svg, () => frame, seek);
      seeking = true;
    },
    leaveEmpty() {
      layer.set([]);
    },
    moveTo(t) {
      playhead?.moveTo(t);
      layer.refresh();
    },
  };
}
