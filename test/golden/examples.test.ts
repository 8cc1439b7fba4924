/** Every example, run: its summary, its result and its trace are those of the files beside this one. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EXAMPLES, precopy, temporaryFolder } from "../support/cli.ts";

const GOLDEN = fileURLToPath(new URL(".", import.meta.url));
const REWRITE = process.env.PRECOPY_UPDATE_GOLDEN === "1";
const ROOT = join(EXAMPLES, "..");
const GREATEST_RESULT_BYTES = 1_000_000;
const examples = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""));

describe.each(examples)("%s; after a wanted change set PRECOPY_UPDATE_GOLDEN=1 and look at the differences", (name) => {
  it("gives the summary, the result and the trace that it gave", () => {
    const trace = join(temporaryFolder(), "trace.jsonl");
    const path = `examples/${name}.yaml`;
    const json = precopy(["run", path, "--json", "--quiet", "--trace", trace], { cwd: ROOT });
    const text = precopy(["run", path], { cwd: ROOT });
    expect(json.stderr + text.stderr).toBe("");
    expect(json.exitCode).toBe(text.exitCode);
    expect(json.exitCode).toBeLessThan(2);
    const lines = readFileSync(trace, "utf8").split("\n");
    const facts = {
      exitCode: json.exitCode,
      traceLines: lines.length - 1,
      traceSha256: createHash("sha256").update(lines.join("\n")).digest("hex"),
    };
    compare(`${name}.summary.txt`, text.stdout);
    compare(`${name}.result.golden.json`, digested(json.stdout));
    compare(`${name}.trace.golden.json`, `${JSON.stringify(facts, null, 2)}\n`);
  });
});

it("has no file of an example that is gone", () => {
  const left = readdirSync(GOLDEN).filter((file) => /\.(txt|json)$/.test(file));
  expect(left.filter((file) => !examples.includes(file.replace(/\.(summary|result|trace)\..*$/, "")))).toEqual([]);
});

/** A result that would fill the repository is held to its digest alone. */
function digested(json: string): string {
  if (json.length <= GREATEST_RESULT_BYTES) return json;
  const sha256 = createHash("sha256").update(json).digest("hex");
  return `${JSON.stringify({ bytes: json.length, sha256 }, null, 2)}\n`;
}

function compare(file: string, content: string): void {
  const path = join(GOLDEN, file);
  if (REWRITE) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(path, content);
  }
  expect(existsSync(path), `${file} is missing`).toBe(true);
  expect(content).toBe(readFileSync(path, "utf8"));
}
