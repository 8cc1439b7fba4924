/** `--policy`: followed by every command that takes it, and told by its file where it is none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXAMPLES, precopy, temporaryFolder } from "../support/cli.ts";

const NEVER = `${EXAMPLES}qemu-never-converges.yaml`;
const DETECTOR = `${EXAMPLES}policies/stall-detector.js`;

describe("the example's stall detector", () => {
  it("stops a guest that would never have converged", () => {
    const done = precopy(["run", NEVER, "--policy", DETECTOR, "--json"]);
    expect(done.stderr).toBe("");
    expect(done.exitCode).toBe(0);
    const result = JSON.parse(done.stdout);
    expect(result.policy).toBe("stall-detector");
    expect(result.command).toContain(`--policy ${DETECTOR}`);
    expect(result.migrations[0]).toMatchObject({ outcome: "completed", endedBy: "stalled" });
    const throttles = result.migrations[0].rounds.map(({ throttle }: { throttle: number }) => throttle);
    expect([...new Set(throttles)]).toEqual([0, 0.4, 0.8]);
    expect(precopy(["run", NEVER]).exitCode).toBe(1);
  });

  it("is named in the summary and in the trace's header", () => {
    const cwd = temporaryFolder();
    const done = precopy(["run", NEVER, "--policy", DETECTOR, "--trace", "run.jsonl"], { cwd });
    expect(done.stdout).toContain("Pre-copy was decided by the policy stall-detector");
    const [header] = readFileSync(join(cwd, "run.jsonl"), "utf8").split("\n") as [string];
    expect(JSON.parse(header)).toMatchObject({ type: "header", policy: "stall-detector" });
  });

  it("leaves a guest alone that converges by itself", () => {
    const migrations = (args: string[]) =>
      JSON.parse(precopy(["run", `${EXAMPLES}idle-guest.yaml`, "--json", ...args]).stdout).migrations;
    expect(migrations(["--policy", DETECTOR])).toEqual(migrations([]));
  });

  it("is tried on measured runs and in plans too", () => {
    const validated = precopy(["validate", "test/measured", "--runs", "1", "--json", "--policy", DETECTOR]);
    expect(JSON.parse(validated.stdout).policy).toBe("stall-detector");
    const planned = precopy([
      "plan",
      NEVER,
      "--bandwidth",
      "128MiB/s",
      "--downtime-limit",
      "300ms",
      "--seeds",
      "2",
      "--json",
      "--policy",
      DETECTOR,
    ]);
    expect(JSON.parse(planned.stdout)).toMatchObject({ policy: "stall-detector", cells: [{ completedShare: 1 }] });
  });
});

describe("a policy that is none", () => {
  it.each([
    ["no-default.mjs", "export const rule = 1;", "it has no default export"],
    ["number.mjs", "export default 3;", "it is 3, not an object with name and begin"],
    ["no-begin.mjs", 'export default { name: "x" };', "its begin is missing"],
    ["syntax.mjs", "export default {,", "it is no JavaScript module"],
    ["throws.mjs", 'throw new Error("boo");', "it failed as it was loaded: boo"],
    ["import.mjs", 'import "not-there-at-all"; export default {};', "it imports what is not there"],
    ["in-begin.mjs", 'export default { name: "x", begin() { throw new Error("boo"); } };', "begin it failed: boo"],
    ["in-rule.mjs", 'export default { name: "x", begin: () => (view) => view.nothing.at };', "in round 1 it failed"],
    ["nonsense.mjs", 'export default { name: "x", begin: () => () => 7 };', "in round 1 it returned 7"],
    ["data.json", "{}", "it is data"],
  ])("%s: told with its file, exit code 2, no stack", (name, text, problem) => {
    const cwd = temporaryFolder({ [name]: text });
    const done = precopy(["run", NEVER, "--policy", name], { cwd });
    expect(done.exitCode).toBe(2);
    expect(done.stdout).toBe("");
    expect(done.stderr).toContain(`--policy ${name}: `);
    expect(done.stderr).toContain(problem);
    expect(done.stderr).not.toMatch(/\n\s+at /);
  });

  it("and no file is told so", () => {
    const done = precopy(["run", NEVER, "--policy", "nowhere.js"]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain("--policy nowhere.js: there is no such file. Check the path.");
    for (const command of [
      ["plan", NEVER],
      ["validate", "test/measured"],
    ]) {
      expect(precopy([...command, "--policy", "nowhere.js"])).toMatchObject({ exitCode: 2, stderr: done.stderr });
    }
  });
});
