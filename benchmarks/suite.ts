/** What a suite of benchmarks gives. */
import type { Timing } from "./measure.ts";

/** A time that was measured. */
export interface TimeFigure {
  readonly kind: "time";
  readonly name: string;
  /** What one operation is. */
  readonly per: string;
  readonly timing: Timing;
  /** The most processor time that is aimed at. */
  readonly aimSeconds?: number;
}

/** A number that is not a time: a ratio of two figures, a size, a count. */
export interface NumberFigure {
  readonly kind: "ratio" | "bytes" | "count";
  readonly name: string;
  readonly value: number;
  /** The most that is aimed at. */
  readonly aim?: number;
}

export type Figure = TimeFigure | NumberFigure;

export interface SuiteResult {
  readonly figures: readonly Figure[];
  /** What could not be measured here, and why. */
  readonly skipped: readonly string[];
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  run(): SuiteResult;
}

export function timeFigure(name: string, per: string, timing: Timing, aimSeconds?: number): TimeFigure {
  return { kind: "time", name, per, timing, ...(aimSeconds === undefined ? {} : { aimSeconds }) };
}

/**
 * How many times the processor time of `of` that of `to` is: the ratio of turns that followed each other, the middle one.
 * A core is faster at one time than at another, so the cheapest turns of both say less: they may lie far apart.
 */
export function timeRatio(name: string, of: Timing, to: Timing, aim?: number): NumberFigure {
  const ratios = of.processorSecondsByTurn.map(
    (seconds, turn) => seconds / (to.processorSecondsByTurn[turn] as number),
  );
  const value = ratios.sort((a, b) => a - b)[ratios.length >> 1] as number;
  return { kind: "ratio", name, value, ...(aim === undefined ? {} : { aim }) };
}
