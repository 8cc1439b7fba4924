/** Sweeps without a process of their own. Threads come from the built program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../../src/answer.ts";
import { mergeShards } from "../../src/runners/sweep/merge-shards.ts";
import { type SweepRequest, sweepScenario } from "../../src/runners/sweep/sweep-scenario.ts";
import { SMALL_SCENARIO } from "./scenario-text.ts";

const quiet = { stopping: new AbortController().signal, quiet: true };

/** Eight points, 25 seeds each. */
export const GRID: Partial<SweepRequest> = {
  parameters: ["vms.vm1.memory=1..4GiB:log:4", "networks.lan.bandwidth=1Gbit/s,10Gbit/s"],
  seeds: 25,
};

/** Sweeps the small scenario in this process alone, unless said otherwise. */
export function sweepSmall(changes: Partial<SweepRequest>): Promise<Answer> {
  return sweepScenario(
    {
      scenario: "small.yaml",
      source: "small.yaml",
      text: SMALL_SCENARIO,
      settings: {},
      parameters: [],
      design: "grid",
      samples: null,
      seed: null,
      seeds: 1,
      policy: null,
      output: null,
      format: null,
      workers: 0,
      workerMemoryBytes: null,
      redis: null,
      shard: null,
      resume: false,
      dryRun: false,
      mostFailures: 100,
      json: false,
      colour: false,
      commandLine: ["sweep", "small.yaml"],
      ...changes,
    },
    quiet,
  );
}

export function merge(shards: string[], output: string): Promise<Answer> {
  return mergeShards({ shards, output, format: null, json: false, colour: false }, quiet);
}

export function rowsOf(folder: string, name: string): Record<string, unknown>[] {
  const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
