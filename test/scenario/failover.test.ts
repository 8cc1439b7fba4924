/** Failures in scenario files: what is read, written back, and refused with path and remedy. */
import { describe, expect, it } from "vitest";
import { toScenarioFile } from "../../sim/scenario/file-form.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";

function read(timeline: object[], rest: object = {}) {
  return parseScenario({
    schemaVersion: 1,
    name: "failover",
    environment: "hyper-v-2008r2-hosts",
    nodes: ["HV01", "HV02"].map((name) => ({ name, memory: "8 GiB" })),
    networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["migration", "client"] }],
    vms: [{ name: "web01", node: "HV01", memory: "1 GiB", priority: "none", bootTime: "40 s" }],
    timeline,
    ...rest,
  });
}

const CLUSTER = { failover: { preset: "failover-clustering-2008r2", boot: "1 min", witness: false } };

describe("failures", () => {
  it("are read, and written back as they were", () => {
    const once = read(
      [
        { at: 1, fail: { node: "HV01", sinceHeartbeat: "400 ms" } },
        { at: 2, recover: { node: "HV01" } },
        { at: 3, hang: { vm: "web01" } },
        { at: 4, fail: { node: "HV01" } },
      ],
      CLUSTER,
    );
    if (!once.ok) throw new Error(JSON.stringify(once.problems));
    expect(once.value.failover).toEqual({
      preset: "failover-clustering-2008r2",
      overrides: { witness: false, bootSeconds: 60 },
    });
    expect(once.value.vms[0]).toMatchObject({ priority: 0, bootSeconds: 40 });
    expect(parseScenario(toScenarioFile(once.value))).toEqual(once);
  });

  it.each<[string, object[], object, (string | number)[], string, string]>([
    [
      "an unknown node",
      [{ at: 1, fail: { node: "HV03" } }],
      {},
      ["timeline", 0, "fail", "node"],
      'no node "HV03"',
      "HV0",
    ],
    [
      "an unknown machine",
      [{ at: 1, hang: { vm: "web1" } }],
      {},
      ["timeline", 0, "hang", "vm"],
      'no vm "web1"',
      "web01",
    ],
    [
      "a recovery of a node that is up",
      [{ at: 1, recover: { node: "HV01" } }],
      {},
      ["timeline", 0, "recover", "node"],
      "is up",
      "fail: {node: HV01}",
    ],
    [
      "a failure of a node that is down",
      [
        { at: 1, fail: { node: "HV01" } },
        { at: 2, fail: { node: "HV01" } },
      ],
      {},
      ["timeline", 1, "fail", "node"],
      "is down since 1.00 s",
      "recover: {node: HV01}",
    ],
    [
      "a heartbeat further back than the interval",
      [{ at: 1, fail: { node: "HV01", sinceHeartbeat: 1.5 } }],
      CLUSTER,
      ["timeline", 0, "fail", "sinceHeartbeat"],
      "every 1.00 s",
      "or less",
    ],
    [
      "a heartbeat where there is no cluster",
      [{ at: 1, fail: { node: "HV01", sinceHeartbeat: 0.5 } }],
      {},
      ["timeline", 0, "fail", "sinceHeartbeat"],
      "no cluster",
      "name a failover preset",
    ],
    ["an unknown preset", [], { failover: "vmware-hah" }, ["failover"], 'no failover preset "vmware-hah"', "vmware-ha"],
    [
      "an unknown parameter",
      [],
      { failover: { preset: "vmware-ha", boots: 1 } },
      ["failover", "boots"],
      'unknown key "boots"',
      "boot",
    ],
    [
      "a parameter out of its range",
      [],
      { failover: { preset: "vmware-ha", missedHeartbeats: 0 } },
      ["failover", "missedHeartbeats"],
      "at least 1",
      "give 1 or more",
    ],
  ])("of %s are refused", (_, timeline, rest, path, problem, remedy) => {
    const parsed = read(timeline, rest);
    if (parsed.ok) throw new Error("it was read");
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]?.path).toEqual(path);
    expect(parsed.problems[0]?.problem).toContain(problem);
    expect(parsed.problems[0]?.remedy).toContain(remedy);
  });
});
