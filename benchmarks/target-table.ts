/** The closing table: each target with the figure reached beside it. */
import type { SuiteResult } from "./suite.ts";
import { columnsText, timeText, valueText } from "./table.ts";
import { isReached, reachedBy, TARGETS, type Target } from "./targets.ts";

/** A target as it stands in a written result. */
export interface TargetReached extends Target {
  /** Null where it was not measured. */
  readonly reached: number | null;
  readonly met: boolean | null;
}

export interface NamedResult {
  readonly name: string;
  readonly result: SuiteResult;
}

/** @throws Error for a target whose suite ran, skipped nothing and did not give the figure: one of the two has another name */
export function targetsReached(results: readonly NamedResult[], long: boolean): TargetReached[] {
  return TARGETS.map((target) => {
    const result = results.find(({ name }) => name === target.suite)?.result;
    const figure = result?.figures.find(({ name }) => name === target.figure);
    if (figure === undefined) {
      const excused = result === undefined || result.skipped.length > 0 || (!long && needsLong(target));
      if (!excused)
        throw new Error(`the suite ${target.suite} gave no figure "${target.figure}", which a target needs`);
      return { ...target, reached: null, met: null };
    }
    const reached = reachedBy(figure, target);
    return { ...target, reached, met: isReached(reached, target) };
  });
}

function needsLong({ what }: Target): boolean {
  return what.includes("(--long)");
}

/** The rows of those suites that ran. */
export function targetsText(targets: readonly TargetReached[], results: readonly NamedResult[]): string {
  const rows = targets.flatMap((target) => {
    const result = results.find(({ name }) => name === target.suite)?.result;
    if (result === undefined) return [];
    const figure = result.figures.find(({ name }) => name === target.figure);
    if (figure === undefined || target.reached === null) return [[target.what, "", "", "not measured"]];
    const aim = `${target.bound === "least" ? "at least" : "at most"} ${valueText(figure.kind, target.aim)}`;
    const processor =
      figure.kind === "time" && target.of === "elapsed"
        ? ` (${timeText(figure.timing.processorSeconds)} of a processor)`
        : "";
    const reached = `${valueText(figure.kind, target.reached)}${processor}`;
    return [[target.what, aim, reached, target.met === true ? "reached" : "MISSED"]];
  });
  const missed = targets.filter(({ met }) => met === false).length;
  return [
    columnsText(["targets", "aim", "reached", ""], rows),
    "",
    ...(missed > 0 ? [`${missed} missed; docs/benchmarks.md says why, and at what load its figures were taken.`] : []),
  ].join("\n");
}
