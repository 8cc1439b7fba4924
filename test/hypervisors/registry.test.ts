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

describe("what hosts are said to have had measured", () => {
  const others = environments.filter(({ name }) => name !== "qemu-tcg-2-core");
  const constantsOf = (preset: (typeof environments)[number]): [string, Parameter][] =>
    Object.entries(preset.parameters);

  test("was measured on them: the one machine's figures are assumptions elsewhere", () => {
    const claimed = others.flatMap((preset) =>
      constantsOf(preset)
        .filter(([, { provenance, source }]) => provenance === "measured" || source.includes("measured: qemu-7.2"))
        .map(([name]) => `${preset.name}: ${name}`),
    );
    expect(claimed).toEqual([]);
    const takenOver = environments.find(({ name }) => name === "hyper-v-2016-hosts")?.parameters.oversleepSeconds;
    expect(takenOver).toMatchObject({ provenance: "assumed", source: expect.stringContaining("Taken over from") });
  });

  test("and what is documented of QEMU is an assumption where QEMU does not run", () => {
    const claimed = others
      .filter(({ name }) => name !== "qemu-kvm-hosts")
      .flatMap((preset) =>
        constantsOf(preset)
          .filter(([, { provenance, source }]) => provenance === "documented" && source.includes("QEMU"))
          .map(([name]) => `${preset.name}: ${name}`),
      );
    expect(claimed).toEqual([]);
    for (const { parameters } of others) expect(parameters.macAgeingSeconds.provenance).toBe("documented");
  });
});
