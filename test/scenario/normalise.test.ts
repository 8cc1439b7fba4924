import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, scenarioSha256 } from "../../sim/scenario/digest.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { derivedIp, derivedMac } from "../../sim/scenario/machines.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { workloads } from "../../sim/scenario/workloads.ts";
import { type Document, documentWith, fakeModels, goodDocument, scenarioOf } from "./fixtures.ts";

describe("a scenario is normalised", () => {
  it("into SI units, with its defaults written out", () => {
    const scenario = scenarioOf({
      schemaVersion: 1,
      name: "least",
      environment: "hall",
      nodes: [{ name: "A", memory: "1 GiB" }],
      networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["client", "migration"] }],
      vms: [{ name: "a", node: "A", memory: "64 MiB", clients: [{}] }],
    });
    expect(scenario).toEqual({
      schemaVersion: 1,
      name: "least",
      description: "",
      seed: "1",
      horizonSeconds: 3600,
      environment: { preset: "hall", overrides: {} },
      nodes: [{ name: "A", memoryBytes: 2 ** 30, cpuVendor: "intel", systemDrive: "C:" }],
      networks: [
        {
          name: "lan",
          bytesPerSecond: 125e6,
          latencySeconds: 1e-4,
          mtuBytes: 1500,
          frameLossShare: 0,
          carries: ["client", "migration"],
        },
      ],
      volumes: [],
      vms: [
        {
          name: "a",
          node: "A",
          memoryBytes: 2 ** 26,
          usedBytes: 2 ** 26,
          workload: null,
          classes: [],
          disks: [],
          mac: "00:15:5D:00:00:01",
          ip: "192.0.2.1",
          clients: [{ name: "client1", kind: "ping", intervalSeconds: 1 }],
        },
      ],
      timeline: [],
    });
  });

  it("with parameters of the environment and of the profile by their full names", () => {
    const scenario = scenarioOf(
      documentWith((d) => {
        d.environment = { preset: "lab", stop: "20 ms" };
        d.timeline[0].migrate = {
          ...d.timeline[0].migrate,
          compressed: true,
          maxBandwidth: "1 Gbit/s",
          downtimeLimit: "300 ms",
        };
      }),
    );
    expect(scenario.environment).toEqual({ preset: "lab", overrides: { stopSeconds: 0.02 } });
    expect(scenario.timeline[0]).toEqual({
      kind: "migrate",
      atSeconds: 5,
      vm: "web01",
      to: "HV02",
      mode: "live",
      profile: "patient",
      overrides: { downtimeLimitSeconds: 0.3, maxBandwidthBytesPerSecond: 125e6, compressed: true },
    });
  });

  it("with its timeline in order of time, entries of one time as written", () => {
    const scenario = scenarioOf(
      documentWith((d) => {
        d.timeline = [
          { at: 9, cancel: { vm: "web01" } },
          { at: 5, migrate: { vm: "web01", to: "HV02", profile: "patient" } },
          { at: 5, cancel: { vm: "web01" } },
        ];
      }),
    );
    expect(scenario.timeline.map(({ atSeconds, kind }) => [atSeconds, kind])).toEqual([
      [5, "migrate"],
      [5, "cancel"],
      [9, "cancel"],
    ]);
  });

  it("with memory in whole pages, the used part rounded up and never above the memory", () => {
    const [vm] = scenarioOf(documentWith((d) => Object.assign(d.vms[0], { memory: "50 MB", used: "100 %" }))).vms;
    expect(vm.memoryBytes).toBe(Math.floor(50e6 / 4096) * 4096);
    expect(vm.usedBytes).toBe(vm.memoryBytes);
    const [small] = scenarioOf(
      documentWith((d) => Object.assign(d.vms[0], { used: "2000001 kB", workload: undefined })),
    ).vms;
    expect(small.usedBytes).toBe(Math.ceil(2_000_001_000 / 4096) * 4096);
  });

  it("at the very edge of what fits: nodes filled to the last byte, an entry at the horizon", () => {
    const scenario = scenarioOf(
      documentWith((d) => {
        d.horizon = "5 s";
        for (const node of d.nodes) node.memory = "4 GiB";
      }),
    );
    expect(scenario.timeline[0].atSeconds).toBe(scenario.horizonSeconds);
  });

  it("with a LUN's owner where a shared volume has its coordinator", () => {
    const scenario = scenarioOf(documentWith((d) => d.volumes.push({ name: "LUN7", kind: "lun", owner: "HV02" })));
    expect(scenario.volumes[1]).toEqual({ name: "LUN7", kind: "lun", coordinator: "HV02" });
  });

  it("with different system drives where no volume is shared", () => {
    const scenario = scenarioOf(
      documentWith((d) => {
        d.volumes = [];
        d.vms[0].disks = [];
        d.nodes[1].systemDrive = "d:";
      }),
    );
    expect(scenario.nodes.map((node) => node.systemDrive)).toEqual(["C:", "D:"]);
  });
});

describe("templates", () => {
  it("make entries from 1 on, {i} in every text, padded where asked", () => {
    const scenario = scenarioOf(
      documentWith((d) => {
        d.nodes = [{ template: "node", count: 12, name: "HV{i:2}", memory: "32 GiB" }];
        d.vms.push({
          template: "vm",
          count: 12,
          name: "db{i}-{i:3}",
          node: "HV{i:2}",
          memory: "1 GiB",
          clients: [{ name: "of db{i}" }],
        });
      }),
    );
    expect(scenario.nodes.map((node) => node.name)).toEqual(
      Array.from({ length: 12 }, (_, index) => `HV${String(index + 1).padStart(2, "0")}`),
    );
    expect(scenario.vms[12]).toMatchObject({
      name: "db12-012",
      node: "HV12",
      mac: "00:15:5D:00:00:0D",
      ip: "192.0.2.13",
      clients: [{ name: "of db12" }],
    });
  });
});

describe("derived addresses", () => {
  it("are all different, and of the blocks set aside for it", () => {
    const ips = new Set<string>();
    const macs = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) {
      ips.add(derivedIp(index));
      macs.add(derivedMac(index));
    }
    expect([ips.size, macs.size]).toEqual([100_000, 100_000]);
    for (const ip of ips) expect(ip).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d{1,3})\.\d{1,3}$/);
    for (const ip of ips) expect(ip.split(".").every((part) => Number(part) <= 255)).toBe(true);
    expect(derivedMac(0xfffe)).toBe("00:15:5D:00:FF:FF");
  });
});

describe("page classes", () => {
  const classesOf = (workload: Document, used = "1 GiB") =>
    scenarioOf(documentWith((d) => Object.assign(d.vms[0], { workload, used }))).vms[0].classes;

  it("lie one behind the other, in counts, sizes, shares and the rest", () => {
    const classes = classesOf({
      classes: [
        { pages: "20k", rate: "1k pages/s" },
        { name: "size", pages: "64 MiB", rate: 1, pattern: "sweep", from: 5, until: "1 min", cpuBound: "25 %" },
        { pages: "50 %", rate: 2 },
        { name: "hole", first: "90 %", pages: "rest", rate: 3 },
      ],
    });
    expect(classes.map(({ name, firstPage, pages }) => [name, firstPage, pages])).toEqual([
      ["class1", 0, 20_000],
      ["size", 20_000, 16_384],
      ["class3", 36_384, 131_072],
      ["hole", 235_929, 26_215],
    ]);
    expect(classes[1]).toMatchObject({ pattern: "sweep", startSeconds: 5, endSeconds: 60, cpuBoundShare: 0.25 });
    expect(classes[0]).toMatchObject({ pattern: "uniform", startSeconds: 0, endSeconds: null, cpuBoundShare: 1 });
  });

  it("of a preset keep its rates, or take them times a factor, and others can follow", () => {
    const plain = classesOf("web-server");
    const twice = classesOf({ preset: "web-server", scale: 2 });
    expect(twice.map((each) => each.writesPerSecond)).toEqual(plain.map((each) => 2 * each.writesPerSecond));
    expect(plain[0]).toMatchObject({ name: "hot", pages: 3500, writesPerSecond: 10_500 });
    expect(plain.at(-1)).toMatchObject({ pattern: "sweep", firstPage: 11_500, pages: 262_144 - 11_500 });
    const more = classesOf({ preset: "postgres-ycsb-read-only-16-threads", classes: [{ pages: 10, rate: 1 }] });
    expect(more.map((each) => each.firstPage)).toEqual([0, 26_470, 74_259]);
  });

  it.each(workloads.map((workload) => workload.name))("of %s fit into a small machine and stay inside it", (name) => {
    for (const used of ["512 MiB", "1 GiB", "4 GiB"]) {
      const classes = classesOf(name, used);
      expect(classes.length).toBeGreaterThan(0);
      const pages = { "512 MiB": 131_072, "1 GiB": 262_144, "4 GiB": 1_048_576 }[used] as number;
      let next = 0;
      for (const each of classes) {
        expect(each.firstPage).toBe(next);
        next += each.pages;
      }
      expect(next).toBeLessThanOrEqual(pages);
    }
  });

  it("of measured presets dirty what was measured", () => {
    // Unique pages dirtied in an interval (seconds, pages), read from published migrations of an 8 GiB guest.
    const observed: Record<string, [number, number, number][]> = {
      "postgres-ycsb-update-16-threads": [
        [1.21, 39_255, 0.09],
        [2.01, 49_483, 0.09],
        [5.12, 81_384, 0.09],
        [24.5, 276_565, 0.09],
      ],
      "postgres-ycsb-update-4-threads": [
        [2.01, 18_420, 0.03],
        [14.6, 68_934, 0.03],
      ],
      "postgres-ycsb-read-only-16-threads": [
        [1.21, 42_864, 0.03],
        [29.34, 73_654, 0.03],
      ],
    };
    for (const [name, points] of Object.entries(observed)) {
      const classes = classesOf(name, "4 GiB");
      for (const [seconds, pages, tolerance] of points) {
        const dirtied = classes.reduce((sum, each) => {
          const writes = each.writesPerSecond * seconds;
          return (
            sum +
            (each.pattern === "sweep" ? Math.min(each.pages, writes) : each.pages * -Math.expm1(-writes / each.pages))
          );
        }, 0);
        expect(Math.abs(dirtied / pages - 1)).toBeLessThan(tolerance);
      }
    }
    expect(workloads.filter(({ provenance }) => provenance === "measured").map(({ name }) => name)).toEqual(
      Object.keys(observed),
    );
  });
});

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

describe("the digest", () => {
  it("names a scenario by its meaning: units, order of keys and defaults do not matter", () => {
    const spelled = scenarioOf(
      documentWith((d) => {
        d.horizon = "60 min";
        d.vms[0] = Object.fromEntries(Object.entries({ ...d.vms[0], memory: 4 * 2 ** 30, used: "2 GiB" }).reverse());
        d.timeline[0].migrate.mode = "live";
      }),
    );
    expect(scenarioSha256(spelled)).toBe(scenarioSha256(scenarioOf(goodDocument())));
  });

  it("changes with anything that is simulated", () => {
    const digests = [
      goodDocument(),
      documentWith((d) => (d.seed = 2)),
      documentWith((d) => (d.networks[0].latency = "0.2 ms")),
      documentWith((d) => (d.timeline[0].migrate.downtimeLimit = "301 ms")),
    ].map((document) => scenarioSha256(scenarioOf(document)));
    expect(new Set(digests).size).toBe(4);
  });

  it("is the one that it was, so that results of old runs can be matched", () => {
    const scenario = scenarioOf(documentWith((d) => (d.vms[0].workload = undefined)));
    expect(canonicalJson(scenario)).toMatch(
      /^\{"description":"","environment":\{"overrides":\{\},"preset":"lab"\},"horizonSeconds":3600,/,
    );
    expect(scenarioSha256(scenario)).toBe("4c36ebb40f6fb9ae8b1bfef7acb07377c03170f5ce5866ebbc91a92d56feca61");
  });

  it("sorts keys by code unit, all the way down", () => {
    expect(canonicalJson({ b: [{ z: 1, Z: 2, é: 3 }], a: null, ä: 1e-7, c: undefined })).toBe(
      '{"a":null,"b":[{"Z":2,"z":1,"é":3}],"ä":1e-7}',
    );
  });
});

describe("any valid scenario", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._-]{0,9}$/);
  const seconds = fc.double({ min: 0, max: 3600, noNaN: true });
  const shareOf = fc.double({ min: 0, max: 1, noNaN: true });
  const pageClass = fc.record({
    pages: fc.integer({ min: 1, max: 4000 }),
    rate: fc.double({ min: 0, max: 1e6, noNaN: true }),
    pattern: fc.constantFrom("uniform", "sweep", "zipf"),
    from: seconds,
    cpuBound: shareOf,
  });
  const vm = fc.record({
    memory: fc.integer({ min: 2 ** 26, max: 2 ** 28 }),
    used: fc.oneof(fc.integer({ min: 2 ** 25, max: 2 ** 26 }), fc.constant("100 %"), fc.constant("75 %")),
    workload: fc.option(fc.record({ classes: fc.array(pageClass, { minLength: 1, maxLength: 2 }) }), {
      nil: undefined,
    }),
    clients: fc.array(fc.record({ interval: fc.double({ min: 1e-6, max: 60, noNaN: true }) }), { maxLength: 2 }),
    at: seconds,
    overrides: fc.record(
      {
        downtimeLimit: fc.double({ min: 0, max: 2000, noNaN: true }),
        maxBandwidth: fc.double({ min: 0, max: 1e12, noNaN: true }),
        compressed: fc.boolean(),
        passLimit: fc.integer({ min: 1, max: 100 }),
      },
      { requiredKeys: [] },
    ),
  });
  const document = fc
    .record({
      names: fc.uniqueArray(name, { minLength: 8, maxLength: 8 }),
      vms: fc.array(vm, { maxLength: 4 }),
      bandwidth: fc.double({ min: 1, max: 1e12, noNaN: true }),
      latency: fc.double({ min: 0, max: 10, noNaN: true }),
      frameLoss: shareOf,
      seed: fc.oneof(fc.integer(), fc.string({ minLength: 1, maxLength: 20 })),
      stop: fc.option(seconds, { nil: undefined }),
    })
    .map(({ names, vms, bandwidth, latency, frameLoss, seed, stop }) => ({
      schemaVersion: 1,
      name: names[0],
      seed,
      environment: stop === undefined ? "lab" : { preset: "lab", stop },
      nodes: [
        { name: names[1], memory: "8 GiB" },
        { name: names[2], memory: "8 GiB" },
      ],
      networks: [{ name: names[0], bandwidth, latency, frameLoss, carries: ["migration"] }],
      volumes: [{ name: names[3], kind: "csv", coordinator: names[2] }],
      vms: vms.map(({ at: _at, overrides: _overrides, ...rest }, index) => ({
        name: names[4 + index],
        node: names[1],
        disks: [names[3]],
        ...rest,
      })),
      timeline: vms.map(({ at, overrides }, index) => ({
        at,
        migrate: { vm: names[4 + index], to: names[2], profile: "patient", ...overrides },
      })),
    }));

  it("written out again in SI numbers is read as itself", () => {
    fc.assert(
      fc.property(document, (written) => {
        const scenario = scenarioOf(written);
        const again = scenarioOf(JSON.parse(JSON.stringify(toScenarioFile(scenario, fakeModels))));
        expect(again).toEqual(scenario);
        expect(scenarioSha256(again)).toBe(scenarioSha256(scenario));
      }),
      { numRuns: 300, seed: 20_240_101 },
    );
  });

  it("damaged anywhere is refused with a place and a remedy, never an exception", () => {
    const junk = fc.oneof(
      fc.constantFrom(null, "", "x", -1, [], {}, true, "1 furlong", 1e300),
      fc.anything({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(document, fc.nat(), junk, (written, where, value) => {
        const paths: (string | number)[][] = [];
        const walk = (node: unknown, path: (string | number)[]) => {
          if (path.length > 0) paths.push(path);
          if (typeof node !== "object" || node === null) return;
          for (const [key, item] of Object.entries(node))
            walk(item, [...path, Array.isArray(node) ? Number(key) : key]);
        };
        walk(written, []);
        const path = paths[where % paths.length];
        const damaged: Document = structuredClone(written);
        let parent = damaged;
        for (const step of path.slice(0, -1)) parent = parent[step];
        parent[path.at(-1) as string] = value;
        const parsed = parseScenario(damaged, { models: fakeModels });
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { problem, remedy } of parsed.problems) {
          expect(problem).not.toBe("");
          expect(remedy).not.toBe("");
        }
      }),
      { numRuns: 1000, seed: 20_240_102 },
    );
  });
});
