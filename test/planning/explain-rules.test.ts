/** Every rule that can end pre-copy has words, and a place among the verdicts. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { MigrationResult } from "../../sim/index.ts";
import { ruleWords } from "../../src/formats/verdict.ts";
import { verdictOf } from "../../src/planning/explain/verdict.ts";

const sim = fileURLToPath(new URL("../../sim/", import.meta.url));
const RULE =
  /(?:\brule: |\brule = |\bconst [A-Z_]+ = |\bstop\(|\babort\(|PostCopy\(|pauseGuest\(|endPrecopy\()\s*"([a-z]+(?:-[a-z]+)+)"/g;

const rules = new Set(
  readdirSync(sim, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => [...readFileSync(join(sim, path), "utf8").matchAll(RULE)].map(([, rule]) => rule as string)),
);

test("the rules are found in the sources", () => {
  expect([...rules]).toEqual(expect.arrayContaining(["pass-limit", "few-pages-left", "remaining-below-threshold"]));
});

test.each([...rules])("%s is told in words", (rule) => {
  expect(ruleWords(rule)).not.toContain(rule);
});

test("little left is converging, anything else that completes is forced", () => {
  const verdict = (outcome: string, endedBy: string | null) => verdictOf({ outcome, endedBy } as MigrationResult);
  const converging = [...rules].filter((rule) => verdict("completed", rule) === "converges").sort();
  expect(converging).toEqual([
    "few-pages-left",
    "left-within-switchover-time",
    "nothing-left",
    "remaining-below-threshold",
  ]);
  expect(verdict("cancelled", "nova-completion-timeout")).toBe("aborted");
  expect(verdict("failed", null)).toBe("aborted");
  expect(verdict("not-converged", null)).toBe("never");
});
