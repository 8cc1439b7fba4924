import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { fakeModels, goodDocument } from "./fixtures.ts";

describe("values set over a document", () => {
  const read = (overrides: Record<string, unknown>) => parseScenario(goodDocument(), { models: fakeModels, overrides });

  it("reach entries by name and by index, and open presets", () => {
    const parsed = read({
      seed: 7,
      "vms.web01.memory": "8 GiB",
      "timeline.0.migrate.downtimeLimit": "1 s",
      "environment.stop": "1 ms",
      "vms.web01.workload.scale": 3,
      "nodes.HV02.cpu.vendor": "intel",
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.value).toMatchObject({
      seed: "7",
      environment: { preset: "lab", overrides: { stopSeconds: 0.001 } },
      timeline: [{ overrides: { downtimeLimitSeconds: 1 } }],
    });
    expect(parsed.value.vms[0].memoryBytes).toBe(2 ** 33);
    expect(parsed.value.vms[0].classes[0].writesPerSecond).toBe(31_500);
  });

  it("leave the document as it was", () => {
    const document = goodDocument();
    parseScenario(document, { models: fakeModels, overrides: { "vms.web01.memory": "8 GiB", seed: 3 } });
    expect(document).toEqual(goodDocument());
  });

  it.each([
    ["vms.web02.memory", 'there is no entry "web02" in vms', 'did you mean "web01"?'],
    ["vms.1.memory", 'there is no entry "1" in vms', "entries: web01"],
    ["name.x", "name is a single value", "shorten the path"],
    ["__proto__.polluted", 'cannot set "__proto__.polluted"', "a path is keys with dots between"],
    ["", 'cannot set ""', "a path is keys with dots between"],
    ["horizn", 'unknown key "horizn"', 'did you mean "horizon"?'],
  ])("tell where %j leads nowhere", (path, problem, remedy) => {
    const parsed = read({ [path]: 1 });
    if (parsed.ok) throw new Error("it was accepted");
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0].problem).toContain(problem);
    expect(parsed.problems[0].remedy).toContain(remedy);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
