import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plainPaint } from "../../src/formats/paint.ts";
import { formatValidation } from "../../src/formats/validation-table.ts";
import { validate } from "../../src/planning/validate.ts";
import { readSimgridTable } from "../../src/sources/simgrid-table.ts";

test("one row of another simulator is neither spoken of in the plural nor said to be of many seeds", () => {
  const text = readFileSync(new URL("../measured/simgrid-3.32/single.csv", import.meta.url), "utf8");
  const read = readSimgridTable(text, "single.csv");
  if (!read.ok) throw new Error(read.failure.message);
  const rows = read.value.slice(0, 1);
  const shown = formatValidation(validate({ runs: [], rows, skipped: [] }, 101), plainPaint);
  expect(shown).toContain("the outcome right.");
  expect(shown).toContain("Each row was predicted once");
  expect(shown).not.toMatch(/all 1|101 seeds|medians/);
});
