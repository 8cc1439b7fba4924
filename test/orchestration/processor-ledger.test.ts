import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProcessorLedger } from "../../sim/orchestration/processor-ledger.ts";
import "../support/fixed-seed.ts";

describe("the ledger of processors", () => {
  it("integrates busy and unmet time as a sum over every second does, whatever machines ask for and wherever they go", () => {
    const steps = fc.array(
      fc.record({
        machine: fc.constantFrom("a", "b", "c"),
        node: fc.constantFrom("n1", "n2"),
        processors: fc.integer({ min: 0, max: 6 }),
        seconds: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (changes) => {
        const ledger = new ProcessorLedger();
        const sizes = { n1: 4, n2: 8 };
        for (const [name, processors] of Object.entries(sizes)) ledger.addNode(name, processors);
        const asks = new Map<string, { node: string; processors: number }>();
        const expected = { n1: 0, n2: 0, unmet: 0 };
        let now = 0;
        for (const { machine, node, processors, seconds } of changes) {
          ledger.place(machine, node, processors, now);
          asks.set(machine, { node, processors });
          for (const name of ["n1", "n2"] as const) {
            const sum = [...asks.values()].reduce((all, ask) => all + (ask.node === name ? ask.processors : 0), 0);
            expect(ledger.askedAt(name)).toBe(sum);
            expected[name] += seconds * Math.min(1, sum / sizes[name]);
            expected.unmet += seconds * Math.max(0, sum - sizes[name]);
          }
          now += seconds;
        }
        expect(ledger.busySecondsAt("n1", now)).toBeCloseTo(expected.n1, 9);
        expect(ledger.busySecondsAt("n2", now)).toBeCloseTo(expected.n2, 9);
        expect(ledger.unmetProcessorSeconds(now)).toBeCloseTo(expected.unmet, 9);
      }),
    );
  });
});
