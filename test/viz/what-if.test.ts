import { describe, expect, it } from "vitest";
import { applyWhatIf, whatIfOf } from "../../viz/model/what-if.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";

const { scenario } = fixtureTrace();

describe("what if", () => {
  it("changes nothing where no number was changed", () => {
    expect(applyWhatIf(scenario, "web01", whatIfOf(scenario, "web01", "1"))).toEqual(scenario);
  });

  it("keeps the classes inside the used memory, whatever its size", () => {
    for (const memoryBytes of [2 ** 26, 2 ** 30, 2 ** 31, 2 ** 36]) {
      for (const usedShare of [0.01, 0.5, 1]) {
        const changed = applyWhatIf(scenario, "web01", { ...whatIfOf(scenario, "web01", "1"), memoryBytes, usedShare });
        const vm = changed.vms[0];
        expect(vm?.usedBytes as number).toBeLessThanOrEqual(memoryBytes);
        for (const pages of vm?.classes ?? []) {
          expect(pages.pages).toBeGreaterThan(0);
          expect((pages.firstPage + pages.pages) * 4096).toBeLessThanOrEqual(vm?.usedBytes as number);
        }
      }
    }
  });

  it("writes as often to each page when memory grows, and more often with the factor", () => {
    const own = whatIfOf(scenario, "web01", "1");
    const before = scenario.vms[0]?.classes[1];
    const after = applyWhatIf(scenario, "web01", { ...own, memoryBytes: own.memoryBytes * 3, writeRateFactor: 2 })
      .vms[0]?.classes[1];
    const rate = (pages: typeof before): number => (pages?.writesPerSecond as number) / (pages?.pages as number);
    expect(rate(after)).toBeCloseTo(rate(before) * 2, 6);
  });

  it("drops the old profile's settings with the old profile, and sets a limit where one is given", () => {
    const own = whatIfOf(scenario, "web01", "7");
    const changed = applyWhatIf(scenario, "web01", { ...own, profile: "qemu-7.2", downtimeLimitSeconds: 0.05 });
    expect(changed.timeline[0]).toMatchObject({ profile: "qemu-7.2", overrides: { downtimeLimitSeconds: 0.05 } });
    expect(changed.seed).toBe("7");
  });
});
