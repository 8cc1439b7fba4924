import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scenarioSha256 } from "../../sim/scenario/digest.ts";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { derivedIp, derivedMac } from "../../sim/scenario/machines.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { type Document, documentWith, fakeModels, scenarioOf } from "./fixtures.ts";

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
