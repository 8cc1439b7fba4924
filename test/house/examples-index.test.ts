/** The index of the examples: each is there, once. */
import { describe, expect, it } from "vitest";
import { filesIn, read } from "./files.ts";

describe("examples/README.md", () => {
  const linked = [...read("examples/README.md").matchAll(/\]\(([^)]+\.yaml)\)/g)].map(
    (match) => `examples/${match[1]}`,
  );
  const there = filesIn("examples").filter((path) => /^examples\/[^/]+\.yaml$/.test(path));

  it("lists every example, and no other", () => {
    expect(linked.toSorted()).toEqual(there.toSorted());
  });
});
