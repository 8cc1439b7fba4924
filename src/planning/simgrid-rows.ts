/** SimGrid's own answers against those of its model here. */
import { type MigrationResult, PAGE_BYTES, SCHEMA_VERSION, type Scenario, simulate } from "../../sim/index.ts";
import type { SimgridConcurrentRow, SimgridRow, SimgridSingleRow } from "../sources/simgrid-table.ts";
import type { Measures } from "./measures.ts";

export interface SimgridComparison {
  file: string;
  /** 1 for the first row behind the header. */
  row: number;
  kind: SimgridRow["kind"];
  measured: SimgridMeasures;
  predicted: SimgridMeasures;
}

/** Of concurrent migrations `totalSeconds` is the makespan, `downtimeSeconds` the worst; bytes and rounds are over all. */
export interface SimgridMeasures extends Measures {
  /** Until the last acknowledgement; null for a single migration. */
  makespanSeconds: number | null;
}

/** SimGrid's runs were cut here. */
const CUT_SECONDS = 20_000;
/** Factors of SimGrid's network models: of the latency, and of the bandwidth. */
const NETWORK_MODELS = { CM02: [1, 1], LV08: [13.01, 0.97] } as const;
/** How the concurrent migrations were run: CM02, so much latency, SimGrid's maximum downtime. */
const CONCURRENT = { networkModel: "CM02", latencySeconds: 1e-4, maxDowntimeSeconds: 0.03 } as const;

export function compareSimgridRow(row: SimgridRow): SimgridComparison {
  const { file, kind } = row;
  const { measured, scenario } = row.kind === "simgrid-single" ? single(row) : concurrent(row);
  const { migrations } = simulate(scenario);
  const converged = migrations.every(({ outcome }) => outcome === "completed");
  const greatest = (pick: (migration: MigrationResult) => number | null) =>
    converged ? Math.max(...migrations.map((migration) => pick(migration) ?? 0)) : null;
  const makespanSeconds = greatest(({ requestedSeconds, startSeconds, totalSeconds }) =>
    startSeconds === null || totalSeconds === null ? null : startSeconds - requestedSeconds + totalSeconds,
  );
  const downtimeSeconds = greatest((migration) => migration.downtimeSeconds);
  return {
    file,
    row: row.row,
    kind,
    measured,
    predicted: {
      outcome: converged ? "completed" : "not-converged",
      totalSeconds: makespanSeconds,
      downtimeSeconds,
      reportedDowntimeSeconds: downtimeSeconds,
      brownoutSeconds: null,
      transferredBytes: sum(migrations.map((migration) => migration.transferredBytes)),
      rounds: sum(migrations.map(dirtyRounds)),
      makespanSeconds: kind === "simgrid-concurrent" ? makespanSeconds : null,
    },
  };
}

interface Question {
  measured: SimgridMeasures;
  scenario: Scenario;
}

function single(row: SimgridSingleRow): Question {
  const { totalSeconds, downtimeSeconds, rounds, bytesSent } = row;
  return {
    measured: {
      outcome: row.converged ? "completed" : "not-converged",
      totalSeconds,
      downtimeSeconds,
      reportedDowntimeSeconds: downtimeSeconds,
      brownoutSeconds: null,
      transferredBytes: bytesSent,
      rounds,
      makespanSeconds: null,
    },
    scenario: scenarioOf(row, [row.memoryBytes], {
      migrationSpeedBytesPerSecond: row.migrationBytesPerSecond,
      workingSetBytes: row.workingSetBytes,
    }),
  };
}

function concurrent(row: SimgridConcurrentRow): Question {
  const { vms, meanMemoryBytes, spread, makespanSeconds, worstDowntimeSeconds, rounds, bytesSent, slots } = row;
  const memories = Array.from({ length: vms }, (_, index) =>
    spread ? Math.floor(meanMemoryBytes * (0.25 + (1.5 * ((37 * index) % vms)) / vms)) : meanMemoryBytes,
  );
  return {
    measured: {
      outcome: "completed",
      totalSeconds: makespanSeconds,
      downtimeSeconds: worstDowntimeSeconds,
      reportedDowntimeSeconds: worstDowntimeSeconds,
      brownoutSeconds: null,
      transferredBytes: bytesSent,
      rounds,
      makespanSeconds,
    },
    scenario: scenarioOf({ ...row, ...CONCURRENT }, memories, { migrationsPerNode: slots }),
  };
}

type Common = Pick<
  SimgridSingleRow,
  "networkModel" | "linkBytesPerSecond" | "latencySeconds" | "dirtyBytesPerSecond" | "maxDowntimeSeconds"
> &
  Pick<SimgridRow, "kind" | "row">;

function scenarioOf(row: Common, memories: readonly number[], overrides: Record<string, number>): Scenario {
  const [latencyFactor, bandwidthFactor] = NETWORK_MODELS[row.networkModel];
  const node = { memoryBytes: 2 * sum(memories), cpuVendor: "intel" as const, systemDrive: "C:" };
  const written = {
    name: "all",
    firstPage: 0,
    pages: 1,
    writesPerSecond: row.dirtyBytesPerSecond / PAGE_BYTES,
    pattern: "uniform" as const,
    startSeconds: 0,
    endSeconds: null,
    cpuBoundShare: 1,
  };
  return {
    schemaVersion: SCHEMA_VERSION,
    name: `${row.kind} row ${row.row}`,
    description: "",
    seed: "1",
    horizonSeconds: CUT_SECONDS,
    environment: { preset: "qemu-kvm-hosts", overrides: {} },
    nodes: [
      { name: "source", ...node },
      { name: "target", ...node },
    ],
    networks: [
      {
        name: "migration",
        bytesPerSecond: row.linkBytesPerSecond,
        latencySeconds: row.latencySeconds,
        mtuBytes: 1500,
        frameLossShare: 0,
        carries: ["migration"],
      },
    ],
    volumes: [],
    vms: memories.map((memoryBytes, index) => ({
      name: `vm${index}`,
      node: "source",
      memoryBytes,
      usedBytes: memoryBytes,
      workload: null,
      classes: [written],
      disks: [],
      mac: `52:54:00:00:${pair(index >> 8)}:${pair(index & 255)}`,
      ip: `198.18.${index >> 8}.${index & 255}`,
      clients: [],
    })),
    timeline: memories.map((_, index) => ({
      kind: "migrate",
      atSeconds: 0,
      vm: `vm${index}`,
      to: "target",
      mode: "live",
      profile: "simgrid-3.32",
      overrides: { latencyFactor, bandwidthFactor, maxDowntimeSeconds: row.maxDowntimeSeconds, ...overrides },
    })),
  };
}

/** Rounds between the full copy and the last one or, where the run was cut, the one under way: SimGrid's count. */
function dirtyRounds({ rounds }: MigrationResult): number {
  return rounds.length - 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pair(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
