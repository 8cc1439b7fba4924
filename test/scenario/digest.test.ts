import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, portableSha256 } from "../../sim/scenario/digest.ts";
import "../support/fixed-seed.ts";

describe("a scenario's digest", () => {
  it("is SHA-256 as any platform has it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(portableSha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
      }),
    );
  });

  it("does not depend on the order of keys, whatever keys other objects have", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 }), (objects) => {
        const turned = objects.map((object) => Object.fromEntries(Object.entries(object).reverse()));
        expect(canonicalJson(turned)).toBe(canonicalJson(objects));
        expect(JSON.parse(canonicalJson(objects))).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
    );
  });

  it("sorts keys by code unit and leaves out what is undefined", () => {
    const value = [
      { b: 1, a: undefined, B: [2, "x"] },
      { a: 1, b: { d: null, c: true } },
      { b: 0, a: 3 },
    ];
    expect(canonicalJson(value)).toBe('[{"B":[2,"x"],"b":1},{"a":1,"b":{"c":true,"d":null}},{"a":3,"b":0}]');
  });
});
