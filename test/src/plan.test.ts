import { join } from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES, precopy } from "../support/cli.ts";
import { spoil } from "../support/scenario-text.ts";

const EDGE = join(EXAMPLES, "qemu-300ms-limit.yaml");
const HYPER_V = join(EXAMPLES, "dirties-faster-than-the-link.yaml");
const AXES = ["--bandwidth", "1Gbit/s,unlimited", "--downtime-limit", "100ms,300ms", "--seeds", "2"];

test("a plan has the fields that are documented", () => {
  const { exitCode, stdout } = precopy(["plan", EDGE, "--json", ...AXES]);
  expect(exitCode).toBe(0);
  const plan = JSON.parse(stdout);
  expect(plan).toMatchObject({
    schemaVersion: 1,
    seeds: 2,
    vm: "cache01",
    profile: "qemu-7.2",
    horizonSeconds: 300,
    bandwidth: { of: "rate-limit", name: "maxBandwidth", values: [125e6, 0], own: 125e6 },
    limit: { of: "downtime-limit", name: "downtimeLimit", unit: "seconds", values: [0.1, 0.3], own: 0.3 },
  });
  expect(plan.cells).toHaveLength(4);
  expect(plan.cells[0]).toEqual({
    bandwidthBytesPerSecond: 125e6,
    limit: 0.1,
    completedShare: 0,
    totalSeconds: null,
    downtimeSeconds: null,
  });
  // The scenario's own setting gives what run gives.
  const own = plan.cells[1];
  const runs = ["1", "2"].map(
    (seed) => JSON.parse(precopy(["run", EDGE, "--json", "--seed", seed]).stdout).migrations[0].totalSeconds,
  );
  expect(own.totalSeconds.median).toBeCloseTo((runs[0] + runs[1]) / 2, 9);
  expect(plan.warnings[0]).toContain("--seeds 20");
});

test("the table says never, and marks the scenario's own setting", () => {
  const { exitCode, stdout, stderr } = precopy(["plan", EDGE, ...AXES]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("A 95th percentile of 2 seeds");
  const [total, downtime] = stdout.split("Downtime");
  expect(total).toMatch(/^1\.00 Gbit\/s \* +never +28\.\d s \(28\.\d s\)$/m);
  expect(downtime).toMatch(/^ *no limit +\d/m);
  expect(stdout).toMatch(/100 ms +300 ms \*/);
});

test("CSV is one line a setting, empty where nothing completes", () => {
  const lines = precopy(["plan", EDGE, "--csv", ...AXES]).stdout.split("\r\n");
  expect(lines[0]).toBe(
    "maxBandwidthBytesPerSecond,downtimeLimitSeconds,seeds,completedShare,totalSecondsMedian,totalSecondsP95,downtimeSecondsMedian,downtimeSecondsP95",
  );
  expect(lines[1]).toBe("125000000,0.1,2,0,,,,");
  expect(lines).toHaveLength(6);
  expect(lines[5]).toBe("");
});

test("where nothing completes the exit code is 1; enough seeds need no warning", () => {
  const args = ["plan", EDGE, "--bandwidth", "32MiB/s", "--downtime-limit", "100ms", "--seeds", "20"];
  const { exitCode, stderr } = precopy(args);
  expect([exitCode, stderr]).toEqual([1, ""]);
});

test("a profile without these parameters has link and pass limit for axes", () => {
  const { exitCode, stdout } = precopy(["plan", HYPER_V, "--json", "--seeds", "1", "--pass-limit", "2,10"]);
  expect(exitCode).toBe(0);
  const { bandwidth, limit, cells } = JSON.parse(stdout);
  expect(bandwidth).toMatchObject({ of: "link", own: 125e6 });
  expect(limit).toMatchObject({ of: "pass-limit", values: [2, 10], own: 10 });
  // Twice the passes of a guest that rewrites all: longer, the downtime as long.
  const [two, ten] = cells.slice(-2);
  expect(ten.totalSeconds.median).toBeGreaterThan(two.totalSeconds.median);
  expect(ten.downtimeSeconds.median).toBeCloseTo(two.downtimeSeconds.median, 1);
});

test("the machine that is planned is named where several migrate", () => {
  const two = spoil(
    "timeline:",
    "  - {name: vm2, node: HV01, memory: 64 MiB}\ntimeline:\n  - {at: 2 s, migrate: {vm: vm2, to: HV02, profile: qemu-7.2}}",
  );
  const unnamed = precopy(["plan", "-"], { input: two });
  expect([unnamed.exitCode, unnamed.stderr]).toEqual([
    2,
    expect.stringMatching(/--vm which is planned: (vm1, vm2|vm2, vm1)/),
  ]);
  const named = precopy(["plan", "-", "--vm", "vm2", "--seeds", "1", "--json", "--bandwidth", "1Gbit/s"], {
    input: two,
  });
  expect(JSON.parse(named.stdout)).toMatchObject({ vm: "vm2", from: "HV01", to: "HV02" });
});

test("the machine's cancellations are left out, and that is said", () => {
  const cancel = (vm: string) => `timeline:\n  - {at: 3 s, cancel: {vm: ${vm}}}`;
  const table = (input: string) => {
    const args = ["plan", "-", "--vm", "vm1", "--seeds", "1", "--csv", "--bandwidth", "1Gbit/s"];
    const { exitCode, stdout, stderr } = precopy(args, { input });
    return { exitCode, stdout, stderr };
  };
  const asked = table(spoil("timeline:", "timeline:"));
  expect(asked.exitCode).toBe(0);
  const cancelled = table(spoil("timeline:", cancel("vm1")));
  expect([cancelled.exitCode, cancelled.stdout]).toEqual([0, asked.stdout]);
  expect(cancelled.stderr).toContain("A cancel entry of vm1 in the timeline is left out");
  expect(asked.stderr).not.toContain("cancel");
});

test.each([
  [["plan"], /missing required argument/],
  [["plan", EDGE, "--json", "--csv"], /--json.*cannot be used with.*--csv/],
  [["plan", EDGE, "--bandwidth", "64MiB/s,fast"], /--bandwidth: 'fast' is not/],
  [["plan", EDGE, "--downtime-limit", "1h"], /--downtime-limit: 3600 is out of range/],
  [["plan", EDGE, "--pass-limit", "5"], /profile qemu-7\.2 has no pass limit\. Give --downtime-limit/],
  [["plan", HYPER_V, "--downtime-limit", "1s"], /profile hyper-v-2008r2 has no downtime limit\. Give --pass-limit/],
  [["plan", HYPER_V, "--bandwidth", "unlimited"], /--bandwidth: 0 is out of range/],
])("%j is exit code 2", (args, message) => {
  const { exitCode, stdout, stderr } = precopy(args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
