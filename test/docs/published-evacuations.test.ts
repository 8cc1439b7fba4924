/** docs/published.md, evacuations: the table's simulated figures are those that the simulator gives. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatSeconds, parseScenario, simulate } from "../../sim/index.ts";

const page = readFileSync(new URL("../../docs/published.md", import.meta.url), "utf8");

/** What nova and the script took for each machine beside its migration: fitted to the tunnelled rows, with their rate. */
const BESIDE_SECONDS = 10.8;
const MACHINES = 6;

/** Six machines leave a host one by one, all their memory in use. Answers the time in all and the worst client's outage. */
function evacuation(memory: string, maxBandwidth: string): string[] {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "published evacuation",
    environment: "qemu-kvm-hosts",
    nodes: [
      { name: "a", memory: "256 GiB" },
      { name: "b", memory: "256 GiB" },
    ],
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", carries: ["migration", "client"] }],
    vms: [
      {
        template: "vm",
        count: MACHINES,
        name: "vm{i}",
        node: "a",
        memory,
        workload: "web-server",
        clients: [{ name: "ping", interval: "500 ms" }],
      },
    ],
    timeline: [{ at: 1, drain: { node: "a", profile: "qemu-7.2", maxBandwidth, slots: { cluster: 1 } } }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { drains, migrations } = simulate(parsed.value);
  const seconds = (drains?.[0]?.makespanSeconds ?? Number.NaN) + MACHINES * BESIDE_SECONDS;
  const worst = migrations.reduce((most, { clientOutageSeconds }) => Math.max(most, clientOutageSeconds ?? 0), 0);
  return [`${(seconds / 60).toFixed(2)} min`, formatSeconds(worst)];
}

const TUNNELLED = "203 MB/s";
const NATIVE = "560 MB/s";
const ROWS: Record<string, () => string[]> = {
  O1: () => evacuation("4 GiB", TUNNELLED),
  O2: () => evacuation("8 GiB", TUNNELLED),
  O3: () => evacuation("16 GiB", TUNNELLED),
  O4: () => evacuation("4 GiB", NATIVE),
  O5: () => evacuation("8 GiB", NATIVE),
  O6: () => evacuation("16 GiB", NATIVE),
};

it.each(Object.keys(ROWS))("row %s is what the simulator gives", (row) => {
  const cells = page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find(([, first]) => first === row);
  expect([cells?.[4], cells?.[6]]).toEqual(ROWS[row]?.());
});

it("has no row that nothing holds", () => {
  const rows = [...page.matchAll(/^\| (O\d+) \|/gm)].map(([, row]) => row);
  expect(rows.sort()).toEqual(Object.keys(ROWS).sort());
});
