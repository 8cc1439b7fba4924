/** Where `precopy explain` once said what was not so. */
import { expect, test } from "vitest";
import type { Scenario } from "../../sim/index.ts";
import { formatExplanation } from "../../src/formats/explain-text.ts";
import { type Explanation, explain } from "../../src/planning/explain/explain.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";

function explained(scenario: Scenario): Explanation {
  return explain(
    scenario,
    { seed: "1", seeds: 3, objectives: { downtimeSeconds: null, totalSeconds: null }, vm: null },
    () => {},
  );
}

test("what a round trip slows is waited for as long as it takes", () => {
  // A window over 200 ms carries 20 MB/s of the link's 1.25 GB/s: one copy of 4 GiB takes 205 s.
  const [migration] = explained(
    smallWorld({
      horizonSeconds: 3600,
      latencySeconds: 0.1,
      vms: [{ name: "vm1", memoryBytes: 4 * GIB, usedBytes: 4 * GIB, classes: [writes(0, 128_000, 8000)] }],
      timeline: [migrate("vm1", 0, "qemu-7.2", { maxBandwidthBytesPerSecond: 0 })],
    }),
  ).migrations;
  expect(migration?.verdict).toBe("never");
  expect(migration?.causes[0]?.cause).toBe("latency");
  expect(migration?.lifted.find(({ constraint }) => constraint === "dirty-rate")?.changes).toContain("outcome");
  expect(migration?.cures.map(({ change }) => change)).toEqual(expect.arrayContaining(["writes", "mode"]));
});

test("the downtime of a guest that hardly writes is no matter of its writes", () => {
  const [migration] = explained(
    smallWorld({
      horizonSeconds: 3600,
      vms: [{ name: "vm1", memoryBytes: GIB, usedBytes: GIB, classes: [writes(0, 1000, 1)] }],
      timeline: [migrate("vm1", 0, "qemu-7.2")],
    }),
  ).migrations;
  const cause = migration?.causes.find(({ of }) => of === "downtime");
  expect(cause?.cause).toBe("link");
  expect(cause?.without.downtimeSeconds).toBeLessThan(migration?.downtimeSeconds?.median as number);
});

test("a cure that needs a switch names the switch", () => {
  const explanation = explained(
    smallWorld({
      horizonSeconds: 120,
      networkBytesPerSecond: 12.5e9,
      vms: [{ name: "vm1", memoryBytes: 8 * GIB, usedBytes: 8 * GIB, classes: [writes(0, 1_048_576, 400_000)] }],
      timeline: [migrate("vm1", 0, "qemu-7.2", { maxBandwidthBytesPerSecond: 0, downtimeLimitSeconds: 0.3 })],
    }),
  );
  const cure = explanation.migrations[0]?.cures.find(({ change }) => change === "compressThreads");
  expect(cure?.settings.map(({ path }) => path)).toEqual([
    "timeline.0.migrate.compress",
    "timeline.0.migrate.compressThreads",
  ]);
  expect(formatExplanation(explanation, "precopy explain", (_style, text) => text)).toContain(
    "compress on, compressThreads",
  );
});
