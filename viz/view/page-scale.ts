/** The scale on which numbers of pages are drawn: a migration's span four powers of ten. */
import { scaleLinear, scaleSqrt, scaleSymlog } from "d3";
import type { PageScale } from "../model/page-link.ts";

export interface PageScaling {
  (pages: number): number;
  ticks(count: number): number[];
}

/** From 0 pages at `low` to `most` pages at `high` pixels. The logarithmic scale is straight below about 10 pages. */
export function pageScaling(kind: PageScale, most: number, low: number, high: number): PageScaling {
  const top = Math.max(most, 1);
  const scale = kind === "log" ? scaleSymlog().constant(10) : kind === "sqrt" ? scaleSqrt() : scaleLinear();
  scale.domain([0, top]).range([low, high]);
  const ticks = (count: number): number[] => {
    if (kind === "linear") return scaleLinear().domain([0, top]).ticks(count);
    const steps = kind === "log" ? powers(top, [1]) : powers(top, [1, 2.5, 5]);
    const wanted = [0, ...steps.filter((value) => value <= top)];
    return kind === "log" ? wanted : spread(wanted, (value) => scale(value), Math.abs(high - low) / (count + 2));
  };
  return Object.assign((pages: number) => scale(pages), { ticks });
}

function powers(top: number, mantissas: readonly number[]): number[] {
  const values: number[] = [];
  for (let power = 10; power <= top; power *= 10) values.push(...mantissas.map((mantissa) => mantissa * power));
  return values;
}

/** Keeps the values that stand at least `apart` pixels from the next one kept, the greatest first. */
function spread(values: readonly number[], at: (value: number) => number, apart: number): number[] {
  const kept: number[] = [];
  for (const value of [...values].reverse()) {
    if (kept.every((other) => Math.abs(at(other) - at(value)) >= apart)) kept.push(value);
  }
  return kept.reverse();
}

/** `1.05M`, `24k`, `512`: short enough for an axis. */
export function shortCount(pages: number): string {
  if (pages >= 999_500) return `${Number((pages / 1e6).toPrecision(3))}\u202fM`;
  if (pages >= 9_995) return `${Number((pages / 1e3).toPrecision(3))}\u202fk`;
  return String(Math.round(pages));
}
