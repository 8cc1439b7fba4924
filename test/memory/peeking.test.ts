/** Peeking at a dirty log: pages that are dirty again, batch by batch, and what that costs. */
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PageBitmap, type Removed } from "../../sim/memory/page-bitmap.ts";
import { cleanProbability } from "../../sim/memory/peeked-segment.ts";
import { StatisticalDirtyLog } from "../../sim/memory/statistical-dirty-log.ts";
import { PreparedScenario } from "../../sim/simulate.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";

describe("a bitmap's pages that another does not have", () => {
  it("are removed in order, up to so many of them, with those between them that it has", () => {
    const pagesArbitrary = fc.array(fc.boolean(), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(
        pagesArbitrary,
        pagesArbitrary,
        fc.nat(150),
        fc.nat(150),
        fc.nat(100),
        (mine, theirs, from, to, count) => {
          const size = mine.length;
          const [page, end] = [Math.min(from, to, size), Math.min(Math.max(from, to), size)];
          const [bitmap, others] = [new PageBitmap(size), new PageBitmap(size)];
          mine.forEach((set, index) => {
            if (set) bitmap.setRange(index, 1);
          });
          theirs.forEach((set, index) => {
            if (set && index < size) others.setRange(index, 1);
          });
          const removed: Removed = { clean: 0, others: 0, end: 0 };
          bitmap.removeClean(page, end, count, others, removed);
          let [clean, dirty] = [0, 0];
          for (let index = 0; index < size; index += 1) {
            const looked = index >= page && index < removed.end;
            expect(bitmap.has(index)).toBe(mine[index] === true && !looked);
            if (!looked || !mine[index]) continue;
            if (theirs[index]) dirty += 1;
            else clean += 1;
          }
          expect(removed).toMatchObject({ clean, others: dirty });
          expect(removed.end).toBeLessThanOrEqual(Math.max(page, end));
          // Fewer only where there are no more.
          const present = mine.filter(
            (set, index) => set && index >= page && index < end && theirs[index] !== true,
          ).length;
          expect(clean).toBe(Math.min(count, present));
          if (clean < count) expect(removed.end).toBe(Math.max(page, end));
        },
      ),
      { seed: 11, numRuns: 1000 },
    );
  });
});

describe("the chance of a page to be clean over several batches", () => {
  it("is the harmonic mean of its chances at each peek", () => {
    for (const [hazard, step, batches] of [
      [0, 0, 5],
      [0.3, 0, 1],
      [0.3, 0.02, 1],
      [0.1, 0.01, 20],
      [2, 1e-14, 8],
    ]) {
      let pages = 0;
      for (let batch = 0; batch < batches; batch += 1) pages += Math.exp(hazard + batch * step);
      expect(cleanProbability(hazard, step, batches)).toBeCloseTo(batches / pages, 12);
    }
  });
});

describe("what peeking costs", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const peeksOf = (gib: number, writesPerSecond: number, pattern: "uniform" | "sweep") => {
    const pages = (gib * GIB) / 4096;
    const spy = vi.spyOn(StatisticalDirtyLog.prototype, "passPeeking");
    const prepared = new PreparedScenario(
      smallWorld({
        vms: [
          {
            name: "vm",
            memoryBytes: gib * GIB,
            usedBytes: gib * GIB,
            classes: [
              writes(0, pages / 4, writesPerSecond, { pattern }),
              writes(pages / 2, pages / 4, 2 * writesPerSecond),
            ],
          },
        ],
        timeline: [migrate("vm", 1, "xenserver-5")],
        environment: { preset: "xen-hosts" },
        nodeMemoryBytes: 4096 * GIB,
        horizonSeconds: 1e6,
      }),
    );
    const rounds = prepared.run().migrations[0]?.rounds.length ?? 0;
    const peeks = spy.mock.calls.length / rounds;
    spy.mockRestore();
    return peeks;
  };

  it.each(["uniform", "sweep"] as const)("grows with the logarithm of memory at most: %s", (pattern) => {
    // 512 GiB are 131,072 batches; a stride takes a sixteenth of what is left, and below 16 batches, one.
    for (const writesPerSecond of [1e4, 1e6, 1e8]) expect(peeksOf(512, writesPerSecond, pattern)).toBeLessThan(700);
    expect(peeksOf(4096, 1e5, pattern)).toBeLessThan(peeksOf(64, 1e5, pattern) + 400);
  });
});
