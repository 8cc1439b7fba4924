/** A thing in a chart that can be asked what it is. */
import type { TermId } from "../model/terms.ts";

/** Names and values, units included. */
export type Numbers = readonly (readonly [name: string, value: string])[];

export interface Mark {
  /** In the chart's own pixels. */
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  rows: Numbers;
  /** Further numbers, which change as the run is played: asked for whenever the mark is told. */
  now?(): Numbers;
  term: TermId;
}

/** All numbers of a mark as they are at present. */
export function numbersOf({ rows, now }: Mark): Numbers {
  return now === undefined ? rows : [...rows, ...now()];
}

/** The mark under a point, the smallest where several are; `slack` pixels around it count. */
export function markAt(marks: readonly Mark[], x: number, y: number, slack: number): Mark | null {
  let best: Mark | null = null;
  for (const mark of marks) {
    const inside =
      x >= mark.x - slack &&
      x <= mark.x + mark.width + slack &&
      y >= mark.y - slack &&
      y <= mark.y + mark.height + slack;
    if (inside && (best === null || mark.width * mark.height < best.width * best.height)) best = mark;
  }
  return best;
}

/** A mark in a sentence, for those who do not see it. */
export function markText(mark: Mark): string {
  return [mark.title, ...numbersOf(mark).map(([name, value]) => `${name} ${value}`)].join(", ");
}
