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

/** How many times the processor time of `of` that of `to` is. */
export function timeRatio(name: string, of: Timing, to: Timing, aim?: number): NumberFigure {
  const value = of.processorSeconds / to.processorSeconds;
  return { kind: "ratio", name, value, ...(aim === undefined ? {} : { aim }) };
}
