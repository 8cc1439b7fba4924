import { describe, expect, it } from "vitest";
import { environments, profiles } from "../../sim/hypervisors/registry.ts";
import { type Parameter, scenarioKey } from "../../sim/kernel/parameter.ts";
import { registeredModels } from "../../sim/scenario/models.ts";
import { formatModel, formatModels, listedModels } from "../../src/formats/model-listing.ts";
import { plainPaint } from "../../src/formats/paint.ts";
import { precopy } from "../support/cli.ts";

const widest = (text: string) => Math.max(...text.split("\n").map((line) => [...line].length));

describe("precopy profiles", () => {
  it("lists every profile, manager and environment once, with its title", () => {
    const { exitCode, stdout, stderr } = precopy(["profiles"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const flowing = stdout.replace(/\s+/g, " ");
    const { profiles: known, managers, environments: hosts } = registeredModels;
    for (const { name, title } of [...known, ...(managers ?? []), ...hosts]) {
      const lines = stdout.split("\n").filter((line) => line.split(" ")[0] === name);
      expect(lines, name).toHaveLength(1);
      expect(flowing).toContain(title);
    }
  });

  it("lists them as data", () => {
    const { exitCode, stdout } = precopy(["profiles", "--json"]);
    const data = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(data).toMatchObject({ schemaVersion: 1, engineVersion: expect.any(String) });
    expect(data.profiles.map(({ name }: { name: string }) => name)).toEqual(
      registeredModels.profiles.map(({ name }) => name),
    );
    const qemu = profiles.find(({ name }) => name === "qemu-7.2");
    expect(data.profiles).toContainEqual({
      name: "qemu-7.2",
      title: "QEMU 7.2",
      modes: qemu?.modes,
      parameters: Object.keys(qemu?.parameters ?? {}).length,
    });
  });
});

describe("precopy profiles NAME", () => {
  it("says of every parameter its key, default, range, provenance, meaning and source", () => {
    const { exitCode, stdout } = precopy(["profiles", "hyper-v-2008r2"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^passLimit +10 +documented +1 to 10,000$/m);
    expect(stdout).toMatch(/^switchover +256 pages +assumed +0 pages to 1,000,000,000 pages$/m);
    const flowing = stdout.replace(/\s+/g, " ");
    const table = profiles.find(({ name }) => name === "hyper-v-2008r2")?.parameters ?? {};
    for (const { meaning, source } of Object.values(table)) expect(flowing).toContain(`${meaning} Source: ${source}`);
  });

  it("gives the same as data, values in SI units", () => {
    const data = JSON.parse(precopy(["profiles", "hyper-v-2012r2-hosts", "--json"]).stdout);
    const table = environments.find(({ name }) => name === "hyper-v-2012r2-hosts")?.parameters ?? {};
    expect(data).toMatchObject({ kind: "environment", name: "hyper-v-2012r2-hosts" });
    expect(data.parameters).toEqual(
      Object.entries<Parameter>(table).map(([name, { least = null, greatest = null, ...rest }]) => ({
        key: scenarioKey(name, rest.kind),
        name,
        least,
        greatest,
        ...rest,
      })),
    );
  });

  it("that there is not ends with 2, and says which was meant", () => {
    const { exitCode, stdout, stderr } = precopy(["profiles", "hyperv-2016"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain('there is no profile, manager or environment "hyperv-2016"');
    expect(stderr).toContain('Did you mean "hyper-v-2016"?');
  });

  it("takes one name", () => {
    expect(precopy(["profiles", "xen", "nova"]).exitCode).toBe(2);
  });
});

describe("the listing", () => {
  it.each([40, 80, 100])("of a model keeps its texts within %d columns", (width) => {
    for (const model of listedModels) {
      const text = formatModel(model, plainPaint, width)
        .split("\n")
        .filter((line) => line.startsWith("  ") && !/ \S{30,}/.test(line))
        .join("\n");
      expect(widest(text), model.name).toBeLessThanOrEqual(width);
    }
  });

  it("gives ranges lines of their own where the table has no room for them", () => {
    const model = listedModels.find(({ name }) => name === "hyper-v-2008r2");
    if (model === undefined) throw new Error("there is no such model");
    expect(formatModel(model, plainPaint, 80)).not.toContain("Range:");
    expect(formatModel(model, plainPaint, 40)).toMatch(
      /^passLimit +10 +documented\n(?: {2}.*\n)+? {2}Range: 1 to 10,000\n/m,
    );
  });

  it("fits into 80 columns as a whole", () => {
    expect(widest(formatModels(listedModels, plainPaint, 80))).toBeLessThanOrEqual(80);
    for (const model of listedModels)
      expect(widest(formatModel(model, plainPaint, 80)), model.name).toBeLessThanOrEqual(80);
  });
});
