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
  /** What it is a mark of, where marks come and go: who stands on it stays on it. */
  id?: string;
  /** What a click, a touch or Enter does, beside explaining it. */
  choose?: () => void;
}

/** All numbers of a mark as they are at present. */
export function numbersOf({ rows, now }: Mark): Numbers {
  return now === undefined ? rows : [...rows, ...now()];
}

/** The mark under a point, the smallest where several are, of equals the nearest; `slack` pixels around it count. */
export function markAt(marks: readonly Mark[], x: number, y: number, slack: number): Mark | null {
  let best: Mark | null = null;
  for (const mark of marks) {
    const inside =
      x >= mark.x - slack &&
      x <= mark.x + mark.width + slack &&
      y >= mark.y - slack &&
      y <= mark.y + mark.height + slack;
    if (inside && (best === null || isBefore(mark, best, x, y))) best = mark;
  }
  return best;
}

function isBefore(mark: Mark, other: Mark, x: number, y: number): boolean {
  const less = mark.width * mark.height - other.width * other.height;
  return less < 0 || (less === 0 && distance(mark, x, y) < distance(other, x, y));
}

/** Squared, from the mark's middle. */
function distance(mark: Mark, x: number, y: number): number {
  return (mark.x + mark.width / 2 - x) ** 2 + (mark.y + mark.height / 2 - y) ** 2;
}

/** A mark in a sentence, for those who do not see it. */
export function markText(mark: Mark): string {
  return [mark.title, ...numbersOf(mark).map(([name, value]) => `${name} ${value}`)].join(", ");
}
