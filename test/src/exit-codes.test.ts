import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXAMPLES, precopy, shell, startPrecopy, temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO } from "../support/scenario-text.ts";

const COMPLETES = join(EXAMPLES, "hyper-v-2008r2-web-server.yaml");
const NEVER_CONVERGES = join(EXAMPLES, "qemu-never-converges.yaml");

describe("exit codes", () => {
  it("is 0 where every migration completes", () => {
    const { exitCode, stderr } = precopy(["run", COMPLETES]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("is 1 where one does not, and the result is printed all the same", () => {
    const { exitCode, stdout } = precopy(["run", NEVER_CONVERGES, "--json"]);
    const [{ outcome }] = JSON.parse(stdout).migrations;
    expect({ exitCode, outcome }).toEqual({ exitCode: 1, outcome: "not-converged" });
  });

  it.each([
    ["no command", []],
    ["an unknown command", ["rum"]],
    ["an unknown flag", ["run", COMPLETES, "--sed", "1"]],
    ["an abbreviated flag", ["run", COMPLETES, "--js"]],
    ["a flag without its value", ["run", COMPLETES, "--seed"]],
    ["an empty seed", ["run", COMPLETES, "--seed", ""]],
    ["a setting without a value", ["run", COMPLETES, "--set", "seed"]],
    ["no scenario", ["run"]],
    ["two scenarios", ["run", COMPLETES, COMPLETES]],
    ["a trace of unknown form", ["run", COMPLETES, "--trace", "run.txt"]],
    ["two outputs of one name", ["run", COMPLETES, "--trace", "a.jsonl", "--trace", "./a.jsonl"]],
    ["the scenario as output", ["run", COMPLETES, "-o", COMPLETES]],
  ])("is 2 for %s", (_case, args) => {
    const { exitCode, stdout, stderr } = precopy(args, { cwd: temporaryFolder() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toBe("");
  });

  it.runIf(existsSync("/dev/full"))("is 3 where standard output is on a full disk", () => {
    const { exitCode, stderr } = shell(`precopy run "${COMPLETES}" > /dev/full`);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      "precopy: cannot write to standard output: the disk is full. Free some space, or write to another disk.\n",
    );
  });

  it("is 3 where a trace grows larger than the system allows, and nothing is left of it", () => {
    const folder = temporaryFolder();
    const args = `--trace small.chrome.json --trace run.jsonl --html report.html`;
    // Two blocks of 512 bytes hold no trace.
    const { exitCode, stdout, stderr } = shell(`ulimit -f 2; precopy run "${COMPLETES}" ${args}`, { cwd: folder });
    expect({ exitCode, stdout, files: readdirSync(folder) }).toEqual({ exitCode: 3, stdout: "", files: [] });
    expect(stderr).toMatch(/^precopy: cannot write \S+: the file would be larger than the system allows\. Raise /);
  });

  it("is 3 where the folder of a trace is missing", () => {
    const folder = temporaryFolder();
    const { exitCode, stdout, stderr } = precopy(["run", COMPLETES, "--trace", "no/run.jsonl"], { cwd: folder });
    expect({ exitCode, stdout, files: readdirSync(folder) }).toEqual({ exitCode: 3, stdout: "", files: [] });
    expect(stderr).toBe(
      "precopy: cannot write no/run.jsonl: there is no folder no. Make it, or name another place. Nothing was written there.\n",
    );
  });

  it("is 3 where a page is to be written over a folder", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "report.html"));
    const { exitCode, stderr } = precopy(["run", COMPLETES, "--html", "report.html"], { cwd: folder });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("cannot write report.html: it is a folder.");
  });

  it("is 3 for an internal error, with a stack for those who ask", () => {
    const plantedFault = `data:text/javascript,${encodeURIComponent('JSON.stringify = () => { throw new TypeError("planted"); };')}`;
    const env = { NODE_OPTIONS: `--import=${plantedFault}` };
    expect(precopy(["schema"], { env })).toEqual({
      exitCode: 3,
      stdout: "",
      stderr:
        "precopy: internal error: planted\nThis is a bug in precopy, not in your input. --debug shows where it arose.\n",
    });
    const { exitCode, stderr } = precopy(["schema", "--debug"], { env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/not in your input\.\nTypeError: planted\n {4}at [\s\S]*\.js:\d+/);
  });

  it("is 130 after Ctrl-C, and nothing is written", async () => {
    const folder = temporaryFolder();
    const started = startPrecopy(["run", "-", "--trace", "run.jsonl"], { cwd: folder });
    let stderr = "";
    started.stderr?.on("data", (text) => {
      stderr += text;
    });
    // Half a scenario, and no end of it: the program waits for the rest.
    started.stdin?.write(SMALL_SCENARIO.slice(0, 100));
    const ended = new Promise((resolve) => started.once("exit", (code, signal) => resolve({ code, signal })));
    const impatience = setInterval(() => started.kill("SIGINT"), 1000);
    const end = await ended;
    clearInterval(impatience);
    expect(end).toEqual({ code: 130, signal: null });
    expect(stderr).toBe("precopy: stopped; no file was written.\n");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is 130 after Ctrl-C in a thread that waits for the reader of a pipe, and no temporary file stays", async () => {
    const folder = temporaryFolder({ "small.yaml": SMALL_SCENARIO });
    shell("mkfifo pipe.jsonl", { cwd: folder });
    const started = startPrecopy(["run", "small.yaml", "--trace", "run.jsonl", "--trace", "pipe.jsonl"], {
      cwd: folder,
    });
    const ended = new Promise((resolve) => started.once("exit", (code, signal) => resolve({ code, signal })));
    const isWriting = () => readdirSync(folder).some((name) => name.startsWith(".precopy-"));
    while (!isWriting()) await new Promise((resolve) => setTimeout(resolve, 20));
    started.kill("SIGINT");
    // The thread cannot be stopped, so the signal itself ends the process; a shell reports that as 130 too.
    expect([
      { code: 130, signal: null },
      { code: null, signal: "SIGINT" },
    ]).toContainEqual(await ended);
    expect(readdirSync(folder).sort()).toEqual(["pipe.jsonl", "small.yaml"]);
  });
});

it("keeps the file that is there when the new one cannot be written whole", () => {
  const folder = temporaryFolder({ "run.jsonl": "the old trace\n" });
  const { exitCode } = shell(`ulimit -f 2; precopy run "${COMPLETES}" --trace run.jsonl`, { cwd: folder });
  expect(exitCode).toBe(3);
  expect(readFileSync(join(folder, "run.jsonl"), "utf8")).toBe("the old trace\n");
  expect(readdirSync(folder)).toEqual(["run.jsonl"]);
});
