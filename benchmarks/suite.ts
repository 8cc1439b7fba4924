/** What a suite of benchmarks gives. */
import type { Timing } from "./measure.ts";

/** A time that was measured. */
export interface TimeFigure {
  readonly kind: "time";
  readonly name: string;
  /** What one operation is. */
  readonly per: string;
  readonly timing: Timing;
}

/** A number that is not a processor time: a ratio of two figures, a size, a count, or seconds that were not measured by turns. */
export interface NumberFigure {
  readonly kind: "ratio" | "bytes" | "count" | "seconds";
  readonly name: string;
  readonly value: number;
  /** What each turn gave, where there were several. */
  readonly byTurn?: readonly number[];
  /** Which is better; left out for what is neither, as the number of events of a run. */
  readonly better?: "less" | "more";
}

export type Figure = TimeFigure | NumberFigure;

export interface SuiteResult {
  readonly figures: readonly Figure[];
  /** What could not be measured here, and why. */
  readonly skipped: readonly string[];
}

export interface SuiteOptions {
  /** Also what takes many minutes. */
  readonly long: boolean;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  run(options: SuiteOptions): SuiteResult;
}

export function timeFigure(name: string, per: string, timing: Timing): TimeFigure {
  return { kind: "time", name, per, timing };
}

/** A number of which less is better: the middle one of the turns. */
export function middleFigure(kind: NumberFigure["kind"], name: string, byTurn: readonly number[]): NumberFigure {
  return { kind, name, value: middle(byTurn), byTurn, better: "less" };
}

/**
 * How many times the processor time of `of` that of `to` is: the ratio of turns that followed each other, the middle one.
 * A core is faster at one time than at another, so the cheapest turns of both say less: they may lie far apart.
 */
export function timeRatio(name: string, of: Timing, to: Timing, better: "less" | "more" = "less"): NumberFigure {
  const ratios = of.processorSecondsByTurn.map(
    (seconds, turn) => seconds / (to.processorSecondsByTurn[turn] as number),
  );
  return { ...middleFigure("ratio", name, ratios), better };
}

export function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] as number;
}
