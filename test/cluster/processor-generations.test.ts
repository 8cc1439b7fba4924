import { describe, expect, it } from "vitest";
import { Cluster } from "../../sim/cluster/cluster.ts";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";

/** A machine on a node of one generation, and another node. */
function objection(from: string | undefined, to: string | undefined, processorCompatibility: boolean): string | null {
  const cluster = new Cluster();
  const simulation = new Simulation("1");
  const common = { memoryBytes: 2 ** 34, cpuVendor: "intel" as const, systemDrive: "C:" };
  cluster.addNode({ ...common, name: "HV01", ...(from === undefined ? {} : { cpuGeneration: from }) });
  cluster.addNode({ ...common, name: "HV02", ...(to === undefined ? {} : { cpuGeneration: to }) });
  const options = { index: 0, simulation, recorder: silentRecorder, name: "vm1", memoryBytes: 2 ** 30, disks: [] };
  cluster.addVm({ ...options, processorCompatibility }, "HV01");
  return cluster.whyNotMove("vm1", "HV02");
}

describe("a running guest", () => {
  it("stays among processors of its generation", () => {
    expect(objection("Nehalem", "Westmere", false)).toContain("moves between generations");
    expect(objection("Nehalem", "Nehalem", false)).toBeNull();
  });

  it("moves between generations in processor compatibility mode", () => {
    expect(objection("Nehalem", "Westmere", true)).toBeNull();
  });

  it("is not held where a generation is not said", () => {
    expect(objection(undefined, "Westmere", false)).toBeNull();
    expect(objection("Nehalem", undefined, false)).toBeNull();
  });
});
