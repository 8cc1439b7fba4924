/** docs/published.md, drains: the table's simulated figures are those that the simulator gives. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseScenario, simulate } from "../../sim/index.ts";

const page = readFileSync(new URL("../../docs/published.md", import.meta.url), "utf8");

/** So many machines leave a host of Windows Server 2012 at once or two at a time, with nothing but assumed constants. */
function makespan(count: number, memory: string, bandwidth: string, migrationsPerNode: number): string {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "published drain",
    environment: "hyper-v-2012r2-hosts",
    nodes: [
      { name: "a", memory: "256 GiB" },
      { name: "b", memory: "256 GiB" },
    ],
    networks: [{ name: "lan", bandwidth, carries: ["migration"] }],
    vms: [{ template: "vm", count, name: "vm{i}", node: "a", memory, workload: "idle" }],
    timeline: [{ at: 0, drain: { node: "a", profile: "hyper-v-2012r2", compression: false, migrationsPerNode } }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return `${simulate(parsed.value).drains?.[0]?.makespanSeconds?.toFixed(1)} s`;
}

const ROWS: Record<string, () => string> = {
  D38: () => makespan(1, "512 MiB", "1 Gbit/s", 20),
  D39: () => makespan(10, "512 MiB", "1 Gbit/s", 20),
  D40: () => makespan(20, "512 MiB", "1 Gbit/s", 20),
  D41: () => makespan(1, "512 MiB", "10 Gbit/s", 20),
  D42: () => makespan(10, "512 MiB", "10 Gbit/s", 20),
  D43: () => makespan(20, "512 MiB", "10 Gbit/s", 20),
  D44: () => makespan(18, "4.44 GB", "1 Gbit/s", 2),
  D45: () => makespan(18, "4.44 GB", "10 Gbit/s", 2),
};

it.each(Object.keys(ROWS))("row %s is what the simulator gives", (row) => {
  const cells = page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find(([, first]) => first === row);
  expect(cells?.[4]).toBe(ROWS[row]?.());
});

it("has no row that nothing holds", () => {
  const rows = [...page.matchAll(/^\| (D\d+) \|/gm)].map(([, row]) => row);
  expect(rows.sort()).toEqual(Object.keys(ROWS).sort());
});
