import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scenarioSha256 } from "../../sim/scenario/digest.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { registeredModels } from "../../sim/scenario/models.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { documentWith, fakeModels, goodDocument } from "./fixtures.ts";

const examplesFolder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(examplesFolder).filter((name) => name.endsWith(".yaml"));
const shipped = JSON.parse(readFileSync(new URL("../../schema/scenario.schema.json", import.meta.url), "utf8"));

function read(name: string): string {
  return readFileSync(new URL(name, examplesFolder), "utf8");
}

/** Strict: a keyword that ajv does not know would be one that editors do not know either. */
function validator(schema: object) {
  return new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, validateFormats: false }).compile(
    schema,
  );
}

describe("the JSON Schema", () => {
  it("that is shipped is the one of this version (if not: see docs/scenario.md on how to write it again)", () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it("describes every key, with an example or a default wherever a value is written", () => {
    const bare: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string) => {
      for (const branch of (schema.anyOf ?? []) as Record<string, unknown>[]) walk(branch, path);
      if (schema.items !== undefined) walk(schema.items as Record<string, unknown>, `${path}[]`);
      for (const [key, part] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>)) {
        const place = `${path}.${key}`;
        if (typeof part.description !== "string") bare.push(`${place}: no description`);
        const isShown = ["examples", "default", "enum", "const", "oneOf", "properties"].some(
          (keyword) => keyword in part,
        );
        if (!isShown && part.type !== "array") bare.push(`${place}: nothing shows how to write it`);
        walk(part, place);
      }
    };
    walk(shipped, "");
    expect(bare).toEqual([]);
  });

  it("accepts its own examples", () => {
    const schema = scenarioJsonSchema(fakeModels);
    const validate = validator(schema);
    expect(validate(goodDocument()), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ["an unknown key", documentWith((d) => (d.vms[0].memroy = 1))],
    ["a key that no profile has", documentWith((d) => (d.timeline[0].migrate.downtimeLimt = 1))],
    ["an unknown profile", documentWith((d) => (d.timeline[0].migrate.profile = "nobody"))],
    ["an unknown environment", documentWith((d) => (d.environment = "nowhere"))],
    ["an unknown workload", documentWith((d) => (d.vms[0].workload = "nothing"))],
    ["a missing key", documentWith((d) => delete d.networks[0].bandwidth)],
    ["a count without template", documentWith((d) => (d.vms[0].count = 3))],
    ["an entry with two actions", documentWith((d) => (d.timeline[0].cancel = { vm: "web01" }))],
    ["an entry with none", documentWith((d) => (d.timeline[0] = { at: 1 }))],
  ])("refuses %s, while one types", (_name, document) => {
    expect(validator(scenarioJsonSchema(fakeModels))(document)).toBe(false);
  });
});

describe("the examples", () => {
  const validate = validator(shipped);

  it("are there", () => {
    const first = [
      "dirties-faster-than-the-link.yaml",
      "hyper-v-2008r2-web-server-10gbe.yaml",
      "hyper-v-2008r2-web-server.yaml",
      "idle-guest.yaml",
      "qemu-300ms-limit.yaml",
      "qemu-never-converges.yaml",
    ];
    expect(examples).toEqual(expect.arrayContaining(first));
    expect(examples.length).toBeGreaterThan(first.length);
  });

  it.each(examples)("%s loads, is accepted by the JSON Schema, and names it for editors", (name) => {
    const text = read(name);
    expect(text.startsWith("# yaml-language-server: $schema=../schema/scenario.schema.json\n")).toBe(true);
    const document = parse(text);
    const parsed = parseScenario(document);
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(examples)("%s written out in SI numbers is the same scenario", (name) => {
    const parsed = parseScenario(parse(read(name)));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const written = JSON.parse(JSON.stringify(toScenarioFile(parsed.value)));
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
    const again = parseScenario(written);
    if (!again.ok) throw new Error(JSON.stringify(again.problems));
    expect(scenarioSha256(again.value)).toBe(scenarioSha256(parsed.value));
  });
});

describe("the models that there are", () => {
  it("have parameters that a file can name apart, and whose defaults are within their own limits", () => {
    for (const { name, parameters } of [...registeredModels.profiles, ...registeredModels.environments]) {
      const reserved = ["vm", "to", "mode", "profile", "preset"];
      for (const [fullName, { value, least, greatest }] of Object.entries(parameters)) {
        expect(reserved, `${name}: ${fullName}`).not.toContain(
          fullName.replace(/(Seconds|Bytes|BytesPerSecond|Pages|Share)$/, ""),
        );
        if (typeof value !== "number") continue;
        expect(value, `${name}: ${fullName}`).toBeGreaterThanOrEqual(least ?? 0);
        expect(value, `${name}: ${fullName}`).toBeLessThanOrEqual(greatest ?? Number.POSITIVE_INFINITY);
      }
    }
  });
});
