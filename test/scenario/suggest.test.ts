import { describe, expect, it } from "vitest";
import { nearest, suggestion } from "../../sim/scenario/suggest.ts";

describe("the nearest word", () => {
  const keys = ["name", "memory", "bandwidth", "latency", "carries"];

  it.each([
    ["memroy", "memory"],
    ["Memory", "memory"],
    ["bandwith", "bandwidth"],
    ["carrys", "carries"],
    ["nam", "name"],
    ["colour", null],
    ["x", null],
    ["", null],
  ])("to %j is %j", (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  it("is the first of equally near ones, and none of none", () => {
    expect(nearest("HV03", ["HV01", "HV02"])).toBe("HV01");
    expect(nearest("HV03", [])).toBe(null);
  });

  it("comes with what there is, shortened where that is long", () => {
    expect(suggestion("z", [], "volumes")).toBe("there are no volumes here");
    const many = Array.from({ length: 300 }, (_, index) => `web${index}`);
    expect(suggestion("db", many, "vms")).toBe(`vms: ${many.slice(0, 12).join(", ")}, ... (300 in all)`);
  });
});
