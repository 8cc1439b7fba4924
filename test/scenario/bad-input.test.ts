import { describe, expect, it } from "vitest";
import { FAULTS_OF_FORM } from "./faults-of-form.ts";
import { FAULTS_OF_SENSE } from "./faults-of-sense.ts";
import { type Document, documentWith, goodDocument, problemsOf } from "./fixtures.ts";

describe("a scenario with one fault", () => {
  it.each([...FAULTS_OF_FORM, ...FAULTS_OF_SENSE])("%s", (_name, change, path, problem, remedy) => {
    const problems = problemsOf(documentWith(change));
    expect(problems.map((each) => each.path)).toEqual([path]);
    expect(problems[0].problem).toContain(problem);
    expect(problems[0].remedy).toContain(remedy);
  });

  it("the document that they change has none", () => {
    expect(problemsOf(goodDocument())).toEqual([]);
  });
});

describe("what is no scenario at all", () => {
  it.each([
    ["nothing", null, "the file is empty"],
    ["an absent value", undefined, "the file is empty"],
    ["a list", [], "the file must be a map of keys and values, and is a list"],
    ["a text", "hello", 'the file must be a map of keys and values, and is "hello"'],
    ["a number", 7, "the file must be a map of keys and values, and is 7"],
  ])("%s", (_name, document, problem) => {
    const problems = problemsOf(document);
    expect(problems).toHaveLength(1);
    expect(problems[0].path).toEqual([]);
    expect(problems[0].problem).toContain(problem);
    expect(problems[0].remedy).toContain("schemaVersion: 1");
  });

  it("a document that holds itself is refused, not followed", () => {
    const document = goodDocument();
    document.vms[0].disks = document;
    expect(problemsOf(document)[0].path).toEqual(["vms", 0, "disks"]);
  });
});

describe("all problems at once", () => {
  it("faults of form and of sense, each with its place in the file as written", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.unshift({ name: "HV00", memory: "1 furlong" }, { name: "HV09", memory: "8 GiB", colour: "red" });
        d.nodes[3].systemDrive = "D:";
        d.volumes[0].coordinator = "HV00";
        d.vms.unshift({ name: "broken", node: "HV01" });
        d.vms[1].disks = ["Volume1", "Volume9"];
        d.timeline.push(
          { at: 6, migrate: { vm: "web01", to: "HV02", profile: "nobody" } },
          { at: "2 h", cancel: { vm: "broken" } },
        );
      }),
    );
    expect(problems.map(({ path }) => path.join("."))).toEqual([
      "nodes.0.memory",
      "nodes.1.colour",
      "vms.0.memory",
      "vms.1.disks.1",
      "timeline.1.migrate.profile",
      "timeline.2.at",
      "nodes.3.systemDrive",
      "timeline.1.migrate.to",
    ]);
  });

  it("a misspelt key is told once, not as a missing one too", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.networks[0].bandwith = d.networks[0].bandwidth;
        delete d.networks[0].bandwidth;
      }),
    );
    expect(problems.map(({ path }) => path)).toEqual([["networks", 0, "bandwith"]]);
  });

  it("a fault does not make those that refer to it faulty", () => {
    const problems = problemsOf(documentWith((d) => (d.nodes[1].memory = "much")));
    expect(problems.map(({ path }) => path)).toEqual([["nodes", 1, "memory"]]);
  });

  it("a fault in a template is told once", () => {
    const problems = problemsOf(
      documentWith((d) =>
        d.vms.push({ template: "vm", count: 300, name: "x{i}", node: "HV02", memory: "64 MiB", used: "65 MiB" }),
      ),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0].problem).toBe('"x1" uses 65.0 MiB, more than its memory of 64.0 MiB (and 299 more like it)');
  });
});

describe("a scenario of the greatest size", () => {
  const vms = { template: "vm", count: 100_000, name: "vm{i}", memory: "4 MiB" };
  const nodes = [{ template: "node", count: 10_000, name: "node{i}", memory: "1 TiB" }];

  it("is read, and a fault in each of its machines told once", () => {
    const large = (node: string) =>
      documentWith((d) => Object.assign(d, { nodes, volumes: [], timeline: [], vms: [{ ...vms, node }] }));
    expect(problemsOf(large("node1"))).toEqual([]);
    const problems = problemsOf(large("nod{i}"));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      path: ["vms", 0, "node"],
      problem: 'there is no node "nod1" (and 99999 more like it)',
      remedy: expect.stringContaining('did you mean "node1"?'),
    });
  });
});

describe("the timeline is followed", () => {
  const machine = (name: string, node: string, memory = "20 GiB") => ({ name, node, memory });
  const move = (at: number, vm: string, to: string) => ({ at, migrate: { vm, to, profile: "patient" } });

  it("a machine that has left makes room, whatever the order of the lines", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.push({ name: "HV03", memory: "32 GiB" });
        d.vms = [machine("a", "HV01"), machine("b", "HV02")];
        d.timeline = [move(20, "a", "HV02"), move(10, "b", "HV03")];
      }),
    );
    expect(problems).toEqual([]);
  });

  it("a machine that has come takes room", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.push({ name: "HV03", memory: "32 GiB" });
        d.vms = [machine("a", "HV01"), machine("b", "HV02")];
        d.timeline = [move(10, "b", "HV03"), move(20, "a", "HV03")];
      }),
    );
    expect(problems.map(({ path }) => path)).toEqual([["timeline", 1, "migrate", "to"]]);
    expect(problems[0].problem).toContain("of 32.0 GiB there 12.0 GiB are free");
  });

  it("a machine that moves back is where it was", () => {
    const back = (d: Document) => d.timeline.push(move(20, "web01", "HV01"));
    expect(problemsOf(documentWith(back))).toEqual([]);
    const twice = (d: Document) => d.timeline.push(move(20, "web01", "HV02"));
    expect(problemsOf(documentWith(twice))[0].problem).toContain("where it already is");
  });

  it("after a cancellation a machine may be at either end, and is not judged", () => {
    const problems = problemsOf(
      documentWith((d) => d.timeline.push({ at: 6, cancel: { vm: "web01" } }, move(20, "web01", "HV02"))),
    );
    expect(problems).toEqual([]);
  });
});
