import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readDocument } from "../../src/formats/document.ts";

function read(text: string) {
  const document = readDocument(text, "x.yaml");
  if (!document.ok) throw new Error(document.failure.message);
  return document.value;
}

describe("readDocument", () => {
  const text = `name: x
nodes:
  - name: a
    memory: 1
  - {name: b,
     memory: 2}
defaults: &d
  mtu: 1500
networks: [*d]
`;

  it.each([
    [["name"], 1, 1],
    [["nodes"], 2, 1],
    [["nodes", 0], 3, 5],
    [["nodes", 0, "memory"], 4, 5],
    [["nodes", 1, "memory"], 6, 6],
    [["networks", 0, "mtu"], 8, 3],
  ])("finds %j at %i:%i", (path, line, column) => {
    expect(read(text).locate(path)).toEqual({ line, column });
  });

  it.each([
    [["nodes", 0, "cpu", "vendor"], 3, 5],
    [["nodes", 7], 2, 1],
    [["nodes", "a"], 2, 1],
    [["nowhere"], 1, 1],
    [["name", "deeper"], 1, 1],
    [[], 1, 1],
  ])("stops before what is missing of %j, at %i:%i", (path, line, column) => {
    expect(read(text).locate(path)).toEqual({ line, column });
  });

  it("reads all that YAML can write of plain data", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 }),
        (content) => {
          expect(JSON.stringify(read(stringify(content)).content)).toBe(JSON.stringify(content));
          expect(JSON.stringify(read(JSON.stringify(content)).content)).toBe(JSON.stringify(content));
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it("never throws, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "a",
      ": ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "\n",
      "  ",
      "\t",
      "&x ",
      "*x",
      "!!int ",
      "|",
      ">",
      "'",
      '"',
      "#",
      "---",
      "? ",
      "%",
      "<<",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (words) => {
        const result = readDocument(words.join(""), "x.yaml");
        if (!result.ok) expect(result.failure.message).toMatch(/^x\.yaml/);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
