import { describe, expect, it } from "vitest";
import { precopy } from "../support/cli.ts";

describe("help", () => {
  it.each([
    [[]],
    [["run"]],
    [["config"]],
    [["config", "show"]],
    [["validate"]],
    [["schema"]],
    [["profiles"]],
    [["explain"]],
    [["plan"]],
    [["sweep"]],
    [["merge"]],
    [["worker"]],
  ])("of precopy %s", async (command) => {
    const { exitCode, stdout, stderr } = precopy([...command, "--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.startsWith("Examples:\n")).toBe(true);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    await expect(stdout).toMatchFileSnapshot(`./snapshots/help-${["precopy", ...command].join("-")}.txt`);
  });

  it("is on standard error where no command is given", () => {
    const { exitCode, stdout, stderr } = precopy([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe(precopy(["--help"]).stdout);
  });

  it("suggests what a slip may have meant", () => {
    expect(precopy(["run", "x.yaml", "--jsn"]).stderr).toBe(
      "precopy: unknown option '--jsn' (Did you mean --json?)\nSee precopy run --help.\n",
    );
    expect(precopy(["shema"]).stderr).toBe(
      "precopy: unknown command 'shema' (Did you mean schema?)\nSee precopy --help.\n",
    );
  });
});

it("prints the version", () => {
  expect(precopy(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
