import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatCommand } from "../../src/formats/shell.ts";

it("leaves plain words as they are", () => {
  expect(formatCommand(["precopy", "run", "examples/a-b.yaml", "--seed", "1"])).toBe(
    "precopy run examples/a-b.yaml --seed 1",
  );
});

it("is read by a shell as the words that it was made of", () => {
  // A process's arguments hold no null character.
  const word = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const bytes = execFileSync("sh", ["-c", `printf '%s\\0' ${formatCommand(words)}`]);
      expect(bytes.toString().split("\0").slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40, seed: 1 },
  );
});
