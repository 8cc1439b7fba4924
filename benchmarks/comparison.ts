/**
 * What changed between two results of the benchmarks beyond noise.
 *
 * A figure's turns in the one result are held against those in the other by a rank test; with many figures some differ by chance, so Holm's
 * correction ("A simple sequentially rejective multiple test procedure", 1979) keeps the probability of any false alarm among all of them below
 * 5 %. Times are first divided by that of the reference loop before the same turn, so that a slower machine is not taken for slower code. As
 * two runs differ by more than their turns tell (where code and data lie in memory, what else ran), a change must also be of 10 % at least.
 */
import { leastProbability, rankTest } from "./rank-test.ts";
import type { ResultFile } from "./result-file.ts";
import { type Figure, middle } from "./suite.ts";

/** The probability that anything is called changed where nothing is. */
export const FALSE_ALARM = 0.05;
/** Smaller changes are not told of, however certain. */
export const LEAST_CHANGE = 0.1;

export type Verdict =
  | "slower"
  | "faster"
  /** A number that is neither better nor worse, as the events of a run, has another value. */
  | "differs"
  | "same"
  /** Too few turns for any change to stand out, or none. */
  | "untold";

export interface FigureComparison {
  readonly suite: string;
  readonly name: string;
  readonly kind: Figure["kind"];
  readonly before: number;
  readonly after: number;
  /** How many times as much it is, the machine's own speed taken out; above 1 where it has grown. */
  readonly ratio: number;
  /** The probability of so much by chance, before the correction for many figures; null where no test was made. */
  readonly probability: number | null;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly figures: readonly FigureComparison[];
  /** Figures that are in one of the two only. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Why the two may not be like each other. */
  readonly warnings: readonly string[];
}

export function compareResults(before: ResultFile, after: ResultFile): Comparison {
  const old = figuresOf(before);
  const now = figuresOf(after);
  const both = [...old].flatMap(([key, one]) => {
    const other = now.get(key);
    return other === undefined || other.figure.kind !== one.figure.kind ? [] : [{ ...one, other: other.figure }];
  });
  const tested = both.map(({ suite, figure, other }) => testOf(suite, figure, other));
  const certain = holm(tested.map(({ probability }) => probability));
  const tests = tested.filter(({ probability }) => probability !== null).length;
  return {
    figures: tested.map((test, index) => ({
      ...test,
      verdict: verdictOf(test, certain[index] === true, tests),
    })),
    onlyBefore: [...old.keys()].filter((key) => !now.has(key)),
    onlyAfter: [...now.keys()].filter((key) => !old.has(key)),
    warnings: warningsOf(before, after),
  };
}

export function isRegression({ verdict }: FigureComparison): boolean {
  return verdict === "slower";
}

function figuresOf({ suites }: ResultFile): Map<string, { suite: string; figure: Figure }> {
  return new Map(
    suites.flatMap(({ name, figures }) =>
      figures.map((figure) => [`${name}: ${figure.name}`, { suite: name, figure }] as const),
    ),
  );
}

interface Tested extends Omit<FigureComparison, "verdict"> {
  readonly better: "less" | "more" | undefined;
  readonly turns: readonly [number, number];
}

function testOf(suite: string, before: Figure, after: Figure): Tested {
  const [one, other] = [turnsOf(before), turnsOf(after)];
  const told = one.length > 1 && other.length > 1;
  const values = [middleOf(before), middleOf(after)] as const;
  return {
    suite,
    name: before.name,
    kind: before.kind,
    before: values[0],
    after: values[1],
    ratio: told ? ratioOf(middle(one), middle(other)) : ratioOf(...values),
    probability: told ? rankTest(one, other) : null,
    better: before.kind === "time" ? "less" : before.better,
    turns: [one.length, other.length],
  };
}

/** Not a number where it would say nothing: a difference of two times that noise made negative. */
function ratioOf(before: number, after: number): number {
  return before > 0 && after > 0 ? after / before : Number.NaN;
}

function middleOf(figure: Figure): number {
  return figure.kind === "time" ? middle(figure.timing.processorSecondsByTurn) : figure.value;
}

/** What each turn gave; of times, in reference loops. */
function turnsOf(figure: Figure): readonly number[] {
  if (figure.kind !== "time") return figure.byTurn ?? [];
  const { processorSecondsByTurn, referenceSecondsByTurn } = figure.timing;
  return processorSecondsByTurn.map((seconds, turn) => seconds / (referenceSecondsByTurn[turn] as number));
}

/** Which of the probabilities are too small for chance, all of them considered. */
function holm(probabilities: readonly (number | null)[]): boolean[] {
  const ordered = probabilities
    .flatMap((probability, index) => (probability === null ? [] : [{ probability, index }]))
    .sort((one, other) => one.probability - other.probability);
  const certain = new Array<boolean>(probabilities.length).fill(false);
  for (const [rank, { probability, index }] of ordered.entries()) {
    if (probability > FALSE_ALARM / (ordered.length - rank)) break;
    certain[index] = true;
  }
  return certain;
}

function verdictOf(
  { ratio, probability, better, before, after, turns }: Tested,
  certain: boolean,
  tests: number,
): Verdict {
  if (better === undefined) return before === after ? "same" : "differs";
  const large = ratio > 1 + LEAST_CHANGE || ratio < 1 / (1 + LEAST_CHANGE);
  if (!large) return "same";
  if (!certain) return probability === null || leastProbability(...turns) > FALSE_ALARM / tests ? "untold" : "same";
  return ratio > 1 === (better === "less") ? "slower" : "faster";
}

function warningsOf({ environment: one }: ResultFile, { environment: other }: ResultFile): string[] {
  const facts = [
    ["processor", one.cpuModel, other.cpuModel],
    ["number of cores", one.cores, other.cores],
    ["system", one.platform, other.platform],
    ["Node", one.node, other.node],
  ] as const;
  return facts.flatMap(([what, before, after]) =>
    before === after ? [] : [`the ${what} is another: ${before}, then ${after}`],
  );
}
