import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestMove, deviation, type HostLoad, pressure } from "../../sim/orchestration/host-load.ts";
import { type PackingHost, pack } from "../../sim/orchestration/packing.ts";
import { POWER_PARAMETERS, runningWatts } from "../../sim/orchestration/power.ts";
import "../support/fixed-seed.ts";

const LIMITS = { processorLimitShare: 0.8, memoryLimitShare: 0.9 };
const whole = (max: number) => fc.integer({ min: 0, max });

const host = (name: string, askedProcessors: number, usedBytes: number): HostLoad => ({
  name,
  askedProcessors,
  processors: 10,
  usedBytes,
  memoryBytes: 100,
});

describe("the move that relieves a host", () => {
  it("is never worse than any other, and takes what it has to", () => {
    const machines = fc.array(fc.record({ processors: whole(6), memoryBytes: whole(40) }), { maxLength: 6 });
    const others = fc.array(fc.tuple(whole(10), whole(100)), { maxLength: 5 });
    fc.assert(
      fc.property(machines, others, (loads, rest) => {
        const sum = (key: "processors" | "memoryBytes") => loads.reduce((all, load) => all + load[key], 0);
        const source = host("source", sum("processors"), sum("memoryBytes"));
        const targets = rest.map(([asked, used], index) => host(`t${index}`, asked, used));
        const candidates = loads.map((load) => ({ load }));
        const best = bestMove(source, candidates, () => targets, LIMITS, 0.05);
        const worsts = loads.flatMap((load) => {
          const less = { processors: -load.processors, memoryBytes: -load.memoryBytes };
          const after = pressure(source, LIMITS, less);
          const fits = targets.filter((target) => pressure(target, LIMITS, load) <= 1);
          return fits.map((target) => Math.max(after, pressure(target, LIMITS, load)));
        });
        const least = Math.min(Number.POSITIVE_INFINITY, ...worsts);
        if (least > pressure(source, LIMITS) - 0.05) expect(best).toBeNull();
        else expect(Math.max(best?.fromAfter ?? 9, best?.toAfter ?? 9)).toBe(least);
      }),
    );
  });

  it("hosts that are alike do not deviate; two that differ deviate by half of that", () => {
    expect(deviation([host("a", 4, 9), host("b", 4, 9)], LIMITS)).toBe(0);
    expect(deviation([host("a", 8, 0), host("b", 4, 0)], LIMITS)).toBeCloseTo(0.25, 12);
    expect(deviation([], LIMITS)).toBe(0);
  });
});

describe("packing", () => {
  it("gives every machine of an emptied host a place with room, moves none twice and keeps as many hosts as asked", () => {
    const unit = fc.record({ memoryBytes: fc.integer({ min: 1, max: 40 }), processors: whole(4) });
    const cluster = fc.array(fc.array(unit, { maxLength: 5 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(cluster, fc.integer({ min: 1, max: 3 }), (nodes, keep) => {
        const hosts: PackingHost<string>[] = nodes.map((units, index) => ({
          name: `n${index}`,
          units: units.map((each, position) => ({ machines: [`${index}/${position}`], ...each })),
          freeBytes: 200 - units.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
          freeProcessors: 20 - units.reduce((sum, { processors }) => sum + processors, 0),
          memoryBytes: 200,
        }));
        const { emptied, targetOf } = pack(hosts, keep, (_unit, name) => name !== "n1");
        expect(hosts.length - emptied.length).toBeGreaterThanOrEqual(Math.min(keep, hosts.length));
        for (const { name, units, freeBytes, freeProcessors } of hosts) {
          const isEmptied = emptied.includes(name);
          for (const { machines } of units) expect(targetOf.has(machines[0] as string)).toBe(isEmptied);
          const coming = hosts.flatMap((other) =>
            other.units.filter(({ machines }) => targetOf.get(machines[0] as string) === name),
          );
          if (coming.length > 0) expect([isEmptied, name]).not.toEqual([true, "n1"]);
          expect(coming.length === 0 || !isEmptied).toBe(true);
          expect(coming.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)).toBeLessThanOrEqual(freeBytes);
          expect(coming.reduce((sum, { processors }) => sum + processors, 0)).toBeLessThanOrEqual(freeProcessors);
        }
        expect([...targetOf.values()]).not.toContain("n1");
      }),
    );
  });

  it("empties all it can: hosts with nothing go first", () => {
    const empty = (name: string) => ({ name, units: [], freeBytes: 10, freeProcessors: 1, memoryBytes: 10 });
    expect(pack([empty("a"), empty("b"), empty("c")], 1, () => true).emptied).toEqual(["a", "b"]);
  });
});

describe("a host's power", () => {
  it("goes from idle less what parking saves to full, in proportion", () => {
    const values = { idleWatts: 200, fullWatts: 300, parkedShare: 0.1, offWatts: 0 };
    const rest = {
      bootSeconds: 0,
      shutdownSeconds: 0,
      processorLimitShare: 1,
      joulesPerMigration: 0,
      joulesPerGigabyte: 0,
    };
    const watts = (busy: number) => runningWatts({ ...values, ...rest }, busy);
    expect([watts(0), watts(0.5), watts(1)]).toEqual([180, 240, 300]);
    expect(POWER_PARAMETERS.idleWatts.value).toBeLessThan(POWER_PARAMETERS.fullWatts.value);
  });
});
