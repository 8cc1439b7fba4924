import { describe, expect, it } from "vitest";
import { workloads } from "../../sim/scenario/workloads.ts";
import { type Document, documentWith, scenarioOf } from "./fixtures.ts";

describe("page classes", () => {
  const classesOf = (workload: Document, used = "1 GiB") =>
    scenarioOf(documentWith((d) => Object.assign(d.vms[0], { workload, used }))).vms[0].classes;

  it("lie one behind the other, in counts, sizes, shares and the rest", () => {
    const classes = classesOf({
      classes: [
        { pages: "20k", rate: "1k pages/s" },
        { name: "size", pages: "64 MiB", rate: 1, pattern: "sweep", from: 5, until: "1 min", cpuBound: "25 %" },
        { pages: "50 %", rate: 2 },
        { name: "hole", first: "90 %", pages: "rest", rate: 3 },
      ],
    });
    expect(classes.map(({ name, firstPage, pages }) => [name, firstPage, pages])).toEqual([
      ["class1", 0, 20_000],
      ["size", 20_000, 16_384],
      ["class3", 36_384, 131_072],
      ["hole", 235_929, 26_215],
    ]);
    expect(classes[1]).toMatchObject({ pattern: "sweep", startSeconds: 5, endSeconds: 60, cpuBoundShare: 0.25 });
    expect(classes[0]).toMatchObject({ pattern: "uniform", startSeconds: 0, endSeconds: null, cpuBoundShare: 1 });
  });

  it("of a preset keep its rates, or take them times a factor, and others can follow", () => {
    const plain = classesOf("web-server");
    const twice = classesOf({ preset: "web-server", scale: 2 });
    expect(twice.map((each) => each.writesPerSecond)).toEqual(plain.map((each) => 2 * each.writesPerSecond));
    expect(plain[0]).toMatchObject({ name: "hot", pages: 3500, writesPerSecond: 10_500 });
    expect(plain.at(-1)).toMatchObject({ pattern: "sweep", firstPage: 11_500, pages: 262_144 - 11_500 });
    const more = classesOf({ preset: "postgres-ycsb-read-only-16-threads", classes: [{ pages: 10, rate: 1 }] });
    expect(more.map((each) => each.firstPage)).toEqual([0, 26_470, 74_259]);
  });

  it.each(workloads.map((workload) => workload.name))("of %s fit into a small machine and stay inside it", (name) => {
    for (const used of ["512 MiB", "1 GiB", "4 GiB"]) {
      const classes = classesOf(name, used);
      expect(classes.length).toBeGreaterThan(0);
      const pages = { "512 MiB": 131_072, "1 GiB": 262_144, "4 GiB": 1_048_576 }[used] as number;
      let next = 0;
      for (const each of classes) {
        expect(each.firstPage).toBe(next);
        next += each.pages;
      }
      expect(next).toBeLessThanOrEqual(pages);
    }
  });

  it("of measured presets dirty what was measured", () => {
    // Unique pages dirtied in an interval (seconds, pages), read from published migrations of an 8 GiB guest.
    const observed: Record<string, [number, number, number][]> = {
      "postgres-ycsb-update-16-threads": [
        [1.21, 39_255, 0.09],
        [2.01, 49_483, 0.09],
        [5.12, 81_384, 0.09],
        [24.5, 276_565, 0.09],
      ],
      "postgres-ycsb-update-4-threads": [
        [2.01, 18_420, 0.03],
        [14.6, 68_934, 0.03],
      ],
      "postgres-ycsb-read-only-16-threads": [
        [1.21, 42_864, 0.03],
        [29.34, 73_654, 0.03],
      ],
    };
    for (const [name, points] of Object.entries(observed)) {
      const classes = classesOf(name, "4 GiB");
      for (const [seconds, pages, tolerance] of points) {
        const dirtied = classes.reduce((sum, each) => {
          const writes = each.writesPerSecond * seconds;
          return (
            sum +
            (each.pattern === "sweep" ? Math.min(each.pages, writes) : each.pages * -Math.expm1(-writes / each.pages))
          );
        }, 0);
        expect(Math.abs(dirtied / pages - 1)).toBeLessThan(tolerance);
      }
    }
    expect(workloads.filter(({ provenance }) => provenance === "measured").map(({ name }) => name)).toEqual(
      Object.keys(observed),
    );
  });
});
