import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI, EXAMPLES, precopy, shell, temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO, spoil } from "../support/scenario-text.ts";

const R2_EXAMPLE = join(EXAMPLES, "hyper-v-2008r2-web-server.yaml");
const ESCAPE = "\u001b[";

describe("results on standard output, the rest on standard error", () => {
  it("leaves JSON alone on standard output", () => {
    const folder = temporaryFolder();
    const { stdout } = shell(`precopy run "${R2_EXAMPLE}" --json --trace a.jsonl 2> /dev/null`, { cwd: folder });
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        "schemaVersion",
        "engineVersion",
        "scenario",
        "seed",
        "migrations",
        "assumptions",
        "command",
      ]),
    );
  });

  it("says on standard error what it wrote, unless quiet", () => {
    const folder = temporaryFolder();
    const args = ["run", R2_EXAMPLE, "--json", "--trace", "a.jsonl", "-o", "result.json"];
    expect(precopy(args, { cwd: folder })).toMatchObject({
      stdout: "",
      stderr: "precopy: wrote a.jsonl\nprecopy: wrote result.json\n",
    });
    expect(precopy([...args, "--quiet"], { cwd: folder })).toMatchObject({ stdout: "", stderr: "" });
    expect(JSON.parse(readFileSync(join(folder, "result.json"), "utf8")).migrations).toHaveLength(1);
  });

  it("is quiet when the reader of a pipe has seen enough", () => {
    const { stdout, stderr } = shell(`precopy schema | head -c 1`);
    expect({ stdout, stderr }).toEqual({ stdout: "{", stderr: "" });
  });

  it("reads standard input", () => {
    const { exitCode, stdout } = precopy(["run", "-", "--json"], { input: SMALL_SCENARIO });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).scenario.name).toBe("a small guest moves");
  });

  it("reads JSON as well as YAML, to the same scenario", () => {
    const shown = precopy(["config", "show", R2_EXAMPLE, "--json"]).stdout;
    const { sha256 } = JSON.parse(precopy(["run", "-", "--json"], { input: shown }).stdout).scenario;
    expect(sha256).toBe(JSON.parse(precopy(["run", R2_EXAMPLE, "--json"]).stdout).scenario.sha256);
  });
});

describe("the same command gives the same bytes", () => {
  it("in every output", () => {
    const outputs = [1, 2].map(() => {
      const folder = temporaryFolder();
      const args = ["--trace", "a.jsonl", "--trace", "a.chrome.json", "--html", "a.html", "-o", "a.json", "--json"];
      expect(precopy(["run", R2_EXAMPLE, ...args], { cwd: folder }).exitCode).toBe(0);
      return readdirSync(folder).map((name) => {
        return [
          name,
          createHash("sha256")
            .update(readFileSync(join(folder, name)))
            .digest("hex"),
        ];
      });
    });
    expect(outputs[0]).toHaveLength(4);
    expect(outputs[0]).toEqual(outputs[1]);
  });

  it("when it is run again by its own account", () => {
    const folder = temporaryFolder({ "it's mine.yaml": SMALL_SCENARIO });
    const first = precopy(["run", "it's mine.yaml", "--seed", "a b", "--set", "vms.vm1.used=70 %", "--json"], {
      cwd: folder,
    });
    const { command, seed } = JSON.parse(first.stdout);
    expect(seed).toBe("a b");
    expect(shell(`${command} --json`, { cwd: folder }).stdout).toBe(first.stdout);
  });
});

describe("flags go before the environment, this before the file", () => {
  const seedOf = (args: string[], env: Record<string, string> = {}) =>
    JSON.parse(precopy(["run", "-", "--json", ...args], { input: spoil("seed: 1", "seed: 11"), env }).stdout).seed;

  it("seed", () => {
    expect(seedOf([])).toBe("11");
    expect(seedOf([], { PRECOPY_SEED: "22" })).toBe("22");
    expect(seedOf(["--seed", "33"], { PRECOPY_SEED: "22" })).toBe("33");
  });

  it("config show prints what comes of it", () => {
    const { stdout } = precopy(["config", "show", "-", "--json", "--set", "vms.vm1.memory=2GiB"], {
      input: SMALL_SCENARIO,
      env: { PRECOPY_SEED: "22" },
    });
    const shown = JSON.parse(stdout);
    expect({ seed: shown.seed, memory: shown.vms[0].memory }).toEqual({ seed: "22", memory: 2 ** 31 });
  });
});

describe("colour", () => {
  it.each([
    [false, {}],
    [true, { FORCE_COLOR: "1" }],
    [false, { FORCE_COLOR: "0" }],
    [false, { NO_COLOR: "1" }],
    [false, { TERM: "dumb" }],
    [false, { TERM: "xterm-256color" }],
  ])("is %s off a terminal with %o", (coloured, env: Record<string, string>) => {
    expect(precopy(["run", R2_EXAMPLE], { env }).stdout.includes(ESCAPE)).toBe(coloured);
    expect(precopy(["--help"], { env }).stdout.includes(ESCAPE)).toBe(coloured);
  });

  it("stays out of JSON and out of files", () => {
    const folder = temporaryFolder();
    const env = { FORCE_COLOR: "1" };
    expect(precopy(["run", R2_EXAMPLE, "--json"], { env }).stdout).not.toContain(ESCAPE);
    precopy(["run", R2_EXAMPLE, "-o", "summary.txt"], { env, cwd: folder });
    expect(readFileSync(join(folder, "summary.txt"), "utf8")).not.toContain(ESCAPE);
  });

  const hasTerminal = shell("script -qec true /dev/null").exitCode === 0;
  it.runIf(hasTerminal).each([
    [true, "TERM=xterm"],
    [false, "TERM=dumb"],
    [false, "TERM=xterm NO_COLOR=1"],
  ])("is %s on a terminal with %s", (coloured, env) => {
    const command = `env ${env} '${process.execPath}' '${CLI}' run '${R2_EXAMPLE}'`;
    expect(shell(`script -qec "${command}" /dev/null`).stdout.includes(ESCAPE)).toBe(coloured);
  });

  it("changes nothing but colour", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours start with the escape character.
    const bare = precopy(["run", R2_EXAMPLE], { env: { FORCE_COLOR: "1" } }).stdout.replace(/\u001b\[\d+m/g, "");
    expect(bare).toBe(precopy(["run", R2_EXAMPLE]).stdout);
  });
});

describe("files", () => {
  it("replaces what a link leads to, not the link, and keeps its permissions", () => {
    const folder = temporaryFolder({ "real.jsonl": "old" });
    symlinkSync("real.jsonl", join(folder, "link.jsonl"));
    shell("chmod 600 real.jsonl", { cwd: folder });
    precopy(["run", R2_EXAMPLE, "--trace", "link.jsonl"], { cwd: folder });
    expect(readdirSync(folder).sort()).toEqual(["link.jsonl", "real.jsonl"]);
    expect(readFileSync(join(folder, "real.jsonl"), "utf8")).toMatch(
      /^\{"type":"header",.*\n\{"type":"end".*\n$|^\{"type":"header"[\s\S]*\n\{"type":"end".*\n$/,
    );
    expect(statSync(join(folder, "real.jsonl")).mode & 0o777).toBe(0o600);
  });

  it.runIf(existsSync("/dev/stdout"))("writes to devices as they are", () => {
    const { stdout } = shell(`precopy schema -o /dev/stdout --quiet | cat`);
    expect(JSON.parse(stdout).$schema).toContain("json-schema.org");
  });

  it("gives a page that holds the trace, whatever its names are", () => {
    const folder = temporaryFolder({
      "hostile.yaml": spoil("name: a small guest moves", "name: '</script><script>alert(1)</script><!--'"),
    });
    precopy(["run", "hostile.yaml", "--html", "report.html", "--trace", "run.jsonl"], { cwd: folder });
    const page = readFileSync(join(folder, "report.html"), "utf8");
    const embedded = /<script type="application\/json" id="precopy-trace">([^<]*)<\/script>/.exec(page)?.[1] ?? "";
    expect(embedded.replaceAll("\\u003c", "<")).toBe(readFileSync(join(folder, "run.jsonl"), "utf8"));
    expect(page).not.toContain("alert(1)</script>");
  });
});
