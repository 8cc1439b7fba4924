/** The scenario that the page opens with. */
import type { Scenario } from "./simulator.ts";

const network = { latencySeconds: 0.0001, mtuBytes: 1500, frameLossShare: 0, queueBytes: 262_144 };
const node = { memoryBytes: 32 * 2 ** 30, cpuVendor: "intel" as const, systemDrive: "C:" };

export const exampleScenario: Scenario = {
  schemaVersion: 1,
  name: "a web server moves, Hyper-V 2008 R2",
  description: "",
  seed: "1",
  horizonSeconds: 600,
  environment: { preset: "default", overrides: {} },
  nodes: [
    { name: "HV01", ...node },
    { name: "HV02", ...node },
  ],
  networks: [{ name: "live-migration", bytesPerSecond: 125_000_000, ...network, carries: ["migration"] }],
  volumes: [],
  vms: [],
  timeline: [],
};
