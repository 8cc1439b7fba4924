import { describe, expect, it } from "vitest";
import { parseAxis, type SweepAxis, valueDrawn } from "../../../src/planning/sweep/sweep-axis.ts";

function axis(text: string, samples = false): SweepAxis {
  const parsed = parseAxis(text, samples);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

function valuesOf(text: string) {
  const parsed = axis(text);
  return parsed.kind === "list" ? parsed.values.map(({ value }) => value) : [];
}

describe("a parameter's values", () => {
  it("are a list, each with its number in SI units, set as it was written", () => {
    expect(axis("vms.a.memory=1GiB, 2 GiB")).toEqual({
      kind: "list",
      path: "vms.a.memory",
      values: [
        { setting: "1GiB", value: 2 ** 30 },
        { setting: "2 GiB", value: 2 ** 31 },
      ],
    });
    expect(valuesOf("a=1Gbit/s,100 ms,70 %,20k pages/s,0")).toEqual([125e6, 0.1, 0.7, 20_000, 0]);
    expect(valuesOf("a=30k,3,0.5,70 %,true,qemu-7.2")).toEqual([30_000, 3, 0.5, 0.7, true, "qemu-7.2"]);
  });

  it("are a range with both its ends, even or even in the logarithm, the unit behind the second for both", () => {
    expect(valuesOf("a=1..3Gbit/s:3")).toEqual([125e6, 250e6, 375e6]);
    expect(valuesOf("a=1..100Gbit/s:log:3")).toEqual([125e6, 1250e6, 12500e6]);
    expect(valuesOf("a=100ms..1s:lin:2")).toEqual([0.1, 1]);
    expect(valuesOf("a=10..20%:3")).toEqual([0.1, 0.15, 0.2]);
    expect(valuesOf("a=2..8:int:3")).toEqual([2, 5, 8]);
  });

  it("set with their unit, for a bare number may mean pages", () => {
    const memory = axis("a=1..2GiB:2");
    expect(memory.kind === "list" && memory.values[1]?.setting).toBe("2147483648 B");
    const plain = axis("a=1..2:2");
    expect(plain.kind === "list" && plain.values[1]?.setting).toBe(2);
  });

  it("hold what is set: sizes are whole bytes", () => {
    const drawn = valueDrawn(axis("a=1..2GiB", true), 0.123456789);
    expect(drawn.setting).toBe(`${drawn.value} B`);
    expect(Number.isInteger(drawn.value)).toBe(true);
  });

  it("are drawn within the range; whole ones with both ends", () => {
    const whole = axis("a=2..4:int", true);
    expect([0, 0.34, 0.67, 0.9999].map((uniform) => valueDrawn(whole, uniform).value)).toEqual([2, 3, 4, 4]);
    expect(valueDrawn(axis("a=1..100:log", true), 0.5).value).toBe(10);
    expect(valueDrawn(axis("a=x,y", true), 0.5).value).toBe("y");
  });

  it.each([
    ["a", "not a path, an equals sign"],
    ["seed=1,2", "Use --seeds"],
    ["a=1..2Gbit/s", "needs its count"],
    ["a=1..2Gbit/s:1", "needs its count"],
    ["a=1..2Gbit/s:log:many", "needs its count"],
    ["a=2..1Gbit/s:3", "not above its first"],
    ["a=0..1Gbit/s:log:3", "starts above 0"],
    ["a=1s..1GiB:3", "units of different kinds"],
    ["a=x..y:3", "no numbers"],
    ["a=1..2..3:3", "no numbers"],
    ["a=1..3:int:7", "no 7 different values"],
    ["a=1.5..3:int:2", "whole ends"],
    ["a=1,,2", "is empty"],
    ["a=1GiB,1024MiB", "twice"],
    ["a=1,10Gbit/s", "1 has no unit, and 10Gbit/s has one"],
  ])("%s is refused: %s", (text, problem) => {
    const parsed = parseAxis(text, false);
    expect(parsed.ok ? "" : parsed.failure.message).toContain(problem);
  });

  it("a range that is drawn from has no count", () => {
    const parsed = parseAxis("a=1..2Gbit/s:20", true);
    expect(parsed.ok ? "" : parsed.failure.message).toContain("--samples");
  });
});
