/** How a scenario names a manager. */
import { describe, expect, it } from "vitest";
import { scenarioSha256 } from "../../sim/scenario/digest.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { MigrateEntry } from "../../sim/scenario/scenario.ts";

function document(migrate: Record<string, unknown>) {
  return {
    schemaVersion: 1,
    name: "two nodes",
    environment: "qemu-kvm-hosts",
    nodes: ["a", "b"].map((name) => ({ name, memory: "16 GiB" })),
    networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["migration", "client"] }],
    vms: [{ name: "vm", node: "a", memory: "2 GiB" }],
    timeline: [{ at: "1 s", migrate: { vm: "vm", to: "b", profile: "qemu-7.2", ...migrate } }],
  };
}

function read(migrate: Record<string, unknown>, overrides: Record<string, unknown> = {}) {
  const parsed = parseScenario(document(migrate), { overrides });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { scenario: parsed.value, entry: parsed.value.timeline[0] as MigrateEntry };
}

function problemsOf(migrate: Record<string, unknown>) {
  const parsed = parseScenario(document(migrate));
  return parsed.ok ? [] : parsed.problems;
}

describe("a migration's manager", () => {
  it("is a name, or a name with parameters in their units", () => {
    expect(read({ manager: "nova" }).entry.manager).toEqual({ name: "nova", overrides: {} });
    expect(read({ manager: { name: "nova", completionTimeout: "2 min", forceComplete: true } }).entry.manager).toEqual({
      name: "nova",
      overrides: { completionTimeoutSeconds: 120, forceComplete: true },
    });
  });

  it("leaves a scenario without one as it was, to the digest", () => {
    const { scenario, entry } = read({});
    expect("manager" in entry).toBe(false);
    expect(scenarioSha256(scenario)).not.toBe(scenarioSha256(read({ manager: "nova" }).scenario));
  });

  it("is written so that reading it again gives the same", () => {
    const { scenario } = read({ manager: { name: "kubevirt", downtimeTuning: true, maxDowntime: "1050 ms" } });
    expect(parseScenario(toScenarioFile(scenario))).toEqual({ ok: true, value: scenario });
  });

  it("takes settings from the command line, in its short form too", () => {
    const path = "timeline.0.migrate.manager";
    expect(read({ manager: "nova" }, { [`${path}.completionTimeout`]: "10 s" }).entry.manager).toEqual({
      name: "nova",
      overrides: { completionTimeoutSeconds: 10 },
    });
    expect(read({}, { [path]: "ovirt" }).entry.manager?.name).toBe("ovirt");
  });

  it.each([
    [{ manager: "nov" }, ["timeline", 0, "migrate", "manager"], 'there is no manager "nov"', 'did you mean "nova"'],
    [
      { manager: { name: "virt" } },
      ["timeline", 0, "migrate", "manager", "name"],
      "there is no manager",
      "managers: nova",
    ],
    [
      { manager: { name: "nova", timeout: "3 s" } },
      ["timeline", 0, "migrate", "manager", "timeout"],
      "manager nova has no such parameter",
      "completionTimeout",
    ],
    [
      { manager: { name: "nova", downtimeSteps: 2 } },
      ["timeline", 0, "migrate", "manager", "downtimeSteps"],
      "must be at least 3",
      "3",
    ],
    [
      { manager: "nova", profile: "hyper-v-2008r2" },
      ["timeline", 0, "migrate", "manager"],
      "nova drives QEMU, and profile hyper-v-2008r2 is not QEMU's",
      "qemu-7.2",
    ],
  ])("%j is told as a problem", (migrate, path, problem, remedy) => {
    const found = problemsOf(migrate);
    expect(found).toHaveLength(1);
    expect(found[0]?.path).toEqual(path);
    expect(found[0]?.problem).toContain(problem);
    expect(found[0]?.remedy).toContain(remedy);
  });
});
