import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXAMPLES, precopy, temporaryFolder } from "../support/cli.ts";

const R2_EXAMPLE = join(EXAMPLES, "hyper-v-2008r2-web-server.yaml");

it("is text, or JSON Lines by its name, with the same entries", () => {
  const cwd = temporaryFolder();
  for (const name of ["log.txt", "log.jsonl"]) {
    const { exitCode, stderr } = precopy(["run", R2_EXAMPLE, "--json", "--event-log", name], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `precopy: wrote ${name}\n` });
  }
  const text = readFileSync(join(cwd, "log.txt"), "utf8").trimEnd().split("\n");
  const entries = readFileSync(join(cwd, "log.jsonl"), "utf8").trimEnd().split("\n");
  expect(text).toHaveLength(6);
  for (const [index, line] of entries.entries()) {
    const entry = JSON.parse(line);
    expect(Object.keys(entry)).toEqual(["t", "node", "source", "id", "level", "vm", "text"]);
    expect(text[index]).toContain(`  ${entry.source}  ${entry.id}  ${entry.level}  ${entry.text}`);
  }
});

it("is not written where the scenario is refused, and not over another output", () => {
  const cwd = temporaryFolder({ "bad.yaml": "schemaVersion: 1\n" });
  expect(precopy(["run", "bad.yaml", "--event-log", "log.txt"], { cwd }).exitCode).toBe(2);
  expect(existsSync(join(cwd, "log.txt"))).toBe(false);
  const { exitCode, stderr } = precopy(["run", R2_EXAMPLE, "--event-log", "a.txt", "-o", "a.txt"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("two outputs have this name");
});
