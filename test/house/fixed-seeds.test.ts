/** Properties are tried with the same cases each time: what passes here passes everywhere. */
import { expect, it } from "vitest";
import { filesIn, read } from "./files.ts";

it("every property has a fixed seed", () => {
  const without = filesIn("test", ".test.ts").filter((path) => {
    const text = read(path);
    return text.includes("fc.assert(") && !/seed:|fixed-seed\.ts"/.test(text);
  });
  expect(without).toEqual([]);
});
