import { describe, expect, it } from "vitest";
import { differInHypervisor, hypervisorOf } from "../../sim/cluster/hypervisor.ts";
import { PLATFORM_NAMES } from "../../sim/cluster/platform-limits.ts";
import { profiles, quickProfiles } from "../../sim/hypervisors/registry.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";

const inventory = (timeline: object[], rest: object = {}) =>
  parseScenario({
    schemaVersion: 1,
    name: "inventory",
    environment: "hyper-v-2012r2-hosts",
    horizon: "1 h",
    nodes: [
      { name: "HV1", memory: "8 GiB", platform: "hyper-v-2012r2" },
      { name: "HV2", memory: "4 GiB", platform: "hyper-v-2012r2" },
      { name: "ESX1", memory: "64 GiB", platform: "vsphere-5" },
      { name: "ESX2", memory: "64 GiB", platform: "vsphere-5" },
      { name: "plain", memory: "2 GiB" },
    ],
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", carries: ["migration", "client"] }],
    vms: [
      { name: "a", node: "HV1", memory: "2 GiB" },
      { name: "b", node: "ESX1", memory: "2 GiB" },
    ],
    timeline,
    ...rest,
  });

const problemsOf = (entry: object) => {
  const parsed = inventory([{ at: 1, ...entry }]);
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path.slice(2));
};

describe("several hypervisors in one inventory", () => {
  it("knows the hypervisor of every platform and profile", () => {
    for (const name of [...PLATFORM_NAMES, ...[...profiles, ...quickProfiles].map((profile) => profile.name)]) {
      expect([name, hypervisorOf(name)]).not.toEqual([name, null]);
    }
    expect(differInHypervisor("hyper-v-2008r2", "hyper-v-2016")).toBe(false);
    expect(differInHypervisor("xenserver-6.2", "xen")).toBe(false);
    expect(differInHypervisor(undefined, "xen")).toBe(false);
    expect(differInHypervisor("simgrid-3.32", "xen")).toBe(false);
  });

  it("refuses a move to another hypervisor, and a profile of another", () => {
    const migrate = { vm: "a", to: "ESX1", profile: "hyper-v-2012r2" };
    expect(problemsOf({ migrate })).toEqual([["migrate", "to"]]);
    expect(problemsOf({ migrate: { ...migrate, to: "HV2", profile: "vsphere-5" } })).toEqual([["migrate", "profile"]]);
    expect(problemsOf({ migrate: { ...migrate, to: "HV2" } })).toEqual([]);
    expect(problemsOf({ drain: { node: "HV1", profile: "qemu-10" } })).toEqual([["drain", "profile"]]);
    const maintenance = { duration: "1 min", profile: "vsphere-5" };
    expect(problemsOf({ maintenance })).toEqual([["maintenance", "profile"]]);
    expect(problemsOf({ maintenance: { ...maintenance, nodes: ["ESX1", "ESX2"] } })).toEqual([]);
    expect(problemsOf({ balance: { profile: "hyper-v-2012r2" } })).toEqual([["balance", "profile"]]);
  });

  it("places no machine on another hypervisor, whatever room there is, and says why", () => {
    const drained = inventory([{ at: 1, drain: { node: "HV1", profile: "hyper-v-2012r2" } }], {
      vms: [
        { name: "a", node: "HV1", memory: "3 GiB" },
        { name: "b", node: "HV2", memory: "3 GiB" },
      ],
    });
    if (!drained.ok) throw new Error(JSON.stringify(drained.problems));
    const [migration] = simulate(drained.value).migrations;
    expect(migration?.outcome).toBe("failed");
    expect(migration?.reason).toContain("a runs under Hyper-V and ESX1 has vSphere");
  });
});
