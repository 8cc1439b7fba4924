/** `npm run bench:compare` on results that are made up, so that what changed is known. */
import { describe, expect, it } from "vitest";
import { compareResults, isRegression } from "../../benchmarks/comparison.ts";
import { comparisonText } from "../../benchmarks/comparison-table.ts";
import { parseResult, type ResultFile, SCHEMA_VERSION } from "../../benchmarks/result-file.ts";
import type { Figure } from "../../benchmarks/suite.ts";
import { RandomStreams } from "../../sim/index.ts";
import { normal } from "../../sim/kernel/distributions.ts";
import { exp } from "../../sim/kernel/exact-math.ts";

const TURNS = 10;
const FIGURES = 40;
const ENVIRONMENT: ResultFile["environment"] = {
  node: "20.0.0",
  v8: "11",
  platform: "linux x64",
  cpuModel: "a processor",
  cores: 2,
  memoryBytes: 1,
  loadAverage: [0, 0, 0],
  loadAverageAfter: [0, 0, 0],
  timerResolutionSeconds: 1e-8,
};

function resultOf(figures: readonly Figure[], environment = ENVIRONMENT): ResultFile {
  const suites = [{ name: "suite", title: "made up", figures, skipped: [] }];
  return { schemaVersion: SCHEMA_VERSION, engineVersion: "0", environment, suites, targets: [], doubts: [] };
}

function timeOf(
  name: string,
  processorSecondsByTurn: readonly number[],
  referenceSecondsByTurn: readonly number[],
): Figure {
  const [processorSeconds] = processorSecondsByTurn as [number];
  const elapsed = { bestSeconds: 1, medianSeconds: 1, meanSeconds: 1, marginOfErrorPercent: 1, samples: 10 };
  const timing = { ...elapsed, processorSeconds, processorSecondsByTurn, referenceSecondsByTurn };
  return { kind: "time", name, per: "run", timing };
}

/** Times of 1, 2, 3... ms whose turns vary by `spread`, on a machine so slow; one of them `factor` times as long. */
function measured(seed: string, { spread = 0.06, slowness = 1, changed = -1, factor = 1 }): ResultFile {
  const random = new RandomStreams(seed).stream("turns");
  const figures = Array.from({ length: FIGURES }, (_, index) => {
    const seconds = 0.001 * (index + 1) * (index === changed ? factor : 1);
    const speeds = Array.from({ length: TURNS }, () => slowness * exp(0.2 * normal(random)));
    return timeOf(
      `figure ${index}`,
      speeds.map((speed) => seconds * speed * exp(spread * normal(random))),
      speeds.map((speed) => 0.005 * speed),
    );
  });
  return resultOf(figures);
}

function changes(before: ResultFile, after: ResultFile): string[] {
  return compareResults(before, after)
    .figures.filter(({ verdict }) => verdict !== "same")
    .map(({ name, verdict }) => `${name} ${verdict}`);
}

function counts(pairs: number, told: (pair: number) => boolean): number {
  return Array.from({ length: pairs }, (_, pair) => told(pair)).filter(Boolean).length;
}

describe("what changed between two results", () => {
  it("finds the one figure of forty that takes 20 % longer where turns vary by 6 %, and nothing else, 95 times of 100", () => {
    const found = counts(60, (pair) => {
      const told = changes(measured(`before ${pair}`, {}), measured(`after ${pair}`, { changed: 7, factor: 1.2 }));
      return told.length === 1 && told[0] === "figure 7 slower";
    });
    // Were it found 95 times of 100, 52 or fewer of 60 would be found once in 150 trials.
    expect(found).toBeGreaterThan(52);
  });

  it("calls less time better, and that is no regression", () => {
    const { figures } = compareResults(measured("a", {}), measured("b", { changed: 3, factor: 0.7 }));
    const told = figures.filter(({ verdict }) => verdict !== "same");
    expect(told.map(({ name, verdict }) => [name, verdict])).toEqual([["figure 3", "faster"]]);
    expect(figures.some(isRegression)).toBe(false);
  });

  it("cries wolf over forty figures that have not changed in no more than 5 of 100 comparisons, however much their turns vary", () => {
    const alarms = counts(80, (pair) => {
      const noisy = { spread: 0.5 };
      return changes(measured(`one ${pair}`, noisy), measured(`two ${pair}`, noisy)).length > 0;
    });
    // With a probability of 5 %, more than 9 of 80 would be seen once in 100 trials.
    expect(alarms).toBeLessThanOrEqual(9);
  });

  it("does not take a machine at half its speed for slower code", () => {
    expect(changes(measured("quiet", {}), measured("busy", { slowness: 2 }))).toEqual([]);
  });

  it("says nothing of a change below 10 %, however certain", () => {
    expect(
      changes(measured("a", { spread: 0.001 }), measured("b", { spread: 0.001, changed: 3, factor: 1.09 })),
    ).toEqual([]);
    expect(
      changes(measured("a", { spread: 0.001 }), measured("b", { spread: 0.001, changed: 3, factor: 1.11 })),
    ).toEqual(["figure 3 slower"]);
  });

  it("knows which way is better, and what is neither", () => {
    const numbers = (speedUp: number, events: number): ResultFile => {
      const byTurn = Array.from({ length: TURNS }, (_, turn) => speedUp + 0.001 * turn);
      return resultOf([
        { kind: "ratio", name: "speed-up", value: speedUp, byTurn, better: "more" },
        { kind: "count", name: "events", value: events },
      ]);
    };
    expect(changes(numbers(0.9, 100), numbers(0.6, 101))).toEqual(["speed-up slower", "events differs"]);
    expect(changes(numbers(0.6, 100), numbers(0.9, 100))).toEqual(["speed-up faster"]);
  });

  it("says that it cannot tell where turns are too few", () => {
    const of = (factor: number): ResultFile =>
      resultOf([
        timeOf("few", [factor, 1.01 * factor, 1.02 * factor], [1, 1, 1]),
        { kind: "bytes", name: "once", value: factor, better: "less" },
      ]);
    expect(changes(of(1), of(2))).toEqual(["few untold", "once untold"]);
  });

  it("names figures that only one has, and what differs of the machine", () => {
    const times = [1, 1.1, 1.2];
    const before = resultOf([timeOf("old", times, times), timeOf("both", times, times)]);
    const after = resultOf([timeOf("new", times, times), timeOf("both", times, times)], { ...ENVIRONMENT, cores: 4 });
    expect(compareResults(before, after)).toMatchObject({
      onlyBefore: ["suite: old"],
      onlyAfter: ["suite: new"],
      warnings: ["the number of cores is another: 2, then 4"],
    });
  });

  it("prints what changed, the worst first", () => {
    const text = comparisonText(compareResults(measured("a", {}), measured("b", { changed: 3, factor: 1.5 })), {
      all: true,
    });
    const [, first] = text.split("\n");
    expect(first).toMatch(/^suite: figure 3 .* ms .* ms {2}\+\d\d\.\d % .* WORSE$/);
    expect(text).toContain("40 figures: 1 WORSE, 39 same.");
  });
});

describe("a file that is compared", () => {
  it("is read back as it was written", () => {
    const result = measured("a", {});
    expect(parseResult(JSON.stringify(result), "a.json")).toEqual(result);
  });

  it("is refused where it is something else", () => {
    expect(parseResult("{", "a.json")).toMatch(/^a\.json is not JSON: /);
    expect(parseResult('{"name":"precopy"}', "a.json")).toBe("a.json is not a result of npm run bench.");
    expect(parseResult(JSON.stringify({ ...measured("a", {}), schemaVersion: 1 }), "a.json")).toBe(
      `a.json has schemaVersion 1; this program compares ${SCHEMA_VERSION}. Measure anew.`,
    );
  });
});
