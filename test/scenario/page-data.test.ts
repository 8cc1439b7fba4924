import { describe, expect, it } from "vitest";
import { environments } from "../../sim/hypervisors/environments/environments.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { guestMemory } from "../../sim/world/guest.ts";
import { documentWith, fakeModels, problemsOf, scenarioOf } from "./fixtures.ts";

const environment = environments.find(({ name }) => name === "qemu-kvm-hosts") as (typeof environments)[number];
const hosts = resolveParameters(environment.parameters, {});

function memoryOf(scenario: Scenario) {
  return guestMemory(scenario.vms[0] as Scenario["vms"][number], hosts);
}

const said = documentWith((document) => {
  document.vms[0].compressesTo = "25 %";
  document.vms[0].workload = {
    classes: [
      { name: "told", pages: 1000, rate: 10, wordsPerWrite: 3 },
      { name: "untold", pages: "1 %", rate: 10 },
      { name: "ladder", pages: 64, rate: 10, pattern: "zipf", wordsPerWrite: 5 },
    ],
  };
});

describe("what is in the pages", () => {
  it("reaches the memory that senders see, each rung of a ladder alike", () => {
    const { compressedShare, classes } = memoryOf(scenarioOf(said));
    expect(compressedShare).toBe(0.25);
    const words = (prefix: string) =>
      new Set(classes.filter(({ name }) => name.startsWith(prefix)).map(({ wordsPerWrite }) => wordsPerWrite));
    expect(words("told")).toEqual(new Set([3]));
    expect(words("ladder-")).toEqual(new Set([5]));
    expect(words("untold")).toEqual(new Set([hosts.wordsPerWrite]));
  });

  it("is the hosts' where the file does not say, and then no part of the scenario", () => {
    const scenario = scenarioOf(documentWith(() => {}));
    expect(scenario.vms[0]).not.toHaveProperty("compressedShare");
    expect(memoryOf(scenario).compressedShare).toBe(hosts.compressesToShare);
    expect(memoryOf(scenario).classes.every(({ wordsPerWrite }) => wordsPerWrite === hosts.wordsPerWrite)).toBe(true);
  });

  it("comes back from the file form", () => {
    const scenario = scenarioOf(said);
    const again = parseScenario(toScenarioFile(scenario, fakeModels), { models: fakeModels });
    expect(again).toEqual({ ok: true, value: scenario });
  });

  it("has limits", () => {
    const faulty = documentWith((document) => {
      document.vms[0].compressesTo = 0;
      document.vms[0].workload = { classes: [{ pages: 10, rate: 1, wordsPerWrite: 65 }] };
    });
    expect(problemsOf(faulty).map(({ path }) => path.join("."))).toEqual([
      "vms.0.compressesTo",
      "vms.0.workload.classes.0.wordsPerWrite",
    ]);
  });
});
