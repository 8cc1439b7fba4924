import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { precopy } from "../support/cli.ts";
import { SMALL_SCENARIO, spoil } from "../support/scenario-text.ts";

describe("precopy schema", () => {
  const schema = JSON.parse(precopy(["schema"]).stdout);

  it("is the one that is shipped for editors", () => {
    expect(schema).toEqual(
      JSON.parse(readFileSync(new URL("../../schema/scenario.schema.json", import.meta.url), "utf8")),
    );
  });

  it("is shipped for lessons, too", () => {
    expect(JSON.parse(precopy(["schema", "--lesson"]).stdout)).toEqual(
      JSON.parse(readFileSync(new URL("../../schema/lesson.schema.json", import.meta.url), "utf8")),
    );
  });

  it("accepts what runs and refuses what does not", () => {
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(accepts(parse(SMALL_SCENARIO)), JSON.stringify(accepts.errors)).toBe(true);
    expect(accepts(parse(spoil("seed: 1", "sead: 1")))).toBe(false);
  });
});
