import fc from "fast-check";
import alea from "seedrandom/lib/alea.js";
import { expect, it } from "vitest";
import { aleaSeed } from "../../sim/kernel/alea-seed.ts";

const DRAWS = 5;

it("starts alea exactly as seedrandom does, whatever the key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (key) => {
      const ours = alea("", { state: aleaSeed(key) });
      const theirs = alea(key);
      for (let draw = 0; draw < DRAWS; draw += 1) expect(ours()).toBe(theirs());
    }),
    { seed: 1, numRuns: 500, examples: [[""], [" "], ["\u0000"], ["7\u0000memory/web01/0"], ["ü😀".repeat(50)]] },
  );
});
