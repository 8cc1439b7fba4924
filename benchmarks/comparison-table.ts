/** A comparison of two results as text. */
import type { Comparison, FigureComparison, Verdict } from "./comparison.ts";
import { columnsText, valueText } from "./table.ts";

const WORDS: Record<Verdict, string> = {
  slower: "WORSE",
  faster: "better",
  differs: "differs",
  same: "same",
  untold: "too few turns to tell",
};

/** The worst first. */
const ORDER: readonly Verdict[] = ["slower", "faster", "differs", "untold", "same"];

export function comparisonText(comparison: Comparison, { all }: { all: boolean }): string {
  const { figures, onlyBefore, onlyAfter } = comparison;
  const shown = figures
    .filter(({ verdict }) => all || verdict !== "same")
    .toSorted((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  const table =
    shown.length === 0 ? [] : [columnsText(["", "before", "after", "change", "p", ""], shown.map(rowOf)), ""];
  const counts = ORDER.flatMap((verdict) => {
    const count = figures.filter((figure) => figure.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${WORDS[verdict]}`];
  });
  return [
    ...table,
    `${figures.length} figures: ${counts.join(", ")}.`,
    ...onlyIn("before", onlyBefore),
    ...onlyIn("after", onlyAfter),
  ].join("\n");
}

function rowOf({ suite, name, kind, before, after, ratio, probability, verdict }: FigureComparison): string[] {
  const percent = (ratio - 1) * 100;
  return [
    `${suite}: ${name}`,
    valueText(kind, before),
    valueText(kind, after),
    Number.isFinite(percent) ? `${percent >= 0 ? "+" : ""}${percent.toFixed(1)} %` : "",
    probability === null ? "" : probability.toPrecision(2),
    WORDS[verdict],
  ];
}

function onlyIn(which: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`Only in the one ${which}: ${names.join("; ")}.`];
}
