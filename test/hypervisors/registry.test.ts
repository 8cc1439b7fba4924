import { describe, expect, test } from "vitest";
import { environments, profiles } from "../../sim/hypervisors/registry.ts";
import { type Parameter, type ParameterTable, scenarioKey } from "../../sim/kernel/parameter.ts";

const tables: [string, ParameterTable][] = [...environments, ...profiles].map(({ name, parameters }) => [
  name,
  parameters,
]);

describe.each(tables)("parameters of %s", (_name, table) => {
  const entries: [string, Parameter][] = Object.entries(table);

  test("can all be set in a scenario: their keys differ", () => {
    const keys = entries.map(([name, { kind }]) => scenarioKey(name, kind));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test("lie within the limits they state", () => {
    for (const [name, { value, least, greatest }] of entries) {
      if (typeof value === "boolean") continue;
      expect(value, name).toBeGreaterThanOrEqual(least ?? Number.NEGATIVE_INFINITY);
      expect(value, name).toBeLessThanOrEqual(greatest ?? Number.POSITIVE_INFINITY);
    }
  });

  test("say what they mean and what stands behind them", () => {
    for (const [name, { meaning, source, provenance }] of entries) {
      expect(meaning.length, name).toBeGreaterThan(10);
      expect(source.length, name).toBeGreaterThan(10);
      if (provenance === "measured") expect(source, name).toContain("measured:");
    }
  });
});
