import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { registeredModels } from "../../sim/scenario/models.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { formatPath } from "../../sim/scenario/problem.ts";
import { workloads } from "../../sim/scenario/workloads.ts";

const page = readFileSync(new URL("../../docs/scenario.md", import.meta.url), "utf8");

/** Fenced blocks by what follows the fence. */
function blocks(kind: string): string[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === kind)
    .map(([, , text]) => text);
}

/** Keys of the file form, those that are parameters of models left out. */
function keysOf(schema: Record<string, unknown>, found = new Set<string>()): Set<string> {
  for (const branch of (schema.anyOf ?? []) as Record<string, unknown>[]) keysOf(branch, found);
  if (schema.items !== undefined) keysOf(schema.items as Record<string, unknown>, found);
  for (const [key, part] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)) {
    found.add(key);
    keysOf(part, found);
  }
  return found;
}

describe("the page on scenarios", () => {
  it("tells of every key", () => {
    const keys = keysOf(scenarioJsonSchema({ profiles: [], environments: [] }));
    expect(keys.size).toBeGreaterThan(50);
    expect(
      [...keys].filter(
        (key) => !page.includes(`\`${key}\``) && !page.includes(`\`{${key}`) && !page.includes(`{name, ${key}`),
      ),
    ).toEqual([]);
  });

  it("tells of every preset, profile and environment, and of how sure the presets are", () => {
    for (const { name } of [...registeredModels.profiles, ...registeredModels.environments])
      expect(page).toContain(`\`${name}\``);
    for (const { name, provenance } of workloads)
      expect(page).toMatch(new RegExp(`\\| \`${name}\` \\|[^|]*\\| ${provenance}`));
  });

  it("shows a scenario that loads, and parts that are accepted", () => {
    const [whole] = blocks("yaml");
    expect(parseScenario(parse(whole))).toMatchObject({ ok: true });
    for (const part of blocks("yaml fragment")) {
      const document = { ...parse(whole), ...parse(part) };
      const parsed = parseScenario(document);
      // Names that the part refers to may be missing; its keys and quantities may not be wrong.
      const faults = parsed.ok ? [] : parsed.problems.filter(({ problem }) => !problem.startsWith("there is no"));
      expect(faults).toEqual([]);
    }
  });

  it("shows the problems of a faulty file as they are told", () => {
    const parsed = parseScenario(parse(blocks("yaml faulty")[0]));
    if (parsed.ok) throw new Error("it was accepted");
    const told = parsed.problems.map(({ path, problem, remedy }) => `${formatPath(path)}: ${problem}.\n  ${remedy}.\n`);
    expect(blocks("text")[0]).toBe(told.join(""));
  });
});
