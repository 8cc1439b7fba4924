/** What the benchmarks aim at stands in one place, and the docs say of each row what was reached. */
import { describe, expect, it } from "vitest";
import { targetsReached, targetsText } from "../../benchmarks/target-table.ts";
import { TARGETS } from "../../benchmarks/targets.ts";
import { read } from "../house/files.ts";

describe("the targets", () => {
  it("are the rows of docs/benchmarks.md, in their order", () => {
    const rows = read("docs/benchmarks.md")
      .split("\n## ")
      .filter((part) => part.startsWith("Targets\n"))
      .flatMap((part) => part.split("\n").filter((line) => line.startsWith("| ")))
      .slice(2)
      .map((line) => line.split(" | ")[0]?.slice(2));
    expect(rows).toEqual(TARGETS.map(({ what }) => what));
  });

  it("are held against processor time, elapsed time where that is what matters, or a number", () => {
    const timing = {
      processorSeconds: 5e-6,
      processorSecondsByTurn: [5e-6],
      referenceSecondsByTurn: [1],
      bestSeconds: 0.2,
      medianSeconds: 0.3,
      meanSeconds: 0.3,
      marginOfErrorPercent: 1,
      samples: 10,
    };
    const figuresOf = (suite: string) =>
      TARGETS.filter((target) => target.suite === suite).map(({ figure }) =>
        suite === "start"
          ? { kind: "time" as const, name: figure, per: "start", timing }
          : { kind: "ratio" as const, name: figure, value: 12 },
      );
    const results = ["start", "simgrid"].map((name) => ({ name, result: { figures: figuresOf(name), skipped: [] } }));
    const reached = targetsReached(results, false).filter(({ met }) => met !== null);
    expect(reached.map(({ suite, reached: value, met }) => [suite, value, met])).toEqual([
      ["simgrid", 12, true],
      ["simgrid", 12, false],
      ["simgrid", 12, false],
      ["start", 0.2, false],
      ["start", 0.2, true],
    ]);
    expect(targetsText(reached, results)).toMatch(
      /precopy --version +at most 150 ms +200 ms \(5\.00 us of a processor\) +MISSED/,
    );
  });

  it("fail aloud where a suite has no figure of the name, and say so where it was skipped", () => {
    const run = (skipped: string[]) => [{ name: "start", result: { figures: [], skipped } }];
    expect(() => targetsReached(run([]), false)).toThrow('the suite start gave no figure "precopy --version"');
    const results = run(["not built"]);
    expect(targetsText(targetsReached(results, false), results)).toMatch(/smallest run +not measured/);
  });

  it("that need --long are not missed without it", () => {
    const figures = TARGETS.filter(({ suite, what }) => suite === "sweep" && !what.includes("--long")).map(
      ({ figure }) => ({
        kind: "ratio" as const,
        name: figure,
        value: 1,
      }),
    );
    const results = [{ name: "sweep", result: { figures, skipped: [] } }];
    expect(() => targetsReached(results, true)).toThrow("1,000,000 migrations");
    expect(targetsReached(results, false).filter(({ met }) => met !== null)).toHaveLength(figures.length);
  });
});
