import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScenario, simulate, toScenarioFile } from "../../sim/index.ts";
import { explain } from "../../src/planning/explain/explain.ts";
import { firstEnough, roundNumbersBetween } from "../../src/planning/explain/search.ts";
import { seedsFrom } from "../../src/planning/trials.ts";
import { GIB, MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

test("the first candidate that is enough is found, in few trials, and none where none is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }), (count, least) => {
      const candidates = Array.from({ length: count }, (_, index) => index);
      let trials = 0;
      const found = firstEnough(candidates, (candidate) => {
        trials++;
        return candidate >= least;
      });
      expect(found).toBe(least < count ? least : null);
      expect(trials).toBeLessThanOrEqual(11);
    }),
  );
});

test("where more may overshoot, a window wide enough is found, and its first candidate", () => {
  const candidates = Array.from({ length: 100 }, (_, index) => index);
  const inWindow = (candidate: number) => candidate >= 37 && candidate < 60;
  expect(firstEnough(candidates, inWindow)).toBeNull();
  expect(firstEnough(candidates, inWindow, true)).toBe(37);
  expect(firstEnough(candidates, (candidate) => candidate === 0, true)).toBe(0);
});

test("round numbers are ones that people set, and no step is large", () => {
  expect(roundNumbersBetween(84, 140)).toEqual([90, 100, 110, 120, 130, 140]);
  expect(roundNumbersBetween(0.3, 0.5)).toEqual([0.35, 0.4, 0.45, 0.5]);
  expect(roundNumbersBetween(5, 5)).toEqual([]);
  const many = roundNumbersBetween(0.001, 1e6);
  for (const [index, number] of many.slice(1).entries()) expect(number / (many[index] as number)).toBeLessThan(1.19);
});

test("seeds begin with the one that is asked for", () => {
  expect(seedsFrom("7", 3)).toEqual(["7", "8", "9"]);
  expect(seedsFrom("blue", 3)).toEqual(["blue", "blue-2", "blue-3"]);
});

test("a cure is the smallest round one: the next smaller is not enough", () => {
  const scenario = smallWorld({
    horizonSeconds: 60,
    vms: [
      { name: "vm1", memoryBytes: GIB, usedBytes: GIB / 2, classes: [writes(0, 30_000, 20_000, { name: "busy" })] },
    ],
    timeline: [migrate("vm1", 0, "qemu-7.2", { maxBandwidthBytesPerSecond: 32 * MIB })],
  });
  const objectives = { downtimeSeconds: null, totalSeconds: null };
  const options = { seed: "1", seeds: 3, objectives, vm: null };
  const [migration] = explain(scenario, options, () => {}).migrations;
  const completesWith = (maxBandwidth: string) => {
    const overrides = { "timeline.0.migrate.maxBandwidth": maxBandwidth };
    const read = parseScenario(toScenarioFile(scenario), { overrides });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return ["1", "2", "3"].map((seed) => simulate(read.value, { seed }).migrations[0]?.outcome === "completed");
  };
  const cure = migration?.cures.find(({ change }) => change === "maxBandwidth");
  const mebibytes = Number(cure?.to.split(" ")[0]);
  expect(completesWith(`${mebibytes} MiB/s`)).toEqual([true, true, true]);
  const smaller = roundNumbersBetween(32, mebibytes - 1).at(-1);
  expect(completesWith(`${smaller} MiB/s`)).toContain(false);
});

test("with objectives, what the cures do is within them, and what lies between too little and too much is found", () => {
  const scenario = smallWorld({
    horizonSeconds: 120,
    vms: [
      { name: "vm1", memoryBytes: GIB, usedBytes: GIB / 2, classes: [writes(0, 60_000, 20_000, { name: "busy" })] },
    ],
    timeline: [migrate("vm1", 0, "qemu-7.2", { maxBandwidthBytesPerSecond: 85 * MIB })],
  });
  const options = { seed: "1", seeds: 3, vm: null };
  const before = simulate(scenario, { seed: "1" }).migrations[0];
  const objectives = { downtimeSeconds: 0.06, totalSeconds: 0.8 * (before?.totalSeconds as number) };
  const [migration] = explain(scenario, { ...options, objectives }, () => {}).migrations;
  expect(migration?.meetsObjectives).toBe(false);
  expect(migration?.cures.map(({ change }) => change)).toContain("maxBandwidth");
  for (const { totalSeconds, downtimeSeconds } of migration?.cures ?? []) {
    expect(totalSeconds?.greatest).toBeLessThanOrEqual(objectives.totalSeconds);
    expect(downtimeSeconds?.greatest).toBeLessThanOrEqual(objectives.downtimeSeconds);
  }
});
