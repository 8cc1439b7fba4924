import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { wrap } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { within } from "../../src/runners/briefly.ts";
import { CLI, EXAMPLES, precopy, shell, temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO } from "../support/scenario-text.ts";

const FILES = join(dirname(CLI), "files");
const BYTECODE = join(FILES, "bytecode", `node-${process.version}-${process.platform}-${process.arch}`);

describe("the bytecode that the build has made", () => {
  it("is what this Node can use, of every file that a small run loads", () => {
    const names = readdirSync(BYTECODE);
    expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^sim-.*\.js\.bin$/), "precopy.js.bin"]));
    const rejected = names.filter((name) => {
      const source = wrap(readFileSync(join(FILES, name.replace(/\.bin$/, "")), "utf8"));
      return new Script(source, { cachedData: readFileSync(join(BYTECODE, name)) }).cachedDataRejected;
    });
    expect(rejected).toEqual([]);
  });

  it.each([
    ["missing", (folder: string) => rmSync(folder, { recursive: true })],
    ["cut off", (folder: string) => forEachFile(folder, (path) => truncateSync(path, 1000))],
    ["partly missing", (folder: string) => forEachFile(folder, (path) => path.includes("sim-") && rmSync(path))],
  ])("changes nothing where it is %s", (_case, spoil) => {
    const folder = copyOfProgram();
    spoil(join(folder, "dist", "cli", "files", "bytecode"));
    const command = `run "${join(EXAMPLES, "idle-guest.yaml")}" --json`;
    const { exitCode, stdout, stderr } = shell(`"${process.execPath}" dist/cli/precopy.js ${command}`, { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(shell(`precopy ${command}`).stdout);
  });
});

describe("work that must be over at once", () => {
  it("gives what it comes to", () => {
    expect(within(10_000, () => 12)).toBe(12);
  });

  it("fails with its own error", () => {
    const fault = new TypeError("mine");
    const fail = () => {
      throw fault;
    };
    expect(() => within(10_000, fail)).toThrow(fault);
  });

  it("is ended where it takes longer, whatever it does", () => {
    let turns = 0;
    const endless = () => {
      for (;;) turns += 1;
    };
    expect(within(5, endless)).toBeNull();
    expect(turns).toBeGreaterThan(0);
    expect(within(10_000, () => "again")).toBe("again");
  });

  it("comes to the same in the program's own thread and in another", () => {
    const folder = temporaryFolder({ "small.yaml": SMALL_SCENARIO });
    const direct = precopy(["run", "small.yaml", "--json"], { cwd: folder });
    // A run that writes a file is done in a thread from the beginning.
    const beside = precopy(["run", "small.yaml", "--json", "-o", "result.json"], { cwd: folder });
    expect([direct.exitCode, beside.exitCode]).toEqual([0, 0]);
    expect(direct.stdout).toBe(readFileSync(join(folder, "result.json"), "utf8"));
  });
});

/** What a small run needs of an installed package. */
function copyOfProgram(): string {
  const folder = temporaryFolder();
  const root = join(dirname(CLI), "..", "..");
  for (const path of ["dist/cli", "schema", "package.json"]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  return folder;
}

function forEachFile(folder: string, change: (path: string) => unknown): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".bin")) change(join(folder, name));
  }
}
