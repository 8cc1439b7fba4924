/**
 * KubeVirt's downtime ramp as its developers measured it (VEP 291), against the simulator. PRECOPY_UPDATE_GOLDEN=1 writes the
 * table of docs/published.md anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Overrides } from "../../sim/scenario/scenario.ts";
import { PreparedScenario } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/published.md", import.meta.url));
const SEEDS = 9;
const RAMP: Overrides = { downtimeTuning: true, maxDowntimeSeconds: 1.05 };

function median(results: readonly MigrationResult[], pick: (result: MigrationResult) => number): number {
  return results.map(pick).sort((left, right) => left - right)[(SEEDS - 1) / 2] as number;
}

/** A guest on a network of 1 Gbit/s, as in all their tests. */
function runs(memoryBytes: number, usedBytes: number, pages: number, rate: number, overrides: Overrides) {
  const scenario = smallWorld({
    vms: [{ name: "vm", memoryBytes, usedBytes, classes: [writes(0, pages, rate)] }],
    timeline: [{ ...migrate("vm", 0, "qemu-7.2"), manager: { name: "kubevirt", overrides } }],
    networkBytesPerSecond: 1.25e8,
    environment: { preset: "qemu-kvm-hosts" },
    horizonSeconds: 3600,
  });
  const prepared = new PreparedScenario(scenario);
  return Array.from(
    { length: SEEDS },
    (_, seed) => prepared.run({ seed: String(seed + 1) }).migrations[0] as MigrationResult,
  );
}

const firstPass = ({ rounds }: MigrationResult) => rounds[0]?.durationSeconds ?? Number.NaN;
const total = ({ totalSeconds }: MigrationResult) => totalSeconds ?? Number.NaN;
const downtime = ({ reportedDowntimeSeconds }: MigrationResult) => reportedDowntimeSeconds ?? Number.NaN;

/** All in use, 2000 pages written a second: an operating system that has nothing to do. */
const idle = (overrides: Overrides) => runs(4 * GIB, 4 * GIB, 20_000, 2000, overrides);
/** Its first pass as long as theirs, its rest settling at 530 ms worth of pages. */
const worker = (overrides: Overrides) => runs(8 * GIB, 7.9e9, 34_000, 50_000, overrides);

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const ms = (seconds: number) => `${Math.round(seconds * 1000)} ms`;
const s = (seconds: number) => `${seconds.toFixed(1)} s`;

describe("KubeVirt's downtime ramp", () => {
  const [plain, ramp, loaded, stuck] = [idle({}), idle(RAMP), worker(RAMP), worker({})];

  test("an idle guest stands still for about its first limit", () => {
    expect(median(plain, downtime) / 0.244).toBeGreaterThan(0.8);
    expect(median(plain, downtime) / 0.244).toBeLessThan(1.25);
    expect(median(ramp, downtime) / 0.129).toBeGreaterThan(0.8);
    expect(median(ramp, downtime) / 0.129).toBeLessThan(1.25);
  });

  test("a busy one passes as fast as theirs, and not at all without", () => {
    expect(loaded.every(({ outcome }) => outcome === "completed")).toBe(true);
    expect(stuck.every(({ endedBy }) => endedBy === "kubevirt-completion-timeout")).toBe(true);
    const afterFirstPass = median(loaded, (result) => total(result) - firstPass(result));
    expect(afterFirstPass).toBeGreaterThan(19);
    expect(afterFirstPass).toBeLessThan(30);
  });

  test("the table of docs/published.md is the one of this version", () => {
    const rows = [
      row(["idle guest, QEMU's 300 ms: downtime", "244 ms", ms(median(plain, downtime))]),
      row(["idle guest, ramp from 150 ms: downtime", "129 ms", ms(median(ramp, downtime))]),
      row(["worker node, ramp: first pass", "67.5 s", s(median(loaded, firstPass))]),
      row([
        "worker node, ramp: from there to the end",
        "24.7 s (19 to 30)",
        s(median(loaded, (each) => total(each) - firstPass(each))),
      ]),
      row(["worker node, ramp: total time", "92.2 s (at most 98)", s(median(loaded, total))]),
      row(["worker node, ramp: downtime", "611 ms", ms(median(loaded, downtime))]),
      row([
        "worker node, ramp: bytes",
        "10.2 GB",
        `${(median(loaded, (each) => each.transferredBytes) / 1e9).toFixed(1)} GB`,
      ]),
      row(["worker node, ramp: iterations", "28", String(median(loaded, (each) => each.bitmapSyncs ?? 0))]),
      row(["worker node, no ramp", "112 s (at most 161)", `cancelled after ${Math.round(median(stuck, total))} s`]),
    ];
    const table = ["| VEP 291, 1 Gbit/s | published | simulated |", "| --- | --- | --- |", ...rows].join("\n");
    const text = readFileSync(DOCUMENT, "utf8");
    const current = text.replace(
      /(<!-- kubevirt:begin -->\n)[\s\S]*(<!-- kubevirt:end -->)/,
      (_, begin, end) => `${begin}${table}\n${end}`,
    );
    if (process.env.PRECOPY_UPDATE_GOLDEN === "1") writeFileSync(DOCUMENT, current);
    expect(readFileSync(DOCUMENT, "utf8")).toBe(current);
  });
});
