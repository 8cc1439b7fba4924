import { join } from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES, precopy, temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO, spoil } from "../support/scenario-text.ts";

const NEVER = join(EXAMPLES, "qemu-never-converges.yaml");
const IDLE = join(EXAMPLES, "idle-guest.yaml");
const FEW = ["--seeds", "2"];

test("an explanation has the fields that are documented", () => {
  const { exitCode, stdout, stderr } = precopy(["explain", NEVER, "--json", ...FEW]);
  expect([exitCode, stderr]).toEqual([1, ""]);
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual(
    expect.arrayContaining(["schemaVersion", "engineVersion", "scenario", "seed", "seeds", "objectives", "migrations"]),
  );
  const [migration] = answer.migrations;
  expect(migration).toMatchObject({
    vm: "db01",
    verdict: "never",
    verdicts: { converges: 0, forced: 0, aborted: 0, never: 2 },
    endedBy: null,
    meetsObjectives: null,
    goal: { mustConverge: false, downtimeSeconds: null, elapsedSeconds: null },
  });
  expect(migration.causes[0]).toMatchObject({ of: "outcome", cause: "rate-limit", without: { verdict: "converges" } });
  expect(migration.lifted.find(({ constraint }: { constraint: string }) => constraint === "link").changes).toEqual([]);
  const cure = migration.cures.find(({ change }: { change: string }) => change === "maxBandwidth");
  expect(cure).toMatchObject({ from: "128 MiB/s", seeds: 2, totalSeconds: { median: expect.any(Number) } });
  // The command as given would do it: the setting is one that the program takes.
  const [{ path, value }] = cure.settings;
  expect(precopy(["run", NEVER, "--set", `${path}=${value}`]).exitCode).toBe(0);
});

test("the text says verdict, cause, arithmetic and cures, in 80 columns", () => {
  const { exitCode, stdout } = precopy(["explain", NEVER, ...FEW]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^db01 from kvm1 to kvm2 \(qemu-7\.2\): never/);
  expect(stdout).toContain("Cause: the rate limit. The guest writes 313 MiB/s");
  expect(stdout).toMatch(/^maxBandwidth +128 MiB\/s +\d+ MiB\/s /m);
  expect(stdout).toContain("Not enough: ");
  // The command may be as long as its paths are.
  const told = stdout.slice(0, stdout.indexOf("Run it again"));
  expect(Math.max(...told.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("the same command gives the same bytes, and the seed counts", () => {
  const once = precopy(["explain", IDLE, "--json", ...FEW, "--seed", "blue"]);
  expect(once.exitCode).toBe(0);
  expect(precopy(["explain", IDLE, "--json", ...FEW, "--seed", "blue"]).stdout).toBe(once.stdout);
  expect(JSON.parse(once.stdout)).toMatchObject({ seed: "blue", command: expect.stringContaining("--seed blue") });
});

test("an objective that is missed is exit code 1, and has cures", () => {
  const met = precopy(["explain", IDLE, ...FEW, "--total", "10s"]);
  expect([met.exitCode, met.stdout]).toEqual([0, expect.stringContaining("met the objectives")]);
  const missed = precopy(["explain", IDLE, ...FEW, "--total", "3.3s", "--json"]);
  expect(missed.exitCode).toBe(1);
  const [{ meetsObjectives, cures }] = JSON.parse(missed.stdout).migrations;
  expect(meetsObjectives).toBe(false);
  const link = cures.find(({ change }: { change: string }) => change === "link");
  expect(link.totalSeconds.greatest).toBeLessThanOrEqual(3.3);
});

test("a result goes to a file whole", () => {
  const folder = temporaryFolder();
  const { exitCode, stdout, stderr } = precopy(["explain", IDLE, ...FEW, "-o", "why.txt"], { cwd: folder });
  expect([exitCode, stdout, stderr]).toEqual([0, "", "precopy: wrote why.txt\n"]);
});

test("one machine of several, and a timeline without migrations", () => {
  const two = spoil(
    "timeline:",
    "  - {name: vm2, node: HV01, memory: 64 MiB}\ntimeline:\n  - {at: 2 s, migrate: {vm: vm2, to: HV02, profile: qemu-7.2}}",
  );
  const both = precopy(["explain", "-", "--json", ...FEW], { input: two });
  expect(JSON.parse(both.stdout).migrations.map(({ vm }: { vm: string }) => vm)).toEqual(["vm1", "vm2"]);
  const one = precopy(["explain", "-", "--json", ...FEW, "--vm", "vm2"], { input: two });
  expect(JSON.parse(one.stdout).migrations.map(({ vm }: { vm: string }) => vm)).toEqual(["vm2"]);
  const none = precopy(["explain", "-"], { input: SMALL_SCENARIO.replace(/timeline:[\s\S]*/, "timeline: []\n") });
  expect([none.exitCode, none.stdout]).toEqual([0, expect.stringContaining("Nothing to explain")]);
});

test.each([
  [["explain"], /missing required argument/],
  [["explain", "nowhere.yaml"], /nowhere\.yaml: there is no such file/],
  [["explain", NEVER, "--vm", "db02"], /--vm db02: .* Migrated are: db01/],
  [["explain", NEVER, "--downtime", "soon"], /--downtime: 'soon' is not a duration; write for example 30 ms/],
  [["explain", NEVER, "--seeds", "0"], /whole number from 1/],
  [["explain", NEVER, "--set", "vms.db01.memory=nothing"], /vms\[0\]\.memory/],
])("%j is exit code 2", (args, message) => {
  const { exitCode, stdout, stderr } = precopy(args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
