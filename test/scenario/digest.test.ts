import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, portableSha256, scenarioSha256 } from "../../sim/scenario/digest.ts";
import "../support/fixed-seed.ts";
import { documentWith, goodDocument, scenarioOf } from "./fixtures.ts";

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

describe("the digest of a scenario", () => {
  it("names a scenario by its meaning: units, order of keys and defaults do not matter", () => {
    const spelled = scenarioOf(
      documentWith((d) => {
        d.horizon = "60 min";
        d.vms[0] = Object.fromEntries(Object.entries({ ...d.vms[0], memory: 4 * 2 ** 30, used: "2 GiB" }).reverse());
        d.timeline[0].migrate.mode = "live";
      }),
    );
    expect(scenarioSha256(spelled)).toBe(scenarioSha256(scenarioOf(goodDocument())));
  });

  it("changes with anything that is simulated", () => {
    const digests = [
      goodDocument(),
      documentWith((d) => (d.seed = 2)),
      documentWith((d) => (d.networks[0].latency = "0.2 ms")),
      documentWith((d) => (d.timeline[0].migrate.downtimeLimit = "301 ms")),
    ].map((document) => scenarioSha256(scenarioOf(document)));
    expect(new Set(digests).size).toBe(4);
  });

  it("is the one that it was, so that results of old runs can be matched", () => {
    const scenario = scenarioOf(documentWith((d) => (d.vms[0].workload = undefined)));
    expect(canonicalJson(scenario)).toMatch(
      /^\{"description":"","environment":\{"overrides":\{\},"preset":"lab"\},"horizonSeconds":3600,/,
    );
    expect(scenarioSha256(scenario)).toBe("4c36ebb40f6fb9ae8b1bfef7acb07377c03170f5ce5866ebbc91a92d56feca61");
  });

  it("sorts keys by code unit, all the way down", () => {
    expect(canonicalJson({ b: [{ z: 1, Z: 2, é: 3 }], a: null, ä: 1e-7, c: undefined })).toBe(
      '{"a":null,"b":[{"Z":2,"z":1,"é":3}],"ä":1e-7}',
    );
  });
});
