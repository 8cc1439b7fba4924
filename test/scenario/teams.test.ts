/** A team's file form: read, and refused where a migration cannot use it. */
import { describe, expect, it } from "vitest";
import { profiles } from "../../sim/hypervisors/registry.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";

const TEAM = { members: 2, mode: "lacp", hash: "hosts" };

function parsed(team: object | undefined, migration: object) {
  return parseScenario({
    schemaVersion: 1,
    name: "teams",
    environment: "vsphere-5-hosts",
    nodes: [
      { name: "A", memory: "8 GiB" },
      { name: "B", memory: "8 GiB" },
    ],
    networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["migration"], ...(team === undefined ? {} : { team }) }],
    vms: [{ name: "vm", node: "A", memory: "2 GiB" }],
    timeline: [{ at: "1 s", migrate: { vm: "vm", to: "B", ...migration } }],
  });
}

const problemsOf = (...[team, migration]: Parameters<typeof parsed>) => {
  const result = parsed(team, migration);
  return result.ok ? [] : result.problems.map(({ path, problem }) => `${path.join(".")}: ${problem}`);
};

describe("a network's team", () => {
  it("is refused where it has one member, or a mode that is not there", () => {
    expect(problemsOf({ members: 1 }, { profile: "qemu-7.2" })).toEqual([
      expect.stringMatching(/^networks\.0\.team\.members: /),
    ]);
    expect(problemsOf({ ...TEAM, mode: "round-robin" }, { profile: "qemu-7.2" })).toEqual([
      expect.stringMatching(/^networks\.0\.team\.mode: /),
    ]);
  });

  it("is refused where a model knows no teams, or is to use more adapters than it can", () => {
    expect(problemsOf(TEAM, { profile: "simgrid-3.32" })).toEqual([
      expect.stringMatching(/^timeline\.0\.migrate\.profile: .*knows one adapter a node/),
    ]);
    expect(problemsOf(TEAM, { profile: "vsphere-5", nics: 3 })).toEqual([
      expect.stringMatching(/^timeline\.0\.migrate\.nics: .*it can use 2$/),
    ]);
    expect(problemsOf(TEAM, { profile: "vsphere-4", nics: 2 })).toEqual([
      expect.stringMatching(/^timeline\.0\.migrate\.nics: .*it can use 1$/),
    ]);
  });

  it("is taken where it fits, and by default spreads what is sent by connections", () => {
    for (const nics of [1, 2]) expect(problemsOf(TEAM, { profile: "vsphere-5", nics })).toEqual([]);
    expect(problemsOf(undefined, { profile: "vsphere-4", nics: 2 })).toEqual([]);
    const result = parsed({ members: 3 }, { profile: "qemu-7.2" });
    const team = result.ok ? result.value.networks[0]?.team : undefined;
    expect(team).toEqual({ members: 3, mode: "switch-independent", hash: "connections" });
  });

  it("has as many migrations at a time as one adapter's speed allows, where a team says how many there are", () => {
    const vsphere = profiles.find(({ name }) => name === "vsphere-5");
    const network = { name: "lan", bytesPerSecond: 1.25e9, latencySeconds: 0.0001 };
    const team = { members: 2, mode: "lacp", hash: "hosts" } as const;
    expect(vsphere?.migrationsPerNode({ nics: 2 }, network)).toBe(4);
    expect(vsphere?.migrationsPerNode({ nics: 2 }, { ...network, team })).toBe(8);
  });
});
