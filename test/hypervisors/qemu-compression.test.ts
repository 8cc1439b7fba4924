/** Which ways of compressing QEMU refuses, and which it ignores. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";
import { spoil } from "../support/scenario-text.ts";
import { MIB, migrate, smallWorld } from "../support/small-world.ts";

const VERSIONS = ["qemu-7.2", "qemu-10"];

function problemsOf(profile: string, ...flags: string[]) {
  const parsed = parseScenario(parse(spoil("profile: qemu-7.2", [`profile: ${profile}`, ...flags].join(", "))));
  return parsed.ok ? [] : parsed.problems;
}

function warningsOf(profile: string, overrides: Record<string, boolean>): string[] {
  const vms = [{ name: "vm", memoryBytes: 64 * MIB, usedBytes: 32 * MIB }];
  return simulate(smallWorld({ vms, timeline: [migrate("vm", 1, profile, overrides)] })).warnings;
}

describe.each(VERSIONS)("%s", (profile) => {
  it("refuses two methods of multifd-compression at once, and takes each alone", () => {
    expect(problemsOf(profile, "multifd: true", "multifdZlib: true")).toEqual([]);
    expect(problemsOf(profile, "multifd: true", "multifdZstd: true")).toEqual([]);
    const [problem, ...others] = problemsOf(profile, "multifd: true", "multifdZlib: true", "multifdZstd: true");
    expect(problem?.path).toEqual(["timeline", 0, "migrate", "multifdZstd"]);
    expect(problem?.remedy).toContain("leave one of them out");
    expect(others).toEqual([]);
  });

  it("says that compression without multifd does nothing", () => {
    expect(warningsOf(profile, { multifdZstd: true })).toEqual([
      "multifdZstd has no effect without multifd: memory is sent as it is.",
    ]);
    expect(warningsOf(profile, { multifd: true, multifdZstd: true })).toEqual([]);
    expect(warningsOf(profile, {})).toEqual([]);
  });
});
