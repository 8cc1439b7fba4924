import { describe, expect, it } from "vitest";
import { type Limit, PLATFORMS, type Platform } from "../../sim/cluster/platform-limits.ts";
import { MASKED_FEATURES } from "../../sim/cluster/processor-compatibility.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { formatPath } from "../../sim/scenario/problem.ts";
import { simulate } from "../../sim/simulate.ts";
import { documentWith, fakeModels, problemsOf, scenarioOf } from "./fixtures.ts";

/** The paths of what is refused, with whether the problem names its source. */
function refused(change: Parameters<typeof documentWith>[0]): string[] {
  const problems = problemsOf(documentWith(change));
  for (const { problem } of problems)
    expect(problem).toMatch(/\((documented|assumed): .{10,}\)|logical ones|failover clustering/);
  return problems.map(({ path }) => formatPath(path));
}

describe("limits of a platform", () => {
  it("are not checked where no platform is said", () => {
    expect(
      refused((d) => {
        d.nodes[0].logicalProcessors = 1024;
        d.vms[0].vcpus = 128;
      }),
    ).toEqual([]);
  });

  it.each([
    [64, []],
    [65, ["nodes[0].logicalProcessors"]],
  ])("of 2008 R2: %d logical processors", (logicalProcessors, paths) => {
    expect(refused((d) => Object.assign(d.nodes[0], { platform: "hyper-v-2008r2", logicalProcessors }))).toEqual(paths);
  });

  it.each([
    ["hyper-v-2008", 16],
    ["hyper-v-2008-kb956710", 24],
    ["hyper-v-2012r2", 320],
    ["vsphere-4", 64],
  ])("of %s: %d logical processors and no more", (platform, most) => {
    const paths = (logicalProcessors: number) =>
      refused((d) => Object.assign(d.nodes[1], { platform, logicalProcessors }));
    expect(paths(most)).toEqual([]);
    expect(paths(most + 1)).toEqual(["nodes[1].logicalProcessors"]);
  });

  it("of memory and processors of guests, at the machine", () => {
    const guest = (memory: string, vcpus: number) =>
      refused((d) => {
        Object.assign(d.nodes[0], { platform: "hyper-v-2008r2", memory: "256 GiB" });
        Object.assign(d.nodes[1], { platform: "hyper-v-2008r2", memory: "256 GiB" });
        Object.assign(d.vms[0], { memory, vcpus });
      });
    expect(guest("64 GiB", 4)).toEqual([]);
    expect(guest("65 GiB", 8)).toEqual(["vms[0].vcpus", "vms[0].memory"]);
  });

  it("of a host's memory", () => {
    const host = (memory: string) => refused((d) => Object.assign(d.nodes[0], { platform: "hyper-v-2008r2", memory }));
    expect(host("1 TiB")).toEqual([]);
    expect(host("1025 GiB")).toEqual(["nodes[0].memory"]);
  });

  it("of machines on a node and in a cluster, and of nodes", () => {
    const cluster = (nodes: number, perNode: number) =>
      refused((d) => {
        d.nodes = [{ template: "node", count: nodes, name: "HV{i:2}", memory: "512 GiB", platform: "hyper-v-2008r2" }];
        d.vms = Array.from({ length: nodes }, (_, index) => ({
          template: "vm",
          count: perNode,
          name: `n${index + 1}-{i:3}`,
          node: `HV${String(index + 1).padStart(2, "0")}`,
          memory: "1 GiB",
        }));
        d.timeline = [];
      });
    expect(cluster(2, 384)).toEqual([]);
    expect(cluster(2, 385)).toEqual(["nodes[0].platform"]);
    expect(cluster(3, 334)).toEqual(["nodes[0].platform"]);
    expect(cluster(16, 1)).toEqual([]);
    expect(cluster(17, 1)).toEqual(["nodes[0].platform"]);
  });

  it("of a machine beside its host's processors, whatever the platform", () => {
    expect(
      refused((d) => {
        d.nodes[0].logicalProcessors = 8;
        d.vms[0].vcpus = 9;
      }),
    ).toEqual(["vms[0].vcpus"]);
  });

  it("of the standard edition: no cluster before 2012", () => {
    const edition = (platform: string, name: string) =>
      refused((d) => Object.assign(d.nodes[0], { platform, edition: name }));
    expect(edition("hyper-v-2008r2", "standard")).toEqual(["nodes[0].edition"]);
    expect(edition("hyper-v-2008r2", "enterprise")).toEqual([]);
    expect(edition("hyper-v-2012r2", "standard")).toEqual([]);
  });

  it("say where they are from, and are not documented by memory", () => {
    for (const { limits } of PLATFORMS as readonly Platform[]) {
      for (const { most, provenance, source } of Object.values(limits) as Limit[]) {
        expect(most).toBeGreaterThan(0);
        expect(source.length).toBeGreaterThan(20);
        expect(/from memory/.test(source)).toBe(provenance === "assumed");
      }
    }
  });
});

describe("processors of several generations", () => {
  const apart = (vm: object) =>
    documentWith((d) => {
      d.nodes[0].cpu = { generation: "Nehalem" };
      d.nodes[1].cpu = { generation: "Sandy Bridge" };
      Object.assign(d.vms[0], vm);
    });

  it("hold a machine that sees all of its own", () => {
    const [problem, ...more] = problemsOf(apart({}));
    expect(more).toEqual([]);
    expect(formatPath(problem?.path ?? [])).toBe("timeline[0].migrate.to");
    expect(problem?.remedy).toContain("processorCompatibility: true");
  });

  it("let one in compatibility mode through", () => {
    expect(problemsOf(apart({ processorCompatibility: true }))).toEqual([]);
  });

  it("do not matter where one is not said, or they are the same", () => {
    expect(problemsOf(documentWith((d) => (d.nodes[0].cpu = { generation: "Nehalem" })))).toEqual([]);
    const same = documentWith((d) => {
      for (const node of d.nodes) node.cpu = { generation: "Nehalem" };
    });
    expect(problemsOf(same)).toEqual([]);
  });

  it("never let a machine move between makers", () => {
    const document = apart({ processorCompatibility: true });
    document.nodes[1].cpu.vendor = "amd";
    expect(problemsOf(document).map(({ problem }) => problem)).toEqual([
      expect.stringContaining("maker of processors"),
    ]);
  });

  it("are told of in the result: what the machine does without", () => {
    const document = apart({ processorCompatibility: true });
    document.environment = "hyper-v-2008r2-hosts";
    document.timeline[0].migrate.profile = "hyper-v-2008r2";
    const parsed = parseScenario(document);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { warnings, migrations } = simulate(parsed.value);
    expect(migrations[0]?.outcome).toBe("completed");
    expect(warnings).toEqual([expect.stringContaining(MASKED_FEATURES.intel.join(", "))]);
  });
});

describe("a machine's virtual processors", () => {
  const withProfile = {
    ...fakeModels,
    profiles: fakeModels.profiles.map((profile) => ({
      ...profile,
      parameters: {
        ...profile.parameters,
        vcpus: { kind: "count", value: 1, provenance: "assumed", source: "a test's", meaning: "A test's." } as const,
      },
    })),
  };
  const overrides = (migrate: object) => {
    const document = documentWith((d) => {
      d.vms[0].vcpus = 4;
      Object.assign(d.timeline[0].migrate, migrate);
    });
    const parsed = parseScenario(document, { models: withProfile });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const [entry] = parsed.value.timeline;
    return entry?.kind === "migrate" ? entry.overrides : null;
  };

  it("are what its migration counts, unless that says otherwise", () => {
    expect(overrides({})).toEqual({ vcpus: 4 });
    expect(overrides({ vcpus: 2 })).toEqual({ vcpus: 2 });
  });

  it("mean nothing to a profile that counts none", () => {
    const [entry] = scenarioOf(documentWith((d) => (d.vms[0].vcpus = 4))).timeline;
    expect(entry).toMatchObject({ overrides: {} });
  });
});

it("all of it comes through the file form", () => {
  const scenario = scenarioOf(
    documentWith((d) => {
      Object.assign(d.nodes[0], { platform: "hyper-v-2008r2", edition: "enterprise", logicalProcessors: 16 });
      d.nodes[0].cpu = { generation: "Nehalem" };
      Object.assign(d.vms[0], { vcpus: 4, processorCompatibility: true });
    }),
  );
  const again = parseScenario(toScenarioFile(scenario, fakeModels), { models: fakeModels });
  expect(again).toEqual({ ok: true, value: scenario });
});
