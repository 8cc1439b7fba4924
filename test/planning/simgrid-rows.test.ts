/** SimGrid 3.32's own answers (test/measured/simgrid-3.32), reproduced row by row. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compareSimgridRow } from "../../src/planning/simgrid-rows.ts";
import { readSimgridTable, type SimgridRow } from "../../src/sources/simgrid-table.ts";

function rowsOf(name: string): SimgridRow[] {
  const path = fileURLToPath(new URL(`../measured/simgrid-3.32/${name}`, import.meta.url));
  const read = readSimgridTable(readFileSync(path, "utf8"), name);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

/** Errors in a row's times, relative to SimGrid's. */
function timeErrors(row: SimgridRow): number[] {
  const { measured, predicted } = compareSimgridRow(row);
  return (["totalSeconds", "downtimeSeconds"] as const).map((measure) => {
    const [answer, ours] = [measured[measure], predicted[measure]];
    if (answer === ours) return 0;
    if (answer === null || ours === null) return Number.POSITIVE_INFINITY;
    return Math.abs(ours - answer) / answer;
  });
}

describe.each([
  ["single.csv", 40],
  ["concurrent.csv", 25],
])("%s", (name, least) => {
  const rows = rowsOf(name);

  test("outcomes and rounds are SimGrid's, times to a millionth", () => {
    expect(rows.length).toBeGreaterThanOrEqual(least);
    for (const row of rows) {
      const { measured, predicted } = compareSimgridRow(row);
      const { outcome, rounds } = measured;
      expect(predicted).toMatchObject({ outcome, rounds });
      for (const error of timeErrors(row)) expect(error).toBeLessThan(1e-6);
    }
  });

  test("a link one percent slower would be seen", () => {
    const slower = rows.map((row) => ({ ...row, linkBytesPerSecond: row.linkBytesPerSecond * 0.99 }));
    const off = slower.filter((row) => timeErrors(row).some((error) => error > 1e-6));
    expect(off.length).toBeGreaterThan(slower.length / 2);
  });
});

test("the set holds migrations that never converge, and both network models", () => {
  const rows = rowsOf("single.csv");
  const single = rows.flatMap((row) => (row.kind === "simgrid-single" ? [row] : []));
  expect(single.filter(({ converged }) => !converged).length).toBeGreaterThan(1);
  expect(new Set(single.map(({ networkModel }) => networkModel))).toEqual(new Set(["CM02", "LV08"]));
});
